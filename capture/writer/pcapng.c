/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Block types and option codes: draft-ietf-opsawg-pcapng, sections 4 and 3.5; journal block: the
 * same, appendix A, and systemd's JOURNAL_EXPORT_FORMATS. */
#include <stdio.h>
#include <string.h>

#include "capture/writer/pcapng.h"

enum {
    BLOCK_SECTION = 0x0A0D0D0A,
    BLOCK_INTERFACE = 1,
    BLOCK_STATISTICS = 5,
    BLOCK_PACKET = 6,
    BLOCK_JOURNAL = 9,
    BLOCK_SECRETS = 10,
    BYTE_ORDER_MAGIC = 0x1A2B3C4D,
    SECRETS_TLS = 0x544C534B,

    OPTION_END = 0,
    OPTION_COMMENT = 1,
    SHB_HARDWARE = 2,
    SHB_OS = 3,
    SHB_APPLICATION = 4,
    IF_NAME = 2,
    IF_DESCRIPTION = 3,
    IF_TSRESOL = 9,
    IF_FILTER = 11,
    IF_OS = 12,
    EPB_DROPCOUNT = 4,
    ISB_STARTTIME = 2,
    ISB_ENDTIME = 3,
    ISB_IFRECV = 4,
    ISB_IFDROP = 5,
    ISB_OSDROP = 7,
    ISB_USRDELIV = 8,

    NANOSECONDS = 9, /* if_tsresol: a power of ten */
    FILTER_IS_TEXT = 0,
    BLOCK_EDGES = 12, /* type and length in front, length behind */
    STRINGS_MAX = 4,  /* in one block */
};

#define PADDED(length) (((length) + 3) & ~(size_t)3)

static uint8_t *
put16(uint8_t *at, uint16_t value)
{
    memcpy(at, &value, sizeof value);
    return at + sizeof value;
}

static uint8_t *
put32(uint8_t *at, uint32_t value)
{
    memcpy(at, &value, sizeof value);
    return at + sizeof value;
}

static uint8_t *
put64(uint8_t *at, uint64_t value)
{
    memcpy(at, &value, sizeof value);
    return at + sizeof value;
}

/* The upper half first, whatever the byte order. */
static uint8_t *
put_time(uint8_t *at, uint64_t time_ns)
{
    return put32(put32(at, (uint32_t)(time_ns >> 32)), (uint32_t)time_ns);
}

/* Bytes in front of `at` are written, `length` of them since the last multiple of four. A word is
 * always room for: the length behind. */
static uint8_t *
put_padding(uint8_t *at, size_t length)
{
    put32(at, 0);
    return at + PADDED(length) - length;
}

static uint8_t *
put_bytes(uint8_t *at, const void *bytes, size_t length)
{
    memcpy(at, bytes, length);
    return put_padding(at + length, length);
}

static uint8_t *
put_option(uint8_t *at, uint16_t code, const void *value, size_t length)
{
    return put_bytes(put16(put16(at, code), (uint16_t)length), value, length);
}

static uint8_t *
put_text(uint8_t *at, uint16_t code, const char *text)
{
    return text ? put_option(at, code, text, strnlen(text, RS_PCAPNG_TEXT_MAX)) : at;
}

static uint8_t *
put_count(uint8_t *at, uint16_t code, uint64_t value)
{
    return put_option(at, code, &value, sizeof value);
}

static uint8_t *
put_time_option(uint8_t *at, uint16_t code, uint64_t time_ns)
{
    return put_time(put16(put16(at, code), sizeof time_ns), time_ns);
}

static uint8_t *
end_options(uint8_t *at)
{
    return put32(at, OPTION_END);
}

/* The length at both ends. */
static size_t
end_block(uint8_t *block, uint32_t type, uint8_t *at)
{
    const uint32_t total = (uint32_t)(at - block) + 4;

    put32(at, total);
    put32(put32(block, type), total);
    return total;
}

size_t
rs_pcapng_head_bound(void)
{
    return BLOCK_EDGES + 64 + STRINGS_MAX * (8 + RS_PCAPNG_TEXT_MAX);
}

size_t
rs_pcapng_section(uint8_t *to, const char *hardware, const char *os, const char *application)
{
    uint8_t *at = put32(to + 8, BYTE_ORDER_MAGIC);

    at = put16(put16(at, 1), 0);
    at = put64(at, UINT64_MAX); /* the section's length: not told */
    at = put_text(at, SHB_HARDWARE, hardware);
    at = put_text(at, SHB_OS, os);
    at = put_text(at, SHB_APPLICATION, application);
    return end_block(to, BLOCK_SECTION, end_options(at));
}

static uint8_t *
put_filter(uint8_t *at, const char *filter)
{
    uint8_t value[1 + RS_PCAPNG_TEXT_MAX] = { FILTER_IS_TEXT };
    size_t length;

    if (!filter)
        return at;
    length = strnlen(filter, RS_PCAPNG_TEXT_MAX);
    memcpy(value + 1, filter, length);
    return put_option(at, IF_FILTER, value, length + 1);
}

size_t
rs_pcapng_interface(uint8_t *to, const struct rs_interface *interface, const char *os)
{
    const uint8_t resolution = NANOSECONDS;
    uint8_t *at = put16(put16(to + 8, interface->link_type), 0);

    at = put32(at, interface->snap_length);
    at = put_text(at, IF_NAME, interface->name);
    at = put_text(at, IF_DESCRIPTION, interface->description);
    at = put_option(at, IF_TSRESOL, &resolution, 1);
    at = put_filter(at, interface->filter);
    at = put_text(at, IF_OS, os);
    return end_block(to, BLOCK_INTERFACE, end_options(at));
}

size_t
rs_pcapng_record_bound(const struct rs_record *record)
{
    return BLOCK_EDGES + 64 + PADDED((size_t)record->captured) +
           (record->comment ? 8 + (size_t)RS_PCAPNG_TEXT_MAX : 0);
}

size_t
rs_pcapng_packet(uint8_t *to, uint32_t interface, const struct rs_record *record, uint64_t drops)
{
    const uint32_t head = record->head_length, rest = record->captured - head;
    uint8_t *at = put_time(put32(to + 8, interface), record->time_ns);

    at = put32(put32(at, record->captured), record->original);
    if (head) {
        memcpy(at, record->head, head);
        at += head;
    }
    memcpy(at, record->data, rest);
    at = put_padding(at + rest, record->captured);
    if (drops || record->comment) {
        at = put_text(at, OPTION_COMMENT, record->comment);
        if (drops)
            at = put_count(at, EPB_DROPCOUNT, drops);
        at = end_options(at);
    }
    return end_block(to, BLOCK_PACKET, at);
}

size_t
rs_pcapng_journal(uint8_t *to, const struct rs_record *record)
{
    return end_block(to, BLOCK_JOURNAL, put_bytes(to + 8, record->data, record->captured));
}

size_t
rs_pcapng_secrets(uint8_t *to, const uint8_t *lines, uint32_t length)
{
    return end_block(to, BLOCK_SECRETS,
                     put_bytes(put32(put32(to + 8, SECRETS_TLS), length), lines, length));
}

size_t
rs_pcapng_statistics(uint8_t *to, uint32_t interface, uint64_t start_ns, uint64_t now_ns,
                     const struct rs_counts *counts, uint64_t written)
{
    uint8_t *at = put_time(put32(to + 8, interface), now_ns);
    char text[80];

    if (counts->unpaired) {
        snprintf(text, sizeof text, "%llu USB requests lack their other half",
                 (unsigned long long)counts->unpaired);
        at = put_option(at, OPTION_COMMENT, text, strlen(text));
    }
    at = put_time_option(at, ISB_STARTTIME, start_ns);
    at = put_time_option(at, ISB_ENDTIME, now_ns);
    at = put_count(at, ISB_IFRECV, counts->received);
    at = put_count(at, ISB_IFDROP, counts->dropped);
    at = put_count(at, ISB_OSDROP, counts->full);
    at = put_count(at, ISB_USRDELIV, written);
    return end_block(to, BLOCK_STATISTICS, end_options(at));
}

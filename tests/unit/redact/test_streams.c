/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A small capture of TCP, made here: identifiers that packets cut, segments out of order and sent
 * again, and checksums. */
#include <string.h>

#include <glib.h>

#include "plugin/redact/redact.h"

enum { ETHERNET = 14, IP = 20, TCP = 20, HEADERS = ETHERNET + IP + TCP, RECORD = 16 };

#define SERIAL "F2LXK0L00JC6"

static void
put16(guint8 *at, guint value)
{
    at[0] = (guint8)(value >> 8);
    at[1] = (guint8)value;
}

static guint32
sum_of(const guint8 *bytes, gsize length)
{
    guint32 sum = 0;

    for (gsize i = 0; i < length; i++)
        sum += (guint32)bytes[i] << (i % 2 ? 0 : 8);
    return sum;
}

static guint
folded(guint32 sum)
{
    while (sum >> 16)
        sum = (sum & 0xffff) + (sum >> 16);
    return sum;
}

/* The sum over everything that TCP's checksum covers: 0xffff when it is right. */
static guint
tcp_sum(const guint8 *frame, gsize length)
{
    const guint8 *ip = frame + ETHERNET;
    const gsize tcp = length - ETHERNET - IP;

    return folded(sum_of(ip + 12, 8) + 6 + (guint32)tcp + sum_of(ip + IP, tcp));
}

static guint
ip_sum(const guint8 *frame)
{
    return folded(sum_of(frame + ETHERNET, IP));
}

/* Adds a segment from 192.168.1.23 to 17.1.2.3; wrong is added to its checksum. */
static void
add_segment(GByteArray *file, guint seq, const char *text, guint wrong)
{
    const gsize length = HEADERS + strlen(text);
    guint8 record[RECORD] = { 0 }, *frame = g_malloc0(length);

    record[8] = record[12] = (guint8)length;
    memcpy(frame, "\x52\x54\0\x12\x35\2\xa4\x83\xe7\x5a\x6b\x7c\x08\0", ETHERNET);
    memcpy(frame + ETHERNET, "\x45\0\0\0\0\0\0\0\x40\6\0\0\xc0\xa8\1\x17\x11\1\2\3", IP);
    put16(frame + ETHERNET + 2, (guint)(length - ETHERNET));
    put16(frame + ETHERNET + 10, ~ip_sum(frame) & 0xffff);
    memcpy(frame + ETHERNET + IP, "\xc0\0\0\x50\0\0\0\0\0\0\0\0\x50\x10\1\0\0\0\0\0", TCP);
    put16(frame + ETHERNET + IP + 6, seq);
    memcpy(frame + HEADERS, text, length - HEADERS);
    put16(frame + ETHERNET + IP + 16, ((~tcp_sum(frame, length) & 0xffff) + wrong) & 0xffff);
    g_byte_array_append(file, record, sizeof record);
    g_byte_array_append(file, frame, (guint)length);
    g_free(frame);
}

static GByteArray *
begin_file(void)
{
    static const guint8 header[24] = { 0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0,
                                       0,    0,    0,    0,    0, 0, 4, 0, 1, 0, 0, 0 };
    GByteArray *file = g_byte_array_new();

    g_byte_array_append(file, header, sizeof header);
    return file;
}

/* The redacted file; the caller's. */
static guint8 *
redact(const GByteArray *file)
{
    static const guint8 key[RS_ID_KEY_SIZE] = { 7 };
    g_autoptr(rs_identifiers) ids = rs_identifiers_new(key);
    g_autoptr(rs_key_log) log = rs_key_log_new();
    guint8 *now = g_memdup2(file->data, file->len);
    struct rs_redaction redaction;

    rs_identifiers_add_text(ids, RS_ID_SERIAL, SERIAL);
    g_assert_true(rs_redact(now, file->data, file->len, ids, log, &redaction));
    g_assert_cmpuint(rs_redact_leftovers(now, file->len, ids, log), ==, 0);
    return now;
}

/* The nth frame of a file. */
static const guint8 *
nth_frame(const guint8 *file, guint n, gsize *ret_length)
{
    const guint8 *at = file + 24;

    for (; n > 0; n--)
        at += RECORD + at[8];
    *ret_length = at[8];
    return at + RECORD;
}

static char *
payload(const guint8 *file, guint n)
{
    gsize length;
    const guint8 *frame = nth_frame(file, n, &length);

    return g_strndup((const char *)frame + HEADERS, length - HEADERS);
}

/* "serial=F2LXK0L00JC6;" in three segments, the second one late, and two of them once more. */
static void
test_segments(void)
{
    g_autoptr(GByteArray) file = begin_file();
    g_autofree guint8 *now = NULL;
    g_autofree char *first = NULL, *third = NULL, *second = NULL, *whole = NULL;
    g_autofree char *again = NULL, *both = NULL;

    add_segment(file, 100, "serial=F2LX", 0);
    add_segment(file, 115, "0JC6;", 0);
    add_segment(file, 111, "K0L0", 0);
    add_segment(file, 111, "K0L00JC6;", 0);
    now = redact(file);
    first = payload(now, 0);
    third = payload(now, 1);
    second = payload(now, 2);
    again = payload(now, 3);
    whole = g_strconcat(first, second, third, NULL);
    both = g_strconcat(second, third, NULL);
    g_assert_true(g_str_has_prefix(whole, "serial="));
    g_assert_true(g_str_has_suffix(whole, ";"));
    g_assert_null(strstr(whole, SERIAL));
    g_assert_null(strstr(whole, "F2LX"));
    g_assert_null(strstr(whole, "K0L0"));
    g_assert_null(strstr(whole, "0JC6"));
    g_assert_cmpstr(again, ==, both);
}

static void
test_checksums(void)
{
    g_autoptr(GByteArray) file = begin_file();
    g_autofree guint8 *now = NULL;

    add_segment(file, 100, "serial=" SERIAL, 0);
    add_segment(file, 200, "odd " SERIAL "!", 0);
    add_segment(file, 300, "wrong " SERIAL, 0x1234);
    now = redact(file);
    for (guint i = 0; i < 3; i++) {
        gsize length, same;
        const guint8 *frame = nth_frame(now, i, &length), *was = nth_frame(file->data, i, &same);

        g_assert_cmpint(memcmp(frame + HEADERS, was + HEADERS, length - HEADERS), !=, 0);
        g_assert_cmpint(memcmp(frame + ETHERNET + 12, was + ETHERNET + 12, 4), !=, 0);
        /* Apple's stays */
        g_assert_cmpint(memcmp(frame + ETHERNET + 16, was + ETHERNET + 16, 4), ==, 0);
        g_assert_cmphex(ip_sum(frame), ==, 0xffff);
        g_assert_cmphex(tcp_sum(frame, length), ==, tcp_sum(was, length));
    }
}

static guint
pseudo_sum(const guint8 *frame, gsize length)
{
    return folded(sum_of(frame + ETHERNET + 12, 8) + 6 + (guint32)(length - ETHERNET - IP));
}

/* A checksum that the network card was to complete. */
static void
test_partial_checksums(void)
{
    g_autoptr(GByteArray) file = begin_file();
    g_autofree guint8 *now = NULL;
    const guint8 *frame;
    gsize length;

    add_segment(file, 100, "serial=" SERIAL, 0);
    frame = nth_frame(file->data, 0, &length);
    put16(file->data + (frame - file->data) + ETHERNET + IP + 16, pseudo_sum(frame, length));
    now = redact(file);
    frame = nth_frame(now, 0, &length);
    g_assert_cmpint(memcmp(frame + ETHERNET + 12, "\xc0\xa8\1\x17", 4), !=, 0);
    frame += ETHERNET + IP + 16;
    g_assert_cmphex((guint)(frame[0] << 8 | frame[1]), ==,
                    pseudo_sum(frame - ETHERNET - IP - 16, length));
}

/* What is behind the last whole packet is nobody's any more. */
static void
test_cut(void)
{
    g_autoptr(GByteArray) file = begin_file();
    g_autofree guint8 *now = NULL;

    add_segment(file, 100, "serial=" SERIAL, 0);
    add_segment(file, 200, "serial=" SERIAL "and more", 0);
    g_byte_array_set_size(file, file->len - 5);
    now = redact(file);
    g_assert_null(memmem(now, file->len, SERIAL, strlen(SERIAL)));
}

static void
add_block(GByteArray *file, guint32 type, const void *body, gsize size)
{
    static const guint8 padding[4] = { 0 };
    const gsize padded = (size + 3) & ~(gsize)3;
    const guint32 length = GUINT32_TO_LE((guint32)padded + 12), kind = GUINT32_TO_LE(type);

    g_byte_array_append(file, (const guint8 *)&kind, 4);
    g_byte_array_append(file, (const guint8 *)&length, 4);
    g_byte_array_append(file, body, (guint)size);
    g_byte_array_append(file, padding, (guint)(padded - size));
    g_byte_array_append(file, (const guint8 *)&length, 4);
}

/* Lines of a journal in a pcapng file: the kernel's, and those of a restore tool. */
static void
test_journal(void)
{
    static const guint8 section[16] = { 0x4d, 0x3c, 0x2b, 0x1a, 1,    0,    0,    0,
                                        0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
    static const char lines[] = "_HOSTNAME=annas-mac\n"
                                "MESSAGE=usb 1-1: SerialNumber: 00008015001A2D3E4F5A6B7C\n"
                                "MESSAGE=ECID: 7368095037025148 in /ho"
                                "me/anna/x\n";
    static const char *const gone[] = { "annas-mac", "001A2D3E4F5A6B7C", "7368095037025148",
                                        "/anna/", "me/anna" };
    g_autoptr(GByteArray) file = g_byte_array_new();
    g_autofree guint8 *now = NULL;

    add_block(file, 0x0A0D0D0A, section, sizeof section);
    add_block(file, 9, lines, sizeof lines - 1);
    now = redact(file);
    g_assert_nonnull(memmem(now, file->len, "MESSAGE=usb 1-1: SerialNumber: 00008015", 39));
    for (gsize i = 0; i < G_N_ELEMENTS(gone); i++) {
        g_assert_nonnull(memmem(file->data, file->len, gone[i], strlen(gone[i])));
        g_assert_null(memmem(now, file->len, gone[i], strlen(gone[i])));
    }
}

static void
test_foreign(void)
{
    static const guint8 key[RS_ID_KEY_SIZE] = { 0 }, gzip[40] = { 0x1f, 0x8b, 8 };
    g_autoptr(rs_identifiers) ids = rs_identifiers_new(key);
    g_autoptr(rs_key_log) log = rs_key_log_new();
    guint8 now[sizeof gzip];
    struct rs_redaction redaction;

    memcpy(now, gzip, sizeof gzip);
    g_assert_false(rs_redact(now, gzip, sizeof gzip, ids, log, &redaction));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/streams/segments", test_segments);
    g_test_add_func("/streams/checksums", test_checksums);
    g_test_add_func("/streams/partial-checksums", test_partial_checksums);
    g_test_add_func("/streams/cut", test_cut);
    g_test_add_func("/streams/journal", test_journal);
    g_test_add_func("/streams/foreign", test_foreign);
    return g_test_run();
}

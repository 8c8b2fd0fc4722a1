/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Fuzzes the dissectors below Wireshark's own, with their state over several packets.
 *
 * The first byte of an input is the link type of USB, the next two are the product id of Apple's
 * that the device with address 1 enumerates with, or 0 for a capture begun later. Records follow:
 * a byte of kind, one of flags (enum fuzz_flags), two each of place and length, then so many bytes.
 * Numbers are little-endian.
 *
 * kind       place                                             bytes
 * STREAM     port of the device                                next ones of that stream
 * TCP        port of the server                                next ones of that stream
 * BULK       endpoint; 0x10: an interrupt pipe; high: address  those of the transfer
 * CONTROL    high: address                                     setup, then those of the transfer
 * FRAME      -                                                 a frame of USB, from its header on
 * WAIT       so many hundredths of a second                    -
 *
 * RS_FUZZ_DISSECTOR=NAME leaves only that dissector, and what it stands on, enabled.
 * RS_FUZZ_SHOW=1 prints the trees. dissect/records.py makes inputs of captures. */

#include <string.h>

#include "tests/fuzz/dissect/session.h"
#include "tests/fuzz/fuzz.h"

/* Of the leak sanitizer, where there is one. */
extern int __lsan_do_recoverable_leak_check(void) __attribute__((weak));

enum record_kind { STREAM, TCP, BULK, CONTROL, FRAME, WAIT, RECORD_KINDS };

enum {
    HEAD_SIZE = 3,
    RECORD_SIZE = 6,
    RECORDS_MAX = 200,
    BYTES_MAX = 60000, /* what the length of an IP packet can tell */
    LINKS = 4,
    ENDPOINT = 0x0f,
    IS_INTERRUPT = 0x10,
    DIRECTION_IN = 0x80,
    HUNDREDTH_US = 10000,
    INPUTS_PER_CHECK = 500,
};

static const struct target {
    const char *name;
    const char *enabled[6];
} targets[] = {
    { "usbmux", { "usbmux" } },
    { "usbmuxd", { "usbmuxd", "lockdown" } },
    { "plist", { "usbmux", "usbmuxd", "lockdown" } },
    { "lockdown", { "usbmux", "lockdown" } },
    { "restored", { "usbmux", "restored", "asr", "fdr" } },
    { "asr", { "usbmux", "asr" } },
    { "fdr", { "usbmux", "fdr" } },
    { "iboot", { "iboot" } },
    { "appledfu", { "appledfu" } },
    { "kis", { "kis" } },
    { "remotexpc", { "remotexpc" } },
    { "remotepairing", { "remotepairing" } },
    { "applencm", { "applencm" } },
    { "tss", { "tss" } },
    { "restore", { "usbmux", "restored", "iboot", "tss", "restore" } },
};

struct record {
    guint8 kind, flags;
    guint16 place;
    const guint8 *data;
    guint32 size;
};

static guint16
le16(const guint8 *bytes)
{
    return (guint16)(bytes[0] | bytes[1] << 8);
}

/* The next record; the last one may be short. FALSE at the end. */
static gboolean
next_record(const guint8 **data, size_t *size, struct record *ret_record)
{
    const guint8 *head = *data;

    if (*size < RECORD_SIZE)
        return FALSE;
    ret_record->kind = head[0] % RECORD_KINDS;
    ret_record->flags = head[1];
    ret_record->place = le16(head + 2);
    *data += RECORD_SIZE;
    *size -= RECORD_SIZE;
    ret_record->data = *data;
    ret_record->size = (guint32)MIN((size_t)le16(head + 4), *size);
    *data += ret_record->size;
    *size -= ret_record->size;
    ret_record->size = MIN(ret_record->size, BYTES_MAX);
    return TRUE;
}

static guint8
address_of(const struct record *record)
{
    const guint8 address = record->place >> 8 & 0x7f;

    return address ? address : 1;
}

static void
pipe_transfer(fuzz_frames *frames, const struct record *record)
{
    const struct fuzz_transfer transfer = {
        .type = record->place & IS_INTERRUPT ? FUZZ_INTERRUPT : FUZZ_BULK,
        .address = address_of(record),
        .endpoint = (guint8)((record->place & ENDPOINT) |
                             (record->flags & FUZZ_FROM_DEVICE ? DIRECTION_IN : 0)),
        .data = record->data,
        .size = record->size,
        .flags = record->flags,
    };

    fuzz_frames_transfer(frames, &transfer);
}

static void
control_transfer(fuzz_frames *frames, const struct record *record)
{
    const struct fuzz_transfer transfer = {
        .type = FUZZ_CONTROL,
        .address = address_of(record),
        .endpoint = record->size > 0 ? record->data[0] & DIRECTION_IN : 0,
        .setup = record->data,
        .data = record->data + FUZZ_SETUP_SIZE,
        .size = record->size - FUZZ_SETUP_SIZE,
        .flags = record->flags,
    };

    fuzz_frames_transfer(frames, &transfer);
}

static void
play(fuzz_frames *frames, enum fuzz_link link, const struct record *record)
{
    switch ((enum record_kind)record->kind) {
    case STREAM:
        fuzz_frames_stream(frames, record->place, record->data, record->size, record->flags);
        return;
    case TCP:
        fuzz_frames_tcp(frames, record->place, record->data, record->size, record->flags);
        return;
    case BULK:
        pipe_transfer(frames, record);
        return;
    case CONTROL:
        if (record->size >= FUZZ_SETUP_SIZE)
            control_transfer(frames, record);
        return;
    case FRAME:
        fuzz_frames_add(frames, link, record->data, record->size, record->flags);
        return;
    case WAIT:
        fuzz_frames_wait(frames, (gint64)record->place * HUNDREDTH_US);
        return;
    case RECORD_KINDS:
        break;
    }
    CLAIM(FALSE);
}

static void
enumerate(fuzz_frames *frames, guint16 product)
{
    static const guint8 setup[FUZZ_SETUP_SIZE] = { DIRECTION_IN, 6, 0, 1, 0, 0, 18, 0 };
    const guint8 descriptor[18] = {
        18, 1, 0, 2, 0, 0, 0, 64, 0xac, 5, (guint8)product, (guint8)(product >> 8),
        0,  0, 1, 2, 3, 1,
    };
    const struct fuzz_transfer transfer = {
        .type = FUZZ_CONTROL,
        .address = 1,
        .endpoint = DIRECTION_IN,
        .setup = setup,
        .data = descriptor,
        .size = sizeof descriptor,
    };

    if (product != 0)
        fuzz_frames_transfer(frames, &transfer);
}

static void
start_once(void)
{
    static gboolean is_started;
    const char *name = g_getenv("RS_FUZZ_DISSECTOR");
    const struct target *target = NULL;

    if (is_started)
        return;
    for (gsize i = 0; name && i < G_N_ELEMENTS(targets); i++)
        if (g_str_equal(name, targets[i].name))
            target = &targets[i];
    if (name && !target)
        g_error("RS_FUZZ_DISSECTOR=%s: no such dissector", name);
    fuzz_session_start(target ? target->enabled : NULL);
    is_started = TRUE;
}

/* The leak sanitizer looks through all memory of Wireshark, which is slow. It tells where the
 * memory came from; which input it was, a replay of the corpus tells. */
static void
check_leaks(void)
{
    static guint inputs;

    if (++inputs % INPUTS_PER_CHECK == 0 && __lsan_do_recoverable_leak_check)
        CLAIM(__lsan_do_recoverable_leak_check() == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(fuzz_frames) frames = NULL;
    enum fuzz_link link;
    struct record record;

    start_once();
    if (size < HEAD_SIZE)
        return 0;
    link = (enum fuzz_link)(data[0] % LINKS);
    frames = fuzz_frames_new(link);
    enumerate(frames, le16(data + 1));
    data += HEAD_SIZE;
    size -= HEAD_SIZE;
    for (int i = 0; i < RECORDS_MAX && next_record(&data, &size, &record); i++)
        play(frames, link, &record);
    fuzz_session_run(fuzz_frames_list(frames), g_getenv("RS_FUZZ_SHOW") != NULL);
    check_leaks();
    return 0;
}

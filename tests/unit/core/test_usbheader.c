/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The headers of usbmon (with 48 and 64 bytes), of USBPcap and of macOS: valid ones, every prefix
 * of them, and bytes that are none. */
#include "dissectors/core/usbheader.h"

#include <glib.h>
#include <string.h>

enum {
    USBMON_BYTES = 48,
    MMAPPED_BYTES = 64,
    USBPCAP_BYTES = 27,
    CONTROL_BYTES = 28,
    DARWIN_BYTES = 32
};

/* What a failed call must leave alone. */
static const struct rs_usb_event untouched = { .id = 0x5a5a, .data_offset = 77, .status = -9 };

static void
assert_fails(enum rs_usb_link link, const uint8_t *bytes, size_t length, enum rs_status status)
{
    struct rs_usb_event event;
    g_autofree uint8_t *exact = g_memdup2(bytes, length); /* so that a byte too far is seen */

    memcpy(&event, &untouched, sizeof event);
    g_assert_cmpint(rs_usb_read_header(link, exact, length, &event), ==, status);
    g_assert_true(memcmp(&event, &untouched, sizeof event) == 0);
}

static struct rs_usb_event
read_ok(enum rs_usb_link link, const uint8_t *bytes, size_t length)
{
    struct rs_usb_event event;
    g_autofree uint8_t *exact = g_memdup2(bytes, length);

    memset(&event, 0xa5, sizeof event);
    g_assert_cmpint(rs_usb_read_header(link, exact, length, &event), ==, RS_OK);
    g_assert_cmpuint(event.data_offset + event.data_length, ==, length);
    return event;
}

/* In this machine's byte order, as Wireshark hands it over. */
static void
put(uint8_t *bytes, size_t at, const void *value, size_t length)
{
    memcpy(bytes + at, value, length);
}

#define PUT(bytes, at, type, value)                                                                \
    do {                                                                                           \
        const type put_value = (value);                                                            \
        put((bytes), (at), &put_value, sizeof put_value);                                          \
    } while (0)

/* GET_DESCRIPTOR(DEVICE) on its way to device 0 of bus 1. */
static void
make_usbmon(uint8_t *bytes, char type, uint8_t transfer)
{
    static const uint8_t setup[8] = { 0x80, 6, 0x02, 0x01, 0x09, 0x04, 0x40, 0x00 };

    memset(bytes, 0, MMAPPED_BYTES);
    PUT(bytes, 0, uint64_t, 0xffff888001234567U);
    bytes[8] = (uint8_t)type;
    bytes[9] = transfer;
    bytes[10] = 0x80;
    bytes[11] = 7;
    PUT(bytes, 12, uint16_t, 0x0102);
    bytes[14] = type == 'S' && transfer == RS_USB_CONTROL ? 0 : '-';
    bytes[15] = '<';
    PUT(bytes, 28, int32_t, type == 'S' ? -115 : -71);
    PUT(bytes, 32, uint32_t, 64);
    put(bytes, 40, setup, sizeof setup);
}

static void
test_usbmon_submission(void)
{
    static const enum rs_usb_link links[] = { RS_USB_LINUX, RS_USB_LINUX_MMAPPED };
    static const size_t sizes[] = { USBMON_BYTES, MMAPPED_BYTES };
    uint8_t bytes[MMAPPED_BYTES + 5];

    for (size_t i = 0; i < G_N_ELEMENTS(links); i++) {
        struct rs_usb_event event;

        make_usbmon(bytes, 'S', RS_USB_CONTROL);
        event = read_ok(links[i], bytes, sizes[i] + 5);
        g_assert_cmpuint(event.id, ==, 0xffff888001234567U);
        g_assert_true(event.is_submission);
        g_assert_cmpint(event.transfer, ==, RS_USB_CONTROL);
        g_assert_cmpuint(event.endpoint, ==, 0x80);
        g_assert_cmpuint(event.address, ==, 7);
        g_assert_cmpuint(event.bus, ==, 0x0102);
        g_assert_cmpint(event.status, ==, 0); /* EINPROGRESS is no result */
        g_assert_cmpuint(event.length, ==, 64);
        g_assert_true(event.has_setup);
        g_assert_cmpuint(event.setup.request_type, ==, 0x80);
        g_assert_cmpuint(event.setup.request, ==, 6);
        g_assert_cmpuint(event.setup.value, ==, 0x0102);
        g_assert_cmpuint(event.setup.index, ==, 0x0409);
        g_assert_cmpuint(event.setup.length, ==, 64);
        g_assert_cmpuint(event.data_offset, ==, sizes[i]);
        g_assert_cmpuint(event.data_length, ==, 5);
    }
}

/* A completion has a status and no setup, whatever stands where it would be. */
static void
test_usbmon_completion(void)
{
    uint8_t bytes[MMAPPED_BYTES];
    struct rs_usb_event event;

    make_usbmon(bytes, 'C', RS_USB_CONTROL);
    bytes[14] = 0;
    event = read_ok(RS_USB_LINUX_MMAPPED, bytes, sizeof bytes);
    g_assert_false(event.is_submission);
    g_assert_false(event.has_setup);
    g_assert_cmpint(event.status, ==, -71);
    g_assert_cmpuint(event.data_length, ==, 0);
    make_usbmon(bytes, 'E', RS_USB_BULK); /* the submission itself failed: that is a result */
    g_assert_false(read_ok(RS_USB_LINUX_MMAPPED, bytes, sizeof bytes).is_submission);
}

/* Only a control transfer that says so has a setup. */
static void
test_usbmon_setup_flag(void)
{
    uint8_t bytes[MMAPPED_BYTES];

    make_usbmon(bytes, 'S', RS_USB_CONTROL);
    bytes[14] = '-';
    g_assert_false(read_ok(RS_USB_LINUX_MMAPPED, bytes, sizeof bytes).has_setup);
    make_usbmon(bytes, 'S', RS_USB_BULK);
    bytes[14] = 0;
    g_assert_false(read_ok(RS_USB_LINUX_MMAPPED, bytes, sizeof bytes).has_setup);
}

static void
test_usbmon_prefixes(void)
{
    uint8_t bytes[MMAPPED_BYTES];

    make_usbmon(bytes, 'S', RS_USB_CONTROL);
    for (size_t length = 0; length < MMAPPED_BYTES; length++)
        assert_fails(RS_USB_LINUX_MMAPPED, bytes, length, RS_SHORT);
    for (size_t length = 0; length < USBMON_BYTES; length++)
        assert_fails(RS_USB_LINUX, bytes, length, RS_SHORT);
}

/* Each value of the type and of the transfer kind. */
static void
test_usbmon_out_of_range(void)
{
    uint8_t bytes[MMAPPED_BYTES];

    for (unsigned value = 0; value <= 0xff; value++) {
        make_usbmon(bytes, 'S', RS_USB_BULK);
        bytes[8] = (uint8_t)value;
        if (value == 'S' || value == 'C' || value == 'E')
            read_ok(RS_USB_LINUX_MMAPPED, bytes, sizeof bytes);
        else
            assert_fails(RS_USB_LINUX_MMAPPED, bytes, sizeof bytes, RS_BAD);
        make_usbmon(bytes, 'S', (uint8_t)value);
        if (value <= RS_USB_BULK)
            g_assert_cmpint(read_ok(RS_USB_LINUX_MMAPPED, bytes, sizeof bytes).transfer, ==,
                            (int)value);
        else
            assert_fails(RS_USB_LINUX_MMAPPED, bytes, sizeof bytes, RS_BAD);
    }
}

static void
make_usbpcap(uint8_t *bytes, size_t header_bytes, uint8_t info, uint8_t transfer, uint32_t status)
{
    memset(bytes, 0, header_bytes);
    PUT(bytes, 0, uint16_t, (uint16_t)header_bytes);
    PUT(bytes, 2, uint64_t, 0xffffe001deadbeefU);
    PUT(bytes, 10, uint32_t, status);
    bytes[16] = info;
    PUT(bytes, 17, uint16_t, 3);
    PUT(bytes, 19, uint16_t, 9);
    bytes[21] = 0x85;
    bytes[22] = transfer;
    PUT(bytes, 23, uint32_t, 512);
}

static void
test_usbpcap_bulk(void)
{
    uint8_t bytes[USBPCAP_BYTES + 3] = { 0 };
    struct rs_usb_event event;

    make_usbpcap(bytes, USBPCAP_BYTES, 1, RS_USB_BULK, 0xC0000011U);
    event = read_ok(RS_USB_USBPCAP, bytes, sizeof bytes);
    g_assert_cmpuint(event.id, ==, 0xffffe001deadbeefU);
    g_assert_false(event.is_submission);
    g_assert_cmpint(event.transfer, ==, RS_USB_BULK);
    g_assert_cmpuint(event.endpoint, ==, 0x85);
    g_assert_cmpuint(event.bus, ==, 3);
    g_assert_cmpuint(event.address, ==, 9);
    g_assert_cmpint(event.status, ==, -71);
    g_assert_cmpuint(event.length, ==, 512);
    g_assert_false(event.has_setup);
    g_assert_cmpuint(event.data_length, ==, 3);
}

/* The setup stands after the header, before the data. */
static void
test_usbpcap_control(void)
{
    static const uint8_t setup[8] = { 0x21, 1, 0x13, 0x00, 0x00, 0x00, 0x00, 0x08 };
    uint8_t bytes[CONTROL_BYTES + 8 + 2] = { 0 };
    struct rs_usb_event event;

    make_usbpcap(bytes, CONTROL_BYTES, 0, RS_USB_CONTROL, 0);
    put(bytes, CONTROL_BYTES, setup, sizeof setup);
    event = read_ok(RS_USB_USBPCAP, bytes, sizeof bytes);
    g_assert_true(event.is_submission);
    g_assert_true(event.has_setup);
    g_assert_cmpuint(event.setup.request_type, ==, 0x21);
    g_assert_cmpuint(event.setup.value, ==, 0x13);
    g_assert_cmpuint(event.setup.length, ==, 0x0800);
    g_assert_cmpuint(event.data_offset, ==, CONTROL_BYTES + 8);
    g_assert_cmpuint(event.data_length, ==, 2);
    bytes[27] = 1; /* data stage: no setup in this one */
    g_assert_false(read_ok(RS_USB_USBPCAP, bytes, sizeof bytes).has_setup);
    bytes[27] = 0; /* setup stage, cut off before its eight bytes */
    for (size_t length = CONTROL_BYTES; length < CONTROL_BYTES + 8; length++)
        g_assert_false(read_ok(RS_USB_USBPCAP, bytes, length).has_setup);
}

/* What Windows says, as Linux would. */
static void
test_usbpcap_status(void)
{
    static const struct {
        uint32_t usbd;
        int32_t status;
    } table[] = {
        { 0, 0 },
        { 0x40000000U, 0 },
        { 0xC0000001U, -84 },
        { 0xC0000004U, -32 },
        { 0xC0000005U, -62 },
        { 0xC0000008U, -75 },
        { 0xC0000009U, -121 },
        { 0xC0000030U, -32 },
        { 0xC0006000U, -2 },
        { 0xC0007000U, -108 },
        { 0xC0010000U, -2 },
        { 0x80000900U, -121 },
        { 0x80000300U, -5 },
        { 0xC0123456U, -5 },
        { 0xFFFFFFFFU, -5 },
    };
    uint8_t bytes[USBPCAP_BYTES];

    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        make_usbpcap(bytes, sizeof bytes, 1, RS_USB_BULK, table[i].usbd);
        g_assert_cmpint(read_ok(RS_USB_USBPCAP, bytes, sizeof bytes).status, ==, table[i].status);
        make_usbpcap(bytes, sizeof bytes, 0, RS_USB_BULK, table[i].usbd);
        g_assert_cmpint(read_ok(RS_USB_USBPCAP, bytes, sizeof bytes).status, ==, 0);
    }
}

static void
test_usbpcap_prefixes(void)
{
    uint8_t bytes[CONTROL_BYTES + 8] = { 0 };

    make_usbpcap(bytes, CONTROL_BYTES, 0, RS_USB_CONTROL, 0);
    for (size_t length = 0; length < USBPCAP_BYTES; length++)
        assert_fails(RS_USB_USBPCAP, bytes, length, RS_SHORT);
    assert_fails(RS_USB_USBPCAP, bytes, USBPCAP_BYTES, RS_BAD); /* it says it has one more */
}

/* The header's own length, and the kind of transfer. */
static void
test_usbpcap_out_of_range(void)
{
    uint8_t bytes[64] = { 0 };

    for (uint32_t header = 0; header <= 0xffff; header++) {
        make_usbpcap(bytes, USBPCAP_BYTES, 1, RS_USB_BULK, 0);
        PUT(bytes, 0, uint16_t, (uint16_t)header);
        if (header >= USBPCAP_BYTES && header <= sizeof bytes)
            g_assert_cmpuint(read_ok(RS_USB_USBPCAP, bytes, sizeof bytes).data_offset, ==, header);
        else
            assert_fails(RS_USB_USBPCAP, bytes, sizeof bytes, RS_BAD);
    }
    for (unsigned transfer = RS_USB_BULK + 1; transfer <= 0xff; transfer++) {
        make_usbpcap(bytes, USBPCAP_BYTES, 1, (uint8_t)transfer, 0);
        assert_fails(RS_USB_USBPCAP, bytes, sizeof bytes, RS_BAD);
    }
}

enum { DARWIN_CONTROL = 0, DARWIN_BULK = 2, DARWIN_INTERRUPT = 3 };

static void
make_darwin(uint8_t *bytes, gboolean is_completion, uint8_t type, uint32_t ioreturn)
{
    memset(bytes, 0, DARWIN_BYTES);
    PUT(bytes, 0, uint16_t, GUINT16_TO_LE(0x0100));
    bytes[2] = DARWIN_BYTES;
    bytes[3] = is_completion ? 1 : 0;
    PUT(bytes, 4, uint32_t, GUINT32_TO_LE(512));
    PUT(bytes, 8, uint32_t, GUINT32_TO_LE(ioreturn));
    PUT(bytes, 16, uint64_t, GUINT64_TO_LE(0xffffe001deadbeefU));
    PUT(bytes, 24, uint32_t, GUINT32_TO_LE(0x14200000U));
    bytes[28] = 2;
    bytes[29] = 9;
    bytes[30] = 0x85;
    bytes[31] = type;
}

/* Data goes with the completion, in and out. */
static void
test_darwin_bulk(void)
{
    uint8_t bytes[DARWIN_BYTES + 3] = { 0 };
    struct rs_usb_event event;

    make_darwin(bytes, TRUE, DARWIN_BULK, 0xE00002EBU);
    event = read_ok(RS_USB_DARWIN, bytes, sizeof bytes);
    g_assert_cmpuint(event.id, ==, 0xffffe001deadbeefU);
    g_assert_false(event.is_submission);
    g_assert_cmpint(event.transfer, ==, RS_USB_BULK);
    g_assert_cmpuint(event.endpoint, ==, 0x85);
    g_assert_cmpuint(event.bus, ==, 0x14);
    g_assert_cmpuint(event.address, ==, 9);
    g_assert_cmpint(event.status, ==, -2);
    g_assert_cmpuint(event.length, ==, 512);
    g_assert_false(event.has_setup);
    g_assert_cmpuint(event.data_length, ==, 3);
    make_darwin(bytes, TRUE, DARWIN_INTERRUPT, 0);
    g_assert_cmpint(read_ok(RS_USB_DARWIN, bytes, sizeof bytes).transfer, ==, RS_USB_INTERRUPT);
}

/* The setup stands after the header of a submission, and of nothing else. */
static void
test_darwin_control(void)
{
    static const uint8_t setup[8] = { 0x21, 1, 0x13, 0x00, 0x00, 0x00, 0x00, 0x08 };
    uint8_t bytes[DARWIN_BYTES + 8] = { 0 };
    struct rs_usb_event event;

    make_darwin(bytes, FALSE, DARWIN_CONTROL, 0xE0000001U);
    put(bytes, DARWIN_BYTES, setup, sizeof setup);
    event = read_ok(RS_USB_DARWIN, bytes, sizeof bytes);
    g_assert_true(event.is_submission);
    g_assert_cmpint(event.status, ==, 0); /* a submission has no result yet */
    g_assert_true(event.has_setup);
    g_assert_cmpuint(event.setup.request_type, ==, 0x21);
    g_assert_cmpuint(event.setup.value, ==, 0x13);
    g_assert_cmpuint(event.setup.length, ==, 0x0800);
    g_assert_cmpuint(event.data_length, ==, 0);
    for (size_t length = DARWIN_BYTES; length < DARWIN_BYTES + 8; length++)
        g_assert_false(read_ok(RS_USB_DARWIN, bytes, length).has_setup);
    make_darwin(bytes, TRUE, DARWIN_CONTROL, 0);
    event = read_ok(RS_USB_DARWIN, bytes, sizeof bytes);
    g_assert_false(event.has_setup);
    g_assert_cmpuint(event.data_length, ==, 8);
}

/* What macOS says, as Linux would. */
static void
test_darwin_status(void)
{
    static const struct {
        uint32_t ioreturn;
        int32_t status;
    } table[] = {
        { 0, 0 },
        { 0xE00002C0U, -19 },
        { 0xE00002D6U, -2 },
        { 0xE00002D9U, -108 },
        { 0xE00002E8U, -75 },
        { 0xE00002EBU, -2 },
        { 0xE00002EDU, -62 },
        { 0xE0004001U, -84 },
        { 0xE0004002U, -71 },
        { 0xE000404FU, -32 },
        { 0xE0004051U, -2 },
        { 0xE0005000U, -32 },
        { 0xE00002BCU, -5 },
        { 1, -5 },
    };
    uint8_t bytes[DARWIN_BYTES];

    for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
        make_darwin(bytes, TRUE, DARWIN_BULK, table[i].ioreturn);
        g_assert_cmpint(read_ok(RS_USB_DARWIN, bytes, sizeof bytes).status, ==, table[i].status);
    }
}

static void
test_darwin_out_of_range(void)
{
    uint8_t bytes[64] = { 0 };

    make_darwin(bytes, TRUE, DARWIN_BULK, 0);
    for (size_t length = 0; length < DARWIN_BYTES; length++)
        assert_fails(RS_USB_DARWIN, bytes, length, RS_SHORT);
    for (unsigned value = 0; value <= 0xff; value++) {
        make_darwin(bytes, TRUE, DARWIN_BULK, 0);
        bytes[2] = (uint8_t)value;
        if (value >= DARWIN_BYTES && value <= sizeof bytes)
            g_assert_cmpuint(read_ok(RS_USB_DARWIN, bytes, sizeof bytes).data_offset, ==, value);
        else
            assert_fails(RS_USB_DARWIN, bytes, sizeof bytes, RS_BAD);
        make_darwin(bytes, TRUE, (uint8_t)value, 0);
        if (value > DARWIN_INTERRUPT)
            assert_fails(RS_USB_DARWIN, bytes, sizeof bytes, RS_BAD);
        make_darwin(bytes, TRUE, DARWIN_BULK, 0);
        bytes[3] = (uint8_t)value;
        if (value > 1)
            assert_fails(RS_USB_DARWIN, bytes, sizeof bytes, RS_BAD);
    }
}

/* Nothing but zeros, nothing but ones. */
static void
test_all_alike(void)
{
    static const enum rs_usb_link links[] = { RS_USB_LINUX, RS_USB_LINUX_MMAPPED, RS_USB_USBPCAP,
                                              RS_USB_DARWIN };
    uint8_t bytes[128];

    for (unsigned value = 0; value <= 0xff; value += 0xff)
        for (size_t i = 0; i < G_N_ELEMENTS(links); i++) {
            memset(bytes, (int)value, sizeof bytes);
            assert_fails(links[i], bytes, sizeof bytes, RS_BAD);
        }
    assert_fails((enum rs_usb_link)4, bytes, sizeof bytes, RS_BAD);
}

static void
test_status_names(void)
{
    g_assert_cmpstr(rs_usb_status_name(-71), ==, "EPROTO");
    g_assert_cmpstr(rs_usb_status_name(-108), ==, "ESHUTDOWN");
    g_assert_cmpstr(rs_usb_status_name(-2), ==, "ENOENT");
    g_assert_cmpstr(rs_usb_status_name(0), ==, "");
    g_assert_cmpstr(rs_usb_status_name(71), ==, "");
    g_assert_cmpstr(rs_usb_status_name(INT32_MIN), ==, "");
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/usbheader/usbmon/submission", test_usbmon_submission);
    g_test_add_func("/usbheader/usbmon/completion", test_usbmon_completion);
    g_test_add_func("/usbheader/usbmon/setup-flag", test_usbmon_setup_flag);
    g_test_add_func("/usbheader/usbmon/prefixes", test_usbmon_prefixes);
    g_test_add_func("/usbheader/usbmon/out-of-range", test_usbmon_out_of_range);
    g_test_add_func("/usbheader/usbpcap/bulk", test_usbpcap_bulk);
    g_test_add_func("/usbheader/usbpcap/control", test_usbpcap_control);
    g_test_add_func("/usbheader/usbpcap/status", test_usbpcap_status);
    g_test_add_func("/usbheader/usbpcap/prefixes", test_usbpcap_prefixes);
    g_test_add_func("/usbheader/usbpcap/out-of-range", test_usbpcap_out_of_range);
    g_test_add_func("/usbheader/darwin/bulk", test_darwin_bulk);
    g_test_add_func("/usbheader/darwin/control", test_darwin_control);
    g_test_add_func("/usbheader/darwin/status", test_darwin_status);
    g_test_add_func("/usbheader/darwin/out-of-range", test_darwin_out_of_range);
    g_test_add_func("/usbheader/all-alike", test_all_alike);
    g_test_add_func("/usbheader/status-names", test_status_names);
    return g_test_run();
}

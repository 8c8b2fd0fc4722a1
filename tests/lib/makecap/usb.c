/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * See usb.h. */
#include "tests/lib/makecap/usb.h"

#include "tests/lib/makecap/bytes.h"

enum { BUS = 1, HUB = 1, INTERRUPT = 1, CONTROL = 2, BULK = 3, IN = 0x80, EINPROGRESS_ = -115 };
enum { NO_DATA_IN = '<', NO_DATA_OUT = '>', NO_SETUP = '-' };

static guint64
next_id(void)
{
    static guint64 id = G_GUINT64_CONSTANT(0xffff888000001000);

    return id += 0x40;
}

/* The header is drawn in dissectors/core/usbheader.c. */
static void
put_header(GByteArray *out, const pcapng *file, const struct usb_transfer *transfer, guint64 id,
           char type, guint kind, gsize payload, gsize length)
{
    guint64 time_us = (guint64)pcapng_epoch_us(file);
    gboolean has_setup = type == 'S' && transfer->setup;
    guint no_data = transfer->endpoint & IN ? NO_DATA_IN : NO_DATA_OUT;

    put_le64(out, id);
    put_8(out, (guint)type);
    put_8(out, kind);
    put_8(out, transfer->endpoint);
    put_8(out, transfer->address);
    put_le16(out, BUS);
    put_8(out, has_setup ? 0 : NO_SETUP);
    put_8(out, payload > 0 ? 0 : no_data);
    put_le64(out, time_us / G_USEC_PER_SEC);
    put_le32(out, (guint32)(time_us % G_USEC_PER_SEC));
    put_le32(out, (guint32)(type == 'S' ? EINPROGRESS_ : transfer->status));
    put_le32(out, (guint32)length);
    put_le32(out, (guint32)payload);
    if (has_setup)
        put_bytes(out, transfer->setup, 8);
    else
        put_zeros(out, 8);
    put_zeros(out, 16); /* interval, start frame, flags, descriptors */
}

static guint
kind_of(const struct usb_transfer *transfer)
{
    if (transfer->setup)
        return CONTROL;
    return transfer->address == HUB ? INTERRUPT : BULK;
}

static void
put_half(pcapng *file, const struct usb_transfer *transfer, guint64 id, char type)
{
    g_autoptr(GByteArray) out = g_byte_array_new();
    gboolean is_in = (transfer->endpoint & IN) != 0;
    gboolean has_data = is_in == (type == 'C') && (type == 'S' || transfer->status == 0);
    gsize wanted = transfer->data ? transfer->data->len : 0;
    gsize length = transfer->status == 0 || type == 'S' ? wanted : 0;

    put_header(out, file, transfer, id, type, kind_of(transfer), has_data ? wanted : 0, length);
    if (has_data && transfer->data)
        put_bytes(out, transfer->data->data, transfer->data->len);
    pcapng_frame(file, INTERFACE_USB, out);
}

void
usb_submission(pcapng *file, const struct usb_transfer *transfer, guint64 id)
{
    put_half(file, transfer, id, 'S');
}

void
usb_completion(pcapng *file, const struct usb_transfer *transfer, guint64 id)
{
    put_half(file, transfer, id, 'C');
}

void
usb_transfer(pcapng *file, const struct usb_transfer *transfer)
{
    guint64 id = next_id();
    gint64 start_us = pcapng_now(file);

    usb_submission(file, transfer, id);
    if (transfer->after_us > 0)
        pcapng_set_time(file, start_us + transfer->after_us);
    usb_completion(file, transfer, id);
}

static void
control(pcapng *file, guint8 address, guint type, guint request, guint value, guint index,
        const void *data, guint length)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_autoptr(GByteArray) setup = g_byte_array_new();
    struct usb_transfer transfer = { .address = address, .data = bytes };

    put_8(setup, type);
    put_8(setup, request);
    put_le16(setup, value);
    put_le16(setup, index);
    put_le16(setup, length);
    put_bytes(bytes, data, length);
    transfer.endpoint = (guint8)(type & IN);
    transfer.setup = setup->data;
    usb_transfer(file, &transfer);
}

/* The hub's interrupt names the port; its status says whether somebody is there. */
static void
port_changed(pcapng *file, guint8 port, gboolean connected)
{
    const guint8 change = (guint8)(1U << port);
    const guint8 status[4] = { connected ? 0x01 : 0x00, 0x01, 0x01, 0x00 };
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    struct usb_transfer interrupt = { .address = HUB, .endpoint = IN | 1, .data = bytes };

    put_bytes(bytes, &change, 1);
    usb_completion(file, &interrupt, next_id());
    control(file, HUB, 0xa3, 0, 0, port, status, sizeof status);
    control(file, HUB, 0x23, 1, 16, port, NULL, 0); /* CLEAR_FEATURE(C_PORT_CONNECTION) */
}

static void
put_device_descriptor(GByteArray *out, guint16 product)
{
    static const guint8 head[] = { 18, 1, 0x00, 0x02, 0, 0, 0, 64, 0xac, 0x05 };
    static const guint8 tail[] = { 0, 0, 1, 2, 3, 1 };

    put_bytes(out, head, sizeof head);
    put_le16(out, product);
    put_bytes(out, tail, sizeof tail);
}

/* One interface with a bulk pipe each way: the multiplexor's for the products that have one, a
 * vendor's own for the boot loaders. */
static void
put_configuration(GByteArray *out, guint16 product)
{
    gboolean is_mux = product >= 0x1290 && product <= 0x12af;
    const guint8 bytes[] = {
        9,
        2,
        32,
        0,
        1,
        1,
        0,
        0xc0,
        250, /* configuration */
        9,
        4,
        0,
        0,
        2,
        0xff,
        (guint8)(is_mux ? 0xfe : 0xff),
        is_mux ? 2 : 81,
        0, /* interface */
        7,
        5,
        4,
        2,
        0,
        2,
        0, /* OUT 4 */
        7,
        5,
        0x85,
        2,
        0,
        2,
        0, /* IN 5 */
    };

    put_bytes(out, bytes, sizeof bytes);
}

static void
put_string_descriptor(GByteArray *out, const char *text)
{
    put_8(out, (guint)(2 + 2 * strlen(text)));
    put_8(out, 3);
    for (; *text; text++)
        put_le16(out, (guint8)*text);
}

void
usb_attach(pcapng *file, guint8 port, guint8 address, guint16 product, const char *serial)
{
    g_autoptr(GByteArray) descriptor = g_byte_array_new();
    g_autoptr(GByteArray) configuration = g_byte_array_new();
    g_autoptr(GByteArray) string = g_byte_array_new();

    put_device_descriptor(descriptor, product);
    put_configuration(configuration, product);
    port_changed(file, port, TRUE);
    control(file, HUB, 0x23, 3, 4, port, NULL, 0); /* SET_FEATURE(PORT_RESET) */
    control(file, 0, 0x80, 6, 0x0100, 0, descriptor->data, descriptor->len);
    control(file, 0, 0x00, 5, address, 0, NULL, 0);
    control(file, address, 0x80, 6, 0x0100, 0, descriptor->data, descriptor->len);
    control(file, address, 0x80, 6, 0x0200, 0, configuration->data, configuration->len);
    if (serial) {
        put_string_descriptor(string, serial);
        control(file, address, 0x80, 6, 0x0303, 0x0409, string->data, string->len);
    }
    control(file, address, 0x00, 9, 1, 0, NULL, 0);
}

void
usb_leave(pcapng *file, guint8 port)
{
    port_changed(file, port, FALSE);
}

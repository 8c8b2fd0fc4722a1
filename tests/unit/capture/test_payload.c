/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What of a USB transfer is kept. */
#include <glib.h>
#include <string.h>

#include "capture/payload.h"

enum { LONG = 49152, CONTROL = 2, BULK = 3, PORT_AT = RS_USBMON_HEADER + 18 };

/* A request to send a piece of the filesystem. */
static guint8 packet[RS_USBMON_HEADER + LONG];

static void
set_up(void)
{
    static const guint8 mux[16] = { 0, 0, 0, 6, 0, 0, 0xC0, 0, 0xFE, 0xED, 0xFA, 0xCE };

    memset(packet, 0, sizeof packet);
    packet[8] = 'S';
    packet[9] = BULK;
    packet[10] = 4;
    memcpy(packet + RS_USBMON_HEADER, mux, sizeof mux);
    packet[PORT_AT] = 12345 >> 8;
    packet[PORT_AT + 1] = 12345 & 0xFF;
}

/* The smart way cuts the filesystem and keeps what tells whose it is. */
static void
filesystem(void)
{
    set_up();
    g_assert_cmpuint(rs_payload_keep(packet, LONG, RS_PAYLOAD_SMART), ==, RS_PAYLOAD_KEPT);
    g_assert_cmpuint(rs_payload_keep(packet, LONG, RS_PAYLOAD_ALL), ==, LONG);
    g_assert_cmpuint(rs_payload_keep(packet, LONG, 1000), ==, 1000);
    g_assert_cmpuint(rs_payload_keep(packet, LONG, 0), ==, 0);
}

/* One thing is different each time, and everything is kept. */
static void
near_misses(void)
{
    const struct {
        guint at;
        guint8 value;
    } changes[] = {
        { 8, 'C' },
        { 9, CONTROL },
        { 10, 0x84 },
        { RS_USBMON_HEADER + 3, 2 },
        { RS_USBMON_HEADER + 8, 0 },
        { PORT_AT, 62078 >> 8 },
        { PORT_AT + 1, 0x38 },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(changes); i++) {
        set_up();
        packet[changes[i].at] = changes[i].value;
        g_assert_cmpuint(rs_payload_keep(packet, LONG, RS_PAYLOAD_SMART), ==, LONG);
    }
    set_up();
    g_assert_cmpuint(rs_payload_keep(packet, RS_PAYLOAD_LONG, RS_PAYLOAD_SMART), ==,
                     RS_PAYLOAD_LONG);
    g_assert_cmpuint(rs_payload_keep(packet, RS_PAYLOAD_LONG + 1, RS_PAYLOAD_SMART), ==,
                     RS_PAYLOAD_KEPT);
}

/* A control transfer is whole whatever the rule. */
static void
control(void)
{
    set_up();
    packet[9] = CONTROL;
    for (int rule = RS_PAYLOAD_ALL; rule < 10; rule++)
        g_assert_cmpuint(rs_payload_keep(packet, LONG, rule), ==, LONG);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/payload/filesystem", filesystem);
    g_test_add_func("/payload/near-misses", near_misses);
    g_test_add_func("/payload/control", control);
    return g_test_run();
}

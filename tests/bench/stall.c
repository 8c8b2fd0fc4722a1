/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * stall FILE INTERFACE USB-MB/S SECONDS: a USB bus of that rate and a network interface, recorded
 * by all of the recorder into a file. The bus is one of the tests: its ring is of the kernel's
 * size, and loses what does not fit. Prints what each had, what the kernel lost, what we lost, and
 * what was written. Somebody else stops the disk meanwhile. */
#include <glib.h>
#include <stdio.h>

#include "capture/collector.h"
#include "capture/payload.h"
#include "capture/sources/network.h"
#include "tests/unit/capture/fake_usbmon.h"

enum {
    POOL = 256 << 20, /* as in session.c */
    USB_RING = 64 << 20,
    NETWORK_MIB = 64,
    KERNEL_RING = 1200 << 10,
    DATA = RS_FAKE_TRANSFER_MAX, /* as usbmuxd has them */
    MB = 1000000,
};

static char *
name(void *data)
{
    return g_strdup((const char *)data);
}

static void
run_bus(rs_fake_usbmon *usb, guint64 bytes_per_s, guint64 seconds)
{
    const gint64 start_us = g_get_monotonic_time();
    gint64 past_us;
    guint64 n = 0;

    while ((past_us = g_get_monotonic_time() - start_us) < (gint64)seconds * G_USEC_PER_SEC) {
        for (; n * DATA < bytes_per_s * (guint64)past_us / G_USEC_PER_SEC; n++)
            rs_fake_usbmon_add_transfer(usb, n, DATA);
        g_usleep(1000);
    }
}

static void
tell(rs_collector *collector)
{
    for (unsigned i = 0; i < rs_collector_n(collector); i++) {
        struct rs_counts counts;
        uint64_t written;

        rs_collector_count(collector, i, &counts, &written);
        printf("%s %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT
               " %" G_GUINT64_FORMAT "\n",
               rs_collector_source(collector, i)->interface.name, counts.received, counts.dropped,
               counts.full, written);
    }
}

static int
record(char *path, const char *interface, guint64 mb_per_s, guint64 seconds)
{
    const struct rs_usbmon_options bus = {
        .bus = 3, .payload = RS_PAYLOAD_ALL, .is_armed = TRUE, .ring_bytes = USB_RING
    };
    const struct rs_network_options network = { .name = interface, .ring_mib = NETWORK_MIB };
    const struct rs_collector_options options = { .end_fd = -1 };
    rs_fake_usbmon *usb = rs_fake_usbmon_new(KERNEL_RING);
    const struct rs_usbmon_device device = rs_fake_usbmon_device(usb);
    g_autoptr(GError) error = NULL;
    g_autoptr(rs_output) output = rs_output_new(name, path, POOL, 0, &error);
    rs_source *wire = output ? rs_network_new(&network, &error) : NULL;
    rs_collector *collector;

    if (!wire) {
        fprintf(stderr, "stall: %s\n", error->message);
        return 1;
    }
    collector = rs_collector_new(output, &options);
    rs_collector_add(collector, rs_usbmon_new(&bus, &device, NULL));
    rs_collector_add(collector, wire);
    rs_collector_start(collector);
    run_bus(usb, mb_per_s * MB, seconds);
    rs_collector_stop(collector);
    tell(collector);
    rs_collector_free(collector);
    rs_fake_usbmon_free(usb);
    return rs_output_finish(output, NULL) ? 0 : 1;
}

int
main(int argc, char **argv)
{
    guint64 mb_per_s, seconds;

    if (argc != 5 || !g_ascii_string_to_unsigned(argv[3], 10, 1, 10000, &mb_per_s, NULL) ||
        !g_ascii_string_to_unsigned(argv[4], 10, 1, 3600, &seconds, NULL)) {
        fprintf(stderr, "usage: stall FILE INTERFACE USB-MB/S SECONDS\n");
        return 2;
    }
    return record(argv[1], argv[2], mb_per_s, seconds);
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Records of the kernel's log. */
#include <string.h>

#include "capture/sources/kmsg.h"
#include "tests/unit/capture/bytes.h"

static void
check(const char *record, const char *wanted)
{
    const char *text = NULL;
    size_t length = 0;
    int priority = -1;
    guint64 time_ns = 0;

    g_assert_true(rs_kmsg_parse(record, &text, &length, &priority, &time_ns));
    check_bytes(text, length, wanted, strlen(wanted));
    g_assert_cmpint(priority, ==, 6);
    g_assert_cmpuint(time_ns, ==, 5140900000);
}

static void
usb(void)
{
    check("6,339,5140900,-;usb 1-1: USB disconnect, device number 2\n SUBSYSTEM=usb\n",
          "usb 1-1: USB disconnect, device number 2");
    check("6,339,5140900,-,caller=T1;ipheth 1-1:4.2: gone", "ipheth 1-1:4.2: gone");
    check("6,339,5140900,-;new thing\n SUBSYSTEM=usb\n DEVICE=c189:1\n", "new thing");
}

static void
nothing(void)
{
    static const char *const records[] = {
        "",
        ";",
        "6,339,5140900,-",
        "6,339,x;usb 1-1: x",
        "6;usb 1-1: x",
        "6,339,5140900,-;eth0: link up",
        "14,339,5140900,-;usb 1-1: somebody in user space says so",
        "6,339,99999999999999999999,-;usb 1-1: x",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(records); i++) {
        const char *text;
        size_t length;
        int priority;
        guint64 time_ns;

        g_assert_false(rs_kmsg_parse(records[i], &text, &length, &priority, &time_ns));
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/kmsg/usb", usb);
    g_test_add_func("/kmsg/nothing", nothing);
    return g_test_run();
}

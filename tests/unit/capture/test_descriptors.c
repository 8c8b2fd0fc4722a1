/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Requests and answers made from what sysfs has of a device. */
#include <glib.h>
#include <string.h>

#include "capture/sources/descriptors.h"
#include "capture/sources/usbmon_abi.h"
#include "tests/unit/capture/bytes.h"

enum { DEVICE = 18, HEADER = 64 };

/* A device with two configurations, of 9 and of 12 bytes. */
static const guint8 bytes[] = {
    18, 1, 0, 2, 0, 0,    0,   64, 0xAC, 0x05, 0xA8, 0x12, 1, 4, 1,    2,   3, 2,    9, 2,
    9,  0, 1, 1, 0, 0x80, 250, 9,  2,    12,   0,    1,    2, 0, 0x80, 250, 3, 0x24, 0,
};

static void
add(void *data, const guint8 *packet, guint32 captured, guint32 original)
{
    g_assert_cmpuint(captured, ==, original);
    g_ptr_array_add((GPtrArray *)data, g_bytes_new(packet, captured));
}

static GPtrArray *
made(size_t length)
{
    GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);

    rs_descriptors_of(3, 7, bytes, length, 1700000000123456789U, add, list);
    return list;
}

static void
whole(void)
{
    g_autoptr(GPtrArray) list = made(sizeof bytes);
    struct rs_usbmon_header request, answer;
    const guint8 *packet;

    g_assert_cmpuint(list->len, ==, 6);
    memcpy(&request, g_bytes_get_data((GBytes *)list->pdata[4], NULL), sizeof request);
    packet = (const guint8 *)g_bytes_get_data((GBytes *)list->pdata[5], NULL);
    memcpy(&answer, packet, sizeof answer);
    g_assert_cmpuint(request.type, ==, 'S');
    check_bytes(request.setup, 8, "\x80\x06\x01\x02\0\0\x0C\0", 8);
    g_assert_cmpuint(answer.type, ==, 'C');
    g_assert_cmpuint(answer.id, ==, request.id);
    g_assert_cmpuint(answer.bus, ==, 3);
    g_assert_cmpuint(answer.device, ==, 7);
    g_assert_cmpuint(answer.captured, ==, 12);
    g_assert_cmpint(answer.seconds, ==, 1700000000);
    g_assert_cmpint(answer.microseconds, ==, 123456);
    check_bytes(packet + HEADER, 12, bytes + DEVICE + 9, 12);
}

/* Whatever is cut off, what is made is whole. */
static void
cut(void)
{
    for (size_t length = 0; length <= sizeof bytes; length++) {
        g_autofree guint8 *copy = (guint8 *)g_memdup2(bytes, length);
        g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);

        rs_descriptors_of(3, 7, copy, length, 0, add, list);
        g_assert_cmpuint(list->len, ==,
                         length < DEVICE         ? 0
                         : length < DEVICE + 9   ? 2
                         : length < sizeof bytes ? 4
                                                 : 6);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/descriptors/whole", whole);
    g_test_add_func("/descriptors/cut", cut);
    return g_test_run();
}

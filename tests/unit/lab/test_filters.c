/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Filters that find the frame of a transfer again, and what the names in them are replaced with. */
#include <glib/gstdio.h>

#include "tests/unit/lab/fake-port.h"
#include "tests/unit/lab/written.h"

static const uint8_t no_setup[8];

static void
assert_filter(uint8_t endpoint, const uint8_t setup[8], const char *data, unsigned urb_type,
              const char *expected)
{
    lab_head_t head;
    g_autofree char *filter = NULL;

    lab_head_of(&head, endpoint, setup, (const uint8_t *)data, data ? strlen(data) : 0);
    g_assert_true(head.known);
    filter = lab_head_filter(&head, urb_type);
    g_assert_cmpstr(filter, ==, expected);
}

static void
test_heads(void)
{
    static const uint8_t command[8] = { 0x40, 0, 0, 0, 0, 0, 2, 0 };
    static const uint8_t question[8] = { 0xa1, 3, 0, 0, 0, 0, 6, 0 };

    assert_filter(0x00, command, "go", 83,
                  "@device && usb.urb_type == 83 && usb.endpoint_address == 0x00 && "
                  "frame[40:8] == 40:00:00:00:00:00:02:00 && frame[64:2] == 67:6f");
    assert_filter(0x00, command, "go", 67,
                  "@device && usb.urb_type == 67 && usb.endpoint_address == 0x00");
    assert_filter(0x80, question, NULL, 83,
                  "@device && usb.urb_type == 83 && usb.endpoint_address == 0x80 && "
                  "frame[40:8] == a1:03:00:00:00:00:06:00");
    assert_filter(0x04, no_setup, "ab", 83,
                  "@device && usb.urb_type == 83 && usb.endpoint_address == 0x04 && "
                  "frame[64:2] == 61:62");
    assert_filter(0x85, no_setup, "ab", 67,
                  "@device && usb.urb_type == 67 && usb.endpoint_address == 0x85 && "
                  "frame[64:2] == 61:62");
    assert_filter(0x85, no_setup, "ab", 83,
                  "@device && usb.urb_type == 83 && usb.endpoint_address == 0x85");
}

static void
test_long_head(void)
{
    g_autofree char *data = g_strnfill(1000, 'x');
    lab_head_t head;

    lab_head_of(&head, 0x04, no_setup, (const uint8_t *)data, strlen(data));
    g_assert_cmpuint(head.n, ==, LAB_HEAD_MAX);
    g_assert_true(lab_head_age(&head) >= 1.0 && lab_head_age(&head) < 2.0);
}

/* The mark that phone `index` at port `port` writes. */
static char *
marked(unsigned port, unsigned address, const lab_act_t *act, const char *filter)
{
    g_autofree char *path = NULL;
    char *text = NULL;
    int fd = g_file_open_tmp("lab-XXXXXX.marks", &path, NULL);
    lab_phone_t phone = { .port_number = port, .bus = 3, .address = address };

    g_assert_true(g_close(fd, NULL));
    phone.marks = lab_marks_new(path, "vphone", NULL);
    lab_phone_mark(&phone, act, "what", filter, 0, 5);
    lab_marks_free(phone.marks);
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_cmpint(g_remove(path), ==, 0);
    return text;
}

static void
test_names(void)
{
    static const lab_act_t plain = { .name = "fault" };
    static const lab_act_t own = { .name = "fault", .filter = "usb.urb_status == -62" };
    g_autofree char *device = marked(0, 7, &plain, "@device && x");
    g_autofree char *nowhere = marked(0, 0, &plain, "@device");
    g_autofree char *hub = marked(2, 7, &plain, "@hub || @hub");
    g_autofree char *far = marked(7, 7, &plain, "@hub");
    g_autofree char *note = marked(0, 7, &plain, NULL);
    g_autofree char *mine = marked(0, 7, &own, NULL);

    g_assert_nonnull(strstr(device, "\"(usb.bus_id == 3 && usb.device_address == 7) && x\""));
    g_assert_nonnull(strstr(nowhere, "\"(usb.bus_id == 3 && usb.device_address != 1)\""));
    g_assert_nonnull(strstr(hub, "usb.data_len > 0 && frame[64] & 08) || (usb.bus_id == 3"));
    g_assert_nonnull(strstr(far, "usb.data_len > 1 && frame[65] & 01)\""));
    g_assert_nonnull(strstr(note, "\"filter\":null"));
    g_assert_nonnull(strstr(mine, "\"filter\":\"usb.urb_status == -62\",\"pick\":\"first\","
                                  "\"before_s\":1.000,\"within_s\":60.000"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lab/filters/heads", test_heads);
    g_test_add_func("/lab/filters/long-head", test_long_head);
    g_test_add_func("/lab/filters/names", test_names);
    return g_test_run();
}

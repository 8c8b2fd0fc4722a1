/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * From a source to the file, with a disk that is in no hurry. */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture/collector.h"
#include "capture/payload.h"
#include "tests/unit/capture/fake_usbmon.h"

enum {
    POOL = 16 << 20,
    RING = 16 << 20,
    KERNEL_RING = 1200 << 10,
    N_TRANSFERS = 1300, /* more than the pool, less than it and half the ring */
    DATA = RS_FAKE_TRANSFER_MAX,
    AT_ONCE = 1 << 20,
    PACKET_BLOCK = 6,
};

static char *
name(void *data)
{
    return g_strdup((const char *)data);
}

/* Reads a MiB every 20 ms: everything at the end. */
static void *
read_slowly(void *data)
{
    GByteArray *all = g_byte_array_new();
    const int fd = GPOINTER_TO_INT(data);
    g_autofree guint8 *bytes = (guint8 *)g_malloc(AT_ONCE);
    gssize n;

    while ((n = read(fd, bytes, AT_ONCE)) > 0) {
        g_byte_array_append(all, bytes, (guint)n);
        g_usleep((gulong)n * 20000 / AT_ONCE);
    }
    return all;
}

static guint
count_packets(const GByteArray *file)
{
    guint n = 0;

    for (gsize at = 0; at < file->len;) {
        guint32 head[2];

        g_assert_cmpuint(at + sizeof head, <=, file->len);
        memcpy(head, file->data + at, sizeof head);
        n += head[0] == PACKET_BLOCK;
        at += head[1];
    }
    return n;
}

static rs_collector *
start(rs_output *output, const struct rs_usbmon_device *device)
{
    const struct rs_usbmon_options bus = {
        .bus = 3, .payload = RS_PAYLOAD_ALL, .is_armed = TRUE, .ring_bytes = RING
    };
    const struct rs_collector_options options = { .end_fd = -1 };
    rs_collector *collector = rs_collector_new(output, &options);

    rs_collector_add(collector, rs_usbmon_new(&bus, device, NULL));
    rs_collector_start(collector);
    return collector;
}

/* What was taken before the end is written, though it takes long. */
static void
slow(void)
{
    g_autofree char *folder = g_dir_make_tmp("restorecap-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "pipe", NULL);
    rs_fake_usbmon *usb = rs_fake_usbmon_new(KERNEL_RING);
    const struct rs_usbmon_device device = rs_fake_usbmon_device(usb);
    g_autoptr(GByteArray) file = NULL;
    rs_collector *collector;
    rs_output *output;
    struct rs_counts counts;
    uint64_t written;
    GThread *reader;
    int fd;

    g_assert_cmpint(mkfifo(path, 0600), ==, 0);
    fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    output = rs_output_new(name, path, POOL, 0, NULL);
    g_assert_cmpint(fcntl(fd, F_SETFL, 0), ==, 0);
    collector = start(output, &device);
    for (guint i = 0; i < N_TRANSFERS; i++) {
        rs_fake_usbmon_add_transfer(usb, i, DATA);
        rs_fake_usbmon_wait_empty(usb);
    }
    reader = g_thread_new("read", read_slowly, GINT_TO_POINTER(fd));
    rs_collector_stop(collector);
    g_assert_true(rs_output_finish(output, NULL));
    rs_collector_count(collector, 0, &counts, &written);
    g_assert_cmpuint(counts.received, ==, 2 * N_TRANSFERS);
    g_assert_cmpuint(counts.dropped + counts.full, ==, 0);
    g_assert_cmpuint(written, ==, 2 * N_TRANSFERS);
    rs_collector_free(collector);
    rs_output_free(output);
    file = (GByteArray *)g_thread_join(reader);
    g_assert_cmpuint(count_packets(file), ==, 2 * N_TRANSFERS);
    close(fd);
    rs_fake_usbmon_free(usb);
    g_unlink(path);
    g_rmdir(folder);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/collector/slow", slow);
    return g_test_run();
}

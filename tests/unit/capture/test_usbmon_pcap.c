/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * usbmon through libpcap, with a file in place of a bus, where the kernel refuses its ring. */
#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "capture/error.h"
#include "capture/payload.h"
#include "capture/sources/usbmon_abi.h"
#include "capture/sources/usbmon_pcap.h"

enum { OLD_HEADER = 48, N = 700, DATA = 32, BULK = 3, RING = 1 << 22 };

static char *file;

/* A kernel that opens a bus and knows nothing of rings. */
static int
open_it(void *data, const char *path)
{
    (void)data;
    g_assert_cmpstr(path, ==, "/dev/usbmon3");
    return 7;
}

static int
refuse(void *data, int fd, unsigned long request, void *argument)
{
    (void)data;
    (void)fd;
    (void)request;
    (void)argument;
    errno = ENOTTY;
    return -1;
}

static void
close_it(void *data, int fd)
{
    g_assert_cmpint(fd, ==, 7);
    (*(int *)data)++;
}

static pcap_t *
open_file(const char *name, char *ret_why)
{
    g_assert_cmpstr(name, ==, "usbmon3");
    return pcap_open_offline(file, ret_why);
}

static pcap_t *
open_nothing(const char *name, char *ret_why)
{
    (void)name;
    g_strlcpy(ret_why, "no", PCAP_ERRBUF_SIZE);
    return NULL;
}

static const struct rs_usbmon_device *
with_file(void)
{
    return rs_usbmon_pcap_device_with(open_file);
}

static const struct rs_usbmon_device *
with_nothing(void)
{
    return rs_usbmon_pcap_device_with(open_nothing);
}

/* Requests and their ends in turn; the last packet is cut in its header. */
static void
make_file(int link_type, guint header_bytes)
{
    pcap_t *pcap = pcap_open_dead(link_type, 65536);
    pcap_dumper_t *dumper = pcap_dump_open(pcap, file);

    g_assert_nonnull(dumper);
    for (guint i = 0; i <= N; i++) {
        guint8 packet[sizeof(struct rs_usbmon_header) + DATA];
        const struct rs_usbmon_header header = { .id = i / 2,
                                                 .type = i % 2 ? 'C' : 'S',
                                                 .transfer = BULK,
                                                 .bus = 3,
                                                 .seconds = 1000 + i,
                                                 .length = DATA,
                                                 .captured = DATA };
        const guint32 length = i < N ? header_bytes + DATA : header_bytes - 1;
        const struct pcap_pkthdr head = { .caplen = length, .len = length };

        memcpy(packet, &header, header_bytes);
        memset(packet + header_bytes, (int)i, DATA);
        pcap_dump((u_char *)dumper, &head, packet);
    }
    pcap_dump_close(dumper);
    pcap_close(pcap);
}

static rs_source *
new_source(const struct rs_usbmon_device *(*otherwise)(void), int *closed, GError **error)
{
    static struct rs_usbmon_device kernel;
    const struct rs_usbmon_options options = { .bus = 3,
                                               .payload = RS_PAYLOAD_ALL,
                                               .is_armed = TRUE,
                                               .ring_bytes = RING,
                                               .kernel_bytes = RING,
                                               .otherwise = otherwise };

    kernel = (struct rs_usbmon_device){
        .data = closed, .open = open_it, .ioctl = refuse, .close = close_it
    };
    return rs_usbmon_new(&options, &kernel, error);
}

static gboolean
next(rs_source *source, struct rs_record *ret_record)
{
    while (!source->ops->peek(source, ret_record)) {
        if (g_atomic_int_get(&source->is_gone))
            return source->ops->peek(source, ret_record);
        g_thread_yield();
    }
    return TRUE;
}

static void
check(int link_type, guint header_bytes)
{
    g_autoptr(GError) error = NULL;
    struct rs_record record;
    struct rs_counts counts;
    rs_source *source;
    int closed = 0;

    make_file(link_type, header_bytes);
    source = new_source(with_file, &closed, &error);
    g_assert_no_error(error);
    g_assert_cmpint(closed, ==, 1);
    g_assert_cmpuint(source->interface.link_type, ==, 220);
    source->ops->start(source);
    for (guint i = 0; i < N; i++) {
        struct rs_usbmon_header header;

        g_assert_true(next(source, &record));
        g_assert_cmpuint(record.time_ns, ==, (1000 + i) * G_GUINT64_CONSTANT(1000000000));
        g_assert_cmpuint(record.captured, ==, sizeof header + DATA);
        memcpy(&header, record.data, sizeof header);
        g_assert_cmpuint(header.type, ==, i % 2 ? 'C' : 'S');
        g_assert_cmpuint(header.n_descriptors, ==, 0);
        g_assert_cmpuint(record.data[sizeof header], ==, i & 0xFF);
        source->ops->consume(source);
    }
    source->ops->stop(source);
    g_assert_false(source->ops->peek(source, &record));
    source->ops->count(source, &counts);
    g_assert_cmpuint(counts.received, ==, N);
    g_assert_cmpuint(counts.unpaired, ==, 0);
    source->ops->free(source);
}

static void
whole_header(void)
{
    check(DLT_USB_LINUX_MMAPPED, sizeof(struct rs_usbmon_header));
}

static void
short_header(void)
{
    check(DLT_USB_LINUX, OLD_HEADER);
}

/* Nothing, a handle of something else, and no way out: the kernel's reason is the one told. */
static void
refused(void)
{
    static const struct rs_usbmon_device *(*const ways[])(void) = { NULL, with_nothing, with_file };

    make_file(DLT_EN10MB, OLD_HEADER);
    for (gsize i = 0; i < G_N_ELEMENTS(ways); i++) {
        g_autoptr(GError) error = NULL;
        int closed = 0;

        g_assert_null(new_source(ways[i], &closed, &error));
        g_assert_error(error, RS_CAPTURE_ERROR, RS_CAPTURE_SOURCE);
        g_assert_nonnull(strstr(error->message, g_strerror(ENOTTY)));
        g_assert_cmpint(closed, ==, 1);
    }
}

int
main(int argc, char **argv)
{
    int fd, status;

    g_test_init(&argc, &argv, NULL);
    fd = g_file_open_tmp("usbmon-XXXXXX.pcap", &file, NULL);
    g_assert_cmpint(fd, >=, 0);
    g_close(fd, NULL);
    g_test_add_func("/usbmon_pcap/whole_header", whole_header);
    g_test_add_func("/usbmon_pcap/short_header", short_header);
    g_test_add_func("/usbmon_pcap/refused", refused);
    status = g_test_run();
    g_unlink(file);
    g_free(file);
    return status;
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Nothing is allocated for a packet: all of the recorder between a bus or an interface and the
 * file runs, and the calls of malloc() are counted. They are ours here, in front of glibc's, which
 * it allows: "Replacing malloc" in its manual. */
#include <arpa/inet.h>
#include <glib/gstdio.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "capture/collector.h"
#include "capture/payload.h"
#include "capture/sources/network.h"
#include "tests/unit/capture/fake_usbmon.h"

enum {
    POOL = 32 << 20,
    KERNEL_RING = 1200 << 10,
    RING = 8 << 20,
    FEW = 2000,
    MANY = 40000,
    AT_ONCE = 500,
    DATA = 512,
    NOBODY_LISTENS = 9,
};

static atomic_ulong n_calls;

/* To be found by libraries, before glibc's. */
#pragma GCC visibility push(default)

void *__libc_malloc(size_t bytes);
void *__libc_calloc(size_t n, size_t bytes);
void *__libc_realloc(void *old, size_t bytes);
void *__libc_memalign(size_t alignment, size_t bytes);
int posix_memalign(void **ret_memory, size_t alignment, size_t bytes);

void *
malloc(size_t bytes)
{
    atomic_fetch_add(&n_calls, 1);
    return __libc_malloc(bytes);
}

void *
calloc(size_t n, size_t bytes)
{
    atomic_fetch_add(&n_calls, 1);
    return __libc_calloc(n, bytes);
}

void *
realloc(void *old, size_t bytes)
{
    atomic_fetch_add(&n_calls, 1);
    return __libc_realloc(old, bytes);
}

int
posix_memalign(void **ret_memory, size_t alignment, size_t bytes)
{
    atomic_fetch_add(&n_calls, 1);
    *ret_memory = __libc_memalign(alignment, bytes);
    return *ret_memory ? 0 : ENOMEM;
}

#pragma GCC visibility pop

struct recording {
    char *path;
    rs_output *output;
    rs_collector *collector;
    rs_fake_usbmon *usb;
    int udp; /* -1: no interface */
};

static char *
name(void *data)
{
    return g_strdup((const char *)data);
}

static void
add_usb(struct recording *recording)
{
    const struct rs_usbmon_options options = {
        .bus = 3, .payload = RS_PAYLOAD_ALL, .is_armed = TRUE, .ring_bytes = RING
    };
    static struct rs_usbmon_device device;
    rs_source *source;

    recording->usb = rs_fake_usbmon_new(KERNEL_RING);
    device = rs_fake_usbmon_device(recording->usb);
    source = rs_usbmon_new(&options, &device, NULL);
    g_assert_nonnull(source);
    rs_collector_add(recording->collector, source);
}

/* A network of our own, with nothing but loopback. FALSE where one may not have that. */
static gboolean
make_network(void)
{
    struct ifreq up = { .ifr_name = "lo", .ifr_flags = IFF_UP };
    int fd;

    if (unshare(geteuid() == 0 ? CLONE_NEWNET : CLONE_NEWUSER | CLONE_NEWNET) != 0)
        return FALSE;
    fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (ioctl(fd, SIOCSIFFLAGS, &up) != 0)
        g_error("cannot use loopback: %s", g_strerror(errno));
    close(fd);
    return TRUE;
}

static void
add_network(struct recording *recording)
{
    const struct sockaddr_in to = { .sin_family = AF_INET,
                                    .sin_port = htons(NOBODY_LISTENS),
                                    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    const struct rs_network_options options = { .name = "lo", .filter = "udp", .ring_mib = 8 };
    g_autoptr(GError) error = NULL;
    rs_source *source = rs_network_new(&options, &error);

    g_assert_no_error(error);
    rs_collector_add(recording->collector, source);
    recording->udp = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    g_assert_cmpint(connect(recording->udp, (const struct sockaddr *)(const void *)&to, sizeof to),
                    ==, 0);
}

static guint64
count_written(struct recording *recording)
{
    guint64 all = 0;

    for (unsigned i = 0; i < rs_collector_n(recording->collector); i++) {
        struct rs_counts counts;
        uint64_t written;

        rs_collector_count(recording->collector, i, &counts, &written);
        g_assert_cmpuint(counts.dropped + counts.full, ==, 0);
        all += written;
    }
    return all;
}

/* Sends n transfers and packets, and waits until all are in buffers of the output. */
static void
feed(struct recording *recording, unsigned n, guint64 *total)
{
    static const guint8 data[DATA] = { 0 };

    for (unsigned i = 0; i < n; i++) {
        if (i % AT_ONCE == 0)
            rs_fake_usbmon_wait_empty(recording->usb);
        rs_fake_usbmon_add_transfer(recording->usb, i, DATA);
        *total += 2;
        /* An answer that nobody listens comes as the next error. */
        if (recording->udp >= 0 && send(recording->udp, data, sizeof data, 0) == DATA)
            *total += 1;
        while (i % AT_ONCE == 0 && count_written(recording) + 4 * AT_ONCE < *total)
            g_usleep(1000);
    }
    while (count_written(recording) < *total)
        g_usleep(1000);
}

static void
set_up(struct recording *recording)
{
    const struct rs_collector_options options = { .end_fd = -1 };
    const int fd = g_file_open_tmp("restorecap-XXXXXX", &recording->path, NULL);

    g_assert_cmpint(fd, >=, 0);
    close(fd);
    g_unlink(recording->path);
    recording->udp = -1;
    recording->output = rs_output_new(name, recording->path, POOL, 0, NULL);
    g_assert_nonnull(recording->output);
    recording->collector = rs_collector_new(recording->output, &options);
}

static void
tear_down(struct recording *recording)
{
    rs_collector_stop(recording->collector);
    g_assert_true(rs_output_finish(recording->output, NULL));
    rs_collector_free(recording->collector);
    rs_output_free(recording->output);
    rs_fake_usbmon_free(recording->usb);
    if (recording->udp >= 0)
        close(recording->udp);
    g_unlink(recording->path);
    g_free(recording->path);
}

/* Whatever starts late has started after a few; after that it may be any number. */
static void
record(struct recording *recording)
{
    guint64 total = 0;
    unsigned long before;

    rs_collector_start(recording->collector);
    feed(recording, FEW, &total);
    before = atomic_load(&n_calls);
    g_assert_cmpuint(before, >, 0);
    feed(recording, MANY, &total);
    g_assert_cmpuint(atomic_load(&n_calls), ==, before);
    g_assert_cmpuint(total, >=, 2 * (FEW + MANY));
}

static void
usb(void)
{
    struct recording recording;

    set_up(&recording);
    add_usb(&recording);
    record(&recording);
    tear_down(&recording);
}

static void
usb_and_network(void)
{
    struct recording recording;

    if (!make_network()) {
        g_test_skip("no network namespace to be had");
        return;
    }
    set_up(&recording);
    add_usb(&recording);
    add_network(&recording);
    record(&recording);
    tear_down(&recording);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/allocation/usb", usb);
    g_test_add_func("/allocation/usb-and-network", usb_and_network);
    return g_test_run();
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Behaves as drivers/usb/mon/mon_bin.c (6.1): events are contiguous and 64 bytes aligned, a filler
 * ends the ring, fetched ones stay until they are flushed. */
#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "tests/unit/capture/fake_usbmon.h"

enum { ALIGN = 64, HEADER = 64, FD = 77 };

struct rs_fake_usbmon {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    guint8 *ring;
    guint32 ring_max, size, in, out, used; /* bytes */
    guint32 fetched;                       /* bytes at the front that were handed out */
    guint32 dropped;
    int cause;
    gint has_left;
};

rs_fake_usbmon *
rs_fake_usbmon_new(guint32 ring_max)
{
    rs_fake_usbmon *fake = g_new0(rs_fake_usbmon, 1);

    pthread_mutex_init(&fake->lock, NULL);
    pthread_cond_init(&fake->changed, NULL);
    fake->ring_max = ring_max;
    return fake;
}

void
rs_fake_usbmon_free(rs_fake_usbmon *fake)
{
    pthread_mutex_destroy(&fake->lock);
    pthread_cond_destroy(&fake->changed);
    g_free(fake->ring);
    g_free(fake);
}

static guint32
event_bytes(const guint8 *event)
{
    struct rs_usbmon_header header;

    memcpy(&header, event, sizeof header);
    return (HEADER + header.captured + ALIGN - 1) / ALIGN * ALIGN;
}

static void
put(rs_fake_usbmon *fake, const struct rs_usbmon_header *header, const guint8 *data)
{
    memcpy(fake->ring + fake->in, header, HEADER);
    if (data)
        memcpy(fake->ring + fake->in + HEADER, data, header->captured);
    fake->used += event_bytes(fake->ring + fake->in);
    fake->in = (fake->in + event_bytes(fake->ring + fake->in)) % fake->size;
}

void
rs_fake_usbmon_add(rs_fake_usbmon *fake, const struct rs_usbmon_header *header, const guint8 *data)
{
    const guint32 need = event_bytes((const guint8 *)header);
    guint32 to_end;

    pthread_mutex_lock(&fake->lock);
    to_end = fake->size - fake->in;
    if (need > to_end && fake->used + to_end + need <= fake->size) {
        const struct rs_usbmon_header filler = { .type = '@', .captured = to_end - HEADER };

        put(fake, &filler, NULL);
        to_end = fake->size;
    }
    if (need <= to_end && fake->used + need <= fake->size)
        put(fake, header, data);
    else
        fake->dropped++;
    pthread_cond_broadcast(&fake->changed);
    pthread_mutex_unlock(&fake->lock);
}

void
rs_fake_usbmon_add_transfer(rs_fake_usbmon *fake, guint64 number, guint32 length)
{
    static const guint8 data[RS_FAKE_TRANSFER_MAX] = { 0 };
    const gint64 now_us = g_get_real_time();
    struct rs_usbmon_header header = { .id = number,
                                       .type = 'S',
                                       .transfer = 3,
                                       .endpoint = 4,
                                       .device = 5,
                                       .bus = 3,
                                       .setup_flag = '-',
                                       .seconds = now_us / G_USEC_PER_SEC,
                                       .microseconds = (int)(now_us % G_USEC_PER_SEC),
                                       .length = length,
                                       .captured = length };

    g_assert_cmpuint(length, <=, RS_FAKE_TRANSFER_MAX);
    rs_fake_usbmon_add(fake, &header, data);
    header.type = 'C';
    header.data_flag = '>';
    header.captured = 0;
    rs_fake_usbmon_add(fake, &header, NULL);
}

void
rs_fake_usbmon_fail(rs_fake_usbmon *fake, int cause)
{
    pthread_mutex_lock(&fake->lock);
    fake->cause = cause;
    pthread_cond_broadcast(&fake->changed);
    pthread_mutex_unlock(&fake->lock);
}

void
rs_fake_usbmon_wait_empty(rs_fake_usbmon *fake)
{
    pthread_mutex_lock(&fake->lock);
    while (fake->used > 0 && fake->cause == 0)
        pthread_cond_wait(&fake->changed, &fake->lock);
    pthread_mutex_unlock(&fake->lock);
}

guint32
rs_fake_usbmon_ring(const rs_fake_usbmon *fake)
{
    return fake->size;
}

static int
fail_with(int cause)
{
    errno = cause;
    return -1;
}

static int
open_fake(void *data, const char *path)
{
    const rs_fake_usbmon *fake = (const rs_fake_usbmon *)data;

    g_assert_true(g_str_equal(path, "/dev/usbmon3") || g_str_equal(path, "/dev/usbmon7"));
    return fake->cause ? fail_with(fake->cause) : FD;
}

static void
flush(rs_fake_usbmon *fake, guint32 n)
{
    for (; n > 0; n--) {
        const guint32 bytes = event_bytes(fake->ring + fake->out);

        g_assert_cmpuint(bytes, <=, fake->fetched);
        fake->out = (fake->out + bytes) % fake->size;
        fake->used -= bytes;
        fake->fetched -= bytes;
    }
    pthread_cond_broadcast(&fake->changed);
}

static int
fetch(rs_fake_usbmon *fake, struct rs_usbmon_fetch *fetch)
{
    guint32 at, n = 0;

    flush(fake, fetch->n_flush);
    fake->fetched = 0;
    for (at = fake->out; fake->fetched < fake->used && n < fetch->n_fetch; n++) {
        fetch->offsets[n] = at;
        fake->fetched += event_bytes(fake->ring + at);
        at = (fake->out + fake->fetched) % fake->size;
    }
    fetch->n_fetch = n;
    return n > 0 ? 0 : fail_with(EAGAIN);
}

static int
answer(rs_fake_usbmon *fake, unsigned long request, void *argument)
{
    if (request == RS_USBMON_SET_RING) {
        if (GPOINTER_TO_SIZE(argument) > fake->ring_max)
            return fail_with(EINVAL);
        if (fake->size != (guint32)GPOINTER_TO_SIZE(argument) || !fake->ring) {
            fake->size = (guint32)GPOINTER_TO_SIZE(argument);
            fake->ring = (guint8 *)g_realloc(fake->ring, fake->size);
        }
        return 0;
    }
    if (request == RS_USBMON_GET_RING)
        return (int)fake->size;
    if (request == RS_USBMON_STATS) {
        *(struct rs_usbmon_stats *)argument = (struct rs_usbmon_stats){ 0, fake->dropped };
        fake->dropped = 0;
        return 0;
    }
    return request == RS_USBMON_FETCH ? fetch(fake, (struct rs_usbmon_fetch *)argument)
                                      : fail_with(ENOTTY);
}

static int
control(void *data, int fd, unsigned long request, void *argument)
{
    rs_fake_usbmon *fake = (rs_fake_usbmon *)data;
    int result, cause;

    g_assert_cmpint(fd, ==, FD);
    pthread_mutex_lock(&fake->lock);
    result = fake->cause ? fail_with(fake->cause) : answer(fake, request, argument);
    cause = errno;
    pthread_mutex_unlock(&fake->lock);
    errno = cause;
    return result;
}

static void *
map(void *data, int fd, size_t bytes)
{
    rs_fake_usbmon *fake = (rs_fake_usbmon *)data;

    g_assert_cmpint(fd, ==, FD);
    g_assert_cmpuint(bytes, ==, fake->size);
    return fake->ring;
}

static void
unmap(void *data, void *ring, size_t bytes)
{
    const rs_fake_usbmon *fake = (const rs_fake_usbmon *)data;

    g_assert_true(ring == fake->ring);
    g_assert_cmpuint(bytes, ==, fake->size);
}

static int
wait_for(void *data, int fd, int timeout_ms)
{
    rs_fake_usbmon *fake = (rs_fake_usbmon *)data;
    struct timespec until;
    gboolean some;

    g_assert_cmpint(fd, ==, FD);
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += timeout_ms * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    pthread_mutex_lock(&fake->lock);
    while (fake->used == 0 && fake->cause == 0 &&
           pthread_cond_timedwait(&fake->changed, &fake->lock, &until) == 0)
        continue;
    some = fake->used > 0 || fake->cause;
    pthread_mutex_unlock(&fake->lock);
    return some;
}

static gboolean
is_there(void *data, int fd)
{
    rs_fake_usbmon *fake = (rs_fake_usbmon *)data;

    g_assert_cmpint(fd, ==, FD);
    return !g_atomic_int_get(&fake->has_left);
}

void
rs_fake_usbmon_leave(rs_fake_usbmon *fake)
{
    g_atomic_int_set(&fake->has_left, 1);
}

static void
close_fake(void *data, int fd)
{
    (void)data;
    g_assert_cmpint(fd, ==, FD);
}

struct rs_usbmon_device
rs_fake_usbmon_device(rs_fake_usbmon *fake)
{
    return (struct rs_usbmon_device){ fake,  open_fake, control,  map,
                                      unmap, wait_for,  is_there, close_fake };
}

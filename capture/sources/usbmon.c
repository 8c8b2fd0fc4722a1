/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The kernel's ring is at most 64 MiB since Linux 6.1, before 1200 KiB, which is 30 ms of a
 * high-speed bus, and cuts a transfer at a fifth of it: drivers/usb/mon/mon_bin.c. A bus that is
 * not armed is read all the same and what is older than a second forgotten: when the answer to
 * "what are you" names Apple, the second before it is still there. */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#include "capture/sources/usbmon.h"

#include "capture/error.h"
#include "capture/messages.h"
#include "capture/payload.h"
#include "capture/priority.h"
#include "capture/ring.h"
#include "capture/sources/descriptors.h"
#include "capture/sources/pairs.h"
#include "capture/sources/usbmon_abi.h"
#include "dissectors/core/usb-ids.h"

enum {
    LINKTYPE_USB_LINUX_MMAPPED = 220,
    N_FETCH = 512, /* events taken at once */
    WAIT_MS = 100,
    LEAST_RING = 1200 << 10,
    HEADER = sizeof(struct rs_usbmon_header),
    FILLER = '@',
    CONTROL = 2,
    DEVICE_DESCRIPTOR = 1,
    DEVICE_LENGTH = 18,
    VENDOR_AT = 8, /* in the device descriptor */
};
static const uint64_t LOOK_BACK_NS = 1000000000U;
static const uint32_t ring_sizes[] = { 64 << 20, 16 << 20, 4 << 20, 1200 << 10, 300 << 10 };

/* In our ring, and then the packet. */
struct stored {
    uint64_t time_ns;
    uint32_t captured, original;
    uint32_t is_made; /* from sysfs */
    uint32_t unused;
};

typedef struct {
    rs_source source;
    struct rs_usbmon_options options;
    const struct rs_usbmon_device *device;
    char name[16];
    int fd;
    uint8_t *kernel_ring;
    uint32_t kernel_bytes;
    rs_ring *ring;
    rs_pairs *pairs;
    pthread_mutex_t lock; /* of the thread's start and end */
    GThread *thread;
    bool has_told; /* of what was plugged in; the thread's */
    atomic_bool is_open, is_armed, is_stopping;
    atomic_uint_fast64_t received, dropped, full, unpaired;
} usbmon_t;

static void
store(usbmon_t *bus, const uint8_t *packet, const struct stored *head)
{
    uint8_t *room = (uint8_t *)rs_ring_room(bus->ring, sizeof *head + head->captured);

    if (!room) {
        atomic_fetch_add_explicit(&bus->full, 1, memory_order_relaxed);
        return;
    }
    memcpy(room, head, sizeof *head);
    memcpy(room + sizeof *head, packet, head->captured);
    rs_ring_put(bus->ring, sizeof *head + head->captured);
}

static void
store_made(void *data, const uint8_t *packet, uint32_t captured, uint32_t original)
{
    const struct stored head = { rs_now_ns(), captured, original, TRUE, 0 };

    store((usbmon_t *)data, packet, &head);
}

/* The answer to the request for a device descriptor, and it is one of Apple's devices? The request
 * itself need not be known: nothing else begins with these two bytes. */
static bool
names_apple(const struct rs_usbmon_header *header, const uint8_t *data)
{
    return header->type == 'C' && header->transfer == CONTROL &&
           header->captured >= DEVICE_LENGTH && data[0] == DEVICE_LENGTH &&
           data[1] == DEVICE_DESCRIPTOR &&
           ((unsigned)data[VENDOR_AT + 1] << 8 | data[VENDOR_AT]) == RS_USB_VENDOR_APPLE;
}

/* How much of the data goes on. */
static uint32_t
keep(const usbmon_t *bus, const uint8_t *packet, uint32_t captured)
{
    const uint32_t snap = bus->options.snap_length;
    uint32_t kept = rs_payload_keep(packet, captured, bus->options.payload);

    if (snap && packet[9] != CONTROL)
        kept = MIN(kept, snap > HEADER ? snap - HEADER : 0);
    return MIN(kept, (uint32_t)RS_RECORD_DATA_MAX - HEADER);
}

static void
take_event(usbmon_t *bus, uint32_t offset)
{
    const uint8_t *packet = bus->kernel_ring + offset;
    struct rs_usbmon_header header;
    struct stored head = { 0 };
    uint32_t captured;

    if (offset > bus->kernel_bytes - HEADER || packet[8] == FILLER)
        return;
    memcpy(&header, packet, sizeof header);
    captured = MIN(header.captured, bus->kernel_bytes - HEADER - offset);
    if (!atomic_load_explicit(&bus->is_armed, memory_order_relaxed) &&
        names_apple(&header, packet + HEADER))
        rs_usbmon_arm(&bus->source);
    if (rs_pairs_see(bus->pairs, header.id, header.type))
        atomic_fetch_add_explicit(&bus->unpaired, 1, memory_order_relaxed);
    head.time_ns = (uint64_t)header.seconds * 1000000000U + (uint64_t)header.microseconds * 1000U;
    head.captured = HEADER + keep(bus, packet, captured);
    /* A transfer whose data cannot be seen has none on the wire either, for all we know. */
    head.original = HEADER + (header.data_flag ? captured : MAX(header.length, captured));
    store(bus, packet, &head);
    atomic_fetch_add_explicit(&bus->received, 1, memory_order_relaxed);
}

/* How many events were taken, which are to be flushed; -1 when the bus is gone. */
static int
fetch(usbmon_t *bus, uint32_t n_flush)
{
    uint32_t offsets[N_FETCH];
    struct rs_usbmon_fetch fetch = { offsets, N_FETCH, n_flush };

    if (bus->device->ioctl(bus->device->data, bus->fd, RS_USBMON_FETCH, &fetch) < 0)
        return errno == EAGAIN || errno == EINTR || errno == EWOULDBLOCK ? 0 : -1;
    for (uint32_t i = 0; i < fetch.n_fetch && i < N_FETCH; i++)
        take_event(bus, offsets[i]);
    return (int)MIN(fetch.n_fetch, (uint32_t)N_FETCH);
}

/* The kernel's counters start anew each time they are read. */
static void
add_drops(usbmon_t *bus)
{
    struct rs_usbmon_stats is = { 0 };

    if (bus->device->ioctl(bus->device->data, bus->fd, RS_USBMON_STATS, &is) == 0)
        atomic_fetch_add(&bus->dropped, is.dropped);
}

static void
tell_once(usbmon_t *bus)
{
    if (bus->has_told || !atomic_load(&bus->is_armed))
        return;
    bus->has_told = true;
    rs_descriptors_tell("/sys", bus->options.bus, rs_now_ns(), store_made, bus);
}

/* A bus that has left only falls silent. */
static bool
is_there(const usbmon_t *bus)
{
    return !bus->device->is_there || bus->device->is_there(bus->device->data, bus->fd);
}

static void *
run(void *data)
{
    usbmon_t *bus = (usbmon_t *)data;
    int taken = 0, waited = 0;

    rs_priority_raise();
    while (!atomic_load_explicit(&bus->is_stopping, memory_order_relaxed)) {
        tell_once(bus);
        taken = fetch(bus, (uint32_t)taken);
        if (taken < 0)
            break;
        if (taken == 0) {
            waited = bus->device->wait(bus->device->data, bus->fd, WAIT_MS);
            if (waited == 0 && !is_there(bus))
                waited = -1;
            else if (waited < 0 && errno == EINTR)
                waited = 0;
            if (waited < 0)
                break;
        }
    }
    /* What came between the last look and the end. */
    while (taken >= 0 && (taken = fetch(bus, (uint32_t)taken)) > 0)
        continue;
    add_drops(bus);
    if (taken < 0 || waited < 0)
        g_atomic_int_set(&bus->source.is_gone, 1);
    return NULL;
}

static gboolean
peek(rs_source *source, struct rs_record *ret_record)
{
    usbmon_t *bus = (usbmon_t *)source;
    const struct stored *stored;
    size_t length;

    if (!atomic_load_explicit(&bus->is_open, memory_order_acquire))
        return FALSE;
    while ((stored = (const struct stored *)rs_ring_peek(bus->ring, &length))) {
        if (atomic_load_explicit(&bus->is_armed, memory_order_acquire))
            break;
        if (stored->time_ns + LOOK_BACK_NS > rs_now_ns() &&
            rs_ring_used(bus->ring) < rs_ring_size(bus->ring) / 2)
            return FALSE;
        rs_ring_drop(bus->ring);
    }
    if (!stored)
        return FALSE;
    ret_record->time_ns = stored->time_ns;
    ret_record->data = (const uint8_t *)(stored + 1);
    ret_record->captured = stored->captured;
    ret_record->original = stored->original;
    ret_record->head_length = 0;
    ret_record->comment = stored->is_made ? RS_DESCRIPTORS_COMMENT : NULL;
    ret_record->kind = RS_RECORD_PACKET;
    return TRUE;
}

static void
consume(rs_source *source)
{
    rs_ring_drop(((usbmon_t *)source)->ring);
}

static void
count(rs_source *source, struct rs_counts *ret_counts)
{
    usbmon_t *bus = (usbmon_t *)source;

    if (!atomic_load(&bus->is_open))
        return;
    if (!g_atomic_int_get(&source->is_gone))
        add_drops(bus);
    ret_counts->dropped = atomic_load(&bus->dropped);
    ret_counts->received = atomic_load(&bus->received) + ret_counts->dropped;
    ret_counts->full = atomic_load(&bus->full);
    ret_counts->unpaired = atomic_load(&bus->unpaired);
}

static gboolean
is_pressed(rs_source *source)
{
    const rs_ring *ring = ((const usbmon_t *)source)->ring;

    /* Asked only of those that have something. */
    return rs_ring_used(ring) > rs_ring_size(ring) / 4;
}

static gboolean
is_live(rs_source *source)
{
    return rs_usbmon_is_armed(source) && !rs_usbmon_is_vacant(source) &&
           !g_atomic_int_get(&source->is_gone) && !atomic_load(&((usbmon_t *)source)->is_stopping);
}

static void
start(rs_source *source)
{
    usbmon_t *bus = (usbmon_t *)source;

    pthread_mutex_lock(&bus->lock);
    if (atomic_load(&bus->is_open))
        bus->thread = g_thread_new(bus->name, run, bus);
    pthread_mutex_unlock(&bus->lock);
}

static void
stop(rs_source *source)
{
    usbmon_t *bus = (usbmon_t *)source;

    pthread_mutex_lock(&bus->lock);
    atomic_store(&bus->is_stopping, true);
    if (bus->thread)
        g_thread_join(g_steal_pointer(&bus->thread));
    pthread_mutex_unlock(&bus->lock);
}

static void
close_bus(usbmon_t *bus)
{
    if (bus->kernel_ring)
        bus->device->unmap(bus->device->data, bus->kernel_ring, bus->kernel_bytes);
    if (bus->fd >= 0)
        bus->device->close(bus->device->data, bus->fd);
    bus->kernel_ring = NULL;
    bus->fd = -1;
}

static void
free_usbmon(rs_source *source)
{
    usbmon_t *bus = (usbmon_t *)source;

    stop(source);
    close_bus(bus);
    rs_ring_free(bus->ring);
    rs_pairs_free(bus->pairs);
    pthread_mutex_destroy(&bus->lock);
    g_free(bus);
}

static const struct rs_source_ops ops = {
    .peek = peek,
    .consume = consume,
    .count = count,
    .is_pressed = is_pressed,
    .is_live = is_live,
    .start = start,
    .stop = stop,
    .free = free_usbmon,
};

/* What the user has to type, for the three things that can be wrong. */
static const char *
advice(int cause)
{
    if (cause == EACCES || cause == EPERM)
        return "; run restorecap as root, or become a member of group wireshark (sudo usermod -aG "
               "wireshark \"$USER\", then log in again) where its udev rule is installed: man "
               "restorecap, RIGHTS";
    if (cause != ENOENT)
        return "";
    if (g_file_test("/dev/usbmon0", G_FILE_TEST_EXISTS))
        return "; restorecap -D lists what there is";
    return g_file_test("/sys/bus/usb", G_FILE_TEST_IS_DIR) ? "; load it: sudo modprobe usbmon"
                                                           : "; this machine has no USB at all";
}

static gboolean
map_ring(usbmon_t *bus)
{
    const struct rs_usbmon_device *device = bus->device;
    int bytes;

    for (size_t i = 0; i < G_N_ELEMENTS(ring_sizes); i++) {
        const size_t most = bus->options.kernel_bytes;

        if (most && ring_sizes[i] > MAX(most, (size_t)LEAST_RING))
            continue;
        if (device->ioctl(device->data, bus->fd, RS_USBMON_SET_RING,
                          GSIZE_TO_POINTER(ring_sizes[i])) == 0)
            break;
    }
    bytes = device->ioctl(device->data, bus->fd, RS_USBMON_GET_RING, NULL);
    if (bytes >= HEADER) {
        bus->kernel_bytes = (uint32_t)bytes;
        bus->kernel_ring = (uint8_t *)device->map(device->data, bus->fd, bus->kernel_bytes);
    }
    return bus->kernel_ring != NULL;
}

/* As opening and mapping, and with what is to serve instead when the ring is refused. */
static gboolean
open_otherwise(usbmon_t *bus, const char *path)
{
    if (!bus->options.otherwise)
        return FALSE;
    close_bus(bus);
    bus->device = bus->options.otherwise();
    bus->fd = bus->device->open(bus->device->data, path);
    return bus->fd >= 0 && map_ring(bus);
}

static gboolean
open_bus(usbmon_t *bus, GError **error)
{
    char path[32];
    int cause;

    g_snprintf(path, sizeof path, "/dev/%s", bus->name);
    bus->fd = bus->device->open(bus->device->data, path);
    if (bus->fd < 0) {
        cause = errno;
        g_set_error(error, RS_CAPTURE_ERROR, RS_CAPTURE_SOURCE, "cannot open '%s': %s%s", path,
                    g_strerror(cause), advice(cause));
        return FALSE;
    }
    if (map_ring(bus))
        return TRUE;
    cause = errno;
    if (open_otherwise(bus, path))
        return TRUE;
    g_set_error(error, RS_CAPTURE_ERROR, RS_CAPTURE_SOURCE, "cannot map '%s': %s", path,
                g_strerror(cause));
    return FALSE;
}

/* What is open is seen by other threads from here on. */
static gboolean
make_ready(usbmon_t *bus, unsigned number, GError **error)
{
    bus->options.bus = number;
    g_snprintf(bus->name, sizeof bus->name, "usbmon%u", number);
    if (!open_bus(bus, error))
        return FALSE;
    bus->ring = rs_ring_new(bus->options.ring_bytes);
    bus->pairs = rs_pairs_new();
    atomic_store_explicit(&bus->is_open, true, memory_order_release);
    return TRUE;
}

rs_source *
rs_usbmon_new(const struct rs_usbmon_options *options, const struct rs_usbmon_device *device,
              GError **error)
{
    usbmon_t *bus = g_new0(usbmon_t, 1);

    bus->source.ops = &ops;
    bus->source.poll_fd = -1;
    bus->options = *options;
    bus->device = device;
    bus->fd = -1;
    bus->is_armed = options->is_armed != FALSE;
    pthread_mutex_init(&bus->lock, NULL);
    bus->source.interface = (struct rs_interface){
        .name = bus->name,
        .description = options->bus || options->comes_later ? "USB bus" : "all USB buses",
        .snap_length = options->snap_length,
        .link_type = LINKTYPE_USB_LINUX_MMAPPED,
    };
    if (!options->comes_later && !make_ready(bus, options->bus, error)) {
        free_usbmon(&bus->source);
        return NULL;
    }
    return &bus->source;
}

gboolean
rs_usbmon_open_later(rs_source *source, unsigned number, GError **error)
{
    usbmon_t *bus = (usbmon_t *)source;

    if (!make_ready(bus, number, error))
        return FALSE;
    start(source);
    return TRUE;
}

void
rs_usbmon_arm(rs_source *source)
{
    atomic_store_explicit(&((usbmon_t *)source)->is_armed, true, memory_order_release);
}

gboolean
rs_usbmon_is_armed(const rs_source *source)
{
    return atomic_load_explicit(&((const usbmon_t *)source)->is_armed, memory_order_acquire);
}

unsigned
rs_usbmon_bus(const rs_source *source)
{
    const usbmon_t *bus = (const usbmon_t *)source;

    return source->ops == &ops && atomic_load_explicit(&bus->is_open, memory_order_acquire)
               ? bus->options.bus
               : 0;
}

gboolean
rs_usbmon_is_vacant(const rs_source *source)
{
    return source->ops == &ops &&
           !atomic_load_explicit(&((const usbmon_t *)source)->is_open, memory_order_acquire);
}

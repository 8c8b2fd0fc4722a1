/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Nothing is allocated for a packet: it is copied from where its source has it to its place in a
 * buffer of the output. Room for TLS keys is a block of secrets full of empty lines, which are
 * overwritten when keys come: a reader meets them before the packets they open. */
#include <poll.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "capture/collector.h"

#include "capture/merge.h"
#include "capture/messages.h"
#include "capture/writer/pcapng.h"

enum {
    MAX_SOURCES = 256,
    BATCH = 4096,
    POLL_MS = 20,
    PAUSE_MS = 5,
    SECRETS_ROOM = 64 << 10,
    NO_INTERFACE = -1,
};
static const uint64_t FLUSH_NS = 250000000U;       /* between what is written soon */
static const uint64_t COUNT_NS = 1000000000U;      /* between looks at the counters */
static const uint64_t STATISTICS_NS = 1000000000U; /* between statistics in the file */
static const uint64_t LAST_BLOCK_NS = 120000000U;  /* until the kernel hands over its last block */

struct entry {
    rs_source *source;
    int interface; /* its number in the file */
    uint64_t seen_drops, new_drops;
    atomic_uint_fast64_t written;
};

struct rs_collector {
    rs_output *output;
    struct rs_collector_options options;
    rs_merge *merge;
    struct entry entries[MAX_SOURCES];
    unsigned n, n_interfaces;
    unsigned order[MAX_SOURCES]; /* entries by interface */

    uint64_t start_ns, file_start_ns; /* monotonic */
    uint64_t real_start_ns;
    uint64_t flushed_ns, counted_ns, statistics_ns;
    uint64_t packets, file_packets;
    unsigned n_files;
    uint64_t secrets_at; /* in this file; 0: no room, or used up */
    GByteArray *secrets; /* all so far */

    GThread *thread;
    bool is_full; /* a limit that counts packets or bytes is reached: not one more */
    atomic_bool is_stopping;
    atomic_int end;
};

static uint64_t
monotonic_ns(void)
{
    return (uint64_t)g_get_monotonic_time() * 1000U;
}

rs_collector *
rs_collector_new(rs_output *output, const struct rs_collector_options *options)
{
    rs_collector *collector = g_new0(rs_collector, 1);

    collector->output = output;
    collector->options = *options;
    collector->merge = rs_merge_new();
    collector->secrets = g_byte_array_new();
    collector->n_files = 1;
    return collector;
}

void
rs_collector_free(rs_collector *collector)
{
    if (!collector)
        return;
    if (collector->thread)
        rs_collector_stop(collector);
    for (unsigned i = 0; i < collector->n; i++) {
        if (collector->entries[i].source->interface.name)
            collector->entries[i].source->ops->free(collector->entries[i].source);
    }
    rs_merge_free(collector->merge);
    g_byte_array_unref(collector->secrets);
    g_free(collector);
}

void
rs_collector_add(rs_collector *collector, rs_source *source)
{
    struct entry *entry = &collector->entries[collector->n++];

    g_assert(collector->n <= MAX_SOURCES);
    entry->source = source;
    entry->interface = NO_INTERFACE;
    rs_merge_add(collector->merge, source);
}

static void
put_interface(rs_collector *collector, const struct entry *entry)
{
    uint8_t *to = rs_output_reserve(collector->output, rs_pcapng_head_bound());

    rs_output_commit(collector->output,
                     rs_pcapng_interface(to, &entry->source->interface, collector->options.os));
}

static void
give_interface(rs_collector *collector, struct entry *entry)
{
    if (entry->interface != NO_INTERFACE || !entry->source->interface.name)
        return;
    entry->interface = (int)collector->n_interfaces;
    collector->order[collector->n_interfaces++] = (unsigned)(entry - collector->entries);
    put_interface(collector, entry);
}

static void
put_secrets(rs_collector *collector, const uint8_t *lines, uint32_t length)
{
    uint8_t *to = rs_output_reserve(collector->output, (size_t)length + 64);

    rs_output_commit(collector->output, rs_pcapng_secrets(to, lines, length));
}

/* Room for secrets, with those that are known already. */
static void
put_secrets_room(rs_collector *collector)
{
    g_autofree uint8_t *lines = NULL;
    enum { LINES_AT = 16 }; /* in the block */

    if (!collector->options.has_secrets || !rs_output_can_patch(collector->output))
        return;
    lines = (uint8_t *)g_malloc(SECRETS_ROOM);
    memset(lines, '\n', SECRETS_ROOM);
    if (collector->secrets->len > 0)
        memcpy(lines, collector->secrets->data, MIN(collector->secrets->len, (guint)SECRETS_ROOM));
    collector->secrets_at = rs_output_position(collector->output) + LINES_AT;
    put_secrets(collector, lines, SECRETS_ROOM);
}

static void
put_section(rs_collector *collector)
{
    const struct rs_collector_options *options = &collector->options;
    uint8_t *to = rs_output_reserve(collector->output, rs_pcapng_head_bound());

    rs_output_commit(collector->output,
                     rs_pcapng_section(to, options->hardware, options->os, options->application));
}

/* Interfaces stand before all else: editcap of Wireshark 4.0 copies no file without that. */
static void
put_head(rs_collector *collector)
{
    put_section(collector);
    for (unsigned i = 0; i < collector->n_interfaces; i++)
        put_interface(collector, &collector->entries[collector->order[i]]);
    put_secrets_room(collector);
}

/* Keys go to the front where there is room, else to where we are. */
static void
take_secrets(rs_collector *collector, const struct rs_record *record)
{
    const uint64_t before = collector->secrets->len;

    g_byte_array_append(collector->secrets, record->data, record->captured);
    if (collector->secrets_at && before + record->captured <= SECRETS_ROOM)
        rs_output_patch(collector->output, collector->secrets_at + before, record->data,
                        record->captured);
    else
        put_secrets(collector, record->data, record->captured);
}

static void
put_statistics(rs_collector *collector)
{
    const uint64_t now_ns = rs_now_ns();

    for (unsigned i = 0; i < collector->n_interfaces; i++) {
        struct rs_counts counts = { 0 };
        uint64_t written;
        uint8_t *to;

        rs_collector_count(collector, collector->order[i], &counts, &written);
        to = rs_output_reserve(collector->output, rs_pcapng_head_bound());
        rs_output_commit(collector->output, rs_pcapng_statistics(to, i, collector->real_start_ns,
                                                                 now_ns, &counts, written));
    }
}

static void
come_to_end(rs_collector *collector, enum rs_collector_end why)
{
    const uint64_t one = 1;
    int none = RS_END_NONE;

    if (atomic_compare_exchange_strong(&collector->end, &none, (int)why))
        (void)!write(collector->options.end_fd, &one, sizeof one);
}

static void
next_file(rs_collector *collector)
{
    if (collector->options.stop.files && collector->n_files >= collector->options.stop.files) {
        collector->is_full = true;
        come_to_end(collector, RS_END_LIMIT);
        return;
    }
    put_statistics(collector);
    rs_output_next_file(collector->output);
    collector->n_files++;
    collector->file_packets = 0;
    collector->file_start_ns = monotonic_ns();
    put_head(collector);
}

static bool
is_reached(uint64_t limit, uint64_t value)
{
    return limit && value >= limit;
}

/* The limits that a packet can reach. FALSE when no more is wanted for now. */
static gboolean
keep_limits(rs_collector *collector)
{
    const struct rs_limits *stop = &collector->options.stop, *ring = &collector->options.ring;
    const uint64_t bytes = rs_output_position(collector->output);

    if (is_reached(stop->packets, collector->packets) || is_reached(stop->bytes, bytes)) {
        collector->is_full = true;
        come_to_end(collector, RS_END_LIMIT);
        return FALSE;
    }
    if (is_reached(ring->packets, collector->file_packets) || is_reached(ring->bytes, bytes))
        next_file(collector);
    return !collector->is_full;
}

static gboolean
take_packet(rs_collector *collector, struct entry *entry, const struct rs_record *record)
{
    uint8_t *to;

    if (entry->interface == NO_INTERFACE)
        give_interface(collector, entry);
    to = rs_output_reserve(collector->output, rs_pcapng_record_bound(record));
    rs_output_commit(collector->output,
                     rs_pcapng_packet(to, (uint32_t)entry->interface, record, entry->new_drops));
    entry->new_drops = 0;
    /* Nobody else writes it, so that no locked instruction is needed. */
    atomic_store_explicit(&entry->written,
                          atomic_load_explicit(&entry->written, memory_order_relaxed) + 1,
                          memory_order_relaxed);
    collector->packets++;
    collector->file_packets++;
    return keep_limits(collector);
}

static gboolean
take(void *data, unsigned source, const struct rs_record *record)
{
    rs_collector *collector = (rs_collector *)data;

    if (record->kind == RS_RECORD_PACKET)
        return take_packet(collector, &collector->entries[source], record);
    if (record->kind == RS_RECORD_SECRETS) {
        take_secrets(collector, record);
    } else {
        uint8_t *to = rs_output_reserve(collector->output, rs_pcapng_record_bound(record));

        rs_output_commit(collector->output, rs_pcapng_journal(to, record));
    }
    return TRUE;
}

/* Looks at the counters: new drops are told with the next packet. Ends when all that was asked for
 * is gone. */
static void
look_at_counters(rs_collector *collector)
{
    bool any_required = false, any_left = false;

    for (unsigned i = 0; i < collector->n; i++) {
        struct entry *entry = &collector->entries[i];
        struct rs_counts counts = { 0 };
        uint64_t drops;

        entry->source->ops->count(entry->source, &counts);
        drops = counts.dropped + counts.full;
        entry->new_drops += drops - entry->seen_drops;
        entry->seen_drops = drops;
        any_required = any_required || entry->source->is_required;
        any_left =
            any_left || (entry->source->is_required && !g_atomic_int_get(&entry->source->is_gone));
    }
    if (any_required && !any_left)
        come_to_end(collector, RS_END_GONE);
}

static void
keep_time(rs_collector *collector)
{
    const struct rs_limits *stop = &collector->options.stop, *ring = &collector->options.ring;
    const uint64_t now_ns = monotonic_ns();

    if (is_reached(stop->duration_ns, now_ns - collector->start_ns))
        come_to_end(collector, RS_END_LIMIT);
    if (rs_output_has_failed(collector->output))
        come_to_end(collector, RS_END_FAILED);
    if (now_ns - collector->counted_ns >= COUNT_NS) {
        look_at_counters(collector);
        collector->counted_ns = now_ns;
    }
    if (now_ns - collector->statistics_ns >= STATISTICS_NS) {
        put_statistics(collector);
        collector->statistics_ns = now_ns;
    }
    if (is_reached(ring->duration_ns, now_ns - collector->file_start_ns))
        next_file(collector);
    if (now_ns - collector->flushed_ns >= FLUSH_NS && rs_output_flush(collector->output))
        collector->flushed_ns = now_ns;
}

/* One interface alone wakes us when it has something. Of several, one may have what waits for the
 * others, so that poll() would return at once, again and again. */
static void
wait_for_any(rs_collector *collector)
{
    struct pollfd wanted = { .fd = -1, .events = POLLIN };
    unsigned n_live = 0;

    for (unsigned i = 0; i < collector->n; i++) {
        rs_source *source = collector->entries[i].source;

        if (source->ops->is_live(source)) {
            wanted.fd = source->poll_fd;
            n_live++;
        }
    }
    if (n_live != 1 || wanted.fd < 0)
        g_usleep(PAUSE_MS * 1000);
    else if (poll(&wanted, 1, POLL_MS) > 0 && (wanted.revents & POLLERR))
        look_at_counters(collector);
}

static void
take_rest(rs_collector *collector)
{
    const uint64_t until_ns = monotonic_ns() + LAST_BLOCK_NS;
    size_t n;

    for (unsigned i = 0; i < collector->n; i++)
        collector->entries[i].source->ops->stop(collector->entries[i].source);
    if (collector->is_full || rs_output_has_failed(collector->output))
        return;
    do {
        n = rs_merge_run(collector->merge, rs_now_ns(), TRUE, BATCH, take, collector);
        if (n == 0)
            g_usleep(PAUSE_MS * 1000);
    } while ((n > 0 || monotonic_ns() < until_ns) && !collector->is_full &&
             !rs_output_has_failed(collector->output));
}

static void *
run(void *data)
{
    rs_collector *collector = (rs_collector *)data;

    while (!atomic_load(&collector->is_stopping) && rs_collector_end(collector) == RS_END_NONE) {
        if (rs_merge_run(collector->merge, rs_now_ns(), FALSE, BATCH, take, collector) == 0)
            wait_for_any(collector);
        keep_time(collector);
    }
    take_rest(collector);
    put_statistics(collector);
    return NULL;
}

void
rs_collector_start(rs_collector *collector)
{
    collector->start_ns = collector->file_start_ns = collector->flushed_ns = collector->counted_ns =
        collector->statistics_ns = monotonic_ns();
    collector->real_start_ns = rs_now_ns();
    for (unsigned i = 0; i < collector->n; i++) {
        struct entry *entry = &collector->entries[i];

        if (entry->source->ops->start)
            entry->source->ops->start(entry->source);
    }
    put_section(collector);
    for (unsigned i = 0; i < collector->n; i++) {
        struct entry *entry = &collector->entries[i];

        /* Some programs want to know of all interfaces before the first packet. */
        if (entry->source->interface.name && *entry->source->interface.name)
            give_interface(collector, entry);
    }
    put_secrets_room(collector);
    rs_output_flush(collector->output);
    collector->thread = g_thread_new("collect", run, collector);
}

void
rs_collector_stop(rs_collector *collector)
{
    atomic_store(&collector->is_stopping, true);
    if (collector->thread)
        g_thread_join(g_steal_pointer(&collector->thread));
}

unsigned
rs_collector_n(const rs_collector *collector)
{
    return collector->n;
}

const rs_source *
rs_collector_source(const rs_collector *collector, unsigned i)
{
    return collector->entries[i].source;
}

void
rs_collector_count(rs_collector *collector, unsigned i, struct rs_counts *ret_counts,
                   uint64_t *ret_written)
{
    struct entry *entry = &collector->entries[i];

    *ret_counts = (struct rs_counts){ 0 };
    entry->source->ops->count(entry->source, ret_counts);
    *ret_written = atomic_load_explicit(&entry->written, memory_order_relaxed);
}

enum rs_collector_end
rs_collector_end(const rs_collector *collector)
{
    return (enum rs_collector_end)atomic_load_explicit(&collector->end, memory_order_relaxed);
}

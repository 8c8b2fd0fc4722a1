/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A buffer is handed over when it is full or has waited long enough. What it has beyond its last
 * whole page begins the next buffer again: so each buffer starts at a multiple of a page, in the
 * file and in memory. Of a buffer that is not full these bytes are written at once too. Free
 * buffers are a stack, so that few are ever touched while the disk keeps up. They lie in huge
 * pages where the system has them: to write from those directly costs a fraction. Locks are of
 * pthread.h, which sanitizers know, as they do not GLib's. */
#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "capture/writer/output.h"

#include "capture/error.h"
#include "capture/writer/file.h"

enum { MIN_BUFFERS = 4, HUGE_PAGE = 2 << 20 };

/* What the collector hands to the writing thread. */
struct buffer {
    struct buffer *next;
    uint8_t *bytes;
    uint64_t at; /* its place in the file */
    size_t fill;
    size_t first;    /* where its first block begins; what is before belongs to the buffer before */
    size_t boundary; /* where the block that reaches its last page begins */
    bool is_full;    /* another one comes soon, with what is behind the last page */
    bool is_last;    /* of this file */
    bool has_next;   /* and what comes is for another one */
    bool is_patch;   /* overwrites `fill` bytes at `at` */
};

struct rs_output {
    rs_output_name_func name;
    void *name_data;
    unsigned keep_files;
    GQueue kept; /* names, oldest first */
    char *first_path;
    uint8_t *memory;
    size_t memory_bytes;
    struct buffer *buffers;

    struct buffer *current; /* the collector's */

    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct buffer *free, *first, *last;
    bool is_ending;
    GError *error;

    GThread *thread;
    rs_file *file; /* the thread's from here */
    uint64_t safe_end;
    uint64_t counted; /* bytes of this file that `written` has */
    bool can_patch;
    atomic_bool has_failed;
    atomic_uint_fast64_t written;
};

static void *run(void *data);

static struct buffer *
take_free(rs_output *output)
{
    struct buffer *buffer;

    pthread_mutex_lock(&output->lock);
    while (!output->free)
        pthread_cond_wait(&output->changed, &output->lock);
    buffer = output->free;
    output->free = buffer->next;
    pthread_mutex_unlock(&output->lock);
    *buffer = (struct buffer){ .bytes = buffer->bytes };
    return buffer;
}

/* The thread starts with the first: it then has no rights that were given up after the file was
 * opened. */
static void
hand_over(rs_output *output, struct buffer *buffer)
{
    if (!output->thread)
        output->thread = g_thread_new("write", run, output);
    buffer->next = NULL;
    pthread_mutex_lock(&output->lock);
    if (output->last)
        output->last->next = buffer;
    else
        output->first = buffer;
    output->last = buffer;
    pthread_cond_broadcast(&output->changed);
    pthread_mutex_unlock(&output->lock);
}

/* The thread's side: the next buffer, NULL at the end. */
static struct buffer *
take_full(rs_output *output)
{
    struct buffer *buffer;

    pthread_mutex_lock(&output->lock);
    while (!output->first && !output->is_ending)
        pthread_cond_wait(&output->changed, &output->lock);
    buffer = output->first;
    if (buffer) {
        output->first = buffer->next;
        if (!output->first)
            output->last = NULL;
    }
    pthread_mutex_unlock(&output->lock);
    return buffer;
}

static void
give_back(rs_output *output, struct buffer *buffer)
{
    pthread_mutex_lock(&output->lock);
    buffer->next = output->free;
    output->free = buffer;
    pthread_cond_broadcast(&output->changed);
    pthread_mutex_unlock(&output->lock);
}

/* Keeps the first error; others follow from it. */
static void
fail(rs_output *output, GError *error)
{
    pthread_mutex_lock(&output->lock);
    if (!output->error)
        output->error = g_steal_pointer(&error);
    pthread_mutex_unlock(&output->lock);
    g_clear_error(&error);
    atomic_store(&output->has_failed, true);
}

static uint32_t
block_length(const uint8_t *block)
{
    uint32_t length;

    memcpy(&length, block + 4, sizeof length);
    return length;
}

/* Where the last whole block within `done` bytes of the buffer ends, in the file. */
static uint64_t
last_whole(const rs_output *output, const struct buffer *buffer, size_t done)
{
    size_t at = buffer->first;

    if (at > done)
        return output->safe_end;
    while (at + 12 <= done && at + block_length(buffer->bytes + at) <= done)
        at += block_length(buffer->bytes + at);
    return buffer->at + at;
}

static void
write_buffer(rs_output *output, const struct buffer *buffer)
{
    const size_t length = buffer->fill - (buffer->is_full ? buffer->fill % RS_FILE_PAGE : 0);
    GError *error = NULL;
    size_t done;

    if (buffer->is_patch) {
        rs_file_patch(output->file, buffer->at, buffer->bytes, buffer->fill);
        return;
    }
    done = rs_file_write(output->file, buffer->at, buffer->bytes, length, &error);
    if (error) {
        rs_file_end(output->file, last_whole(output, buffer, done));
        fail(output, error);
        return;
    }
    if (buffer->fill >= RS_FILE_PAGE)
        output->safe_end = buffer->at + buffer->boundary;
    atomic_fetch_add(&output->written, buffer->at + done - output->counted);
    output->counted = buffer->at + done;
}

static gboolean
open_next(rs_output *output, GError **error)
{
    char *path = output->name(output->name_data);

    g_clear_pointer(&output->file, rs_file_free);
    output->file = rs_file_new(path, error);
    g_queue_push_tail(&output->kept, path);
    if (!output->file)
        return FALSE;
    if (!output->first_path)
        output->first_path = g_strdup(path);
    if (output->keep_files && g_queue_get_length(&output->kept) > output->keep_files) {
        g_autofree char *oldest = (char *)g_queue_pop_head(&output->kept);

        unlink(oldest);
    }
    return TRUE;
}

static void *
run(void *data)
{
    rs_output *output = (rs_output *)data;
    struct buffer *buffer;

    while ((buffer = take_full(output))) {
        GError *error = NULL;

        if (!atomic_load(&output->has_failed)) {
            write_buffer(output, buffer);
            if (buffer->is_last && !atomic_load(&output->has_failed)) {
                rs_file_end(output->file, buffer->at + buffer->fill);
                output->safe_end = output->counted = 0;
                if (buffer->has_next && !open_next(output, &error))
                    fail(output, error);
            }
        }
        give_back(output, buffer);
    }
    return NULL;
}

static void
make_buffers(rs_output *output, size_t n)
{
    uint8_t *start;

    output->memory_bytes = n * RS_OUTPUT_BUFFER + HUGE_PAGE;
    output->memory = (uint8_t *)mmap(NULL, output->memory_bytes, PROT_READ | PROT_WRITE,
                                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (output->memory == MAP_FAILED)
        g_error("no address space for %zu bytes of buffers", output->memory_bytes);
    start = output->memory + (HUGE_PAGE - (uintptr_t)output->memory % HUGE_PAGE) % HUGE_PAGE;
    (void)!madvise(start, n * RS_OUTPUT_BUFFER, MADV_HUGEPAGE);
    output->buffers = g_new0(struct buffer, n);
    for (size_t i = n; i-- > 0;) {
        output->buffers[i].bytes = start + i * RS_OUTPUT_BUFFER;
        output->buffers[i].next = output->free;
        output->free = &output->buffers[i];
    }
}

rs_output *
rs_output_new(rs_output_name_func name, void *data, size_t buffer_bytes, unsigned keep_files,
              GError **error)
{
    g_autoptr(rs_output) output = g_new0(rs_output, 1);

    pthread_mutex_init(&output->lock, NULL);
    pthread_cond_init(&output->changed, NULL);
    g_queue_init(&output->kept);
    output->name = name;
    output->name_data = data;
    output->keep_files = keep_files;
    if (!open_next(output, error))
        return NULL;
    output->can_patch = rs_file_is_regular(output->file) != FALSE;
    make_buffers(output, MAX(buffer_bytes / RS_OUTPUT_BUFFER, (size_t)MIN_BUFFERS));
    output->current = take_free(output);
    return g_steal_pointer(&output);
}

/* Starts the next buffer with what the current one has behind its last whole page. */
static void
next_buffer(rs_output *output, bool is_last)
{
    struct buffer *old = output->current, *new = take_free(output);
    const size_t pages = old->fill - old->fill % RS_FILE_PAGE;

    old->is_last = old->has_next = is_last;
    if (!is_last) {
        new->at = old->at + pages;
        new->fill = new->first = old->fill - pages;
        memcpy(new->bytes, old->bytes + pages, new->fill);
    }
    output->current = new;
    hand_over(output, old);
}

uint8_t *
rs_output_reserve(rs_output *output, size_t bytes)
{
    g_assert(bytes <= RS_OUTPUT_BLOCK_MAX);
    if (output->current->fill + bytes > RS_OUTPUT_BUFFER) {
        output->current->is_full = true;
        next_buffer(output, false);
    }
    return output->current->bytes + output->current->fill;
}

void
rs_output_commit(rs_output *output, size_t bytes)
{
    struct buffer *buffer = output->current;
    const size_t start = buffer->fill, end = start + bytes;

    if ((start ^ end) >= RS_FILE_PAGE)
        buffer->boundary = start;
    buffer->fill = end;
}

static void
hand_over_what_is_there(rs_output *output)
{
    if (output->current->fill > output->current->first)
        next_buffer(output, false);
}

/* While others wait for the disk this one may go on filling: it would not be written sooner. */
gboolean
rs_output_flush(rs_output *output)
{
    bool is_busy;

    pthread_mutex_lock(&output->lock);
    is_busy = output->first != NULL;
    pthread_mutex_unlock(&output->lock);
    if (!is_busy)
        hand_over_what_is_there(output);
    return !is_busy;
}

void
rs_output_next_file(rs_output *output)
{
    next_buffer(output, true);
}

void
rs_output_patch(rs_output *output, uint64_t at, const uint8_t *bytes, size_t length)
{
    struct buffer *patch;

    g_assert(length <= RS_OUTPUT_BUFFER);
    hand_over_what_is_there(output);
    patch = take_free(output);
    patch->is_patch = true;
    patch->at = at;
    patch->fill = length;
    memcpy(patch->bytes, bytes, length);
    hand_over(output, patch);
}

gboolean
rs_output_can_patch(const rs_output *output)
{
    return output->can_patch;
}

uint64_t
rs_output_position(const rs_output *output)
{
    return output->current->at + output->current->fill;
}

gboolean
rs_output_has_failed(const rs_output *output)
{
    return atomic_load(&output->has_failed);
}

char *
rs_output_error_text(rs_output *output)
{
    char *text;

    pthread_mutex_lock(&output->lock);
    text = output->error ? g_strdup(output->error->message) : NULL;
    pthread_mutex_unlock(&output->lock);
    return text;
}

uint64_t
rs_output_written(const rs_output *output)
{
    return atomic_load(&output->written);
}

const char *
rs_output_first_path(const rs_output *output)
{
    return output->first_path;
}

gboolean
rs_output_finish(rs_output *output, GError **error)
{
    struct buffer *last = output->current;

    last->is_last = true;
    pthread_mutex_lock(&output->lock);
    output->is_ending = true;
    pthread_mutex_unlock(&output->lock);
    hand_over(output, last);
    output->current = NULL;
    g_thread_join(g_steal_pointer(&output->thread));
    if (!output->error)
        return TRUE;
    g_propagate_error(error, g_steal_pointer(&output->error));
    return FALSE;
}

void
rs_output_free(rs_output *output)
{
    if (!output)
        return;
    if (output->current)
        rs_output_finish(output, NULL);
    g_clear_error(&output->error);
    g_clear_pointer(&output->file, rs_file_free);
    g_queue_clear_full(&output->kept, g_free);
    if (output->memory)
        munmap(output->memory, output->memory_bytes);
    g_free(output->buffers);
    g_free(output->first_path);
    pthread_mutex_destroy(&output->lock);
    pthread_cond_destroy(&output->changed);
    g_free(output);
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Entries are in systemd's journal export format (JOURNAL_EXPORT_FORMATS): lines NAME=value. */
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "capture/messages.h"

#include "capture/ring.h"

enum {
    RING_BYTES = 4 << 20,
    TEXT_MAX = 8192,    /* of one line */
    SECRETS_MAX = 65536 /* posted at once */
};

/* In the ring, and then `length` bytes. */
struct stored {
    uint64_t time_ns;
    uint32_t length;
    uint32_t kind;
};

struct rs_messages {
    rs_source source;
    pthread_mutex_t lock; /* of those who post */
    rs_ring *ring;
    uint64_t full;
};

uint64_t
rs_now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

static gboolean
peek(rs_source *source, struct rs_record *ret_record)
{
    rs_messages *messages = (rs_messages *)source;
    size_t length;
    const struct stored *stored = (const struct stored *)rs_ring_peek(messages->ring, &length);

    if (!stored)
        return FALSE;
    ret_record->time_ns = stored->time_ns;
    ret_record->data = (const uint8_t *)(stored + 1);
    ret_record->captured = ret_record->original = stored->length;
    ret_record->head_length = 0;
    ret_record->comment = NULL;
    ret_record->kind = (enum rs_record_kind)stored->kind;
    return TRUE;
}

static void
consume(rs_source *source)
{
    rs_ring_drop(((rs_messages *)source)->ring);
}

static void
count(rs_source *source, struct rs_counts *ret_counts)
{
    rs_messages *messages = (rs_messages *)source;

    *ret_counts = (struct rs_counts){ 0 };
    pthread_mutex_lock(&messages->lock);
    ret_counts->full = messages->full;
    pthread_mutex_unlock(&messages->lock);
}

static gboolean
is_pressed(rs_source *source)
{
    rs_ring *ring = ((rs_messages *)source)->ring;

    return rs_ring_used(ring) > rs_ring_size(ring) / 2;
}

/* Messages come when they come; packets do not wait for them. */
static gboolean
is_live(rs_source *source)
{
    (void)source;
    return FALSE;
}

static void
stop(rs_source *source)
{
    (void)source;
}

static void
free_source(rs_source *source)
{
    rs_messages_free((rs_messages *)source);
}

static const struct rs_source_ops ops = {
    .peek = peek,
    .consume = consume,
    .count = count,
    .is_pressed = is_pressed,
    .is_live = is_live,
    .stop = stop,
    .free = free_source,
};

rs_messages *
rs_messages_new(void)
{
    rs_messages *messages = g_new0(rs_messages, 1);

    pthread_mutex_init(&messages->lock, NULL);
    messages->ring = rs_ring_new(RING_BYTES);
    messages->source.ops = &ops;
    messages->source.poll_fd = -1;
    return messages;
}

void
rs_messages_free(rs_messages *messages)
{
    if (!messages)
        return;
    rs_ring_free(messages->ring);
    pthread_mutex_destroy(&messages->lock);
    g_free(messages);
}

rs_source *
rs_messages_source(rs_messages *messages)
{
    return &messages->source;
}

static gboolean
store(rs_messages *messages, const struct stored *head, const char *bytes)
{
    uint8_t *room;

    pthread_mutex_lock(&messages->lock);
    room = (uint8_t *)rs_ring_room(messages->ring, sizeof *head + head->length);
    if (room) {
        memcpy(room, head, sizeof *head);
        memcpy(room + sizeof *head, bytes, head->length);
        rs_ring_put(messages->ring, sizeof *head + head->length);
    } else {
        messages->full++;
    }
    pthread_mutex_unlock(&messages->lock);
    return room != NULL;
}

gboolean
rs_messages_post(rs_messages *messages, const struct rs_message *message)
{
    g_autoptr(GString) entry = g_string_sized_new(256);
    struct stored head = { message->time_ns, 0, RS_RECORD_JOURNAL };

    g_string_printf(entry,
                    "__REALTIME_TIMESTAMP=%" G_GUINT64_FORMAT "\nPRIORITY=%d\n_TRANSPORT=%s\n"
                    "SYSLOG_IDENTIFIER=%s\nMESSAGE=",
                    message->time_ns / 1000, message->priority, message->transport,
                    message->identifier);
    for (size_t i = 0; i < message->length && i < TEXT_MAX; i++) {
        const unsigned char c = (unsigned char)message->text[i];

        g_string_append_c(entry, c < ' ' && c != '\t' ? ' ' : (char)c);
    }
    g_string_append_c(entry, '\n');
    head.length = (uint32_t)entry->len;
    return store(messages, &head, entry->str);
}

void
rs_messages_say(rs_messages *messages, int priority, const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list arguments;

    va_start(arguments, format);
    text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    rs_messages_post(messages, &(struct rs_message){ rs_now_ns(), "restorecap", "driver", text,
                                                     strlen(text), priority });
}

gboolean
rs_messages_secrets(rs_messages *messages, const char *lines, size_t length)
{
    const struct stored head = { rs_now_ns(), (uint32_t)length, RS_RECORD_SECRETS };

    g_assert(length <= SECRETS_MAX);
    return store(messages, &head, lines);
}

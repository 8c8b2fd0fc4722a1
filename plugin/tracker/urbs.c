/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Submissions waiting for their completions. A device that stays silent leaves few: usbmuxd keeps
 * three transfers outstanding, so the bound is far above what a bus full of devices needs. */

#include "plugin/tracker/internal.h"

#define MAX_PENDING 65536

struct urb_key {
    guint64 id;
    guint16 bus;
};

struct urb_entry {
    struct urb_key key; /* first: the hash table's key is the entry */
    struct pending_urb submission;
    GList *link; /* of the age list */
};

struct urb_table {
    GHashTable *by_key;
    GQueue by_age; /* oldest first */
};

static guint
key_hash(gconstpointer key)
{
    const struct urb_key *k = key;

    return g_int64_hash(&k->id) ^ k->bus;
}

static gboolean
key_equal(gconstpointer a, gconstpointer b)
{
    const struct urb_key *x = a, *y = b;

    return x->id == y->id && x->bus == y->bus;
}

urb_table *
urb_table_new(void)
{
    urb_table *urbs = g_new0(urb_table, 1);

    urbs->by_key = g_hash_table_new_full(key_hash, key_equal, g_free, NULL);
    g_queue_init(&urbs->by_age);
    return urbs;
}

void
urb_table_free(urb_table *urbs)
{
    if (!urbs)
        return;
    g_queue_clear(&urbs->by_age);
    g_hash_table_unref(urbs->by_key);
    g_free(urbs);
}

static void
forget(urb_table *urbs, struct urb_entry *entry)
{
    g_queue_delete_link(&urbs->by_age, entry->link);
    g_hash_table_remove(urbs->by_key, entry);
}

void
urb_table_submitted(urb_table *urbs, const struct rs_usb_event *event, guint32 frame,
                    gint64 time_us)
{
    struct urb_entry *entry = g_new0(struct urb_entry, 1);
    struct urb_entry *old;

    entry->key.id = event->id;
    entry->key.bus = event->bus;
    entry->submission.frame = frame;
    entry->submission.time_us = time_us;
    entry->submission.has_setup = event->has_setup;
    entry->submission.setup = event->setup;
    old = g_hash_table_lookup(urbs->by_key, entry);
    if (old)
        forget(urbs, old);
    else if (g_hash_table_size(urbs->by_key) >= MAX_PENDING)
        forget(urbs, g_queue_peek_head(&urbs->by_age));
    g_queue_push_tail(&urbs->by_age, entry);
    entry->link = g_queue_peek_tail_link(&urbs->by_age);
    g_hash_table_add(urbs->by_key, entry);
}

gboolean
urb_table_completed(urb_table *urbs, const struct rs_usb_event *event,
                    struct pending_urb *ret_submission)
{
    struct urb_key key = { .id = event->id, .bus = event->bus };
    struct urb_entry *entry = g_hash_table_lookup(urbs->by_key, &key);

    if (!entry)
        return FALSE;
    *ret_submission = entry->submission;
    forget(urbs, entry);
    return TRUE;
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a source hands on, one at a time, and the shape all sources have. The collector calls these
 * functions, always from its one thread. */
#pragma once

#include <glib.h>
#include <stdint.h>

enum {
    RS_RECORD_HEAD_MAX = 24,
    RS_RECORD_DATA_MAX = 256 * 1024, /* Wireshark takes no larger packet on most link types */
};

enum rs_record_kind {
    RS_RECORD_PACKET,
    RS_RECORD_JOURNAL, /* data is an entry in systemd's export format */
    RS_RECORD_SECRETS, /* data is lines of a TLS key log */
};

/* Borrowed from the source until rs_source_consume(). A packet is head and then data. */
struct rs_record {
    uint64_t time_ns; /* since 1970 */
    const uint8_t *data;
    const char *comment;         /* NULL when there is none */
    uint32_t captured, original; /* both with the head */
    uint32_t head_length;
    enum rs_record_kind kind;
    uint8_t head[RS_RECORD_HEAD_MAX];
};

struct rs_counts {
    uint64_t received, dropped; /* dropped by the kernel before we could take it */
    uint64_t full;              /* dropped by us: no room in memory */
    uint64_t unpaired;          /* USB: requests whose other half is missing */
};

/* How an interface stands in the file; strings are the source's, filter may be NULL. */
struct rs_interface {
    const char *name, *description, *filter;
    uint32_t snap_length; /* 0: none */
    uint16_t link_type;
};

typedef struct rs_source rs_source;

struct rs_source_ops {
    /* The oldest record that is there; FALSE when there is none. */
    gboolean (*peek)(rs_source *source, struct rs_record *ret_record);
    void (*consume)(rs_source *source);
    /* Any thread may ask. Notices too that an interface is gone. */
    void (*count)(rs_source *source, struct rs_counts *ret_counts);
    /* Is so much waiting that it should go on at once, in order or not? */
    gboolean (*is_pressed)(rs_source *source);
    /* May something older than what is there still come? Nobody waits for a source that says no. */
    gboolean (*is_live)(rs_source *source);
    void (*start)(rs_source *source); /* NULL: nothing to start */
    void (*stop)(rs_source *source);  /* nothing new is taken; what is there can still be peeked */
    void (*free)(rs_source *source);
};

/* The first member of every source. */
struct rs_source {
    const struct rs_source_ops *ops;
    struct rs_interface interface; /* without a name when it has only messages */
    int poll_fd;                   /* readable when something is there; -1: ask again */
    gboolean is_required;          /* the recording ends when all such sources are gone */
    gint is_gone;                  /* atomic: nothing will come any more */
};

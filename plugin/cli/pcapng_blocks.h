/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the blocks of a pcapng file tell of its interfaces: the facts that Wireshark reads but does
 * not hand to a plugin. Whoever walks over the blocks, in a file or in a stream, shows them.
 *
 *   0         4          8                      length-4
 *   | type    | length   | body, options        | length |      padded to 4 bytes, length in all */
#pragma once

#include <glib.h>

enum {
    RS_BLOCK_SECTION = 0x0a0d0d0a,
    RS_BLOCK_INTERFACE = 1,
    RS_BLOCK_STATISTICS = 5,
    RS_BLOCK_MIN = 12,             /* bytes */
    RS_BLOCK_LOOKED_MAX = 64 << 10 /* of a block that is looked into */
};

/* Packets that were dropped between two looks at the counter. */
struct rs_loss {
    gint64 from_us, to_us; /* since 1970; from 0: since the capture began */
    guint64 n;
};

struct rs_interface {
    char *name;        /* "" when the file does not say; any bytes */
    const char *link;  /* short name of the link type, interned */
    guint64 dropped;   /* of its last statistics block */
    gint64 counted_us; /* when that was; 0: none yet */
    GArray *losses;    /* struct rs_loss, in order of time */
    guint8 resolution; /* if_tsresol of a pcapng file: its time stamps' unit */
    gint64 offset_s;   /* if_tsoffset: added to them */
};

struct rs_blocks {
    gboolean swapped;      /* the section is not in this machine's byte order */
    guint section_first;   /* index of the section's first interface */
    GPtrArray *interfaces; /* struct rs_interface *; whoever initialised it frees it */
    gint64 until_us;       /* newest time of a statistics block; 0: none */
};

void rs_blocks_init(struct rs_blocks *blocks);

/* Begins a section; head is the first RS_BLOCK_MIN bytes of its block. FALSE when it is none. */
gboolean rs_blocks_section(struct rs_blocks *blocks, const guint8 *head);

/* A number in the section's byte order. */
guint32 rs_blocks_32(const struct rs_blocks *blocks, const guint8 *p);

/* An interface or statistics block without the trailing length; others are passed over. */
void rs_blocks_take(struct rs_blocks *blocks, guint32 type, const guint8 *block, gsize length);

/* An interface that stands in no block; name need not end in a NUL. Borrowed. */
struct rs_interface *rs_blocks_add_interface(struct rs_blocks *blocks, const char *name,
                                             gsize length, guint link_type);

/* Is this how a pcap file begins? Sets the byte order. */
gboolean rs_blocks_is_pcap(struct rs_blocks *blocks, const guint8 *head);

/* The one interface of a pcap file, of whose head these are the bytes. */
enum { RS_PCAP_HEAD = 24 };
void rs_blocks_take_pcap(struct rs_blocks *blocks, const guint8 *head);

/* The short name of a LINKTYPE_ number, "linktype-N" if it has none here. Interned. */
const char *rs_link_name(guint link_type);

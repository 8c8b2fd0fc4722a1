/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * An image on its way to a boot loader, in recovery mode or DFU: measured and hashed as it passes,
 * never kept. */
#pragma once

#include "dissectors/img4.h"

/* Lives in file scope. Everything but the hash is plain to read; it only changes on the first pass.
 */
struct boot_upload {
    guint32 start_frame; /* the request that announced it, else its first piece */
    guint32 first_frame; /* of its data; 0 before any */
    guint32 last_frame;
    guint32 used_in; /* the command that used it; 0 while there is none */
    nstime_t first_time;
    nstime_t last_time;
    guint32 last_length; /* of the last piece */
    guint32 pieces;
    guint64 size;
    struct img4_label label; /* from the first piece */
    gboolean announced;
    gboolean cut;     /* not all bytes were captured: there is no hash */
    char *sha1;       /* once finished, unless cut or empty */
    GChecksum *state; /* private: of the bytes so far */
};

/* Begins an upload with this frame. */
struct boot_upload *boot_upload_new(const packet_info *pinfo, gboolean announced);

/* Takes the next length bytes at offset, of which the capture may hold fewer. First pass only. */
void boot_upload_append(struct boot_upload *upload, const packet_info *pinfo, tvbuff_t *tvb,
                        int offset, guint32 length);

/* Hash of the bytes so far, in file scope; NULL when there is none. First pass only. */
char *boot_upload_sha1(const struct boot_upload *upload);

/* No more bytes come. First pass only. */
void boot_upload_finish(struct boot_upload *upload);

/* Bytes per second between the first and the last piece; FALSE when there is no such interval. */
gboolean boot_upload_rate(const struct boot_upload *upload, double *ret_rate);

/* "178 KiB", for people. */
char *boot_upload_size_text(wmem_allocator_t *scope, guint64 size);

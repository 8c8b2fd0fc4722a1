/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Measures an image while it is uploaded. A ramdisk has a hundred megabytes: only a running SHA-1
 * and a count are kept of it. */

#include "dissectors/boot-upload.h"

#include <epan/wmem_scopes.h>

/* The checksum is GLib's, not in file scope: a file closed in mid-upload must free it. */
static rs_ws_bool
free_state(wmem_allocator_t *scope _U_, wmem_cb_event_t event _U_, void *user_data)
{
    struct boot_upload *upload = (struct boot_upload *)user_data;

    g_clear_pointer(&upload->state, g_checksum_free);
    return FALSE;
}

struct boot_upload *
boot_upload_new(const packet_info *pinfo, gboolean announced)
{
    struct boot_upload *upload = wmem_new0(wmem_file_scope(), struct boot_upload);

    upload->start_frame = pinfo->num;
    upload->announced = announced;
    return upload;
}

static void
begin(struct boot_upload *upload, const packet_info *pinfo, tvbuff_t *tvb, int offset)
{
    upload->first_frame = pinfo->num;
    upload->first_time = pinfo->abs_ts;
    img4_identify(tvb, offset, &upload->label);
    upload->state = g_checksum_new(G_CHECKSUM_SHA1);
    wmem_register_callback(wmem_file_scope(), free_state, upload);
}

void
boot_upload_append(struct boot_upload *upload, const packet_info *pinfo, tvbuff_t *tvb, int offset,
                   guint32 length)
{
    guint32 captured = (guint32)tvb_captured_length_remaining(tvb, offset);

    if (upload->first_frame == 0)
        begin(upload, pinfo, tvb, offset);
    if (captured < length)
        upload->cut = TRUE;
    else if (upload->state && length > 0)
        g_checksum_update(upload->state, tvb_get_ptr(tvb, offset, (int)length), (gssize)length);
    upload->last_frame = pinfo->num;
    upload->last_time = pinfo->abs_ts;
    upload->last_length = length;
    upload->size += length;
    upload->pieces++;
}

char *
boot_upload_sha1(const struct boot_upload *upload)
{
    char *sha1 = NULL;

    if (upload->state && !upload->cut && upload->size > 0) {
        GChecksum *copy = g_checksum_copy(upload->state);

        sha1 = wmem_strdup(wmem_file_scope(), g_checksum_get_string(copy));
        g_checksum_free(copy);
    }
    return sha1;
}

void
boot_upload_finish(struct boot_upload *upload)
{
    upload->sha1 = boot_upload_sha1(upload);
    g_clear_pointer(&upload->state, g_checksum_free);
}

gboolean
boot_upload_rate(const struct boot_upload *upload, double *ret_rate)
{
    nstime_t duration;

    if (upload->pieces < 2)
        return FALSE;
    nstime_delta(&duration, &upload->last_time, &upload->first_time);
    if (nstime_to_sec(&duration) <= 0)
        return FALSE;
    /* A piece is on its way only after its frame: the last one is not in the interval. */
    *ret_rate = (double)(upload->size - upload->last_length) / nstime_to_sec(&duration);
    return TRUE;
}

char *
boot_upload_size_text(wmem_allocator_t *scope, guint64 size)
{
    if (size < 1024)
        return wmem_strdup_printf(scope, "%" G_GUINT64_FORMAT " bytes", size);
    if (size < 1024 * 1024)
        return wmem_strdup_printf(scope, "%" G_GUINT64_FORMAT " KiB", size / 1024);
    return wmem_strdup_printf(scope, "%.1f MiB", (double)size / (1024.0 * 1024.0));
}

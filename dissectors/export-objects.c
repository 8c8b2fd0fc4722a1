/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Objects to be exported. Nothing is kept of a capture for them: a listener is there only while
 * they are listed, and takes them from the packets then. Facts: epan/export_object.h of Wireshark
 * 4.0, whose lists belong to the user interface. */

#include "dissectors/export-objects.h"

#include <epan/export_object.h>
#include <epan/tap.h>
#include <epan/to_str.h>

enum {
    LISTS = EXPORT_LOGS + 1,
    OBJECT_BYTES_MAX = 1 << 30, /* a restore ramdisk has some hundred million */
    FIRST_ROOM = 1 << 16
};

/* What a packet gives to a list. */
struct piece {
    enum export_list list;
    const void *object; /* pieces with the same one are one object; NULL: an object by itself */
    char *name;
    const guint8 *bytes;
    guint32 length;
    gboolean is_cut; /* bytes are missing behind these */
};

/* An object that grows; its entry is the user interface's. */
struct growing {
    export_object_entry_t *entry;
    size_t room;
};

static const char *const content_types[LISTS] = { "application/x-plist", "Apple boot image",
                                                  "text/plain" };
static int taps[LISTS];
static GHashTable *uploads; /* object to struct growing, while images are listed */

static export_object_entry_t *
new_entry(export_object_list_t *list, packet_info *pinfo, const struct piece *piece)
{
    export_object_entry_t *entry = g_new0(export_object_entry_t, 1);

    entry->pkt_num = pinfo->num;
    entry->hostname = g_strdup(address_to_str(pinfo->pool, &pinfo->src));
    entry->content_type = g_strdup(content_types[piece->list]);
    entry->filename = g_strdup(piece->name);
    list->add_entry(list->gui_data, entry);
    return entry;
}

static void
grow(struct growing *growing, const struct piece *piece)
{
    export_object_entry_t *entry = growing->entry;

    if (piece->length > OBJECT_BYTES_MAX - entry->payload_len)
        return;
    while (growing->room < entry->payload_len + piece->length)
        growing->room = growing->room > 0 ? growing->room * 2 : FIRST_ROOM;
    entry->payload_data = (guint8 *)g_realloc(entry->payload_data, growing->room);
    memcpy(entry->payload_data + entry->payload_len, piece->bytes, piece->length);
    entry->payload_len += piece->length;
    if (piece->is_cut) {
        g_free(entry->content_type);
        entry->content_type = g_strdup("Apple boot image, not captured whole");
    }
}

static struct growing *
growing_of(export_object_list_t *list, packet_info *pinfo, const struct piece *piece)
{
    struct growing *growing;

    if (!uploads)
        uploads = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    growing = (struct growing *)g_hash_table_lookup(uploads, piece->object);
    if (!growing) {
        growing = g_new0(struct growing, 1);
        growing->entry = new_entry(list, pinfo, piece);
        g_hash_table_insert(uploads, GSIZE_TO_POINTER((gsize)piece->object), growing);
    }
    return growing;
}

static tap_packet_status
take_piece(void *tapdata, packet_info *pinfo, epan_dissect_t *edt _U_, const void *data,
           tap_flags_t flags _U_)
{
    export_object_list_t *list = (export_object_list_t *)tapdata;
    const struct piece *piece = (const struct piece *)data;

    if (piece->object) {
        grow(growing_of(list, pinfo, piece), piece);
    } else {
        struct growing whole = { .entry = new_entry(list, pinfo, piece) };

        grow(&whole, piece);
    }
    return TAP_PACKET_REDRAW;
}

static void
forget_uploads(void)
{
    g_clear_pointer(&uploads, g_hash_table_destroy);
}

void
export_objects_register(enum export_list list, int proto)
{
    taps[list] =
        register_export_object(proto, take_piece, list == EXPORT_IMAGES ? forget_uploads : NULL);
}

static void
queue(packet_info *pinfo, struct piece piece)
{
    struct piece *queued = wmem_new(pinfo->pool, struct piece);

    *queued = piece;
    tap_queue_packet(taps[piece.list], pinfo, queued);
}

void
export_object(enum export_list list, packet_info *pinfo, const char *name, const char *ending,
              const guint8 *bytes, guint32 length)
{
    if (!have_tap_listener(taps[list]) || !bytes || length == 0)
        return;
    queue(pinfo,
          (struct piece){ .list = list,
                          .name = wmem_strdup_printf(pinfo->pool, "%u%s%s.%s", pinfo->num,
                                                     name ? "-" : "", name ? name : "", ending),
                          .bytes = bytes,
                          .length = length });
}

/* "IM4P" gives "im4p". */
static const char *
ending_of(const packet_info *pinfo, const struct img4_label *label)
{
    char *ending = wmem_strdup(pinfo->pool, label->kind ? label->kind : "bin");

    for (char *at = ending; *at; at++)
        *at = g_ascii_tolower(*at);
    return ending;
}

void
export_upload_piece(packet_info *pinfo, const struct boot_upload *upload, tvbuff_t *tvb, int offset,
                    guint32 length)
{
    guint32 captured = MIN((guint32)tvb_captured_length_remaining(tvb, offset), length);

    if (!have_tap_listener(taps[EXPORT_IMAGES]) || captured == 0)
        return;
    queue(pinfo, (struct piece){ .list = EXPORT_IMAGES,
                                 .object = upload,
                                 .name = wmem_strdup_printf(
                                     pinfo->pool, "%u-%s.%s", upload->first_frame,
                                     img4_name(&upload->label), ending_of(pinfo, &upload->label)),
                                 .bytes = tvb_get_ptr(tvb, offset, (gint)captured),
                                 .length = captured,
                                 .is_cut = captured < length });
}

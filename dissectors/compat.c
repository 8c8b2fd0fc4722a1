/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What of compat.h is more than a name. Facts: epan/dfilter/dfilter.h, epan/proto.c and
 * wiretap/pcapng_module.h of Wireshark 4.0, 4.4 and 4.6. */
#include "dissectors/compat.h"

#include <epan/dfilter/dfilter.h>
#include <wiretap/wtap.h>
#include <wiretap/pcapng_module.h>

enum { TAKEN_MAX = 64 };

/* Exported by wiretap; its header, file_wrappers.h, includes one that 4.0 does not install. */
int file_read(void *bytes, unsigned int count, FILE_T file);

static rs_block_take taker;

/* Reads all of the content, as wiretap demands. */
static gboolean
read_content(FILE_T file, guint32 length, gboolean swapped, int *ret_error)
{
    guint8 bytes[TAKEN_MAX];

    for (guint32 left = length; left > 0;) {
        const guint wanted = (guint)MIN((gsize)left, sizeof bytes);

        if (file_read(bytes, wanted, file) != (int)wanted) {
            *ret_error = WTAP_ERR_SHORT_READ;
            return FALSE;
        }
        left -= wanted;
    }
    if (length <= sizeof bytes)
        taker(bytes, length, swapped);
    return TRUE;
}

#if RS_WS_VERSION >= 406

static bool
read_block(wtap *file _U_, FILE_T handle, uint32_t type _U_, uint32_t length,
           section_info_t *section, wtapng_block_t *block, int *error, char **error_info _U_)
{
    block->internal = true;
    return read_content(handle, length, section->byte_swapped, error);
}

static bool
write_block(wtap_dumper *dumper _U_, const wtap_rec *record _U_, int *error _U_,
            char **error_info _U_)
{
    return true;
}

void
rs_ws_on_block(guint32 type, rs_block_take take)
{
    static pcapng_block_type_information_t information = {
        .reader = read_block,
        .writer = write_block,
        .internal = true,
    };

    taker = take;
    information.type = type;
    register_pcapng_block_type_information(&information);
}

#else

static rs_ws_bool
read_block(FILE_T handle, guint32 length, rs_ws_bool swapped, wtapng_block_t *block, int *error,
           char **error_info _U_)
{
    block->internal = TRUE;
    return read_content(handle, length, swapped, error);
}

static rs_ws_bool
write_block(wtap_dumper *dumper _U_, const wtap_rec *record _U_, const guint8 *bytes _U_,
            int *error _U_)
{
    return TRUE;
}

void
rs_ws_on_block(guint32 type, rs_block_take take)
{
    taker = take;
    register_pcapng_block_type_handler(type, read_block, write_block);
}

#endif

void
rs_ws_each_field(proto_tree *tree, rs_field_take take, void *data)
{
    gpointer hfid, found;
    GHashTableIter each;

    /* Without a field that anybody asked for there is no table. */
    if (!tree || !PTREE_DATA(tree)->interesting_hfids)
        return;
    g_hash_table_iter_init(&each, PTREE_DATA(tree)->interesting_hfids);
    while (g_hash_table_iter_next(&each, &hfid, &found))
        take(GPOINTER_TO_INT(hfid), (const GPtrArray *)found, data);
}

char *
rs_ws_names(const char *filter)
{
    /* The URI a response is for: the request's own field, on the response too, since 4.4. */
    static const char *const renamed[][2] = {
        { "http.response_for.uri", "http.request.full_uri" },
    };
    g_autoptr(GString) text = g_string_new(filter);

    for (gsize i = 0; i < G_N_ELEMENTS(renamed); i++)
        if (!proto_registrar_get_byname(renamed[i][0]))
            g_string_replace(text, renamed[i][0], renamed[i][1], 0);
    return g_string_free(g_steal_pointer(&text), FALSE);
}

heur_dissector_t
rs_ws_replace_heur(const char *name, heur_dissector_t ours)
{
    heur_dtbl_entry_t *entry = find_heur_dissector_by_unique_short_name(name);
    heur_dissector_t other = entry ? entry->dissector : NULL;

    if (entry)
        entry->dissector = ours;
    return other;
}

gboolean
rs_ws_heur_is_on(const char *name)
{
    const heur_dtbl_entry_t *entry = find_heur_dissector_by_unique_short_name(name);

    return entry && entry->enabled && proto_is_protocol_enabled(entry->protocol);
}

#if RS_WS_VERSION >= 402

gboolean
rs_ws_filter(const char *text, struct epan_dfilter **ret_code, char **ret_why, long *ret_at)
{
    df_error_t *error = NULL;

    if (dfilter_compile(text, ret_code, &error))
        return TRUE;
    *ret_why = g_strdup(error ? error->msg : "");
    *ret_at = error ? error->loc.col_start : -1;
    df_error_free(&error);
    return FALSE;
}

#else

gboolean
rs_ws_filter(const char *text, struct epan_dfilter **ret_code, char **ret_why, long *ret_at)
{
    dfilter_loc_t place = { .col_start = -1 };
    char *error = NULL;

    if (dfilter_compile2(text, ret_code, &error, &place))
        return TRUE;
    *ret_why = error ? error : g_strdup("");
    *ret_at = place.col_start;
    return FALSE;
}

#endif

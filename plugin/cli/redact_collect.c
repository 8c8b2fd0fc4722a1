/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reads what `-z restore,identifiers` prints, see plugin/identify.c. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "plugin/cli/redact_collect.h"

#include "plugin/cli/cli.h"

/* The last line: all was seen. */
#define END_LINE "identifiers\tend"

/* Hexadecimal digits to bytes with a zero behind them. The caller's. */
static guint8 *
unhex(const char *digits, gsize *ret_length)
{
    const gsize length = strlen(digits) / 2;
    guint8 *bytes = g_malloc0(length + 1);

    for (gsize i = 0; i < length; i++)
        bytes[i] = (guint8)((g_ascii_xdigit_value(digits[2 * i]) & 15) << 4 |
                            (g_ascii_xdigit_value(digits[2 * i + 1]) & 15));
    *ret_length = length;
    return bytes;
}

static void
take_line(const char *line, rs_identifiers *ids)
{
    g_auto(GStrv) words = g_strsplit(line, "\t", 5);
    g_autofree guint8 *bytes = NULL;
    guint64 kind;
    gsize length;

    if (g_strv_length(words) != 4 || !g_str_equal(words[0], "identifier"))
        return;
    if (!g_ascii_string_to_unsigned(words[1], 10, 0, RS_N_ID_KINDS - 1, &kind, NULL))
        return;
    bytes = unhex(words[3], &length);
    if (*words[2] == 'B')
        rs_identifiers_add_bytes(ids, (enum rs_id_kind)kind, bytes, length);
    else
        rs_identifiers_add_text(ids, (enum rs_id_kind)kind, (const char *)bytes);
}

static gboolean
take_lines(const GString *printed, rs_identifiers *ids)
{
    g_auto(GStrv) lines = g_strsplit(printed->str, "\n", -1);
    gboolean ended = FALSE;

    for (char **line = lines; *line; line++) {
        ended = ended || g_str_equal(*line, END_LINE);
        take_line(*line, ids);
    }
    return ended;
}

gboolean
rs_redact_collect(rs_tshark *tshark, const char *path, const char *name, rs_identifiers *ids,
                  GError **error)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    g_autoptr(GString) printed = NULL;

    if (fd < 0) {
        g_set_error(error, RS_CLI_ERROR, RS_EXIT_READ, "cannot read '%s': %s", name,
                    g_strerror(errno));
        return FALSE;
    }
    printed = rs_tshark_print(tshark, fd, name, "restore,identifiers", END_LINE, error);
    close(fd);
    return printed && take_lines(printed, ids);
}

guint
rs_redact_common(const rs_identifiers *before, const rs_identifiers *after)
{
    const GPtrArray *first = rs_identifiers_list(before), *second = rs_identifiers_list(after);
    g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);
    guint n = 0;

    for (guint i = 0; i < first->len; i++)
        g_hash_table_add(known, ((struct rs_identifier *)g_ptr_array_index(first, i))->was);
    for (guint i = 0; i < first->len; i++)
        g_hash_table_remove(known, ((struct rs_identifier *)g_ptr_array_index(first, i))->now);
    for (guint i = 0; i < second->len; i++)
        n += g_hash_table_contains(known,
                                   ((struct rs_identifier *)g_ptr_array_index(second, i))->was)
                 ? 1
                 : 0;
    return n;
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A log file's lines. Lines are counted as editors count them; what a progress bar wrote over with
 * carriage returns is one line of many texts. */
#include <errno.h>
#include <stdio.h>

#include "plugin/sidelog/sidelog_private.h"

enum { CHUNK_BYTES = 64 * 1024, TEXT_MAX = 8192 };

struct reader {
    rs_side_log *log;
    GString *text; /* since the last end of a line or carriage return */
    guint64 number;
};

static void
end_text(struct reader *reader)
{
    const struct rs_side_line line = { reader->number, RS_SIDE_NO_TIME, NULL, reader->text->str };

    if (reader->text->len > 0)
        rs_side_log_add(reader->log, &line);
    g_string_truncate(reader->text, 0);
}

static void
take(struct reader *reader, const char *bytes, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        const char c = bytes[i];

        if (c == '\n' || c == '\r')
            end_text(reader);
        else if (c != '\0' && reader->text->len < TEXT_MAX)
            g_string_append_c(reader->text, c);
        if (c == '\n')
            reader->number++;
    }
}

gboolean
rs_side_log_read(rs_side_log *log, const char *path, GError **error)
{
    struct reader reader = { log, g_string_sized_new(256), 1 };
    g_autofree char *chunk = g_malloc(CHUNK_BYTES);
    FILE *file = fopen(path, "rb");
    gsize length = 0;
    int code = errno;

    if (file) {
        while ((length = fread(chunk, 1, CHUNK_BYTES, file)) > 0)
            take(&reader, chunk, length);
        code = ferror(file) ? errno : 0;
        fclose(file);
        end_text(&reader);
    }
    g_string_free(reader.text, TRUE);
    if (file && code == 0)
        return TRUE;
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(code),
                "cannot read the log '%s': %s", path, g_strerror(code));
    return FALSE;
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Appends marks: one line, one write(), so that lines of several programs never mix. */
#include "samples/lab/scenario/marks.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "samples/lab/scenario/scenario.h"

struct lab_marks {
    int fd; /* -1: none */
    char *who;
};

lab_marks_t *
lab_marks_new(const char *path, const char *who, GError **error)
{
    int fd = path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644) : -1;
    lab_marks_t *m;

    if (path && fd < 0) {
        g_set_error(error, LAB_SCENARIO_ERROR, 0, "cannot open '%s': %s", path, g_strerror(errno));
        return NULL;
    }
    m = g_new0(lab_marks_t, 1);
    m->fd = fd;
    m->who = g_strdup(who);
    return m;
}

void
lab_marks_free(lab_marks_t *m)
{
    if (!m)
        return;
    if (m->fd >= 0)
        close(m->fd);
    g_free(m->who);
    g_free(m);
}

/* A JSON string, or null. */
static void
add_text(GString *line, const char *key, const char *text)
{
    g_string_append_printf(line, ",\"%s\":", key);
    if (!text) {
        g_string_append(line, "null");
        return;
    }
    g_string_append_c(line, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            g_string_append_printf(line, "\\%c", *text);
        else if ((unsigned char)*text < 0x20)
            g_string_append_printf(line, "\\u%04x", (unsigned)*text);
        else
            g_string_append_c(line, *text);
    }
    g_string_append_c(line, '"');
}

static void
add_number(GString *line, const char *key, double value)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];

    g_string_append_printf(line, ",\"%s\":%s", key,
                           g_ascii_formatd(text, sizeof text, "%.3f", value));
}

void
lab_mark(lab_marks_t *m, const char *fault, const char *what, const char *filter, double before_s,
         double within_s)
{
    g_autoptr(GString) line = g_string_new(NULL);
    gint64 now = g_get_real_time();

    g_string_printf(line, "{\"t\":%" G_GINT64_FORMAT ".%06d", now / G_USEC_PER_SEC,
                    (int)(now % G_USEC_PER_SEC));
    add_text(line, "who", m->who);
    add_text(line, "fault", fault);
    add_text(line, "what", what);
    add_text(line, "filter", filter);
    add_text(line, "pick", "first");
    add_number(line, "before_s", before_s);
    add_number(line, "within_s", within_s);
    g_string_append(line, "}\n");
    g_printerr("%s: mark: %s", m->who, line->str);
    if (m->fd >= 0 && write(m->fd, line->str, line->len) != (ssize_t)line->len)
        g_printerr("%s: the mark could not be written: %s\n", m->who, g_strerror(errno));
}

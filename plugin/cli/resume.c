/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Goes on with a file of JSON Lines. Only a file of ours is touched: the option takes any name, and
 * must not cost a capture. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plugin/cli/resume.h"

#include "plugin/cli/cli.h"
#include "plugin/knowledge/json_get.h"
#include "plugin/report/report_json.h"
#include "plugin/report/summary.h"

/* How our lines begin. */
#define LINE_START "{\"schema\":\"restorescope."

struct rs_resume {
    int fd;
    GHashTable *files; /* names */
};

struct reading {
    rs_resume *resume;
    const char *path;
    rs_resume_func func;
    gpointer data;
    off_t kept;        /* bytes of the file that stay */
    gboolean unended;  /* the last line that stays has no end of line */
    guint line_number; /* from 1 */
};

static gboolean
fail(const char *path, enum rs_exit status, const char *why, GError **error)
{
    g_set_error(error, RS_CLI_ERROR, (int)status, "cannot go on with '%s': %s", path, why);
    return FALSE;
}

static gboolean
open_file(rs_resume *resume, const char *path, GError **error)
{
    struct stat status;

    resume->fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0666);
    if (resume->fd < 0 || fstat(resume->fd, &status) != 0)
        return fail(path, RS_EXIT_READ, g_strerror(errno), error);
    if (!S_ISREG(status.st_mode))
        return fail(path, RS_EXIT_USAGE, "it is no file", error);
    return flock(resume->fd, LOCK_EX | LOCK_NB) == 0 ||
           fail(path, RS_EXIT_USAGE, "another run writes to it", error);
}

static gboolean
refuse_line(const struct reading *reading, GError **error)
{
    g_autofree char *why =
        g_strdup_printf("line %u is none of diagnose --json", reading->line_number);

    return fail(reading->path, RS_EXIT_USAGE, why, error);
}

/* Could it be the beginning of one of our lines? */
static gboolean
is_cut(const char *line, gsize length)
{
    return strncmp(line, LINE_START, MIN(length, strlen(LINE_START))) == 0;
}

/* end: where the line ends in the file. */
static gboolean
take_line(struct reading *reading, const char *line, gsize length, off_t end, GError **error)
{
    const gboolean ended = line[length - 1] == '\n';
    const gboolean ours = strlen(line) == length && g_str_has_prefix(line, LINE_START);
    g_autoptr(JsonObject) object = ours ? rs_json_parse(line, (gssize)length, NULL) : NULL;
    const char *schema = rs_json_string(object, "schema");
    const char *file = rs_json_string(object, "file");

    reading->line_number++;
    if (object && g_str_equal(schema, RS_DIAGNOSIS_SCHEMA) && *file) {
        g_hash_table_add(reading->resume->files, g_strdup(file));
        reading->func(object, reading->data);
        reading->kept = end;
        reading->unended = !ended;
        return TRUE;
    }
    /* kept only when something follows */
    if (object && g_str_equal(schema, RS_SUMMARY_SCHEMA))
        return TRUE;
    return (!ended && !object && is_cut(line, length)) || refuse_line(reading, error);
}

static gboolean
read_lines(struct reading *reading, FILE *stream, GError **error)
{
    char *line = NULL;
    size_t size = 0;
    off_t end = 0;
    gssize length = 0;
    gboolean right = TRUE;

    while (right && (length = getline(&line, &size, stream)) > 0) {
        end += length;
        right = take_line(reading, line, (gsize)length, end, error);
    }
    if (right && ferror(stream))
        right = fail(reading->path, RS_EXIT_READ, g_strerror(errno), error);
    free(line);
    return right;
}

static gboolean
read_file(struct reading *reading, GError **error)
{
    const int fd = fcntl(reading->resume->fd, F_DUPFD_CLOEXEC, 3);
    FILE *stream = fd >= 0 ? fdopen(fd, "r") : NULL;
    gboolean right;

    if (!stream)
        return fail(reading->path, RS_EXIT_INTERNAL, g_strerror(errno), error);
    right = read_lines(reading, stream, error);
    fclose(stream);
    if (!right)
        return FALSE;
    if (ftruncate(reading->resume->fd, reading->kept) != 0 ||
        (reading->unended && write(reading->resume->fd, "\n", 1) != 1))
        return fail(reading->path, RS_EXIT_INTERNAL, g_strerror(errno), error);
    return TRUE;
}

rs_resume *
rs_resume_open(const char *path, rs_resume_func func, gpointer data, GError **error)
{
    g_autoptr(rs_resume) resume = g_new0(rs_resume, 1);
    struct reading reading = { .resume = resume, .path = path, .func = func, .data = data };

    resume->files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (!open_file(resume, path, error) || !read_file(&reading, error))
        return NULL;
    return g_steal_pointer(&resume);
}

void
rs_resume_free(rs_resume *resume)
{
    if (!resume)
        return;
    if (resume->fd >= 0)
        close(resume->fd);
    g_hash_table_unref(resume->files);
    g_free(resume);
}

gboolean
rs_resume_has(const rs_resume *resume, const char *file)
{
    g_autofree char *valid = g_utf8_make_valid(file, -1);

    return g_hash_table_contains(resume->files, valid);
}

gboolean
rs_resume_take_stdout(rs_resume *resume, GError **error)
{
    if (dup2(resume->fd, STDOUT_FILENO) >= 0)
        return TRUE;
    g_set_error(error, RS_CLI_ERROR, RS_EXIT_INTERNAL, "cannot write: %s", g_strerror(errno));
    return FALSE;
}

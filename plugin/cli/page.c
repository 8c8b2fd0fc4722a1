/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Names and files of reports that are handed on. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plugin/cli/page.h"

#include "plugin/cli/places.h"
#include "plugin/cli/tshark.h"
#include "plugin/knowledge/json_get.h"
#include "plugin/report/mask.h"

/* How every page of ours begins. */
#define PAGE_START "<!DOCTYPE html>"

char *
rs_page_name(const char *file, JsonObject *report, gboolean show_ids)
{
    const char *ecid = rs_json_string(rs_json_object(report, "device"), "ecid");
    g_autofree char *base = g_path_get_basename(file);
    g_autofree char *valid = g_utf8_make_valid(base, -1);

    if (g_str_equal(file, "-"))
        return g_strdup("standard input");
    return show_ids ? g_steal_pointer(&valid) : rs_mask_text(valid, *ecid ? ecid : NULL);
}

char *
rs_page_versions(void)
{
    g_autofree char *program = rs_places_tshark(NULL);
    g_autofree char *version = program ? rs_tshark_version(program) : NULL;

    return g_strdup_printf("restorescope %s%s%s", RS_VERSION, version ? ", tshark " : "",
                           version ? version : "");
}

static gboolean
is_page(int fd)
{
    char start[sizeof PAGE_START - 1];
    const gssize n = read(fd, start, sizeof start);

    return n == 0 || (n == (gssize)sizeof start && memcmp(start, PAGE_START, sizeof start) == 0);
}

gboolean
rs_page_check(const char *path, GError **error)
{
    const int fd = g_str_equal(path, "-") ? -1 : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat status;
    gboolean right;

    if (fd < 0)
        return TRUE; /* whatever is wrong will show when it is written */
    right = fstat(fd, &status) == 0 && (!S_ISREG(status.st_mode) || is_page(fd));
    close(fd);
    if (!right)
        g_set_error(error, RS_CLI_ERROR, RS_EXIT_USAGE,
                    "'%s' exists and is no HTML page: it is left alone", path);
    return right;
}

static gboolean
write_all(int fd, const char *text)
{
    gsize left = strlen(text);

    while (left > 0) {
        const gssize n = write(fd, text, left);

        if (n < 0 && errno != EINTR)
            return FALSE;
        text += MAX(n, 0);
        left -= (gsize)MAX(n, 0);
    }
    return TRUE;
}

gboolean
rs_page_write(const char *path, const char *text, GError **error)
{
    int fd, cause = 0;

    if (g_str_equal(path, "-"))
        return rs_print(text, error);
    if (!rs_page_check(path, error))
        return FALSE;
    /* No temporary file that is renamed: root may well say /dev/stdout. */
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0 || !write_all(fd, text))
        cause = errno;
    if (fd >= 0 && close(fd) != 0 && !cause)
        cause = errno;
    if (cause)
        g_set_error(error, RS_CLI_ERROR, RS_EXIT_INTERNAL, "cannot write '%s': %s", path,
                    g_strerror(cause));
    return cause == 0;
}

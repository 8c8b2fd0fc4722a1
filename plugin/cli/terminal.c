/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Whether to colour: the convention of https://no-color.org. */
#include <sys/ioctl.h>
#include <unistd.h>

#include "plugin/cli/terminal.h"

static gboolean
wanted(void)
{
    const char *no_color = g_getenv("NO_COLOR");
    const char *term = g_getenv("TERM");

    return isatty(STDOUT_FILENO) && !(no_color && *no_color) && term && !g_str_equal(term, "dumb");
}

gboolean
rs_terminal_colour(const char *when, gboolean *ret_colour)
{
    if (!when || g_str_equal(when, "auto"))
        *ret_colour = wanted();
    else if (g_str_equal(when, "always"))
        *ret_colour = TRUE;
    else if (g_str_equal(when, "never"))
        *ret_colour = FALSE;
    else
        return FALSE;
    return TRUE;
}

int
rs_terminal_columns(int fd)
{
    enum { USUAL = 80 };
    struct winsize size;

    return ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : USUAL;
}

gboolean
rs_terminal_is_live(int fd)
{
    const char *term = g_getenv("TERM");

    return isatty(fd) && term && !g_str_equal(term, "dumb");
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A scenario from text, for the lab's tests. */
#pragma once

#include <glib.h>
#include <glib/gstdio.h>

#include "samples/lab/scenario/scenario.h"

static inline lab_scenario_t *
scenario_from_text(const char *text, GError **error)
{
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("lab-XXXXXX.scenario", &path, NULL);
    lab_scenario_t *s;

    g_assert_cmpint(fd, >=, 0);
    g_assert_true(g_close(fd, NULL));
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    s = lab_scenario_load(path, error);
    g_assert_cmpint(g_remove(path), ==, 0);
    return s;
}

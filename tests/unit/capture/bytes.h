/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * g_assert_cmpmem() of GLib 2.74 takes lengths for int, which is a warning. */
#pragma once

#include <glib.h>
#include <string.h>

static inline void
check_bytes(const void *is, gsize is_length, const void *wanted, gsize wanted_length)
{
    g_assert_nonnull(is);
    g_assert_cmpuint(is_length, ==, wanted_length);
    g_assert_true(memcmp(is, wanted, wanted_length) == 0);
}

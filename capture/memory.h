/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * How much memory the recorder may promise itself: a restore runs beside it. */
#pragma once

#include <glib.h>
#include <stddef.h>

/* A power of two of bytes, `most` or less: no more than that part of the memory that is available,
 * and no less than `least`, a power of two too. Where nobody knows how much there is: `most`. */
size_t rs_memory_share(const char *proc, unsigned part, size_t least, size_t most);

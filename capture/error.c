/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The error domain of the recorder. */
#include "capture/error.h"

G_DEFINE_QUARK(rs - capture - error - quark, rs_capture_error)

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Puts together what tracker and engine found: the verdict on the capture. */
#pragma once

#include "plugin/state.h"

/* Makes a diagnosis of all frames seen so far. is_end: no more will come, so that what waits for an
 * absence has found it; otherwise only what has fired counts. Changes nothing in state. Free with
 * rs_diagnosis_free(). */
rs_diagnosis *rs_diagnose(const struct rs_state *state, gboolean is_end);

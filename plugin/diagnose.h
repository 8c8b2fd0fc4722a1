/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Puts together what tracker and engine found: the verdict on the capture. */
#pragma once

#include "plugin/state.h"

/* Makes a diagnosis of all frames seen so far. Changes nothing in state. Free with
 * rs_diagnosis_free(). */
rs_diagnosis *rs_diagnose(const struct rs_state *state);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A made-up diagnosis with one of everything, for the tests of the reports. */
#pragma once

#include "plugin/report/diagnosis.h"

/* A root, a consequence of it and a finding that recovered. Free with rs_diagnosis_free(). */
struct rs_diagnosis *sample_failed(void);

/* The same as the second of two tries. */
struct rs_diagnosis *sample_twice(void);

/* Nothing in it. */
struct rs_diagnosis *sample_nothing(void);

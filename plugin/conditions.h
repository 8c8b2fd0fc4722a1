/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What must be in a frame for a filter to be true of it, held against the fields of a frame. */
#pragma once

#include "plugin/fields.h"

typedef struct rs_condition rs_condition;
rs_condition *rs_condition_new(const char *filter, rs_fields *fields);
void rs_condition_free(rs_condition *condition);

/* FALSE: the filter is not true of the frame. */
gboolean rs_condition_holds(const rs_condition *condition, const rs_fields *fields);

/* Where it holds, the filter is true: nobody need run it. */
gboolean rs_condition_is_all(const rs_condition *condition);

/* Puts an event behind the rarest things of which one must be in the frame. FALSE: nothing must. */
gboolean rs_condition_guard(const rs_condition *condition, rs_fields *fields, guint event);

/* FALSE: it holds of no frame that lacks all the fields that may_have() denies. */
typedef gboolean (*rs_may_have_func)(const char *field);
gboolean rs_condition_may_hold(const rs_condition *condition, rs_may_have_func may_have);

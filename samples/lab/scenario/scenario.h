/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What one session of the lab is to be: a text file in GKeyFile form (keys.h has the whole list of
 * groups and keys). Read by the phone and by the servers; each looks only at its own groups. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct lab_scenario lab_scenario_t;

/* Everything that is wrong with a scenario or a fault in it; the message says where. */
#define LAB_SCENARIO_ERROR lab_scenario_error_quark()
GQuark lab_scenario_error_quark(void);

/* Reads a scenario; NULL with `error` set (file, line or group and key named) when it cannot be
 * read, or holds a group or key that nothing knows. */
lab_scenario_t *lab_scenario_load(const char *path, GError **error);
void lab_scenario_free(lab_scenario_t *s);

/* The value of `key` in `group`, or `fallback` when it is not there. Owned by the scenario. */
const char *lab_scenario_get(const lab_scenario_t *s, const char *group, const char *key,
                             const char *fallback);
/* The same as a whole number (0x… and decimal); loading has already refused what is none. */
gint64 lab_scenario_int(const lab_scenario_t *s, const char *group, const char *key,
                        gint64 fallback);
/* Every group called `group` or `group NAME` ("fault", "fault second"), in the file's order.
 * NULL-terminated; owned by the scenario. */
const char *const *lab_scenario_groups(const lab_scenario_t *s, const char *group);

/* "-71", "0x85": the whole of `text` as a number; false when it is none. */
bool lab_scenario_number(const char *text, gint64 *ret_value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(lab_scenario_t, lab_scenario_free)

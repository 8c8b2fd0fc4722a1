/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * How the servers are to behave: the scenario's groups, and what a fault changes while they run. */
#pragma once

#include <stdbool.h>

#include "samples/lab/scenario/scenario.h"

typedef struct apple_settings apple_settings_t;

/* `scenario` is borrowed and must outlive the settings. */
apple_settings_t *apple_settings_new(const lab_scenario_t *scenario);
void apple_settings_free(apple_settings_t *s);

/* The value in force, or `fallback`. Owned by the settings, until the next change. */
const char *apple_settings_get(const apple_settings_t *s, const char *group, const char *key,
                               const char *fallback);
gint64 apple_settings_int(const apple_settings_t *s, const char *group, const char *key,
                          gint64 fallback);
/* The next entry of a list (";" between entries), the last one for ever. Free with g_free(). */
char *apple_settings_next(apple_settings_t *s, const char *group, const char *key,
                          const char *fallback);

/* Changes a setting: "GROUP.KEY VALUE", or one of the short forms "dns VALUE" (network.dns), "tls
 * VALUE", "answers VALUE" (signing). A changed list starts anew. False when `line` is none of that.
 */
bool apple_settings_change(apple_settings_t *s, const char *line);

/* `changed` is called after every change. */
void apple_settings_watch(apple_settings_t *s, void (*changed)(void *user), void *user);

/* Makes a FIFO at `path` and takes changes from it, a line each, as long as the settings live. */
bool apple_settings_listen(apple_settings_t *s, const char *path, GError **error);

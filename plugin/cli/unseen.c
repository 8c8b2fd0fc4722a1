/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The causes that errors.json calls unseen: no rule names them (lint-coverage sees to that), so the
 * report has to. */
#include <stdint.h>

#include "plugin/cli/unseen.h"

#include "plugin/knowledge/json_get.h"

enum { CAUSES_TOLD = 6 };

/* What is tried first when nothing points anywhere: cheap things before costly ones. */
static const char *const of_any_failure[] = { "transient-fault",
                                              "unstable-power",
                                              "uncertified-cable",
                                              "jailbroken-device",
                                              "third-party-ipsw",
                                              "apple-service-needed",
                                              NULL };

static void
warn(JsonArray *warnings, const struct rs_known_cause *cause)
{
    g_autofree char *text = g_strdup_printf(
        "%s [%s]. %s To do: %s%s", cause->title, cause->id, cause->unseen,
        cause->remedies[0] ? cause->remedies[0] : "",
        cause->first_erasing_remedy == 1 ? " (make a backup first: it erases the device)" : "");

    json_array_add_string_element(warnings, text);
}

/* TRUE when it is unseen and was not told before. */
static gboolean
is_to_tell(const rs_knowledge *knowledge, GHashTable *told, const char *id,
           const struct rs_known_cause **ret_cause)
{
    *ret_cause = rs_knowledge_cause(knowledge, id);
    return *ret_cause && *(*ret_cause)->unseen && g_hash_table_add(told, (gpointer)(uintptr_t)id);
}

/* heading: stands before the first. */
static void
warn_of(const rs_knowledge *knowledge, const char *heading, const char *const *ids,
        GHashTable *told, JsonArray *warnings)
{
    const struct rs_known_cause *cause;

    for (; *ids && g_hash_table_size(told) < CAUSES_TOLD; ids++) {
        if (!is_to_tell(knowledge, told, *ids, &cause))
            continue;
        if (g_hash_table_size(told) == 1)
            json_array_add_string_element(warnings, heading);
        warn(warnings, cause);
    }
}

void
rs_unseen_of_number(const rs_knowledge *knowledge, const char *label, const GPtrArray *codes,
                    JsonObject *report)
{
    g_autoptr(GHashTable) told = g_hash_table_new(g_str_hash, g_str_equal);
    g_autofree char *heading =
        g_strdup_printf("captures seldom show these causes, which %s may also stand for:", label);
    JsonArray *warnings = rs_json_array(report, "warnings");

    for (guint i = 0; warnings && i < codes->len; i++) {
        const struct rs_known_code *code = g_ptr_array_index(codes, i);

        warn_of(knowledge, heading, code->causes, told, warnings);
    }
}

void
rs_unseen_of_failure(const rs_knowledge *knowledge, JsonObject *report)
{
    g_autoptr(GHashTable) told = g_hash_table_new(g_str_hash, g_str_equal);
    JsonArray *warnings = rs_json_array(report, "warnings");

    if (!warnings || rs_json_object(report, "root") || rs_json_object(report, "number") ||
        !g_str_equal(rs_json_string(report, "outcome"), "cut-short"))
        return;
    warn_of(knowledge, "if the restore failed, captures seldom show these causes:", of_any_failure,
            told, warnings);
}

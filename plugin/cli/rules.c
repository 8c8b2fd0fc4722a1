/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The rules in force. */
#include <unistd.h>

#include "plugin/cli/rules.h"

#include "plugin/cli/cli.h"
#include "plugin/cli/places.h"

/* The engine's errors, as statuses of the program. */
static void
take_error(GError **error, GError *from)
{
    const gboolean unreadable = !g_error_matches(from, RS_RULES_ERROR, RS_RULES_ERROR_SYNTAX) &&
                                !g_error_matches(from, RS_RULES_ERROR, RS_RULES_ERROR_REFERENCE);

    g_set_error_literal(error, RS_CLI_ERROR, unreadable ? RS_EXIT_READ : RS_EXIT_USAGE,
                        from->message);
    g_error_free(from);
}

rs_ruleset *
rs_rules_load(const char *folder, const char *file, GError **error)
{
    g_autoptr(rs_ruleset) ruleset = rs_ruleset_new();
    g_autofree char *data = rs_places_data(error);
    g_autofree char *shipped = data ? g_build_filename(data, "rules", NULL) : NULL;
    GError *wrong = NULL;

    if (!shipped)
        return NULL;
    if (!rs_ruleset_add_dir(ruleset, shipped, &wrong) ||
        (folder && !rs_ruleset_add_dir(ruleset, folder, &wrong)) ||
        (file && !rs_ruleset_add_file(ruleset, file, &wrong)) ||
        !rs_ruleset_link(ruleset, &wrong)) {
        take_error(error, wrong);
        return NULL;
    }
    return g_steal_pointer(&ruleset);
}

const struct rs_rule *
rs_rules_find(const rs_ruleset *ruleset, const char *id)
{
    for (guint i = 0; i < rs_ruleset_n_rules(ruleset); i++) {
        const struct rs_rule *rule = rs_ruleset_rule(ruleset, i);

        if (g_str_equal(rule->id, id))
            return rule;
    }
    return NULL;
}

const char *
rs_rules_severity(enum rs_severity severity)
{
    static const char *const names[] = {
        [RS_NOTE] = "note", [RS_WARNING] = "warning", [RS_ERROR] = "error"
    };

    return names[severity];
}

const char *
rs_rules_confidence(enum rs_confidence confidence)
{
    static const char *const names[] = {
        [RS_LOW] = "low", [RS_MEDIUM] = "medium", [RS_HIGH] = "high"
    };

    return names[confidence];
}

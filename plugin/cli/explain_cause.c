/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Explains causes and rules. */
#include "plugin/cli/explain.h"
#include "plugin/cli/rules.h"
#include "plugin/report/wording.h"

char *
rs_explain_join(const char *const *list)
{
    GString *out = g_string_new(NULL);

    for (guint i = 0; list[i]; i++)
        g_string_append_printf(out, "%s%s", i ? ", " : "", list[i]);
    return g_string_free(out, FALSE);
}

static void
write_title(struct rs_explain *explain, const char *id, const char *title)
{
    GString *out = explain->layout.out;

    if (out->len)
        g_string_append_c(out, '\n');
    rs_layout_ink(&explain->layout, RS_BOLD, id);
    g_string_append_printf(out, ": %s\n", title);
}

static void
write_remedies(struct rs_explain *explain, const struct rs_known_cause *cause)
{
    const char *label = "  what to do";

    for (guint i = 0; cause->remedies[i]; i++) {
        if (i + 1 == cause->first_erasing_remedy) {
            g_autofree char *warning = rs_wording_backup(i + 1);

            rs_layout_row(&explain->layout, label, 3, warning);
            label = "";
        }
        rs_layout_rowf(&explain->layout, label, 3, "%u. %s", i + 1, cause->remedies[i]);
        label = "";
    }
}

/* "iTunes 1413, 1415; libusb -1": the domain only where it changes. */
static void
append_code(GString *out, const char *domain_before, const char *domain, gint64 code)
{
    const gboolean same = g_str_equal(domain_before, domain);

    g_string_append_printf(out, "%s%s%s%" G_GINT64_FORMAT,
                           !out->len ? ""
                           : same    ? ", "
                                     : "; ",
                           same ? "" : domain, same ? "" : " ", code);
}

static void
write_rules_of(struct rs_explain *explain, const char *cause)
{
    g_autoptr(GString) ids = g_string_new(NULL);

    for (guint i = 0; i < rs_ruleset_n_rules(explain->ruleset); i++) {
        const struct rs_rule *rule = rs_ruleset_rule(explain->ruleset, i);

        if (g_str_equal(rule->cause, cause))
            g_string_append_printf(ids, "%s%s", ids->len ? ", " : "", rule->id);
    }
    if (ids->len)
        rs_layout_row(&explain->layout, "  found by", 0, ids->str);
}

gboolean
rs_explain_cause(struct rs_explain *explain, const char *id)
{
    const struct rs_known_cause *cause = rs_knowledge_cause(explain->knowledge, id);
    g_autoptr(GString) codes = g_string_new(NULL);
    g_autofree char *sources = NULL;

    if (!cause)
        return FALSE;
    write_title(explain, cause->id, cause->title);
    rs_layout_row(&explain->layout, "  kind", 0, cause->category);
    rs_layout_row(&explain->layout, "  on the wire", 0, cause->evidence);
    write_remedies(explain, cause);
    for (guint i = 0; i < cause->n_codes; i++)
        append_code(codes, i ? cause->codes[i - 1].domain : "", cause->codes[i].domain,
                    cause->codes[i].code);
    if (codes->len)
        rs_layout_row(&explain->layout, "  seen as", 0, codes->str);
    write_rules_of(explain, id);
    sources = rs_explain_join(cause->sources);
    if (*sources)
        rs_layout_row(&explain->layout, "  sources", 0, sources);
    return TRUE;
}

static void
write_rivals(struct rs_explain *explain, const struct rs_rule *rule)
{
    for (guint i = 0; i < rule->n_rivals; i++) {
        const struct rs_rival *rival = &rule->rivals[i];
        const struct rs_known_cause *cause = rs_knowledge_cause(explain->knowledge, rival->cause);

        rs_layout_rowf(&explain->layout, i ? "" : "  or else", 4, "%s [%s]%s%s",
                       cause ? cause->title : "", rival->cause, rival->test ? "; to tell: " : "",
                       rival->test ? rival->test : "");
    }
}

gboolean
rs_explain_rule(struct rs_explain *explain, const char *id)
{
    const struct rs_rule *rule = rs_rules_find(explain->ruleset, id);
    const struct rs_known_cause *cause;
    g_autoptr(GString) codes = g_string_new(NULL);
    g_autofree char *explains = NULL;

    if (!rule)
        return FALSE;
    cause = rs_knowledge_cause(explain->knowledge, rule->cause);
    write_title(explain, rule->id, rule->says ? rule->says : "");
    rs_layout_rowf(&explain->layout, "  cause", 0, "%s [%s]", cause ? cause->title : "",
                   rule->cause);
    rs_layout_rowf(&explain->layout, "  severity", 0, "%s, confidence %s",
                   rs_rules_severity(rule->severity), rs_rules_confidence(rule->confidence));
    for (guint i = 0; i < rule->n_codes; i++)
        append_code(codes, i ? rule->codes[i - 1].domain : "", rule->codes[i].domain,
                    rule->codes[i].code);
    if (codes->len)
        rs_layout_row(&explain->layout, "  seen as", 0, codes->str);
    explains = rule->explains ? rs_explain_join(rule->explains) : NULL;
    if (explains && *explains)
        rs_layout_row(&explain->layout, "  explains", 0, explains);
    write_rivals(explain, rule);
    if (cause)
        write_remedies(explain, cause);
    rs_layout_rowf(&explain->layout, "  defined in", 0, "%s:%u", rule->where.file,
                   rule->where.line);
    return TRUE;
}

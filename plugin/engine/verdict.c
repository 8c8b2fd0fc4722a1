/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Ranking findings; the rules of the game are in verdict.h. */
#include "plugin/engine/verdict.h"

#include <string.h>

/* A finding on its way to its place. */
struct item {
    const struct rs_finding *finding;
    struct item *cause;
    gboolean is_candidate;
    enum rs_severity severity;
    guint group;
};

enum group { GROUP_ROOT, GROUP_CONSEQUENCE, GROUP_ERROR, GROUP_WARNING, GROUP_NOTE };

static int
compare_culprits(const struct rs_finding *x, const struct rs_finding *y)
{
    if (x->culprit_time_us != y->culprit_time_us)
        return x->culprit_time_us < y->culprit_time_us ? -1 : 1;
    if (x->culprit_frame != y->culprit_frame)
        return x->culprit_frame < y->culprit_frame ? -1 : 1;
    return strcmp(x->rule->id, y->rule->id);
}

static int
compare_by_culprit(const void *a, const void *b)
{
    const struct item *x = *(struct item *const *)a;
    const struct item *y = *(struct item *const *)b;

    return compare_culprits(x->finding, y->finding);
}

static int
compare_by_group(const void *a, const void *b)
{
    const struct item *x = *(struct item *const *)a;
    const struct item *y = *(struct item *const *)b;

    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    return compare_culprits(x->finding, y->finding);
}

static gboolean
rule_explains(const struct rs_rule *rule, const char *id)
{
    for (const char *const *name = rule->explains; *name != NULL; name++) {
        gsize length = strlen(*name);

        if ((*name)[length - 1] == '*' ? strncmp(*name, id, length - 1) == 0
                                       : strcmp(*name, id) == 0)
            return TRUE;
    }
    return FALSE;
}

static gboolean
is_same_session(const struct rs_finding *a, const struct rs_finding *b)
{
    return a->session[0] == '\0' || b->session[0] == '\0' || strcmp(a->session, b->session) == 0;
}

static gboolean
explains(const struct item *a, const struct item *b)
{
    return a->finding->rule != b->finding->rule && (a->is_candidate || !b->is_candidate) &&
           a->finding->culprit_time_us <= b->finding->fired_time_us &&
           rule_explains(a->finding->rule, b->finding->rule->id) &&
           is_same_session(a->finding, b->finding);
}

gboolean
rs_verdict_covers(const struct rs_finding *a, const struct rs_finding *b)
{
    if (a->rule == b->rule || a->recovered || !rule_explains(a->rule, b->rule->id))
        return FALSE;
    for (guint i = 0; i < a->evidence->len; i++)
        if (((const struct rs_evidence *)g_ptr_array_index(a->evidence, i))->frame ==
            b->culprit_frame)
            return TRUE;
    return FALSE;
}

/* TRUE when the chain of causes of `from` already leads to `to`. */
static gboolean
leads_to(const struct item *from, const struct item *to)
{
    for (; from != NULL; from = from->cause)
        if (from == to)
            return TRUE;
    return FALSE;
}

static gboolean
may_cause(const struct item *cause, const struct item *item)
{
    return explains(cause, item) && !leads_to(cause, item);
}

/* items are in order of culprits; the nearest cause of number i. */
static struct item *
find_cause(const GPtrArray *items, guint n, guint i)
{
    const struct item *item = g_ptr_array_index(items, i);

    for (guint j = i; j-- > 0;)
        if (may_cause(g_ptr_array_index(items, j), item))
            return g_ptr_array_index(items, j);
    for (guint j = i + 1; j < n; j++)
        if (may_cause(g_ptr_array_index(items, j), item))
            return g_ptr_array_index(items, j);
    return NULL;
}

/* From the last to the first, so that in a circle the first is the one left without a cause. */
static void
find_causes(GPtrArray *items)
{
    guint n = MIN(items->len, (guint)RS_MAX_RANKED);

    for (guint i = n; i-- > 0;) {
        struct item *item = g_ptr_array_index(items, i);

        item->cause = find_cause(items, n, i);
    }
}

static struct item *
find_root(const GPtrArray *items)
{
    struct item *weak = NULL;

    for (guint i = 0; i < items->len; i++) {
        struct item *item = g_ptr_array_index(items, i);

        if (!item->is_candidate || item->cause != NULL)
            continue;
        if (item->finding->confidence > RS_LOW)
            return item;
        if (weak == NULL)
            weak = item;
    }
    return weak;
}

static void
place(struct item *item, const struct item *root, gboolean completed)
{
    item->severity = item->finding->rule->severity;
    if (completed || item->finding->recovered)
        item->severity = RS_NOTE;
    else if (item->cause != NULL)
        item->severity = MIN(item->severity, RS_WARNING);

    if (item == root)
        item->group = GROUP_ROOT;
    else if (root != NULL && item->is_candidate && leads_to(item, root))
        item->group = GROUP_CONSEQUENCE;
    else
        item->group = (guint)(GROUP_NOTE - (int)item->severity);
}

static struct item *
new_item(const struct rs_finding *finding, gboolean completed)
{
    struct item *item = g_new0(struct item, 1);

    item->finding = finding;
    item->is_candidate = finding->rule->severity >= RS_ERROR && !finding->recovered && !completed;
    return item;
}

static struct rs_ranked *
new_ranked(const struct item *item)
{
    struct rs_ranked *ranked = g_new0(struct rs_ranked, 1);

    ranked->finding = item->finding;
    ranked->consequence_of = item->cause != NULL ? item->cause->finding : NULL;
    ranked->severity = item->severity;
    return ranked;
}

GPtrArray *
rs_verdict_rank(const GPtrArray *findings, gboolean completed, gboolean *ret_has_root)
{
    g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func(g_free);
    GPtrArray *ranked = g_ptr_array_new_with_free_func(g_free);
    const struct item *root;

    for (guint i = 0; i < findings->len; i++)
        g_ptr_array_add(items, new_item(g_ptr_array_index(findings, i), completed));
    g_ptr_array_sort(items, compare_by_culprit);
    find_causes(items);
    root = find_root(items);
    for (guint i = 0; i < items->len; i++)
        place(g_ptr_array_index(items, i), root, completed);
    g_ptr_array_sort(items, compare_by_group);
    for (guint i = 0; i < items->len; i++)
        g_ptr_array_add(ranked, new_ranked(g_ptr_array_index(items, i)));
    *ret_has_root = root != NULL;
    return ranked;
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Sentences and groups that several reports share. */
#include "plugin/report/wording.h"

#include "plugin/knowledge/json_get.h"

enum { FRAMES_MAX = 8 }; /* of one sentence; more is noise */

static const struct {
    const char *name;
    const char *text;
} outcomes[] = {
    { "completed", "the restore completed" },
    { "failed", "the restore failed" },
    { "cut-short", "the capture ends before the restore does" },
    { "no-restore", "no restore traffic" },
};

const char *
rs_wording_outcome(JsonObject *report)
{
    const char *name = rs_json_string(report, "outcome");

    for (gsize i = 0; i < G_N_ELEMENTS(outcomes); i++) {
        if (g_str_equal(outcomes[i].name, name))
            return outcomes[i].text;
    }
    return outcomes[G_N_ELEMENTS(outcomes) - 1].text;
}

char *
rs_wording_place(JsonObject *report)
{
    JsonObject *root = rs_json_object(report, "root");
    const char *phase = rs_json_string(root, "phase");
    GString *out = g_string_new(NULL);

    if (*phase)
        g_string_append_printf(out, " in phase '%s'", phase);
    if (root)
        g_string_append_printf(out, ", %.1f s into the capture", rs_json_double(root, "time_s"));
    return g_string_free(out, FALSE);
}

/* Whose attempt it is, where they are of several devices. */
static const char *
device_of_attempt(JsonArray *attempts, guint index)
{
    JsonObject *own = rs_json_object(rs_json_object_at(attempts, index), "device");

    for (guint i = 0; i < rs_json_length(attempts); i++) {
        JsonObject *other = rs_json_object(rs_json_object_at(attempts, i), "device");

        if (!g_str_equal(rs_json_string(other, "ecid"), rs_json_string(own, "ecid")))
            return rs_json_string(own, "ecid");
    }
    return "";
}

char *
rs_wording_attempt(JsonObject *report, guint index)
{
    JsonArray *attempts = rs_json_array(report, "attempts");
    JsonObject *attempt = rs_json_object_at(attempts, index);
    JsonObject *root = rs_json_object(attempt, "root");
    const char *phase = rs_json_string(root, "phase");
    const char *ecid = device_of_attempt(attempts, index);
    GString *out = g_string_new(NULL);

    if (rs_json_length(attempts) < 2)
        return g_string_free(out, FALSE);
    g_string_append_printf(out, "attempt %u of %u%s%s: %s", index + 1, rs_json_length(attempts),
                           *ecid ? ", ECID " : "", ecid,
                           g_str_equal(rs_json_string(attempt, "outcome"), "cut-short")
                               ? "neither completed nor failed"
                               : rs_wording_outcome(attempt));
    if (*phase)
        g_string_append_printf(out, " in phase '%s'", phase);
    g_string_append_printf(out, ", frames %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT ", %.1f s",
                           rs_json_int(attempt, "first_frame"), rs_json_int(attempt, "last_frame"),
                           rs_json_double(attempt, "end_s") - rs_json_double(attempt, "start_s"));
    if (root)
        g_string_append_printf(out, "; frame %" G_GINT64_FORMAT ": %s [%s]",
                               rs_json_int(root, "frame"), rs_json_string(root, "says"),
                               rs_json_string(root, "cause"));
    return g_string_free(out, FALSE);
}

char *
rs_wording_codes(JsonObject *finding)
{
    JsonArray *codes = rs_json_array(finding, "codes");
    const char *before = "";
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < rs_json_length(codes); i++) {
        JsonObject *code = rs_json_object_at(codes, i);
        const char *domain = rs_json_string(code, "domain");
        const gboolean same = g_str_equal(domain, before);
        const char *separator = same ? ", " : "; ";

        g_string_append_printf(text, "%s%s%s%" G_GINT64_FORMAT, i ? separator : "",
                               same ? "" : domain, same ? "" : " ", rs_json_int(code, "code"));
        before = domain;
    }
    return g_string_free(text, FALSE);
}

char *
rs_wording_device(JsonObject *report)
{
    JsonObject *device = rs_json_object(report, "device");
    JsonArray *modes = rs_json_array(device, "modes");
    const char *product = rs_json_string(device, "product");
    const char *ecid = rs_json_string(device, "ecid");
    GString *out = g_string_new(NULL);

    if (!*product && !*ecid && !rs_json_length(modes))
        return g_string_free(out, FALSE);
    g_string_append_printf(out, "%s%s%s", *product ? product : "unknown model",
                           *ecid ? ", ECID " : "", ecid);
    for (guint i = 0; i < rs_json_length(modes); i++)
        g_string_append_printf(out, "%s%s", i ? " -> " : ", mode ", rs_json_string_at(modes, i));
    return g_string_free(out, FALSE);
}

const char *
rs_wording_number(JsonObject *report)
{
    JsonObject *number = rs_json_object(report, "number");
    const gboolean warned = g_str_equal(rs_json_string(number, "fits"), "nothing");

    return warned ? "" : rs_json_string(number, "says");
}

guint
rs_wording_erasing(JsonObject *finding)
{
    const gint64 number = rs_json_int(finding, "first_erasing_remedy");
    const guint n = rs_json_length(rs_json_array(finding, "remedies"));

    return number >= 1 && number <= n ? (guint)number : 0;
}

char *
rs_wording_backup(guint erasing)
{
    return g_strdup_printf("Have a backup before step %u: it erases the device. An update, or "
                           "recovery mode by itself, keeps what is on it.",
                           erasing);
}

static gboolean
is_consequence(JsonObject *finding)
{
    return *rs_json_string(finding, "consequence_of") != '\0';
}

/* Of the report's root: what follows from another attempt's is only seen besides. */
static gboolean
follows(JsonObject *report, JsonObject *finding)
{
    const gint64 own = rs_json_int(rs_json_object(report, "root"), "attempt");
    const gint64 attempt = rs_json_int(finding, "attempt");

    return is_consequence(finding) && (own == 0 || attempt == 0 || attempt == own);
}

static gboolean
same_sentence(JsonObject *a, JsonObject *b)
{
    return g_str_equal(rs_json_string(a, "rule"), rs_json_string(b, "rule")) &&
           g_str_equal(rs_json_string(a, "says"), rs_json_string(b, "says")) &&
           is_consequence(a) == is_consequence(b) &&
           rs_json_int(a, "attempt") == rs_json_int(b, "attempt") &&
           rs_json_bool(a, "recovered") == rs_json_bool(b, "recovered");
}

static void
free_group(gpointer data)
{
    struct rs_wording_group *group = data;

    g_free(group->frames);
    g_free(group);
}

/* The finding at index and those after it that say the same. */
static struct rs_wording_group *
take_group(JsonArray *findings, guint index, gboolean *taken)
{
    struct rs_wording_group *group = g_new0(struct rs_wording_group, 1);
    GString *frames = g_string_new(NULL);

    group->finding = rs_json_object_at(findings, index);
    for (guint i = index; i < rs_json_length(findings); i++) {
        JsonObject *other = rs_json_object_at(findings, i);

        if (taken[i] || !same_sentence(group->finding, other))
            continue;
        taken[i] = TRUE;
        if (group->n++ < FRAMES_MAX)
            g_string_append_printf(frames, "%s%" G_GINT64_FORMAT, group->n > 1 ? ", " : "",
                                   rs_json_int(other, "frame"));
    }
    if (group->n > FRAMES_MAX)
        g_string_append_printf(frames, " and %u more", group->n - FRAMES_MAX);
    group->frames = g_string_free(frames, FALSE);
    return group;
}

GPtrArray *
rs_wording_groups(JsonObject *report, gboolean consequences, guint max, guint *ret_left)
{
    JsonArray *findings = rs_json_array(report, "findings");
    GPtrArray *groups = g_ptr_array_new_with_free_func(free_group);
    g_autofree gboolean *taken = g_new0(gboolean, rs_json_length(findings) + 1);
    guint left = 0;

    for (guint i = rs_json_object(report, "root") ? 1 : 0; i < rs_json_length(findings); i++) {
        if (taken[i] || follows(report, rs_json_object_at(findings, i)) != consequences)
            continue;
        if (groups->len < max)
            g_ptr_array_add(groups, take_group(findings, i, taken));
        else
            left++;
    }
    *ret_left = left;
    return groups;
}

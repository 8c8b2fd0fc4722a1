/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The number that the user was shown, held against what a capture shows. A number fits a finding
 * when the finding's rule lists it, or when the finding's cause is a likely one of the number in
 * knowledge/errors.json. It contradicts nothing unless each of its meanings has causes. */
#include "plugin/cli/seen_code.h"

#include "plugin/cli/cli.h"
#include "plugin/cli/code_number.h"
#include "plugin/cli/unseen.h"
#include "plugin/knowledge/json_get.h"

enum { MEANINGS_TOLD = 2, MEANING_MAX = 90 };

struct rs_seen_code {
    const rs_knowledge *knowledge;
    gint64 number;
    char *domain;      /* or NULL: any */
    GPtrArray *codes;  /* const struct rs_known_code *: what it may stand for */
    char *label;       /* "3004", "TSS 94" */
    gboolean silenced; /* one of its meanings says nothing of a cause */
};

/* Where a domain is missing, people mean one of the numbers that people get to see. */
static void
keep_visible(GPtrArray *codes)
{
    gboolean any = FALSE;

    for (guint i = 0; i < codes->len; i++)
        any = any || ((const struct rs_known_code *)g_ptr_array_index(codes, i))->user_visible;
    for (guint i = codes->len; any && i-- > 0;) {
        if (!((const struct rs_known_code *)g_ptr_array_index(codes, i))->user_visible)
            g_ptr_array_remove_index(codes, i);
    }
}

/* Adds what a number means in one domain. */
static void
add_code(rs_seen_code *seen, const char *domain, gint64 number)
{
    g_autoptr(GPtrArray) codes = rs_knowledge_codes(seen->knowledge, number);

    for (guint i = 0; i < codes->len; i++) {
        const struct rs_known_code *code = g_ptr_array_index(codes, i);

        if (g_str_equal(code->id.domain, domain))
            g_ptr_array_add(seen->codes, g_ptr_array_index(codes, i));
    }
}

static void
add_origins(rs_seen_code *seen)
{
    struct rs_code_origin origins[RS_ORIGINS_MAX];
    const guint n = rs_code_origins(seen->number, origins);

    for (guint i = 0; i < n; i++) {
        if (!seen->domain || g_str_equal(seen->domain, origins[i].domain))
            add_code(seen, origins[i].origin_domain, origins[i].origin_code);
    }
}

static gboolean
says_nothing(const struct rs_known_code *code)
{
    const char *const *cause = code->causes;

    return !*cause || g_strv_contains(cause, "unknown");
}

static void
look_up(rs_seen_code *seen)
{
    seen->codes = rs_knowledge_codes(seen->knowledge, seen->number);
    for (guint i = seen->codes->len; seen->domain && i-- > 0;) {
        const struct rs_known_code *code = g_ptr_array_index(seen->codes, i);

        if (!g_str_equal(code->id.domain, seen->domain))
            g_ptr_array_remove_index(seen->codes, i);
    }
    if (!seen->domain)
        keep_visible(seen->codes);
    add_origins(seen);
    for (guint i = 0; i < seen->codes->len; i++)
        seen->silenced = seen->silenced || says_nothing(g_ptr_array_index(seen->codes, i));
}

/* As the knowledge spells it; NULL when no code has it. */
static const char *
find_domain(const rs_knowledge *knowledge, const char *name)
{
    for (guint i = 0; i < rs_knowledge_n_codes(knowledge); i++) {
        const char *domain = rs_knowledge_code_at(knowledge, i)->id.domain;

        if (g_ascii_strcasecmp(domain, name) == 0)
            return domain;
    }
    return NULL;
}

rs_seen_code *
rs_seen_code_new(const rs_knowledge *knowledge, const char *text, GError **error)
{
    g_autoptr(rs_seen_code) seen = g_new0(rs_seen_code, 1);
    const char *colon = strrchr(text, ':');
    g_autofree char *name = colon ? g_strndup(text, (gsize)(colon - text)) : NULL;

    seen->knowledge = knowledge;
    if (!rs_code_parse(colon ? colon + 1 : text, &seen->number)) {
        g_set_error(error, RS_CLI_ERROR, RS_EXIT_USAGE, "'%s' is no number", text);
        return NULL;
    }
    seen->domain = g_strdup(name ? find_domain(knowledge, name) : NULL);
    if (name && !seen->domain) {
        g_set_error(error, RS_CLI_ERROR, RS_EXIT_USAGE, "'%s' is no domain of known codes", name);
        return NULL;
    }
    seen->label = g_strdup_printf("%s%s%" G_GINT64_FORMAT, seen->domain ? seen->domain : "",
                                  seen->domain ? " " : "", seen->number);
    look_up(seen);
    return g_steal_pointer(&seen);
}

void
rs_seen_code_free(rs_seen_code *seen)
{
    if (!seen)
        return;
    g_clear_pointer(&seen->codes, g_ptr_array_unref);
    g_free(seen->domain);
    g_free(seen->label);
    g_free(seen);
}

static gboolean
fits_cause(const rs_seen_code *seen, const char *cause)
{
    if (g_str_equal(cause, "unknown"))
        return FALSE;
    for (guint i = 0; *cause && i < seen->codes->len; i++) {
        const struct rs_known_code *code = g_ptr_array_index(seen->codes, i);

        if (g_strv_contains(code->causes, cause))
            return TRUE;
    }
    return FALSE;
}

/* Does the finding's rule list the number, or what is behind it? */
static gboolean
is_listed(const rs_seen_code *seen, JsonObject *finding)
{
    JsonArray *codes = rs_json_array(finding, "codes");

    for (guint i = 0; i < rs_json_length(codes); i++) {
        JsonObject *pair = rs_json_object_at(codes, i);
        const char *domain = rs_json_string(pair, "domain");
        const gint64 number = rs_json_int(pair, "code");

        if (number == seen->number && (!seen->domain || g_str_equal(domain, seen->domain)))
            return TRUE;
        for (guint j = 0; j < seen->codes->len; j++) {
            const struct rs_known_code *code = g_ptr_array_index(seen->codes, j);

            if (code->id.code == number && g_str_equal(code->id.domain, domain))
                return TRUE;
        }
    }
    return FALSE;
}

/* Moves the rivals that the number speaks for to the front; the first of them, or NULL. */
static JsonObject *
rank_rivals(const rs_seen_code *seen, JsonObject *finding)
{
    JsonArray *rivals = rs_json_array(finding, "rivals");
    JsonArray *ranked = json_array_new();
    guint n_fitting = 0;

    for (int fitting = 1; fitting >= 0; fitting--) {
        for (guint i = 0; i < rs_json_length(rivals); i++) {
            const char *cause = rs_json_string(rs_json_object_at(rivals, i), "cause");

            if (fits_cause(seen, cause) != fitting)
                continue;
            json_array_add_element(ranked, json_array_dup_element(rivals, i));
            n_fitting += (guint)fitting;
        }
    }
    json_object_set_array_member(finding, "rivals", ranked);
    return n_fitting ? rs_json_object_at(ranked, 0) : NULL;
}

/* The first finding but the root that the number fits: those whose rule lists it before others. */
static JsonObject *
fitting_finding(const rs_seen_code *seen, JsonObject *report)
{
    JsonArray *findings = rs_json_array(report, "findings");

    for (int listed = 1; listed >= 0; listed--) {
        for (guint i = rs_json_object(report, "root") ? 1 : 0; i < rs_json_length(findings); i++) {
            JsonObject *finding = rs_json_object_at(findings, i);

            if (listed ? is_listed(seen, finding)
                       : fits_cause(seen, rs_json_string(finding, "cause")))
                return finding;
        }
    }
    return NULL;
}

/* "\"Signing server not reachable\" (AMRestoreErrorDomain) or ..." */
static char *
meanings(const rs_seen_code *seen)
{
    GString *out = g_string_new(NULL);

    for (guint i = 0; i < MIN(seen->codes->len, MEANINGS_TOLD); i++) {
        const struct rs_known_code *code = g_ptr_array_index(seen->codes, i);
        const char *stop = strstr(code->meaning, ". ");
        const gsize all = strlen(code->meaning);
        const gsize length = stop ? (gsize)(stop - code->meaning)
                                  : all - (g_str_has_suffix(code->meaning, ".") ? 1 : 0);
        const glong n_chars = g_utf8_strlen(code->meaning, (gssize)length);
        g_autofree char *text = g_utf8_substring(code->meaning, 0, MIN(n_chars, MEANING_MAX));

        g_string_append_printf(out, "%s\"%s%s\" (%s)", i ? " or " : "", text,
                               n_chars > MEANING_MAX ? "\xe2\x80\xa6" : "", code->id.domain);
    }
    return g_string_free(out, FALSE);
}

static char *
word_rival(const rs_seen_code *seen, JsonObject *root, JsonObject *rival)
{
    const char *title = rs_json_string(rival, "title");

    return g_strdup_printf("%s is not known from the cause [%s], but from its rival%s%s [%s]",
                           seen->label, rs_json_string(root, "cause"), *title ? " " : "", title,
                           rs_json_string(rival, "cause"));
}

static char *
word_finding(const rs_seen_code *seen, JsonObject *finding)
{
    const char *of = rs_json_string(finding, "consequence_of");

    return g_strdup_printf("%s fits what frame %" G_GINT64_FORMAT " shows [%s]%s", seen->label,
                           rs_json_int(finding, "frame"), rs_json_string(finding, "rule"),
                           *of ? ", which follows from something earlier" : "");
}

/* What the number stands for is not there: that is told, not made a verdict of. */
static char *
word_contradiction(const rs_seen_code *seen, JsonObject *report)
{
    g_autofree char *stands_for = meanings(seen);
    const gboolean whole = !g_str_equal(rs_json_string(report, "outcome"), "cut-short");

    return g_strdup_printf("the number %s stands for %s, and nothing of that is in the capture%s",
                           seen->label, stands_for,
                           whole ? "" : ", which ends before the restore does");
}

static char *
word_silence(const rs_seen_code *seen)
{
    return seen->codes->len ? g_strdup_printf("%s does not say which cause it has", seen->label)
                            : g_strdup_printf("%s is no known number", seen->label);
}

struct judgement {
    const char *fits;
    char *says;
};

static struct judgement
judge(const rs_seen_code *seen, JsonObject *report)
{
    JsonObject *root = rs_json_object(report, "root");
    JsonObject *rival = root ? rank_rivals(seen, root) : NULL;
    JsonObject *finding = fitting_finding(seen, report);

    if (root && is_listed(seen, root))
        return (struct judgement){ "root",
                                   g_strdup_printf("%s is how this fault is shown", seen->label) };
    if (root && fits_cause(seen, rs_json_string(root, "cause")))
        return (struct judgement){ "root",
                                   g_strdup_printf("%s is known from this cause", seen->label) };
    if (rival)
        return (struct judgement){ "rival", word_rival(seen, root, rival) };
    if (finding)
        return (struct judgement){ "finding", word_finding(seen, finding) };
    if (!seen->codes->len || seen->silenced)
        return (struct judgement){ "unknown", word_silence(seen) };
    if (root && g_str_equal(rs_json_string(root, "cause"), "unknown"))
        return (struct judgement){ "unknown",
                                   g_strdup_printf("%s may be how this fault, whose cause is not "
                                                   "known, is shown",
                                                   seen->label) };
    return (struct judgement){ "nothing", word_contradiction(seen, report) };
}

void
rs_seen_code_apply(const rs_seen_code *seen, JsonObject *report)
{
    const struct judgement judgement = judge(seen, report);
    JsonObject *number = json_object_new();
    JsonArray *findings = rs_json_array(report, "findings");
    JsonArray *warnings = rs_json_array(report, "warnings");

    /* findings begin with a copy of the root */
    if (rs_json_object(report, "root") && rs_json_length(findings))
        rank_rivals(seen, rs_json_object_at(findings, 0));
    if (seen->domain)
        json_object_set_string_member(number, "domain", seen->domain);
    else
        json_object_set_null_member(number, "domain");
    json_object_set_int_member(number, "code", seen->number);
    json_object_set_string_member(number, "fits", judgement.fits);
    json_object_set_string_member(number, "says", judgement.says);
    json_object_set_object_member(report, "number", number);
    if (g_str_equal(judgement.fits, "nothing") && warnings)
        json_array_add_string_element(warnings, judgement.says);
    if (g_str_equal(judgement.fits, "nothing") || g_str_equal(judgement.fits, "unknown"))
        rs_unseen_of_number(seen->knowledge, seen->label, seen->codes, report);
    g_free(judgement.says);
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Explains numbers: in every domain they mean something in, for the number alone says little. */
#include "plugin/cli/code_number.h"
#include "plugin/cli/explain.h"

static void
write_head(struct rs_explain *explain, const struct rs_known_code *code)
{
    GString *out = explain->layout.out;
    g_autofree char *names = rs_explain_join(code->names);
    g_autofree char *head =
        g_strdup_printf("%s %" G_GINT64_FORMAT "%s%s%s", code->id.domain, code->id.code,
                        *code->hex ? " (" : "", code->hex, *code->hex ? ")" : "");

    if (out->len)
        g_string_append_c(out, '\n');
    rs_layout_ink(&explain->layout, RS_BOLD, head);
    if (*names)
        g_string_append_printf(out, ": %s", names);
    g_string_append_c(out, '\n');
}

static void
write_causes(struct rs_explain *explain, const struct rs_known_code *code)
{
    const char *label = "  likely causes";

    for (const char *const *id = code->causes; *id; id++) {
        const struct rs_known_cause *cause = rs_knowledge_cause(explain->knowledge, *id);

        rs_layout_rowf(&explain->layout, label, 4, "%s [%s]", cause ? cause->title : "", *id);
        label = "";
    }
}

static void
write_code(struct rs_explain *explain, const struct rs_known_code *code)
{
    g_autofree char *sources = rs_explain_join(code->sources);

    write_head(explain, code);
    rs_layout_row(&explain->layout, "  means", 0, code->meaning);
    if (!g_str_equal(code->phase, "unknown"))
        rs_layout_row(&explain->layout, "  phase", 0, code->phase);
    if (*code->hint)
        rs_layout_row(&explain->layout, "  on the wire", 0, code->hint);
    if (*code->advice)
        rs_layout_row(&explain->layout, "  Apple says", 0, code->advice);
    write_causes(explain, code);
    rs_layout_rowf(&explain->layout, "  confidence", 0, "%s%s", code->confidence,
                   code->user_visible ? "; a number users get to see" : "");
    rs_layout_row(&explain->layout, "  sources", 0, sources);
}

/* MobileDevice's errors are 0xE80000nn. */
#define MOBILE_DEVICE 0xE8000000U

static gboolean
write_origins(struct rs_explain *explain, gint64 code)
{
    struct rs_code_origin origins[RS_ORIGINS_MAX];
    const guint n = rs_code_origins(code, origins);
    gboolean known = FALSE;

    for (guint i = 0; i < n; i++) {
        const struct rs_known_code *origin =
            rs_knowledge_code(explain->knowledge, origins[i].origin_domain, origins[i].origin_code);
        GString *out = explain->layout.out;

        if (!origin)
            continue;
        known = TRUE;
        g_string_append_printf(out, "%s%s %" G_GINT64_FORMAT " = %s %" G_GINT64_FORMAT ":\n",
                               out->len ? "\n" : "", origins[i].domain, code, origins[i].how,
                               origin->id.code);
        write_code(explain, origin);
    }
    return known;
}

/* How the number is made, though nobody says what its parts mean. */
static void
write_sums(GString *out, const char *domain, gint64 code)
{
    struct rs_code_origin origins[RS_ORIGINS_MAX];
    const guint n = rs_code_origins(code, origins);
    const guint32 bits = (guint32)code;

    for (guint i = 0; i < n; i++) {
        if (g_str_equal(origins[i].domain, domain))
            g_string_append_printf(out, "  it is %s %" G_GINT64_FORMAT "\n", origins[i].how,
                                   origins[i].origin_code);
    }
    if (code < 0 && bits >= MOBILE_DEVICE && bits <= MOBILE_DEVICE + G_MAXUINT16)
        g_string_append_printf(out, "  it is 0x%08X = 0x%08X + %u\n", bits, MOBILE_DEVICE,
                               bits - MOBILE_DEVICE);
}

/* Nobody lists the number, but a domain may say what its neighbourhood is about. */
static gboolean
write_ranges(struct rs_explain *explain, gint64 code)
{
    GString *out = explain->layout.out;
    gboolean known = FALSE;

    for (guint i = 0; i < rs_knowledge_n_ranges(explain->knowledge); i++) {
        const struct rs_known_range *range = rs_knowledge_range_at(explain->knowledge, i);

        if (code < range->from || code > range->to)
            continue;
        known = TRUE;
        g_string_append_printf(out, "%s%s %" G_GINT64_FORMAT, out->len ? "\n" : "", range->domain,
                               code);
        g_string_append_printf(
            out, ": not listed; %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT " are: %s\n",
            range->from, range->to, range->what);
        write_sums(out, range->domain, code);
    }
    return known;
}

gboolean
rs_explain_number(struct rs_explain *explain, gint64 code)
{
    g_autoptr(GPtrArray) codes = rs_knowledge_codes(explain->knowledge, code);
    gboolean known = codes->len > 0;

    for (guint i = 0; i < codes->len; i++)
        write_code(explain, g_ptr_array_index(codes, i));
    known = write_origins(explain, code) || known;
    return known || write_ranges(explain, code);
}

/* Names may carry a remark: "Verification Error (label in ...)". */
gboolean
rs_explain_has_name(const struct rs_known_code *code, const char *name)
{
    const gsize length = strlen(name);

    for (const char *const *known = code->names; *known; known++) {
        if (length > 0 && g_ascii_strncasecmp(*known, name, length) == 0 &&
            ((*known)[length] == '\0' || (*known)[length] == ' '))
            return TRUE;
    }
    return FALSE;
}

gboolean
rs_explain_code_name(struct rs_explain *explain, const char *name)
{
    gboolean found = FALSE;

    for (guint i = 0; i < rs_knowledge_n_codes(explain->knowledge); i++) {
        const struct rs_known_code *code = rs_knowledge_code_at(explain->knowledge, i);

        if (rs_explain_has_name(code, name)) {
            write_code(explain, code);
            found = TRUE;
        }
    }
    return found;
}

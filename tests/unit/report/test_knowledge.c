/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The knowledge base: complete, consistent in itself, and looked up right. */
#include <glib/gstdio.h>

#include "plugin/knowledge/knowledge.h"

enum { CODES = 593, CAUSES = 82 };

static rs_knowledge *
load(void)
{
    g_autoptr(GError) error = NULL;
    rs_knowledge *knowledge = rs_knowledge_new(RS_ERRORS_JSON, &error);

    g_assert_no_error(error);
    return knowledge;
}

/* No code and no cause got lost. */
static void
test_counts(void)
{
    g_autoptr(rs_knowledge) knowledge = load();

    g_assert_cmpuint(rs_knowledge_n_codes(knowledge), ==, CODES);
    g_assert_cmpuint(rs_knowledge_n_causes(knowledge), ==, CAUSES);
    g_assert_cmpuint(rs_knowledge_n_ranges(knowledge), ==, 11);
}

/* A pair of domain and number is one code, and can be found. */
static void
test_pairs_unique(void)
{
    g_autoptr(rs_knowledge) knowledge = load();

    for (guint i = 0; i < rs_knowledge_n_codes(knowledge); i++) {
        const struct rs_known_code *code = rs_knowledge_code_at(knowledge, i);

        g_assert_true(rs_knowledge_code(knowledge, code->id.domain, code->id.code) == code);
        g_assert_cmpstr(code->meaning, !=, "");
        g_assert_nonnull(code->names[0]);
        g_assert_nonnull(code->sources[0]);
    }
}

/* Codes name causes and causes name codes that exist. */
static void
test_references(void)
{
    g_autoptr(rs_knowledge) knowledge = load();

    for (guint i = 0; i < rs_knowledge_n_codes(knowledge); i++) {
        for (const char *const *id = rs_knowledge_code_at(knowledge, i)->causes; *id; id++)
            g_assert_nonnull(rs_knowledge_cause(knowledge, *id));
    }
    for (guint i = 0; i < rs_knowledge_n_causes(knowledge); i++) {
        const struct rs_known_cause *cause = rs_knowledge_cause_at(knowledge, i);

        g_assert_true(rs_knowledge_cause(knowledge, cause->id) == cause);
        g_assert_cmpstr(cause->title, !=, "");
        g_assert_cmpstr(cause->evidence, !=, "");
        g_assert_nonnull(cause->remedies[0]);
        for (guint k = 0; k < cause->n_codes; k++)
            g_assert_nonnull(
                rs_knowledge_code(knowledge, cause->codes[k].domain, cause->codes[k].code));
    }
}

/* A number alone is ambiguous: 1009 means other things to the device than to the network. */
static void
test_ambiguous_number(void)
{
    g_autoptr(rs_knowledge) knowledge = load();
    g_autoptr(GPtrArray) both = rs_knowledge_codes(knowledge, 1009);
    g_autoptr(GPtrArray) signing = rs_knowledge_codes(knowledge, 94);
    g_autoptr(GPtrArray) none = rs_knowledge_codes(knowledge, 123456789);

    g_assert_cmpuint(both->len, >=, 1);
    g_assert_cmpuint(signing->len, >=, 1);
    g_assert_cmpuint(none->len, ==, 0);
    g_assert_nonnull(rs_knowledge_code(knowledge, "AMRestoreErrorDomain", 1009));
    g_assert_nonnull(rs_knowledge_code(knowledge, "NSURLErrorDomain", -1009));
    g_assert_null(rs_knowledge_code(knowledge, "AMRestoreErrorDomain", -1009));
    g_assert_null(rs_knowledge_code(knowledge, "no such domain", 1009));
    g_assert_null(rs_knowledge_cause(knowledge, "no-such-cause"));
}

/* 32-bit codes are kept signed, with the number people see beside it. */
static void
test_hex(void)
{
    g_autoptr(rs_knowledge) knowledge = load();
    g_autoptr(GPtrArray) codes = rs_knowledge_codes(knowledge, -402653163);

    g_assert_cmpuint(codes->len, ==, 1);
    g_assert_cmpstr(((const struct rs_known_code *)codes->pdata[0])->hex, ==, "0xE8000015");
}

static void
assert_refused(const char *text)
{
    g_autofree char *path = NULL;
    g_autoptr(GError) error = NULL;
    const int fd = g_file_open_tmp("knowledge-XXXXXX.json", &path, NULL);

    g_assert_cmpint(fd, >=, 0);
    g_close(fd, NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    g_assert_null(rs_knowledge_new(path, &error));
    g_assert_nonnull(error);
    g_unlink(path);
}

/* What is no knowledge base is refused, and odd shapes in one end nothing. */
static void
test_refused(void)
{
    g_autoptr(GError) error = NULL;

    assert_refused("");
    assert_refused("[]");
    assert_refused("{\"schema\":");
    assert_refused("{\"schema\":\"restorescope.knowledge/1\"}");
    assert_refused("{\"schema\":\"restorescope.knowledge/2\",\"codes\":[{}],\"causes\":[{}]}");
    assert_refused("{\"schema\":7,\"codes\":[3,null,{\"code\":\"x\",\"names\":5}],"
                   "\"causes\":[{\"id\":\"a\",\"codes\":[[\"d\",{}],[1],7,[]]}]}");
    g_assert_null(rs_knowledge_new("/nonexistent/errors.json", &error));
    g_assert_nonnull(error);
}

/* Every remedy whose words say that it erases comes with a warning: it, or one before it, is the
 * first that erases. What is marked exists. */
static void
test_erasing(void)
{
    static const char *const words[] = { "Erase ",      "erase",         "DFU restore",
                                         "Restore to",  "Restore in",    "Restore from",
                                         "Restore the", "restore again", "Restore again" };
    g_autoptr(rs_knowledge) knowledge = load();

    for (guint i = 0; i < rs_knowledge_n_causes(knowledge); i++) {
        const struct rs_known_cause *cause = rs_knowledge_cause_at(knowledge, i);
        const guint first = cause->first_erasing_remedy;
        guint n = 0;

        for (; cause->remedies[n]; n++) {
            for (gsize j = 0; j < G_N_ELEMENTS(words); j++) {
                if (strstr(cause->remedies[n], words[j]) && (first == 0 || first > n + 1))
                    g_error("%s: '%s' erases without a warning", cause->id, cause->remedies[n]);
            }
        }
        g_assert_cmpuint(first, <=, n);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/knowledge/counts", test_counts);
    g_test_add_func("/knowledge/pairs-unique", test_pairs_unique);
    g_test_add_func("/knowledge/references", test_references);
    g_test_add_func("/knowledge/ambiguous-number", test_ambiguous_number);
    g_test_add_func("/knowledge/hex", test_hex);
    g_test_add_func("/knowledge/refused", test_refused);
    g_test_add_func("/knowledge/erasing", test_erasing);
    return g_test_run();
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Reading and linking rules: what is read, and that every mistake is named with its place. */
#include <glib/gstdio.h>
#include <string.h>

#include "plugin/engine/ruleset.h"
#include "plugin/engine/ruleset_lines.h"
#include "tests/unit/engine/fixture.h"

static gboolean
add(rs_ruleset *rs, const char *file, const char *text, GError **error)
{
    return rs_ruleset_add_text(rs, file, text, strlen(text), error);
}

/* A text that must be refused, while being read or linked, with this message. */
static void
assert_refused(const char *text, gsize length, const char *message)
{
    g_autoptr(rs_ruleset) rs = rs_ruleset_new();
    g_autoptr(GError) error = NULL;

    if (rs_ruleset_add_text(rs, "f", text, length, &error))
        g_assert_false(rs_ruleset_link(rs, &error));
    g_assert_nonnull(error);
    g_assert_cmpstr(error->message, ==, message);
    g_assert_true(error->domain == RS_RULES_ERROR);
}

#define EVENT_A "[event a]\nfilter = tcp\nby = k\n"

/* Everything an event can say. */
static void
test_event(void)
{
    g_autoptr(rs_ruleset) rs = rs_ruleset_new();
    g_autoptr(GError) error = NULL;
    const struct rs_event_def *event;
    g_autofree char *fields = NULL;

    add(rs, "x.rules",
        "# a comment\n\n"
        "[event signing.syn]   # a header may have one\n"
        "filter = tcp.flags.syn==1 &&\n"
        "         # in between\n"
        "         frame contains \"a # b\"   # not in quotes\n"
        "by = tcp.stream\n"
        "with   = ip.dst, tcp.dstport,\r\n"
        "\ttcp.stream, restore.phase\n"
        "frame = frame.ref\n"
        "says = SYN to {ip.dst}:{tcp.dstport}\n"
        "[event bare]\nfilter = usb",
        &error);
    g_assert_no_error(error);
    g_assert_true(rs_ruleset_link(rs, &error));
    g_assert_cmpuint(rs_ruleset_n_events(rs), ==, 2);
    event = rs_ruleset_event(rs, 0);
    g_assert_cmpstr(event->name, ==, "signing.syn");
    g_assert_cmpstr(event->filter, ==, "tcp.flags.syn==1 && frame contains \"a # b\"");
    g_assert_cmpstr(event->says, ==, "SYN to {ip.dst}:{tcp.dstport}");
    g_assert_cmpstr(event->by[0], ==, "tcp.stream");
    g_assert_null(event->by[1]);
    fields = g_strjoinv(" ", (char **)(gsize)event->fields);
    g_assert_cmpstr(fields, ==,
                    "tcp.stream ip.dst tcp.dstport restore.phase frame.ref restore.session "
                    "restore.device.mode restore.device");
    g_assert_cmpuint(event->n_fields, ==, 8);
    g_assert_cmpstr(event->frame, ==, "frame.ref");
    g_assert_cmpstr(event->where.file, ==, "x.rules");
    g_assert_cmpuint(event->where.line, ==, 4);
    g_assert_cmpuint(event->where.column, ==, 10);
    event = rs_ruleset_event(rs, 1);
    g_assert_null(event->by[0]);
    g_assert_null(event->frame);
    g_assert_null(event->says);
    g_assert_cmpuint(event->index, ==, 1);
}

/* Everything a rule says to the outside. */
static void
test_rule(void)
{
    g_autoptr(rs_ruleset) rs = rs_ruleset_new();
    g_autoptr(GError) error = NULL;
    const struct rs_rule *rule;

    add(rs, "x.rules",
        EVENT_A "[rule one]\nsequence = a\ncause = cable\n"
                "[rule two]\n"
                "sequence   = a, !a within 5min\n"
                "cause      = bad-usb-connection\n"
                "severity   = warning\n"
                "confidence = high\n"
                "codes      = AMRestoreErrorDomain:4005; Some: Domain (x.y):-5\n"
                "rivals     = reboot \"say \\\"hi\\\"; #1\";\n"
                "             hub \"other port\"\n"
                "explains   = one, t*\n"
                "says       = {k}\n",
        &error);
    g_assert_no_error(error);
    g_assert_true(rs_ruleset_link(rs, &error));
    g_assert_cmpuint(rs_ruleset_n_rules(rs), ==, 2);
    rule = rs_ruleset_rule(rs, 0);
    g_assert_cmpint(rule->severity, ==, RS_ERROR);
    g_assert_cmpint(rule->confidence, ==, RS_MEDIUM);
    g_assert_null(rule->explains[0]);
    g_assert_null(rule->says);
    rule = rs_ruleset_rule(rs, 1);
    g_assert_cmpstr(rule->id, ==, "two");
    g_assert_cmpstr(rule->cause, ==, "bad-usb-connection");
    g_assert_cmpint(rule->severity, ==, RS_WARNING);
    g_assert_cmpint(rule->confidence, ==, RS_HIGH);
    g_assert_cmpuint(rule->n_codes, ==, 2);
    g_assert_cmpstr(rule->codes[0].domain, ==, "AMRestoreErrorDomain");
    g_assert_cmpint(rule->codes[0].code, ==, 4005);
    g_assert_cmpstr(rule->codes[1].domain, ==, "Some: Domain (x.y)");
    g_assert_cmpint(rule->codes[1].code, ==, -5);
    g_assert_cmpuint(rule->n_rivals, ==, 2);
    g_assert_cmpstr(rule->rivals[0].cause, ==, "reboot");
    g_assert_cmpstr(rule->rivals[0].test, ==, "say \"hi\"; #1");
    g_assert_cmpstr(rule->rivals[1].test, ==, "other port");
    g_assert_cmpstr(rule->explains[0], ==, "one");
    g_assert_cmpstr(rule->explains[1], ==, "t*");
    g_assert_null(rule->explains[2]);
    g_assert_cmpuint(rule->index, ==, 1);
    g_assert_cmpuint(rule->where.line, ==, 7);
}

/* A later text replaces what it names again, in its place; rules that use it see the new one. */
/* A byte of a filter, or a field, leads back to where it stood. */
static void
test_filter_where(void)
{
    static const char text[] = "[event e]\n"
                               "filter = a == 1 &&   # why\n"
                               "    \xc3\xa4 == 2\n"
                               "by = k,\n"
                               "  v\n";
    g_autoptr(rs_ruleset) ruleset = rs_ruleset_new();
    const struct rs_event_def *event;
    struct rs_where where;

    g_assert_true(rs_ruleset_add_text(ruleset, "f", text, strlen(text), NULL));
    event = rs_ruleset_event(ruleset, 0);
    where = rs_event_filter_where(event, 5);
    g_assert_cmpuint(where.line * 100 + where.column, ==, 215);
    where = rs_event_filter_where(event, strlen("a == 1 && \xc3\xa4 "));
    g_assert_cmpuint(where.line * 100 + where.column, ==, 307);
    where = rs_event_filter_where(event, 10000);
    g_assert_cmpuint(where.line * 100 + where.column, ==, 311);
    where = rs_event_field_where(event, 1);
    g_assert_cmpuint(where.line * 100 + where.column, ==, 503);
    where = rs_event_field_where(event, 2);
    g_assert_cmpuint(where.line * 100 + where.column, ==, 210);
}

/* The words that a key chooses from. */
static void
test_choices(void)
{
    static const struct {
        const char *body;
        enum rs_severity severity;
        enum rs_confidence confidence;
    } choices[] = {
        { "sequence = a\nseverity = note\nconfidence = low\n", RS_NOTE, RS_LOW },
        { "sequence = a\nseverity = warning\nconfidence = medium\n", RS_WARNING, RS_MEDIUM },
        { "sequence = a\nseverity = error\nconfidence = high\n", RS_ERROR, RS_HIGH },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(choices); i++) {
        g_autoptr(fixture) f = fixture_rule(choices[i].body);
        const struct rs_rule *rule = rs_ruleset_rule(f->ruleset, 0);

        g_assert_cmpint(rule->severity, ==, choices[i].severity);
        g_assert_cmpint(rule->confidence, ==, choices[i].confidence);
    }
}

static void
test_replace(void)
{
    g_autoptr(rs_ruleset) rs = rs_ruleset_new();
    g_autoptr(GError) error = NULL;

    g_assert_true(
        add(rs, "1", EVENT_A "[event b]\nfilter = b\n[rule r]\nsequence = a\ncause = x\n", &error));
    g_assert_true(
        add(rs, "2", "[event a]\nfilter = new\n[rule r]\nsequence = b\ncause = y\n", &error));
    g_assert_true(rs_ruleset_link(rs, &error));
    g_assert_cmpuint(rs_ruleset_n_events(rs), ==, 2);
    g_assert_cmpstr(rs_ruleset_event(rs, 0)->filter, ==, "new");
    g_assert_cmpuint(rs_ruleset_event(rs, 0)->index, ==, 0);
    g_assert_cmpuint(rs_ruleset_n_rules(rs), ==, 1);
    g_assert_cmpstr(rs_ruleset_rule(rs, 0)->cause, ==, "y");
}

/* Lines that are no stanza. */
static void
test_bad_lines(void)
{
    static const struct {
        const char *text, *message;
    } cases[] = {
        { "x = 1\n", "f:1:1: a key before the first '[kind name]'" },
        { "  x\n", "f:1:3: an indented line that continues nothing" },
        { "[event a]\n  x\n", "f:2:3: an indented line that continues nothing" },
        { "[event a]\nfilter\n", "f:2:7: expected 'key = value' or '[kind name]'" },
        { "[event a]\n= x\n", "f:2:1: expected 'key = value' or '[kind name]'" },
        { "[event a]\nfilter = \n\nby = k\n", "f:2:1: 'filter' has no value" },
        { "[event a]\nfilter = # none\n", "f:2:1: 'filter' has no value" },
        { "[event a]\nfilter = x\nby = k\nfilter = y\n",
          "f:4:1: 'filter' is given twice; first on line 2" },
        { "[event a\n", "f:1:9: expected ']'" },
        { "[event]\n", "f:1:7: expected a name" },
        { "[]\n", "f:1:2: expected 'event' or 'rule'" },
        { "[event a] b\n", "f:1:11: text after ']'" },
        { "[events a]\n", "f:1:2: unknown stanza 'events'; expected 'event' or 'rule'" },
        { EVENT_A "[event a]\nfilter = x\n", "f:4:8: event 'a' is defined twice; first on line 1" },
        { EVENT_A "[rule r]\nsequence = a\ncause = c\n[rule r]\n",
          "f:7:7: rule 'r' is defined twice; first on line 4" },
        { "[event a]\nfilter = \xc3\xa4\xff\n", "f:2:11: not UTF-8" },
        { "[event a]\nfilter = \x01\n", "f:2:10: a control character or NUL byte" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        assert_refused(cases[i].text, strlen(cases[i].text), cases[i].message);
    assert_refused("[event a]\0\n", 11, "f:1:10: a control character or NUL byte");
}

/* Values that cannot be read: the column is that of the word at fault, on its own line. */
static void
test_bad_values(void)
{
    static const struct {
        const char *key, *message;
    } cases[] = {
        { "sequence = !a", "f:6:12: a sequence cannot begin with an absence" },
        { "sequence = a within 5s", "f:6:14: the first step needs a count (xN) for its 'within'" },
        { "sequence = a, !b x3", "f:6:18: an absence cannot be counted" },
        { "sequence = a,", "f:6:14: expected an event" },
        { "sequence = a b", "f:6:14: unexpected 'b'" },
        { "sequence = a,\n  !b within\n  never",
          "f:8:3: expected a time such as 500ms, 21s or 5min, at most 24h" },
        { "sequence = a, b within 0s",
          "f:6:24: expected a time such as 500ms, 21s or 5min, at most 24h" },
        { "sequence = a, b within 25h",
          "f:6:24: expected a time such as 500ms, 21s or 5min, at most 24h" },
        { "sequence = a, b within 21",
          "f:6:24: expected a time such as 500ms, 21s or 5min, at most 24h" },
        { "sequence = a, b within 99999999999999999999s",
          "f:6:24: expected a time such as 500ms, 21s or 5min, at most 24h" },
        { "sequence = a x0", "f:6:15: expected a number from 1 to 255" },
        { "sequence = a x256", "f:6:15: expected a number from 1 to 255" },
        { "sequence = a, \xc3\xa4", "f:6:15: expected an event" },
        { "sequence = a\nby = none, k", "f:7:10: unexpected ', k'" },
        { "sequence = a\nuntil = b within 5s", "f:7:11: unexpected 'within 5s'" },
        { "sequence = a\nunless = b", "f:7:11: expected 'before', 'later' or 'within'" },
        { "sequence = a\nunless = b later 5s", "f:7:18: unexpected '5s'" },
        { "sequence = a\nunless = b later by", "f:7:20: expected a field or 'none'" },
        { "sequence = a\nculprit = a second", "f:7:13: unexpected 'second'" },
        { "sequence = a\nphase = asr,,", "f:7:13: expected a name" },
        { "sequence = a\nseverity = fatal", "f:7:12: expected 'note' or 'warning' or 'error'" },
        { "sequence = a\nconfidence = sure", "f:7:14: expected 'low' or 'medium' or 'high'" },
        { "sequence = a\nflush = maybe", "f:7:9: expected 'no' or 'yes'" },
        { "sequence = a\nflush = after x",
          "f:7:15: expected a time such as 500ms, 21s or 5min, at most 24h" },
        { "sequence = a\nmax = many", "f:7:7: expected a number from 1 to 255" },
        { "sequence = a\ncodes = 4005", "f:7:9: expected 'domain:code'" },
        { "sequence = a\ncodes = :4005", "f:7:9: expected 'domain:code'" },
        { "sequence = a\ncodes = A:1; B:x", "f:7:16: expected a code after ':'" },
        { "sequence = a\ncodes = A:1 2", "f:7:11: expected a code after ':'" },
        { "sequence = a\nrivals = hub", "f:7:13: expected a \"text\"" },
        { "sequence = a\nrivals = hub \"x", "f:7:14: a text without its closing '\"'" },
        { "sequence = a\nsays = {k", "f:7:8: '{' without its '}'" },
        { "sequence = a\nsays = {}", "f:7:9: expected a field name after '{'" },
        { "sequence = a\nsays = x}", "f:7:9: '}' without its '{'" },
        { "sequence = a\nsays = {k|{}", "f:7:8: '{' without its '}'" },
        { "sequence = a\nexplains = *", "f:7:12: expected a rule" },
        { "sequence = a\nfilter = a", "f:7:1: unknown key 'filter' in a rule" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text =
            g_strconcat(EVENT_A "[rule r]\ncause = c\n", cases[i].key, "\n", NULL);
        assert_refused(text, strlen(text), cases[i].message);
    }
}

static void
test_missing_keys(void)
{
    static const struct {
        const char *text, *message;
    } cases[] = {
        { "[event a]\nby = k\n", "f:1:8: event 'a' has no 'filter'" },
        { "[event a]\nfilter = x\nframe = k, v\n", "f:3:9: 'frame' takes one field" },
        { "[event a]\nfilter = x\ncause = c\n", "f:3:1: unknown key 'cause' in an event" },
        { "[rule r]\ncause = c\n", "f:1:7: rule 'r' has no 'sequence'" },
        { EVENT_A "[rule r]\nsequence = a\n", "f:4:7: rule 'r' has no 'cause'" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
        assert_refused(cases[i].text, strlen(cases[i].text), cases[i].message);
}

/* Names that do not exist, or that an event does not carry. */
static void
test_bad_references(void)
{
    static const struct {
        const char *keys, *message;
    } cases[] = {
        { "sequence = x", "f:9:12: unknown event 'x'" },
        { "sequence = a, !b | x within 5s", "f:9:20: unknown event 'x'" },
        { "sequence = a\nuntil = x", "f:10:9: unknown event 'x'" },
        { "sequence = a\nunless = x later", "f:10:10: unknown event 'x'" },
        { "sequence = a\nculprit = b",
          "f:10:11: the culprit 'b' is not an event that the sequence waits for" },
        { "sequence = a, !b within 1s\nculprit = b",
          "f:10:11: the culprit 'b' is not an event that the sequence waits for" },
        { "sequence = a, b\nby = k, v", "f:10:9: event 'a' does not carry 'v'" },
        { "sequence = a, n",
          "f:9:15: event 'n' is keyed by 0 fields, 'a' by 1; give the rule a 'by'" },
        { "sequence = a\nuntil = n",
          "f:10:9: event 'n' is keyed by 0 fields, 'a' by 1; give the rule a 'by'" },
        { "sequence = a\nunless = b later by v", "f:10:21: event 'a' does not carry 'v'" },
        { "sequence = b\nunless = a later by v", "f:10:21: event 'a' does not carry 'v'" },
        { "sequence = a\nsays = x {v}", "f:10:11: no event of the sequence carries 'v'" },
        { "sequence = a, !b within 1s\nsays = {v}",
          "f:10:9: no event of the sequence carries 'v'" },
        { "sequence = a\nexplains = r", "f:10:12: a rule cannot explain itself" },
        { "sequence = a\nexplains = r*, q", "f:10:16: unknown rule 'q'" },
        { "sequence = a\nexplains = q*", "f:10:12: unknown rule 'q*'" },
        { "sequence = a, !b\nflush = no",
          "f:9:16: '!b' without 'within' never fires with 'flush = no' and no 'until'" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        /* The rule's keys begin on line 9. */
        g_autofree char *text =
            g_strconcat("[event a]\nfilter = x\nby = k\n[event b]\nfilter = x\nby = k\n"
                        "with = v\n[rule r]\n",
                        cases[i].keys, "\ncause = c\n[event n]\nfilter = x\n", NULL);

        assert_refused(text, strlen(text), cases[i].message);
    }
    assert_refused("[event a]\nfilter = x\nsays = {v}\n", 32,
                   "f:3:9: event 'a' does not carry 'v'");
    assert_refused("[event a]\nfilter = x\nsays = {count}\n", 36,
                   "f:3:9: event 'a' does not carry 'count'");
}

/* Sizes: a line, a file, keys, steps, and the stanzas of a ruleset. */
static void
test_limits(void)
{
    g_autofree char *line = g_strnfill(RS_MAX_LINE + 1, '#');
    g_autofree char *file = g_strnfill(RS_MAX_TEXT + 1, '\n');
    g_autoptr(rs_ruleset) rs = rs_ruleset_new();
    g_autoptr(GString) text = g_string_new(EVENT_A "[rule r]\ncause = c\nsequence = a");
    g_autoptr(GString) keys = g_string_new("[event a]\n");
    g_autoptr(GString) many = g_string_new(NULL);
    g_autoptr(GError) error = NULL;

    assert_refused(line, RS_MAX_LINE + 1, "f:1:4097: the line is longer than 4096 bytes");
    g_assert_true(rs_ruleset_add_text(rs, "f", line, RS_MAX_LINE, &error));
    assert_refused(file, RS_MAX_TEXT + 1, "f:1:1: the file is larger than 1048576 bytes");
    g_assert_true(rs_ruleset_add_text(rs, "f", file, RS_MAX_TEXT, &error));
    for (int i = 0; i < 16; i++)
        g_string_append(text, ", a");
    assert_refused(text->str, text->len, "f:6:59: more than 16 steps");
    g_string_assign(text, EVENT_A "[rule r]\ncause = c\nsequence = a");
    for (int i = 0; i < 16; i++)
        g_string_append(text, "|a");
    assert_refused(text->str, text->len, "f:6:44: more than 16 events");
    g_string_assign(text, EVENT_A "with = v");
    for (int i = 0; i < 64; i++)
        g_string_append(text, ",v");
    assert_refused(text->str, text->len, "f:4:136: more than 64 names in a list");
    for (int i = 0; i < 33; i++)
        g_string_append_printf(keys, "k%d = x\n", i);
    assert_refused(keys->str, keys->len, "f:34:1: too many keys in one stanza");
    for (int i = 0; i < 1025; i++)
        g_string_append_printf(many, "[event e%d]\nfilter = x\n", i);
    assert_refused(many->str, many->len, "f:2049:8: more than 1024 events");
}

/* Every prefix of a good text is read or refused, and nothing else. */
static void
test_prefixes(void)
{
    const char *text = EVENT_A "[rule r]\nsequence = a x2 within 5s, !a | a within 1min,\n a\n"
                               "unless = a before within 5s by k, a later by none\n"
                               "until = a\nculprit = a last\nphase = asr, !fdr\n"
                               "rivals = x \"y\"\ncodes = A b:-5\nsays = {k|x} {elapsed}\n"
                               "explains = r*\ncause = c\n";

    for (gsize length = 0; length <= strlen(text); length++) {
        g_autofree char *exact = g_memdup2(text, length);
        g_autoptr(rs_ruleset) rs = rs_ruleset_new();
        g_autoptr(GError) error = NULL;
        gboolean good =
            rs_ruleset_add_text(rs, "f", exact, length, &error) && rs_ruleset_link(rs, &error);

        g_assert_true(good == (error == NULL));
        if (length == strlen(text))
            g_assert_no_error(error);
    }
}

/* A folder's *.rules in order of name; others are left alone. */
static void
test_dir(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *dir = g_dir_make_tmp("rules-XXXXXX", &error);
    g_autofree char *first = g_build_filename(dir, "10.rules", NULL);
    g_autofree char *second = g_build_filename(dir, "20.rules", NULL);
    g_autofree char *other = g_build_filename(dir, "15.rules.bak", NULL);
    g_autofree char *missing = g_build_filename(dir, "none.rules", NULL);
    g_autofree char *message = NULL;
    g_autoptr(rs_ruleset) rs = rs_ruleset_new();

    g_assert_no_error(error);
    g_assert_true(g_file_set_contents(second, "[event a]\nfilter = two\n", -1, &error));
    g_assert_true(g_file_set_contents(first, "[event a]\nfilter = one\n", -1, &error));
    g_assert_true(g_file_set_contents(other, "nonsense", -1, &error));
    g_assert_true(rs_ruleset_add_dir(rs, dir, &error));
    g_assert_cmpstr(rs_ruleset_event(rs, 0)->filter, ==, "two");
    g_assert_cmpstr(rs_ruleset_event(rs, 0)->where.file, ==, second);

    g_assert_false(rs_ruleset_add_file(rs, missing, &error));
    g_assert_error(error, RS_RULES_ERROR, RS_RULES_ERROR_READ);
    message = g_strdup_printf("cannot read '%s': No such file or directory", missing);
    g_assert_cmpstr(error->message, ==, message);
    g_clear_error(&error);
    g_assert_false(rs_ruleset_add_file(rs, dir, &error));
    g_assert_error(error, RS_RULES_ERROR, RS_RULES_ERROR_READ);
    g_clear_error(&error);
    g_assert_false(rs_ruleset_add_dir(rs, missing, &error));
    g_assert_error(error, RS_RULES_ERROR, RS_RULES_ERROR_READ);
    g_unlink(first);
    g_unlink(second);
    g_unlink(other);
    g_rmdir(dir);
}

static void
test_free_null(void)
{
    g_autoptr(rs_ruleset) rs = rs_ruleset_new();

    rs_ruleset_free(NULL);
    g_assert_cmpuint(rs_ruleset_n_events(rs), ==, 0);
    g_assert_cmpuint(rs_ruleset_n_rules(rs), ==, 0);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/engine/ruleset/event", test_event);
    g_test_add_func("/engine/ruleset/rule", test_rule);
    g_test_add_func("/engine/ruleset/choices", test_choices);
    g_test_add_func("/engine/ruleset/filter-where", test_filter_where);
    g_test_add_func("/engine/ruleset/replace", test_replace);
    g_test_add_func("/engine/ruleset/bad-lines", test_bad_lines);
    g_test_add_func("/engine/ruleset/bad-values", test_bad_values);
    g_test_add_func("/engine/ruleset/missing-keys", test_missing_keys);
    g_test_add_func("/engine/ruleset/bad-references", test_bad_references);
    g_test_add_func("/engine/ruleset/limits", test_limits);
    g_test_add_func("/engine/ruleset/prefixes", test_prefixes);
    g_test_add_func("/engine/ruleset/dir", test_dir);
    g_test_add_func("/engine/ruleset/free-null", test_free_null);
    return g_test_run();
}

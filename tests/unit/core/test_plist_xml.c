/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * XML property lists. The first one is an ASR request as idevicerestore 405fcd1 reads it. */
#include <math.h>
#include <string.h>

#include "tests/unit/core/plist_render.h"

static const char asr[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
    "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n"
    "<plist version=\"1.0\">\n<dict>\n\t<key>Command</key>\n\t<string>OOBData</string>\n"
    "\t<key>OOB Length</key>\n\t<integer>512</integer>\n\t<key>OOB Offset</key>\n"
    "\t<integer>4294967296</integer>\n</dict>\n</plist>\n";

static const char asr_text[] = "{Command=\"OOBData\", OOB Length=512, OOB Offset=4294967296}";

static void
assert_list(const char *xml, const char *expected, enum rs_plist_status expected_status)
{
    enum rs_plist_status status;
    g_autofree char *text = plist_render(xml, strlen(xml), &status);

    g_assert_cmpstr(text, ==, expected);
    g_assert_cmpint(status, ==, expected_status);
}

static void
test_valid(void)
{
    assert_list(asr, asr_text, RS_PLIST_END);
}

/* A prefix gives the same events up to its end and is short, never bad. */
static void
test_prefixes(void)
{
    size_t complete = strlen(asr) - 1; /* the line feed is no part of it */

    for (size_t length = 0; length < complete; length++) {
        enum rs_plist_status status;
        g_autofree char *text = plist_render(asr, length, &status);

        g_assert_cmpint(status, ==, RS_PLIST_SHORT);

        if (g_str_has_suffix(text, ", "))
            text[strlen(text) - 2] = '\0';
        g_assert_true(g_str_has_prefix(asr_text, text));
    }
}

/* What may be missing around the values, and what may stand there. */
static void
test_surroundings(void)
{
    assert_list("<plist><true/></plist>", "true", RS_PLIST_END);
    assert_list("<dict><key>a</key><true/></dict>", "{a=true}", RS_PLIST_END);
    assert_list("<array><false></false></array>garbage", "[false]", RS_PLIST_END);
    assert_list("\xEF\xBB\xBF \n<plist\tversion=\"1.0>\"><!-- > --><array/><!----></plist>", "[]",
                RS_PLIST_END);
    assert_list("<!DOCTYPE plist [ <!ENTITY a \"]>\"> ]><plist><dict/></plist >", "{}",
                RS_PLIST_END);
    assert_list("<plist><array>\x01<true/>\x1F<?x <y> ?><null/></array></plist>", "[true, null]",
                RS_PLIST_END);
}

static void
test_scalars(void)
{
    assert_list("<array><integer> -5 </integer><integer>+7</integer><integer>0x1F</integer>"
                "<integer>18446744073709551615</integer>"
                "<integer>-9223372036854775808</integer></array>",
                "[-5, 7, 31, 18446744073709551615, -9223372036854775808]", RS_PLIST_END);
    assert_list("<array><real>1.5</real><real>-2e3</real><real>.25</real><real>1e400</real>"
                "<real>-inf</real><real>0e9999</real><real>1e-400</real></array>",
                "[1.5, -2000, 0.25, inf, -inf, 0, 0]", RS_PLIST_END);
    assert_list("<array><date>2001-01-01T00:00:00Z</date><date>2024-02-29T12:00:01Z</date>"
                "<date>1970-01-01T00:00:00Z</date></array>",
                "[@0, @730900801, @-978307200]", RS_PLIST_END);
    assert_list("<array><data>AP8Q</data><data>\n\tQU\n\tI=\n</data><data/><string/></array>",
                "[<00ff10>, <4142>, <>, \"\"]", RS_PLIST_END);
}

/* Decimal text becomes the very double the C library makes of it. */
static void
test_real_precision(void)
{
    static const char *const texts[] = { "0.1",
                                         "3.141592653589793",
                                         "123456789.987654321",
                                         "2.2250738585072014e-308",
                                         "1.7976931348623157e308",
                                         "5e-324",
                                         "12345678901234567890123" };

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autofree char *xml = g_strdup_printf("<plist><real>%s</real></plist>", texts[i]);
        g_autofree char *expected = g_strdup_printf("%.17g", g_ascii_strtod(texts[i], NULL));

        assert_list(xml, expected, RS_PLIST_END);
    }
}

static void
test_strings(void)
{
    assert_list("<plist><string>a&lt;b&gt;&amp;&quot;&apos;&#65;&#x1F600;</string></plist>",
                "\"a<b>&\"'A\xF0\x9F\x98\x80\"", RS_PLIST_END);
    assert_list("<plist><string>x<![CDATA[<&amp;]]]>y<!-- < -->z</string></plist>",
                "\"x<&amp;]yz\"", RS_PLIST_END);
    assert_list("<plist><string>&unknown; & &; &#; &#x110000; &#xD800;</string></plist>",
                "\"&unknown; & &; &#; &#x110000; \xEF\xBF\xBD\"", RS_PLIST_END);
    /* A control character as a space, broken UTF-8 as replacement characters. */
    assert_list("<plist><string>a\x01"
                "b\tc\xFF\xC3(\xE2\x82\xAC</string></plist>",
                "\"a b\tc\xEF\xBF\xBD\xEF\xBF\xBD(\xE2\x82\xAC\"", RS_PLIST_END);
}

static void
test_malformed(void)
{
    static const char *const lists[] = {
        "<plist></plist>",
        "<plist/>",
        "<plist><true/><true/></plist>",
        "<plist><dict><true/></dict></plist>",
        "<plist><dict><key>a</key></dict></plist>",
        "<plist><dict><key>a</key><key>b</key></dict></plist>",
        "<plist><array><key>a</key></array></plist>",
        "<plist><array></dict></plist>",
        "<plist></array></plist>",
        "<plist><array>text</array></plist>",
        "<plist><array><!DOCTYPE plist></array></plist>",
        "<plist><unknown/></plist>",
        "<plist><></plist>",
        "<plist><string>a<b></string></plist>",
        "<plist><string>a</integer></plist>",
        "<plist><integer></integer></plist>",
        "<plist><integer>-</integer></plist>",
        "<plist><integer>0x</integer></plist>",
        "<plist><integer>12a</integer></plist>",
        "<plist><integer>18446744073709551616</integer></plist>",
        "<plist><integer>-9223372036854775809</integer></plist>",
        "<plist><real>1.5x</real></plist>",
        "<plist><real>.</real></plist>",
        "<plist><real>1e</real></plist>",
        "<plist><date>2024-13-01T00:00:00Z</date></plist>",
        "<plist><date>2024-00-01T00:00:00Z</date></plist>",
        "<plist><date>2024-01-01 00:00:00Z</date></plist>",
        "<plist><data>A*</data></plist>",
        "<plist><true>1</true></plist>",
        "<plist><plist><true/></plist></plist>",
        "<?xml version=\"1.0\"?>text",
        "<html>",
        "{ a = b; }",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
        enum rs_plist_status status;
        g_autofree char *text = plist_render(lists[i], strlen(lists[i]), &status);

        g_assert_nonnull(text);
        g_assert_cmpint(status, ==, RS_PLIST_BAD);
    }
}

/* Sixty-four containers are read, one more is refused. */
static void
test_depth(void)
{
    for (size_t depth = RS_PLIST_DEPTH_MAX; depth <= RS_PLIST_DEPTH_MAX + 1; depth++) {
        g_autoptr(GString) xml = g_string_new("<plist>");
        enum rs_plist_status status;
        g_autofree char *text = NULL;

        for (size_t i = 0; i < depth; i++)
            g_string_append(xml, "<array>");
        for (size_t i = 0; i < depth; i++)
            g_string_append(xml, "</array>");
        g_string_append(xml, "</plist>");
        text = plist_render(xml->str, xml->len, &status);
        g_assert_cmpint(status, ==, depth == RS_PLIST_DEPTH_MAX ? RS_PLIST_END : RS_PLIST_TOO_DEEP);
    }
}

/* The limit counts every event, the container's two as well. */
static void
test_count(void)
{
    for (size_t extra = 0; extra < 2; extra++) {
        size_t values = RS_PLIST_EVENTS_MAX - 2 + extra, count = 0;
        g_autoptr(GString) xml = g_string_new("<array>");
        struct rs_plist_parser parser;
        struct rs_plist_event event;

        for (size_t i = 0; i < values; i++)
            g_string_append(xml, "<true/>");
        g_string_append(xml, "</array>");
        rs_plist_init(&parser, (const guint8 *)xml->str, xml->len);
        while (rs_plist_next(&parser, &event) == RS_PLIST_OK)
            count++;
        g_assert_cmpint(parser.status, ==, extra == 0 ? RS_PLIST_END : RS_PLIST_TOO_MANY);
        g_assert_cmpuint(count, ==, RS_PLIST_EVENTS_MAX);
    }
}

/* Every event says where its bytes are. */
static void
test_places(void)
{
    static const char xml[] = "<plist><dict><key>k</key><string>v</string></dict></plist>";
    static const char *const places[] = { "<dict>", "<key>k</key>", "<string>v</string>",
                                          "<dict><key>k</key><string>v</string></dict>" };
    static const unsigned depths[] = { 0, 1, 1, 0 };
    struct rs_plist_parser parser;
    struct rs_plist_event event = { 0 };

    rs_plist_init(&parser, (const guint8 *)xml, sizeof xml - 1);
    for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
        g_assert_cmpint(rs_plist_next(&parser, &event), ==, RS_PLIST_OK);
        g_assert_cmpuint(event.length, ==, strlen(places[i]));
        g_assert_true(memcmp(xml + event.offset, places[i], event.length) == 0);
        g_assert_cmpuint(event.depth, ==, depths[i]);
    }
    event.length = 77;
    g_assert_cmpint(rs_plist_next(&parser, &event), ==, RS_PLIST_END);
    g_assert_cmpint(rs_plist_next(&parser, &event), ==, RS_PLIST_END);
    g_assert_cmpuint(event.length, ==, 77); /* untouched */
}

/* A buffer that is too small gets whole characters only. */
static void
test_decode_small(void)
{
    static const char xml[] = "<plist><string>a\xE2\x82\xAC"
                              "b</string></plist>";
    struct rs_plist_parser parser;
    struct rs_plist_event event;

    rs_plist_init(&parser, (const guint8 *)xml, sizeof xml - 1);
    g_assert_cmpint(rs_plist_next(&parser, &event), ==, RS_PLIST_OK);
    for (size_t size = 0; size <= 5; size++) {
        guint8 buffer[6] = { '?', '?', '?', '?', '?', '?' };
        size_t whole = size < 4 ? MIN(size, 1) : size;

        g_assert_cmpuint(rs_plist_decode(&parser, &event, buffer, size), ==, 5);
        g_assert_true(memcmp(buffer,
                             "a\xE2\x82\xAC"
                             "b",
                             whole) == 0);
        g_assert_true(memcmp(buffer + whole, "??????", 6 - whole) == 0);
    }
}

static void
assert_extent(const char *xml, enum rs_status expected, size_t expected_extent)
{
    size_t extent = 12345;

    g_assert_cmpint(rs_plist_xml_extent((const guint8 *)xml, strlen(xml), &extent), ==, expected);
    g_assert_cmpuint(extent, ==, expected == RS_OK ? expected_extent : 12345);
}

static void
test_extent(void)
{
    size_t length = strlen(asr), extent;
    g_autofree char *two = g_strconcat(asr, asr, NULL);

    assert_extent(asr, RS_OK, length);
    assert_extent(two, RS_OK, length);
    for (size_t cut = 0; cut < length - 1; cut++)
        g_assert_cmpint(rs_plist_xml_extent((const guint8 *)asr, cut, &extent), ==, RS_SHORT);
    assert_extent("<plist><!-- </plist> --><string><![CDATA[</plist>]]></string></plist >x", RS_OK,
                  70);
    assert_extent("<plist></plistx></plist>", RS_OK, 24);
    assert_extent("bplist00</plist>", RS_BAD, 0);
    assert_extent("raw bytes</plist>", RS_BAD, 0);
}

static void
test_sniff(void)
{
    static const struct {
        const char *bytes;
        enum rs_plist_format format;
    } rows[] = {
        { "<?xml version", RS_PLIST_XML },
        { "  \n<plist>", RS_PLIST_XML },
        { "<dict>", RS_PLIST_XML },
        { "bplist00", RS_PLIST_BINARY },
        { "bplist0", RS_PLIST_NONE },
        { "bplist15", RS_PLIST_NONE },
        { "", RS_PLIST_NONE },
        { "<html>", RS_PLIST_NONE },
    };

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        g_assert_cmpint(rs_plist_sniff((const guint8 *)rows[i].bytes, strlen(rows[i].bytes)), ==,
                        rows[i].format);
}

/* Time is linear: what would be quadratic takes minutes at this size. */
static void
test_linear(void)
{
    static const char *const pieces[] = {
        "<!--", "<![CDATA[", "<string>", "&", "<", "<?", "<dict>"
    };

    for (size_t i = 0; i < G_N_ELEMENTS(pieces); i++) {
        g_autoptr(GString) xml = g_string_new("<plist><string>");
        enum rs_plist_status status;
        g_autofree char *text = NULL;
        size_t extent;

        while (xml->len < 4 << 20)
            g_string_append(xml, pieces[i]);
        text = plist_render(xml->str, xml->len, &status);
        g_assert_cmpint(status, !=, RS_PLIST_END);
        g_assert_cmpint(rs_plist_xml_extent((const guint8 *)xml->str, xml->len, &extent), ==,
                        RS_SHORT);
    }
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/plist/xml/valid", test_valid);
    g_test_add_func("/plist/xml/prefixes", test_prefixes);
    g_test_add_func("/plist/xml/surroundings", test_surroundings);
    g_test_add_func("/plist/xml/scalars", test_scalars);
    g_test_add_func("/plist/xml/real-precision", test_real_precision);
    g_test_add_func("/plist/xml/strings", test_strings);
    g_test_add_func("/plist/xml/malformed", test_malformed);
    g_test_add_func("/plist/xml/depth", test_depth);
    g_test_add_func("/plist/xml/count", test_count);
    g_test_add_func("/plist/xml/places", test_places);
    g_test_add_func("/plist/xml/decode-small", test_decode_small);
    g_test_add_func("/plist/xml/extent", test_extent);
    g_test_add_func("/plist/sniff", test_sniff);
    g_test_add_func("/plist/xml/linear", test_linear);
    return g_test_run();
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Where an XML property list begins and ends, without parsing it; see plist.h. */
#include <string.h>

#include "dissectors/core/plist_private.h"

enum rs_status
rs_plist_recognise(const uint8_t *bytes, size_t length, enum rs_plist_format *ret_format)
{
    static const char *const starts[] = { "<?xml",  "<!DOCTYPE plist", "<!--",
                                          "<plist", "<dict",           "<array" };
    enum rs_status status = rs_plist_match(bytes, length, 0, "bplist00");
    size_t at = 0;

    *ret_format = RS_PLIST_BINARY;
    if (status != RS_BAD)
        return status;
    *ret_format = RS_PLIST_XML;
    if (rs_plist_match(bytes, length, 0, "\xEF\xBB\xBF") == RS_OK)
        at = 3;
    while (at < length && (bytes[at] == ' ' || (bytes[at] >= '\t' && bytes[at] <= '\r')))
        at++;
    for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++) {
        enum rs_status one = rs_plist_match(bytes, length, at, starts[i]);

        if (one == RS_OK)
            return RS_OK;
        if (one == RS_SHORT)
            status = RS_SHORT;
    }
    return status;
}

enum rs_plist_format
rs_plist_sniff(const uint8_t *bytes, size_t length)
{
    enum rs_plist_format format;

    return rs_plist_recognise(bytes, length, &format) == RS_OK ? format : RS_PLIST_NONE;
}

/* Just after a </plist> whose '<' is at `at`; RS_BAD when this is another tag. */
static enum rs_status
match_end(const uint8_t *bytes, size_t length, size_t at, size_t *ret_end)
{
    enum rs_status status = rs_plist_match(bytes, length, at, "</plist");

    if (status != RS_OK)
        return status;
    at += strlen("</plist");
    while (at < length && rs_plist_is_space(bytes[at]))
        at++;
    if (at == length)
        return RS_SHORT;
    if (bytes[at] != '>')
        return RS_BAD;
    at++;
    if (at < length && bytes[at] == '\n')
        at++;
    *ret_end = at;
    return RS_OK;
}

/* Moves from a '<' past a comment or CDATA section, or past the '<' of anything else. */
static enum rs_status
skip_section(const uint8_t *bytes, size_t length, size_t *at)
{
    if (rs_plist_match(bytes, length, *at, "<!--") == RS_OK) {
        *at += strlen("<!--");
        return rs_plist_skip_past(bytes, length, "-->", at);
    }
    if (rs_plist_match(bytes, length, *at, "<![CDATA[") == RS_OK)
        return rs_plist_skip_past(bytes, length, "]]>", at);
    (*at)++;
    return RS_OK;
}

enum rs_status
rs_plist_xml_extent(const uint8_t *bytes, size_t length, size_t *ret_extent)
{
    enum rs_plist_format format;
    enum rs_status recognised = rs_plist_recognise(bytes, length, &format);
    size_t at = 0;

    if (recognised == RS_OK && format != RS_PLIST_XML)
        return RS_BAD;
    if (recognised != RS_OK)
        return recognised;
    while (at < length) {
        const uint8_t *found = memchr(bytes + at, '<', length - at);
        enum rs_status status;

        if (found == NULL)
            return RS_SHORT;
        at = (size_t)(found - bytes);
        status = match_end(bytes, length, at, ret_extent);
        if (status != RS_BAD)
            return status;
        if (skip_section(bytes, length, &at) != RS_OK)
            return RS_SHORT;
    }
    return RS_SHORT;
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Property lists with their length in front, as lockdownd and restored exchange them
 * (libimobiledevice, src/property_list_service.c). */
#include <plist/plist.h>
#include <string.h>

#include "samples/lab/vphone/mux/mux-priv.h"

enum { PREFIX = 4, PLIST_MAX = 256 * 1024 * 1024 };

struct lab_plist_link {
    void (*got)(void *self, void *plist);
    void *self;
    GByteArray *in;
};

lab_plist_link_t *
lab_plist_link_new(void (*got)(void *self, void *plist), void *self)
{
    lab_plist_link_t *link = g_new0(lab_plist_link_t, 1);

    link->got = got;
    link->self = self;
    link->in = g_byte_array_new();
    return link;
}

void
lab_plist_link_free(lab_plist_link_t *link)
{
    if (!link)
        return;
    g_byte_array_unref(link->in);
    g_free(link);
}

static plist_t
parse(const uint8_t *data, uint32_t length)
{
    plist_t plist = NULL;

    if (length >= 8 && memcmp(data, "bplist00", 8) == 0)
        plist_from_bin((const char *)data, length, &plist);
    else
        plist_from_xml((const char *)data, length, &plist);
    return plist;
}

bool
lab_plist_link_feed(lab_plist_link_t *link, const uint8_t *data, size_t length)
{
    size_t at = 0;

    if (length > PLIST_MAX || link->in->len > PLIST_MAX)
        return false;
    g_byte_array_append(link->in, data, (unsigned)length);
    while (link->in->len - at >= PREFIX) {
        uint32_t size = get_u32(link->in->data + at);

        if (size == 0 || size > PLIST_MAX)
            return false;
        if (link->in->len - at - PREFIX < size)
            break;
        plist_t plist = parse(link->in->data + at + PREFIX, size);
        if (!plist)
            return false;
        link->got(link->self, plist);
        plist_free(plist);
        at += PREFIX + size;
    }
    if (at)
        g_byte_array_remove_range(link->in, 0, (unsigned)at);
    return true;
}

GBytes *
lab_plist_frame(void *plist)
{
    char *xml = NULL;
    uint32_t length = 0;

    plist_to_xml(plist, &xml, &length);
    uint8_t *frame = g_malloc((size_t)PREFIX + length);
    put_u32(frame, length);
    memcpy(frame + PREFIX, xml, length);
    free(xml);
    return g_bytes_new_take(frame, (size_t)PREFIX + length);
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Names a restore asks for, and a few it does not, with their aliases as public name servers give
 * them; the addresses are the lab's own choice. */
#include "samples/lab/apple/names.h"

#include <glib.h>

#define SIGNING_A "17.171.47.81"
#define SIGNING_B "17.171.47.82"
#define CDN "17.253.1.10"
#define GG "17.32.214.5"

/* clang-format off */
static const apple_name_t names[] = {
    { "gs.apple.com",                  "gs.apple.com.akadns.net", NULL, APPLE_SITE_SIGNING },
    { "gs.apple.com.akadns.net",       NULL, SIGNING_A,             APPLE_SITE_SIGNING },
    { "gs.apple.com.v.aaplimg.com",    NULL, SIGNING_B,             APPLE_SITE_SIGNING },
    { "cydia.saurik.com",              NULL, APPLE_FOREIGN_ADDRESS, APPLE_SITE_SIGNING },
    { "gg.apple.com",                  NULL, GG,                    APPLE_SITE_FDR },
    { "skl.apple.com",                 NULL, GG,                    APPLE_SITE_FDR },
    { "ig.apple.com",                  NULL, GG,                    APPLE_SITE_FDR },
    { "updates-http.cdn-apple.com",    NULL, CDN,                   APPLE_SITE_DOWNLOAD },
    { "updates.cdn-apple.com",         NULL, CDN,                   APPLE_SITE_DOWNLOAD },
    { "appldnld.apple.com",            NULL, CDN,                   APPLE_SITE_DOWNLOAD },
    { "secure-appldnld.apple.com",     NULL, CDN,                   APPLE_SITE_DOWNLOAD },
    { "mesu.apple.com",                NULL, CDN,                   APPLE_SITE_DOWNLOAD },
    { "itunes.apple.com",              NULL, CDN,                   APPLE_SITE_DOWNLOAD },
    { "captive.apple.com",             NULL, CDN,                   APPLE_SITE_DOWNLOAD },
    { "api.ipsw.me",                   NULL, APPLE_FOREIGN_ADDRESS, APPLE_SITE_FOREIGN },
    { "www.example.org",               NULL, APPLE_FOREIGN_ADDRESS, APPLE_SITE_FOREIGN },
    { "login.hotel.example",           NULL, APPLE_FOREIGN_ADDRESS, APPLE_SITE_PORTAL },
    { "proxy.example",                 NULL, APPLE_PROXY_ADDRESS,   APPLE_SITE_PROXY },
};
/* clang-format on */

const apple_address_t apple_addresses[] = {
    { SIGNING_A, APPLE_SITE_SIGNING },
    { SIGNING_B, APPLE_SITE_SIGNING },
    { GG, APPLE_SITE_FDR },
    { CDN, APPLE_SITE_DOWNLOAD },
    { APPLE_FOREIGN_ADDRESS, APPLE_SITE_FOREIGN },
    { APPLE_PROXY_ADDRESS, APPLE_SITE_PROXY },
};
const size_t apple_n_addresses = G_N_ELEMENTS(apple_addresses);

const apple_name_t *
apple_name_find(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (g_ascii_strcasecmp(names[i].name, name) == 0)
            return &names[i];
    return NULL;
}

const char *
apple_name_address(const apple_name_t *name)
{
    while (name && name->alias)
        name = apple_name_find(name->alias);
    return name ? name->address : NULL;
}

const char *
apple_site_group(apple_site_t site)
{
    static const char *const groups[] = {
#define X(id, group) group,
        APPLE_SITES(X)
#undef X
    };
    return groups[site];
}

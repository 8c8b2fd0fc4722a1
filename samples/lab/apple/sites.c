/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Sites. Facts about the signing server: libtatsu 60a39f3, src/tss.c. */
#include "samples/lab/apple/sites.h"

#include <string.h>

/* The name in a site's certificate when the client asked for none of its names. */
static const char *
main_name(apple_site_t site)
{
    static const char *const names[APPLE_N_SITES] = {
        [APPLE_SITE_SIGNING] = "gs.apple.com",
        [APPLE_SITE_FDR] = "gg.apple.com",
        [APPLE_SITE_DOWNLOAD] = "updates.cdn-apple.com",
        [APPLE_SITE_FOREIGN] = "www.example.org",
        [APPLE_SITE_PROXY] = "proxy.example",
        [APPLE_SITE_PORTAL] = "login.hotel.example",
    };
    return names[site];
}

static bool
is_apples(const char *address)
{
    return g_str_has_prefix(address, "17.");
}

apple_place_t
apple_place_at(const char *address, const char *host)
{
    const apple_name_t *name = apple_name_find(host);
    apple_place_t place = { APPLE_FOREIGN_ADDRESS, APPLE_SITE_FOREIGN };

    for (size_t i = 0; i < apple_n_addresses; i++)
        if (strcmp(apple_addresses[i].address, address) == 0)
            place = (apple_place_t){ apple_addresses[i].address, apple_addresses[i].site };
    if (name && strcmp(apple_name_address(name), address) == 0)
        place.site = name->site;
    return place;
}

bool
apple_place_find(const char *host, apple_place_t *ret_place)
{
    const apple_name_t *name = apple_name_find(host);
    const char *address = name ? apple_name_address(name) : host;

    for (size_t i = 0; i < apple_n_addresses; i++) {
        if (strcmp(apple_addresses[i].address, address) != 0)
            continue;
        *ret_place = apple_place_at(address, host);
        return true;
    }
    return false;
}

const apple_credentials_t *
apple_place_credentials(const apple_place_t *place, const char *name, apple_certs_t *certs,
                        bool is_expired)
{
    bool is_apple = is_apples(place->address);
    const apple_name_t *known = apple_name_find(name);

    /* The signing server shows the same certificate for its aliases, too. */
    if (!known || strcmp(apple_name_address(known), place->address) != 0 ||
        (place->site == APPLE_SITE_SIGNING && is_apple))
        name = main_name(place->site);
    return apple_certs_for(certs, is_apple ? APPLE_ISSUER_APPLE : APPLE_ISSUER_PUBLIC, name,
                           is_expired);
}

bool
apple_is_signing_request(const apple_http_request_t *request)
{
    return strcmp(request->method, "POST") == 0 &&
           g_str_has_prefix(request->path, "/TSS/controller");
}

apple_answer_t
apple_order_in_path(const char *path)
{
    apple_answer_t answer = { .kind = APPLE_ANSWER_OK };
    g_autofree char *words = g_strdelimit(g_strdup(path), "/", ' ');

    (void)apple_answer_parse(words, &answer);
    return answer;
}

static apple_reply_t *
reply_with_text(const char *type, const char *text)
{
    GByteArray *content = g_byte_array_new();

    g_byte_array_append(content, (const guint8 *)text, (guint)strlen(text));
    return apple_reply_new(200, type, content);
}

static apple_reply_t *
not_found(void)
{
    return apple_reply_page(404, "404 Not Found", "There is nothing here.");
}

static apple_reply_t *
sign(const apple_world_t *world, const apple_tss_request_t *tss)
{
    g_autofree char *text = tss ? apple_tss_sign(tss, world->certs)
                                : apple_tss_refuse(100, "An internal error occurred.");

    return reply_with_text("text/html", text);
}

apple_reply_t *
apple_site_reply(const apple_world_t *world, apple_site_t site, const apple_http_request_t *request,
                 const apple_tss_request_t *tss)
{
    static const char not_eligible[] =
        "STATUS=94&MESSAGE=This device isn't eligible for the requested build.";
    bool is_front = strcmp(request->path, "/") == 0;

    switch (site) {
    case APPLE_SITE_SIGNING:
        return apple_is_signing_request(request) ? sign(world, tss) : not_found();
    case APPLE_SITE_FDR:
        return reply_with_text("application/json", "{\"status\":0}\n");
    case APPLE_SITE_FOREIGN: /* a signing server that signs nothing is one of its pages */
        if (apple_is_signing_request(request))
            return reply_with_text("text/html", not_eligible);
        return is_front ? apple_reply_page(200, "Example", "A page like any other.") : not_found();
    default:
        return apple_reply_page(200, "Welcome", "You are connected.");
    }
}

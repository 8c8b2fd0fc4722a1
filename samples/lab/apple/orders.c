/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Orders. Only the signing server and FDR can be told how to treat a ClientHello; in [fdr] answer
 * both kinds of words may stand. */
#include "samples/lab/apple/orders.h"

#include <arpa/inet.h>
#include <string.h>

/* Kinds of ticket that are looked for in a scenario when it is checked: libtatsu 60a39f3,
 * src/tss.c, and what the updaters of restored ask for. */
static const char *const kinds[] = { "APTicket",        "ApImg4Ticket",    "BBTicket",
                                     "SE,Ticket",       "SE2,Ticket",      "Savage,Ticket",
                                     "Yonkers,Ticket",  "Rap,Ticket",      "BMU,Ticket",
                                     "Baobab,Ticket",   "eUICC,Ticket",    "Timer,Ticket,1",
                                     "Timer,Ticket,2",  "Cryptex1,Ticket", "Wireless1,Ticket",
                                     "Cellular1,Ticket" };

/* The key of a site's answers; NULL for sites nobody gives orders to. */
static const char *
key_of(apple_site_t site)
{
    switch (site) {
    case APPLE_SITE_SIGNING:
        return "answers";
    case APPLE_SITE_FDR:
    case APPLE_SITE_PROXY:
    case APPLE_SITE_PORTAL:
        return "answer";
    default:
        return NULL;
    }
}

apple_answer_order_t
apple_order_answer(apple_settings_t *s, apple_site_t site, const char *kind)
{
    apple_answer_order_t order = { .answer.kind = APPLE_ANSWER_OK };
    const char *group = apple_site_group(site), *key = key_of(site);
    const char *fallback = site == APPLE_SITE_PORTAL ? "html" : "ok";
    g_autofree char *special = g_strdup_printf("%s.%s", key, kind);
    g_autofree char *text = NULL;
    apple_handshake_t handshake;

    if (!key)
        return order;
    if (*kind && apple_settings_get(s, group, special, NULL))
        key = special;
    text = apple_settings_next(s, group, key, fallback);
    if (!apple_answer_parse(text, &order.answer) && !apple_handshake_parse(text, &handshake))
        g_printerr("apple: %s.%s: '%s' is no answer\n", group, key, text);
    if (apple_settings_get(s, group, key, NULL))
        g_snprintf(order.fault, sizeof order.fault, "%s.%s", group, key);
    return order;
}

apple_handshake_order_t
apple_order_handshake(apple_settings_t *s, apple_site_t site)
{
    apple_handshake_order_t order = { .handshake.kind = APPLE_HANDSHAKE_OK };
    g_autofree char *text = NULL;

    if (site == APPLE_SITE_SIGNING) {
        text = apple_settings_next(s, "signing", "tls", "ok");
        g_strlcpy(order.fault, "signing.tls", sizeof order.fault);
        if (!apple_handshake_parse(text, &order.handshake))
            g_printerr("apple: signing.tls: '%s' is no handshake\n", text);
    } else if (site == APPLE_SITE_FDR) {
        g_strlcpy(order.fault, "fdr.answer", sizeof order.fault);
        (void)apple_handshake_parse(apple_settings_get(s, "fdr", "answer", "ok"), &order.handshake);
        /* These two are said to the request. */
        if (order.handshake.kind == APPLE_HANDSHAKE_CLOSE ||
            order.handshake.kind == APPLE_HANDSHAKE_SILENT)
            order.handshake.kind = APPLE_HANDSHAKE_OK;
    }
    return order;
}

bool
apple_order_listens(const apple_settings_t *s, apple_site_t site, unsigned port)
{
    const char *word = "ok";

    if (site == APPLE_SITE_SIGNING)
        word = apple_settings_get(s, "signing", port == 443 ? "tls" : "http", "ok");
    else if (site == APPLE_SITE_FDR && port == 443)
        word = apple_settings_get(s, "fdr", "answer", "ok");
    return strcmp(word, "off") != 0;
}

static bool
is_dns_word(const char *word)
{
    static const char *const words[] = { "ok",     "nxdomain", "servfail", "refused",
                                         "silent", "nodata",   NULL };
    struct in_addr address;

    return g_strv_contains(words, word) ||
           (g_str_has_prefix(word, "address ") &&
            inet_pton(AF_INET, word + strlen("address "), &address) == 1);
}

/* A list of handshakes. */
static bool
are_handshakes(const char *text)
{
    g_auto(GStrv) list = g_strsplit(text, ";", -1);
    apple_handshake_t handshake;

    for (char **entry = list; *entry; entry++)
        if (!apple_handshake_parse(g_strstrip(*entry), &handshake) && (**entry || entry == list))
            return false;
    return list[0] != NULL;
}

static bool
is_fdr_answer(const char *text)
{
    apple_handshake_t handshake;

    return apple_answer_list_ok(text) || apple_handshake_parse(text, &handshake);
}

static bool
check(const lab_scenario_t *scenario, const char *group, const char *key,
      bool (*is_right)(const char *text), GError **error)
{
    const char *text = lab_scenario_get(scenario, group, key, NULL);

    if (!text || is_right(text))
        return true;
    g_set_error(error, LAB_SCENARIO_ERROR, 0, "[%s] %s: '%s' is not understood", group, key, text);
    return false;
}

bool
apple_orders_check(const lab_scenario_t *scenario, GError **error)
{
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autofree char *key = g_strdup_printf("answers.%s", kinds[i]);

        if (!check(scenario, "signing", key, apple_answer_list_ok, error))
            return false;
    }
    return check(scenario, "signing", "answers", apple_answer_list_ok, error) &&
           check(scenario, "signing", "tls", are_handshakes, error) &&
           check(scenario, "network", "dns", is_dns_word, error) &&
           check(scenario, "fdr", "answer", is_fdr_answer, error) &&
           check(scenario, "proxy", "answer", apple_answer_list_ok, error) &&
           check(scenario, "portal", "answer", apple_answer_list_ok, error);
}

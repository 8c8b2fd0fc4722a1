/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What the settings order a site to do: which key is for which site, and whether what stands there
 * can be understood. */
#pragma once

#include "samples/lab/apple/answer.h"
#include "samples/lab/apple/handshake.h"
#include "samples/lab/apple/names.h"
#include "samples/lab/apple/settings.h"

/* `fault` is the key the order stands in ("signing.answers"): the name marks have. "" for what is
 * done without an order. */
typedef struct {
    apple_answer_t answer;
    char fault[64];
} apple_answer_order_t;

typedef struct {
    apple_handshake_t handshake;
    char fault[64];
} apple_handshake_order_t;

/* The order for the next request to `site`; `kind` is the ticket a signing request is about, else
 * "". */
apple_answer_order_t apple_order_answer(apple_settings_t *s, apple_site_t site, const char *kind);
/* The order for the next ClientHello. */
apple_handshake_order_t apple_order_handshake(apple_settings_t *s, apple_site_t site);
/* Whether `site` listens at that port. */
bool apple_order_listens(const apple_settings_t *s, apple_site_t site, unsigned port);

/* False, with `error` set, when something in the scenario is no order. */
bool apple_orders_check(const lab_scenario_t *scenario, GError **error);

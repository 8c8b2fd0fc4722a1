/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The internet of the lab: names, addresses, and which server is behind each. */
#pragma once

#include <stddef.h>

/* X(id, group of the scenario it is configured in) */
#define APPLE_SITES(X)                                                                             \
    X(SIGNING, "signing")                                                                          \
    X(FDR, "fdr")                                                                                  \
    X(DOWNLOAD, "firmware")                                                                        \
    X(FOREIGN, "foreign") /* whoever is not Apple */                                               \
    X(PROXY, "proxy")                                                                              \
    X(PORTAL, "portal")

typedef enum {
#define X(id, group) APPLE_SITE_##id,
    APPLE_SITES(X)
#undef X
        APPLE_N_SITES
} apple_site_t;

typedef struct {
    const char *name;
    const char *alias;   /* the name it is a CNAME of, or NULL */
    const char *address; /* NULL with an alias */
    apple_site_t site;
} apple_name_t;

#define APPLE_DNS_ADDRESS "203.0.113.53"
#define APPLE_PROXY_ADDRESS "203.0.113.80"
#define APPLE_FOREIGN_ADDRESS "203.0.113.99"

/* NULL for names nobody has. Case does not matter. */
const apple_name_t *apple_name_find(const char *name);
/* The address in the end of the aliases. */
const char *apple_name_address(const apple_name_t *name);

typedef struct {
    const char *address;
    apple_site_t site;
} apple_address_t;

/* Every address something listens at, for port 443 and 80 (the proxy: 3128). */
extern const apple_address_t apple_addresses[];
extern const size_t apple_n_addresses;

const char *apple_site_group(apple_site_t site);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Apple's servers: which packets belong to one, by the name that was asked for, by the name TLS or
 * HTTP ask for, or by address. Roles: Apple support document 101555 and the URLs in libtatsu
 * 60a39f3, src/tss.c. */

#include "plugin/tracker/internal.h"

#include <string.h>

#define MAX_HOSTS 4096
#define MAX_STREAMS 65536
#define MAX_CONTACTS 64
#define CONTACT_GAP_US (5 * G_USEC_PER_SEC) /* longer silence parts two contacts */
#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_ACK 0x10

/* A name matches when it is equal, or ends in it after a dot. First match counts. */
static const struct {
    const char *name;
    const char *role;
} roles[] = {
    { "gs.apple.com", "signing" },
    { "gs.apple.com.akadns.net", "signing" },
    { "gs.apple.com.v.aaplimg.com", "signing" },
    { "gg.apple.com", "fdr" },
    { "skl.apple.com", "fdr" },
    { "ig.apple.com", "fdr" },
    { "wkms-public.apple.com", "keys" },
    { "wkms.sd.apple.com", "keys" },
    { "albert.apple.com", "activation" },
    { "humb.apple.com", "activation" },
    { "sq-device.apple.com", "activation" },
    { "tbsc.apple.com", "activation" },
    { "static.ips.apple.com", "activation" },
    { "appldnld.apple.com", "firmware" },
    { "appldnld.apple.com.edgesuite.net", "firmware" },
    { "secure-appldnld.apple.com", "firmware" },
    { "updates-http.cdn-apple.com", "firmware" },
    { "updates.cdn-apple.com", "firmware" },
    { "mesu.apple.com", "catalogue" },
    { "gdmf.apple.com", "catalogue" },
    { "itunes.apple.com", "catalogue" },
    { "api.ipsw.me", "catalogue" },
    { "captive.apple.com", "portal-probe" },
    { "ocsp.apple.com", "certificates" },
    { "ocsp2.apple.com", "certificates" },
    { "crl.apple.com", "certificates" },
    { "certs.apple.com", "certificates" },
    { "valid.apple.com", "certificates" },
    { "time.apple.com", "time" },
    { "xp.apple.com", "telemetry" },
    { "radarsubmissions.apple.com", "telemetry" },
};

/* Signing servers idevicerestore 1.0.0 contacts by address alone (src/tss.c of that version). */
static const char *const signing_addresses[] = { "17.171.36.30", "17.151.36.30" };

struct host_table {
    GPtrArray *all;         /* struct rs_host * */
    GHashTable *by_name;    /* name -> struct rs_host * */
    GHashTable *by_address; /* text -> struct rs_host * */
    GHashTable *by_stream;  /* tcp.stream -> struct rs_host * */
};

static void
host_free(gpointer data)
{
    struct rs_host *host = data;

    g_array_unref(host->contacts);
    g_free(host->name);
    g_free(host);
}

host_table *
host_table_new(void)
{
    host_table *hosts = g_new0(host_table, 1);

    hosts->all = g_ptr_array_new_with_free_func(host_free);
    hosts->by_name = g_hash_table_new(g_str_hash, g_str_equal);
    hosts->by_address = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    hosts->by_stream = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    return hosts;
}

void
host_table_free(host_table *hosts)
{
    if (!hosts)
        return;
    g_hash_table_unref(hosts->by_name);
    g_hash_table_unref(hosts->by_address);
    g_hash_table_unref(hosts->by_stream);
    g_ptr_array_unref(hosts->all);
    g_free(hosts);
}

const GPtrArray *
host_table_all(const host_table *hosts)
{
    return hosts->all;
}

static const char *
role_of(const char *name)
{
    size_t length = strlen(name);

    for (size_t i = 0; i < G_N_ELEMENTS(roles); i++) {
        size_t wanted = strlen(roles[i].name);

        if (length < wanted || g_ascii_strcasecmp(name + length - wanted, roles[i].name) != 0)
            continue;
        if (length == wanted || name[length - wanted - 1] == '.')
            return roles[i].role;
    }
    return NULL;
}

static struct rs_host *
add_host(host_table *hosts, const char *name, const char *role)
{
    struct rs_host *host = g_hash_table_lookup(hosts->by_name, name);

    if (host || hosts->all->len >= MAX_HOSTS)
        return host;
    host = g_new0(struct rs_host, 1);
    host->name = g_ascii_strdown(name, -1);
    host->role = role;
    host->state = "contacted";
    host->contacts = g_array_new(FALSE, TRUE, sizeof(struct rs_contact));
    g_ptr_array_add(hosts->all, host);
    g_hash_table_insert(hosts->by_name, host->name, host);
    return host;
}

/* The host of a name as it stands in DNS, TLS or HTTP, where a port may follow; NULL without a
 * role. */
static struct rs_host *
host_of_name(host_table *hosts, const char *name)
{
    g_autofree char *bare = g_ascii_strdown(name, -1);
    char *colon = strchr(bare, ':');
    const char *role;

    if (colon)
        *colon = '\0';
    role = role_of(bare);
    return role ? add_host(hosts, bare, role) : NULL;
}

static struct rs_host *
host_of_address(host_table *hosts, const char *address)
{
    struct rs_host *host = g_hash_table_lookup(hosts->by_address, address);

    if (host)
        return host;
    for (size_t i = 0; i < G_N_ELEMENTS(signing_addresses); i++)
        if (strcmp(address, signing_addresses[i]) == 0)
            return add_host(hosts, address, "signing");
    return NULL;
}

static struct rs_host *
observe_dns(host_table *hosts, const struct rs_observation *observation)
{
    const struct rs_fact *name = observation_fact(observation, RS_FACT_DNS_NAME);
    const struct rs_fact *response = observation_fact(observation, RS_FACT_DNS_IS_RESPONSE);
    const struct rs_fact *rcode = observation_fact(observation, RS_FACT_DNS_RCODE);
    struct rs_host *host = name && name->text ? host_of_name(hosts, name->text) : NULL;

    if (!host || !response || !response->number)
        return host;
    if (rcode && rcode->number != 0)
        host->state = "unresolved";
    for (guint i = 0; i < observation->n_facts; i++) {
        const struct rs_fact *fact = &observation->facts[i];

        if ((fact->id == RS_FACT_DNS_A || fact->id == RS_FACT_DNS_AAAA) && fact->text &&
            g_hash_table_size(hosts->by_address) < MAX_HOSTS)
            g_hash_table_insert(hosts->by_address, g_strdup(fact->text), host);
    }
    return host;
}

/* The name a TLS ClientHello or an HTTP request gives says more than the address. */
static struct rs_host *
host_named_inside(host_table *hosts, const struct rs_observation *observation)
{
    static const enum rs_fact_id names[] = { RS_FACT_TLS_SERVER_NAME, RS_FACT_HTTP_HOST };

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        const struct rs_fact *fact = observation_fact(observation, names[i]);

        if (fact && fact->text) {
            struct rs_host *host = host_of_name(hosts, fact->text);

            if (host)
                return host;
        }
    }
    return NULL;
}

static struct rs_host *
host_of_stream(host_table *hosts, const struct rs_observation *observation)
{
    const struct rs_net_observation *net = observation->net;
    struct rs_host *host = host_named_inside(hosts, observation);
    gint64 *key;

    if (!host && net->stream >= 0)
        host = g_hash_table_lookup(hosts->by_stream, &net->stream);
    for (size_t i = 0; !host && i < G_N_ELEMENTS(net->addresses); i++)
        if (net->addresses[i])
            host = host_of_address(hosts, net->addresses[i]);
    if (!host || net->stream < 0 || g_hash_table_size(hosts->by_stream) >= MAX_STREAMS)
        return host;
    key = g_new(gint64, 1);
    *key = net->stream;
    g_hash_table_replace(hosts->by_stream, key, host);
    return host;
}

/* Whoever is sent a signing request is a signing server, whatever its name: the tool can be told
 * another. */
static struct rs_host *
host_that_signs(host_table *hosts, const struct rs_observation *observation)
{
    const struct rs_fact *name = observation_fact(observation, RS_FACT_HTTP_HOST);
    struct rs_host *host;
    gint64 *key;

    if (!observation_fact(observation, RS_FACT_TSS_TICKET_KIND) || observation->net->stream < 0 ||
        !observation->net->addresses[1])
        return NULL;
    host = add_host(hosts, name && name->text ? name->text : observation->net->addresses[1],
                    "signing");
    key = g_new(gint64, 1);
    *key = observation->net->stream;
    g_hash_table_replace(hosts->by_stream, key, host);
    return host;
}

static void
update_state(struct rs_host *host, const struct rs_observation *observation)
{
    const struct rs_fact *code = observation_fact(observation, RS_FACT_HTTP_CODE);
    const struct rs_fact *status = observation_fact(observation, RS_FACT_TSS_STATUS);
    const struct rs_fact *record = observation_fact(observation, RS_FACT_TLS_CONTENT_TYPE);
    guint8 flags = observation->net->tcp_flags;

    if (status)
        host->state = status->number == 0 ? "ok" : "failed";
    else if (code)
        host->state = code->number >= 200 && code->number < 300 ? "ok" : "failed";
    else if ((flags & TCP_RST) && strcmp(host->state, "ok") != 0 &&
             strcmp(host->state, "failed") != 0)
        host->state = "refused";
    else if ((flags & (TCP_SYN | TCP_ACK)) == TCP_SYN && strcmp(host->state, "ok") != 0)
        host->state = "unanswered";
    else if ((flags & (TCP_SYN | TCP_ACK)) == (TCP_SYN | TCP_ACK))
        host->state = "connected";
    else if (record && record->number == 23 && strcmp(host->state, "failed") != 0)
        host->state = "ok";
}

/* Where there are too many contacts, the last one grows. */
static void
add_contact(struct rs_host *host, const struct rs_observation *observation)
{
    struct rs_contact *last =
        host->contacts->len
            ? &g_array_index(host->contacts, struct rs_contact, host->contacts->len - 1)
            : NULL;

    if (!last || (observation->time_us - last->end_us > CONTACT_GAP_US &&
                  host->contacts->len < MAX_CONTACTS)) {
        const struct rs_contact fresh = { .first_frame = observation->frame,
                                          .start_us = observation->time_us,
                                          .end_us = observation->time_us };

        g_array_append_val(host->contacts, fresh);
        last = &g_array_index(host->contacts, struct rs_contact, host->contacts->len - 1);
    }
    last->last_frame = observation->frame;
    last->end_us = MAX(last->end_us, observation->time_us);
    last->state = host->state;
}

struct rs_host *
host_table_observe(host_table *hosts, const struct rs_observation *observation)
{
    struct rs_host *host;

    if (!observation->net)
        return NULL;
    host = observe_dns(hosts, observation);
    if (!host) {
        host = host_of_stream(hosts, observation);
        if (!host)
            host = host_that_signs(hosts, observation);
        if (host && observation->net->stream >= 0)
            update_state(host, observation);
    }
    if (host)
        add_contact(host, observation);
    return host;
}

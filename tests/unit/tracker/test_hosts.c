/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Apple's servers: by name, by address, by connection; and names that only look like one. */
#include "tests/unit/tracker/fixture.h"

enum { SYN = 0x02, RST = 0x04, ACK = 0x10 };

#define HERE "192.168.1.2"

/* What role a name gets in a DNS question; a device is on the bus, so that every role counts. */
static const char *
role_of(const char *name)
{
    g_autoptr(bench) b = bench_new();

    attach(b, 1, 5, PID_RECOVERY, NULL);
    dns_query(b, name);
    return b->note.host ? b->note.host->role : NULL;
}

static void
test_roles(void)
{
    static const struct {
        const char *name, *role;
    } table[] = {
        { "gs.apple.com", "signing" },
        { "GS.Apple.COM", "signing" },
        { "eu.gs.apple.com", "signing" },
        { "gs.apple.com.akadns.net", "signing" },
        { "gg.apple.com", "fdr" },
        { "skl.apple.com", "fdr" },
        { "wkms-public.apple.com", "keys" },
        { "albert.apple.com", "activation" },
        { "updates.cdn-apple.com", "firmware" },
        { "mesu.apple.com", "catalogue" },
        { "captive.apple.com", "portal-probe" },
        { "ocsp.apple.com", "certificates" },
        { "time.apple.com", "time" },
    };

    for (gsize i = 0; i < G_N_ELEMENTS(table); i++)
        g_assert_cmpstr(role_of(table[i].name), ==, table[i].role);
}

static void
test_look_alikes(void)
{
    static const char *const names[] = {
        "evilgs.apple.com.example",
        "gs.apple.com.example",
        "evilgs.apple.com",
        "xgs.apple.com",
        "gs.apple.co",
        "gs-apple.com",
        "apple.com",
        "www.apple.com",
        "s.apple.com",
        ".apple.com",
        "",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
        g_assert_cmpstr(role_of(names[i]), ==, NULL);
}

/* A packet is its host's by the address the name led to, and by the connection from then on. */
static void
test_addresses(void)
{
    g_autoptr(bench) b = bench_new();

    attach(b, 1, 5, PID_RECOVERY, NULL);
    segment(b, HERE, "17.1.2.3", 1, SYN, NULL, 0);
    g_assert_false(b->concerned);
    dns_query(b, "gs.apple.com");
    dns_answer(b, "gs.apple.com", "17.1.2.3");
    g_assert_cmpstr(b->note.host->role, ==, "signing");
    segment(b, HERE, "17.1.2.3", 2, SYN, NULL, 0);
    g_assert_cmpstr(b->note.host->name, ==, "gs.apple.com");
    segment(b, "17.1.2.3", HERE, 2, SYN | ACK, NULL, 0);
    g_assert_cmpstr(b->note.host->name, ==, "gs.apple.com");
    segment(b, HERE, "17.1.2.4", 3, SYN, NULL, 0);
    g_assert_false(b->concerned);
    g_assert_null(b->note.host);
}

/* The signing servers a program knows by address need no name. */
static void
test_known_addresses(void)
{
    static const char *const addresses[] = { "17.171.36.30", "17.151.36.30" };

    for (gsize i = 0; i < G_N_ELEMENTS(addresses); i++) {
        g_autoptr(bench) b = bench_new();

        segment(b, HERE, addresses[i], 1, SYN, NULL, 0);
        g_assert_true(b->concerned);
        g_assert_cmpstr(b->note.host->name, ==, addresses[i]);
        g_assert_cmpstr(b->note.host->role, ==, "signing");
    }
}

/* Inside a connection TLS and HTTP say whose it is: a port may follow, and a proxy's address is no
 * matter. */
static void
test_names_inside(void)
{
    static const struct rs_fact connect[] = { { RS_FACT_HTTP_METHOD, "CONNECT", 0 },
                                              { RS_FACT_HTTP_HOST, "gs.apple.com:443", 0 } };
    static const struct rs_fact hello[] = { { RS_FACT_TLS_SERVER_NAME, "gg.apple.com", 0 } };
    static const struct rs_fact other[] = { { RS_FACT_HTTP_HOST, "gs.apple.com.example:443", 0 } };
    g_autoptr(bench) b = bench_new();

    attach(b, 1, 5, PID_RECOVERY, NULL);
    segment(b, HERE, "10.0.0.9", 1, ACK, connect, G_N_ELEMENTS(connect));
    g_assert_cmpstr(b->note.host->name, ==, "gs.apple.com");
    g_assert_cmpstr(b->note.host->role, ==, "signing");
    segment(b, "10.0.0.9", HERE, 1, ACK, NULL, 0);
    g_assert_cmpstr(b->note.host->name, ==, "gs.apple.com");
    segment(b, HERE, "10.0.0.9", 2, ACK, hello, G_N_ELEMENTS(hello));
    g_assert_cmpstr(b->note.host->role, ==, "fdr");
    segment(b, HERE, "10.0.0.9", 3, ACK, other, G_N_ELEMENTS(other));
    g_assert_null(b->note.host);
}

/* Who is sent a signing request signs, whatever its name; else a stranger stays one. */
static void
test_who_signs(void)
{
    static const struct rs_fact request[] = { { RS_FACT_HTTP_HOST, "cache.example", 0 },
                                              { RS_FACT_TSS_TICKET_KIND, "ApImg4Ticket", 0 } };
    g_autoptr(bench) b = bench_new();

    segment(b, HERE, "203.0.113.5", 1, ACK, request, 1);
    g_assert_null(b->note.host);
    segment(b, HERE, "203.0.113.5", 1, ACK, request, G_N_ELEMENTS(request));
    g_assert_cmpstr(b->note.host->name, ==, "cache.example");
    g_assert_cmpstr(b->note.host->role, ==, "signing");
    segment(b, "203.0.113.5", HERE, 1, ACK, NULL, 0);
    g_assert_cmpstr(b->note.host->name, ==, "cache.example");
}

/* Without a device on the bus only what a restore alone asks for is of interest. */
static void
test_without_device(void)
{
    g_autoptr(bench) b = bench_new();

    dns_query(b, "ocsp.apple.com");
    g_assert_false(b->concerned);
    dns_query(b, "updates.cdn-apple.com");
    g_assert_false(b->concerned);
    dns_query(b, "gs.apple.com");
    g_assert_true(b->concerned);
    g_assert_cmpuint(b->note.session, ==, 1);
}

static const char *
state_of(const bench *b, const char *name)
{
    const struct rs_host *host = host_named(b, name);

    return host ? host->state : NULL;
}

static void
test_states(void)
{
    static const struct rs_fact unavailable[] = { { RS_FACT_HTTP_CODE, NULL, 503 } };
    static const struct rs_fact refused[] = { { RS_FACT_HTTP_CODE, NULL, 200 },
                                              { RS_FACT_TSS_STATUS, NULL, 94 } };
    static const struct rs_fact signed_[] = { { RS_FACT_HTTP_CODE, NULL, 200 },
                                              { RS_FACT_TSS_STATUS, NULL, 0 } };
    g_autoptr(bench) b = bench_new();
    const char *name = "gs.apple.com";

    dns_query(b, name);
    g_assert_cmpstr(state_of(b, name), ==, "contacted");
    dns_answer(b, name, NULL);
    g_assert_cmpstr(state_of(b, name), ==, "unresolved");
    dns_answer(b, name, "17.1.2.3");
    segment(b, HERE, "17.1.2.3", 1, SYN, NULL, 0);
    g_assert_cmpstr(state_of(b, name), ==, "unanswered");
    segment(b, "17.1.2.3", HERE, 1, RST | ACK, NULL, 0);
    g_assert_cmpstr(state_of(b, name), ==, "refused");
    segment(b, HERE, "17.1.2.3", 2, SYN, NULL, 0);
    segment(b, "17.1.2.3", HERE, 2, SYN | ACK, NULL, 0);
    g_assert_cmpstr(state_of(b, name), ==, "connected");
    segment(b, "17.1.2.3", HERE, 2, ACK, unavailable, 1);
    g_assert_cmpstr(state_of(b, name), ==, "failed");
    segment(b, "17.1.2.3", HERE, 2, ACK, refused, 2);
    g_assert_cmpstr(state_of(b, name), ==, "failed");
    segment(b, "17.1.2.3", HERE, 2, RST | ACK, NULL, 0);
    g_assert_cmpstr(state_of(b, name), ==, "failed");
    segment(b, "17.1.2.3", HERE, 2, ACK, signed_, 2);
    g_assert_cmpstr(state_of(b, name), ==, "ok");
    segment(b, "17.1.2.3", HERE, 2, RST | ACK, NULL, 0);
    g_assert_cmpstr(state_of(b, name), ==, "ok"); /* a farewell */
}

/* Packets close together are one contact, with the state they left the host in; silence parts. */
static void
test_contacts(void)
{
    g_autoptr(bench) b = bench_new();
    const struct rs_contact *contact;
    const GArray *contacts;
    guint32 first, last;

    dns_query(b, "gs.apple.com");
    first = b->frame;
    dns_answer(b, "gs.apple.com", "17.1.2.3");
    segment(b, HERE, "17.1.2.3", 1, SYN, NULL, 0);
    last = b->frame;
    wait_s(b, 5.5);
    segment(b, "17.1.2.3", HERE, 1, RST | ACK, NULL, 0);
    contacts = host_named(b, "gs.apple.com")->contacts;
    g_assert_cmpuint(contacts->len, ==, 2);
    contact = &g_array_index(contacts, struct rs_contact, 0);
    g_assert_cmpuint(contact->first_frame, ==, first);
    g_assert_cmpuint(contact->last_frame, ==, last);
    g_assert_cmpstr(contact->state, ==, "unanswered");
    contact = &g_array_index(contacts, struct rs_contact, 1);
    g_assert_cmpuint(contact->first_frame, ==, b->frame);
    g_assert_cmpstr(contact->state, ==, "refused");
    for (guint i = 0; i < 1000; i++) {
        wait_s(b, 6);
        segment(b, HERE, "17.1.2.3", 1, SYN, NULL, 0);
    }
    g_assert_cmpuint(contacts->len, ==, 64);
    g_assert_cmpuint(g_array_index(contacts, struct rs_contact, 63).last_frame, ==, b->frame);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/hosts/roles", test_roles);
    g_test_add_func("/hosts/look-alikes", test_look_alikes);
    g_test_add_func("/hosts/addresses", test_addresses);
    g_test_add_func("/hosts/known-addresses", test_known_addresses);
    g_test_add_func("/hosts/names-inside", test_names_inside);
    g_test_add_func("/hosts/who-signs", test_who_signs);
    g_test_add_func("/hosts/without-device", test_without_device);
    g_test_add_func("/hosts/states", test_states);
    g_test_add_func("/hosts/contacts", test_contacts);
    return g_test_run();
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The server's part of a handshake that may go wrong on purpose. Alerts: RFC 5246, section 7.2. */
#include "samples/lab/apple/hello.h"

#include "samples/lab/apple/orders.h"

#define STRANGER "corp-tls-inspection.example"

typedef struct {
    const apple_world_t *world;
    apple_conn_t *conn;
    const apple_place_t *place;
} client_t;

/* A certificate is wrong. No version that would hide it. */
static const apple_credentials_t *
show_wrong(const client_t *c, const apple_handshake_order_t *order, const char *name, bool *tls12)
{
    apple_certs_t *certs = c->world->certs;
    const apple_credentials_t *right = apple_place_credentials(c->place, name, certs, false);
    apple_handshake_kind_t kind = order->handshake.kind;
    const char *what = "a certificate of somebody else";

    *tls12 = true;
    if (kind == APPLE_HANDSHAKE_FOREIGN_ISSUER)
        what = "a certificate of a foreign issuer";
    else if (kind == APPLE_HANDSHAKE_EXPIRED)
        what = "a certificate that has expired";
    apple_conn_mark_frame(c->conn, order->fault, what, "tls.handshake.type == 11");
    if (kind == APPLE_HANDSHAKE_EXPIRED)
        return apple_place_credentials(c->place, name, certs, true);
    return apple_certs_for(certs, APPLE_ISSUER_FOREIGN,
                           kind == APPLE_HANDSHAKE_WRONG_NAME || !right ? STRANGER : right->name,
                           FALSE);
}

static void
say_alert(const client_t *c, const apple_handshake_order_t *order)
{
    enum { ALERT = 21, FATAL = 2 };
    const guint8 record[] = { ALERT, 3, 3, 0, 2, FATAL, (guint8)order->handshake.alert };
    g_autofree char *what = g_strdup_printf("alert %u", order->handshake.alert);

    apple_conn_mark_next(c->conn, order->fault, what);
    apple_conn_send_raw(c->conn, record, sizeof record);
    apple_conn_close(c->conn);
}

/* There is to be no handshake. */
static void
refuse(const client_t *c, const apple_handshake_order_t *order)
{
    switch (order->handshake.kind) {
    case APPLE_HANDSHAKE_ALERT:
        say_alert(c, order);
        break;
    case APPLE_HANDSHAKE_CLOSE:
        apple_conn_mark_close(c->conn, order->fault, "hangs up after the ClientHello");
        apple_conn_close(c->conn);
        break;
    case APPLE_HANDSHAKE_SILENT:
        apple_conn_mark_request(c->conn, order->fault, "silent after the ClientHello");
        apple_conn_deafen(c->conn);
        break;
    default:
        apple_conn_mark_reset(c->conn, order->fault, "reset after the ClientHello");
        apple_conn_reset(c->conn);
        break;
    }
}

const apple_credentials_t *
apple_hello_answer(const apple_world_t *world, apple_conn_t *conn, const apple_place_t *place,
                   const char *name, bool *tls12)
{
    const client_t c = { world, conn, place };
    apple_handshake_order_t order = apple_order_handshake(world->settings, place->site);

    switch (order.handshake.kind) {
    case APPLE_HANDSHAKE_OK:
        return apple_place_credentials(place, name, world->certs, false);
    case APPLE_HANDSHAKE_WRONG_NAME:
    case APPLE_HANDSHAKE_FOREIGN_ISSUER:
    case APPLE_HANDSHAKE_EXPIRED:
        return show_wrong(&c, &order, name, tls12);
    default:
        refuse(&c, &order);
        return NULL;
    }
}

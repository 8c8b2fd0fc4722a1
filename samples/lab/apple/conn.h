/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A TCP connection a client opened, with or without TLS. It knows how many bytes went each way, and
 * so which frame of a capture carries which byte: that is what marks are made of. */
#pragma once

#include "samples/lab/apple/tls.h"
#include "samples/lab/scenario/marks.h"

typedef struct apple_conn apple_conn_t;

/* What is behind a connection. `self` comes from opened() of the listener. */
typedef struct {
    /* There are new bytes in apple_conn_input(); take off the front what is used up. */
    void (*received)(void *self);
    /* Everything queued is with the kernel. */
    void (*drained)(void *self);
    /* See tls.h; only for connections that start TLS. */
    apple_tls_hello_t hello;
    /* The last call: frees `self`. */
    void (*closed)(void *self);
} apple_conn_ops_t;

/* Takes over `fd`. */
apple_conn_t *apple_conn_new(int fd, lab_marks_t *marks);
void apple_conn_serve(apple_conn_t *conn, const apple_conn_ops_t *ops, void *self);
void apple_conn_start_tls(apple_conn_t *conn, apple_tls_context_t *context);

const char *apple_conn_local(const apple_conn_t *conn); /* the address the client asked for */
GByteArray *apple_conn_input(apple_conn_t *conn);
/* Bytes queued and not yet taken by the kernel. */
gsize apple_conn_backlog(const apple_conn_t *conn);

void apple_conn_send(apple_conn_t *conn, const void *data, gsize length);
/* Past TLS: an alert of one's own making. */
void apple_conn_send_raw(apple_conn_t *conn, const void *data, gsize length);
/* All three let nothing more be received. They may be called from within any of the ops. */
void apple_conn_close(apple_conn_t *conn);  /* FIN after what is queued */
void apple_conn_reset(apple_conn_t *conn);  /* RST */
void apple_conn_deafen(apple_conn_t *conn); /* the connection stays, nothing happens on it */

/* Marks. The culprit is the frame with the next byte sent; the one with the last byte received (the
 * end of the request that stays without answer); the RST or FIN that is about to go out. */
void apple_conn_mark_next(apple_conn_t *conn, const char *fault, const char *what);
void apple_conn_mark_request(apple_conn_t *conn, const char *fault, const char *what);
void apple_conn_mark_reset(apple_conn_t *conn, const char *fault, const char *what);
void apple_conn_mark_close(apple_conn_t *conn, const char *fault, const char *what);
/* The first frame the client gets for which `filter` holds. */
void apple_conn_mark_frame(apple_conn_t *conn, const char *fault, const char *what,
                           const char *filter);

/* Ends every connection there is; at the end of the program. */
void apple_conn_free_all(void);

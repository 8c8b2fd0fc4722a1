/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * lockdownd of a phone in normal mode: values, pairing, sessions with TLS. Requests, replies and
 * error names as libimobiledevice's src/lockdown.c knows them. */
#pragma once

#include <plist/plist.h>

#include "samples/lab/vphone/mux/mux.h"

enum { LAB_LOCKDOWN_PORT = 62078 };

extern const lab_service_t lab_lockdownd;

/* ---- lockdownd-values.c ---- */
/* What GetValue without a key tells: a dictionary to be freed with plist_free(). */
plist_t lab_lockdown_values(lab_phone_t *phone);
/* One value, NULL when there is none (MissingValue). To be freed with plist_free(). */
plist_t lab_lockdown_value(lab_phone_t *phone, const char *key);
/* Keeps a copy of a value that a host sets, NULL: no longer. The error's name, or NULL. */
const char *lab_lockdown_set(lab_phone_t *phone, const char *key, plist_t value);
/* Forgets what hosts have set. */
void lab_lockdown_unset_all(lab_phone_t *phone);

/* ---- lockdownd-pair.c ---- */
/* Trusts the host of a pair record from now on. The error's name, or NULL. */
const char *lab_pair(lab_phone_t *phone, plist_t record);
/* NULL when `host_id` is trusted. */
const char *lab_pair_check(lab_phone_t *phone, const char *host_id);
void lab_pair_forget(lab_phone_t *phone, const char *host_id /* NULL: all */);
/* The device certificate (PEM) of the record by which `host_id` is trusted. */
const char *lab_pair_certificate(lab_phone_t *phone, const char *host_id);

/* ---- lockdownd-key.c ---- */
typedef struct evp_pkey_st lab_key_t; /* OpenSSL's EVP_PKEY */
/* The phones' key: the same for all of them in every session; it protects nothing. */
lab_key_t *lab_device_key(void);
/* Its public half in PEM ("RSA PUBLIC KEY"), to be freed with g_bytes_unref(). */
GBytes *lab_device_public_key(void);

/* ---- lockdownd-tls.c ---- */
typedef struct lab_session_tls lab_session_tls_t;
typedef enum { LAB_SESSION_GOING, LAB_SESSION_ENDED, LAB_SESSION_BROKEN } lab_session_state_t;

/* The device's end of a session's TLS. NULL when certificate and key do not fit. */
lab_session_tls_t *lab_session_tls_new(const char *certificate);
void lab_session_tls_free(lab_session_tls_t *tls);
/* Takes what the host sent; adds what it says to `plain`. After ENDED that includes what followed
 * the end of TLS. */
lab_session_state_t lab_session_tls_feed(lab_session_tls_t *tls, const uint8_t *data, size_t length,
                                         GByteArray *plain);
void lab_session_tls_write(lab_session_tls_t *tls, const void *data, size_t length);
/* What is to be sent now, NULL when nothing is. */
GBytes *lab_session_tls_take_out(lab_session_tls_t *tls);

/* ---- lockdownd-channel.c: property lists on a stream, in TLS or not ---- */
typedef struct lab_channel lab_channel_t;

/* `got` is called with every property list of the host (freed after the call). */
lab_channel_t *lab_channel_new(lab_stream_t *stream, void (*got)(void *self, void *plist),
                               void *self);
void lab_channel_free(lab_channel_t *channel);
/* What the stream received. Resets it when that makes no sense. */
void lab_channel_received(lab_channel_t *channel, const uint8_t *data, size_t length);
/* `act`: the fault that made this message what it is, to be marked as `what`; or NULL. */
void lab_channel_send(lab_channel_t *channel, plist_t message, const lab_act_t *act,
                      const char *what);
/* The host's next byte begins TLS, with this certificate as ours. `is_session`: its ClientHello is
 * the step "lockdown.tls". False when it cannot be. */
bool lab_channel_secure(lab_channel_t *channel, const char *certificate, bool is_session);
/* The host may end TLS, or just speak plainly again. */
void lab_channel_unsecure(lab_channel_t *channel);

/* ---- lockdownd-services.c: the little ones that StartService knows ---- */
/* Has `name` listen. `certificate` is that of the host's session, NULL when it has none. The
 * error's name, or NULL. */
const char *lab_small_service_start(lab_mux_t *mux, const char *name, const char *certificate,
                                    uint16_t *ret_port, bool *ret_tls);

/* ---- lockdownd.c ---- */
/* The phone leaves for `mode`, after what its [device] says: leave_ms, return_ms. */
void lab_lockdown_leave_for(lab_phone_t *phone, lab_mode_t mode);

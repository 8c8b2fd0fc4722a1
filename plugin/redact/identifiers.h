/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What must not be in a redacted capture, and what stands there instead. A pseudonym is as long as
 * its identifier and of the same shape: a digit becomes a digit, a letter a letter of the same
 * case, and all else stays. It is a keyed hash of the identifier, so that the same key gives the
 * same pseudonym in every file, and without the key nobody gets back. */
#pragma once

#include <glib.h>

/* X(NAME, text): in the order in which a summary tells them. */
#define RS_ID_KINDS(X)                                                                             \
    X(ECID, "ECID")                                                                                \
    X(UDID, "UDID")                                                                                \
    X(SERIAL, "serial number")                                                                     \
    X(PHONE, "IMEI or other number of the modem")                                                  \
    X(NONCE, "nonce")                                                                              \
    X(HOST, "host or pairing id")                                                                  \
    X(SECRET, "key or password")                                                                   \
    X(NAME, "name")                                                                                \
    X(MAC, "hardware address")                                                                     \
    X(IPV6, "IPv6 address")                                                                        \
    X(IPV4, "IPv4 address")

#define RS_ID_ENUM(name, text) RS_ID_##name,
enum rs_id_kind { RS_ID_KINDS(RS_ID_ENUM) RS_N_ID_KINDS };

/* "ECID" and so on. */
const char *rs_id_kind_text(enum rs_id_kind kind);

/* How an identifier is to be searched for. */
enum rs_id_form {
    RS_ID_TEXT,   /* as it reads */
    RS_ID_HEX,    /* as bytes, and as hexadecimal digits in all dresses; text is upper case */
    RS_ID_NUMBER, /* an ECID; text is 16 hexadecimal digits */
};

struct rs_identifier {
    enum rs_id_kind kind;
    enum rs_id_form form;
    char *was;
    char *now; /* of the same length */
};

enum { RS_ID_KEY_SIZE = 32 };

typedef struct rs_identifiers rs_identifiers;

rs_identifiers *rs_identifiers_new(const guint8 key[RS_ID_KEY_SIZE]);
void rs_identifiers_free(rs_identifiers *ids);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(rs_identifiers, rs_identifiers_free)

/* Take in what was found; what is empty, too short to be looked for, or the same in every device
 * ("iPhone", all zeros) is passed over. At most RS_ID_MAX in all; TRUE while there was room. */
enum { RS_ID_MAX = 4000, RS_ID_LENGTH_MAX = 8192 };
gboolean rs_identifiers_add_text(rs_identifiers *ids, enum rs_id_kind kind, const char *text);
gboolean rs_identifiers_add_bytes(rs_identifiers *ids, enum rs_id_kind kind, const guint8 *bytes,
                                  gsize length);
gboolean rs_identifiers_add_number(rs_identifiers *ids, enum rs_id_kind kind, guint64 number);

/* Addresses of the protocol of that name; ipv4 in host byte order. */
gboolean rs_identifiers_add_ipv4(rs_identifiers *ids, guint32 address);
gboolean rs_identifiers_add_ipv6(rs_identifiers *ids, const guint8 address[16]);

/* All of them, struct rs_identifier *. Borrowed, and good until the next is added. */
const GPtrArray *rs_identifiers_list(const rs_identifiers *ids);

/* The pseudonym of an IPv4 address: the network keeps its kind (10, 172.16, 192.168, 169.254, ...),
 * two addresses of one network stay in one, and as a text it is as long. */
guint32 rs_pseudonym_ipv4(const rs_identifiers *ids, guint32 address);

/* Of an IPv6 address, from zero to zero and in each place as many digits, so that it stays in its
 * scope and as long; of one made of a hardware address, that of its pseudonym. */
void rs_pseudonym_ipv6(const rs_identifiers *ids, const guint8 address[16], guint8 ret_now[16]);

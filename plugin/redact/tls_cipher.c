/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * AEAD of TLS. RFC 8446 section 5 and 7 (1.3), RFC 5246 section 5 and 6.3, RFC 5288, RFC 7905
 * (1.2); HKDF is RFC 5869. */
#include <gcrypt.h>
#include <string.h>

#include "plugin/redact/tls_cipher.h"

enum { HASH_MAX = 64, MASTER = 48, RANDOM = 32, IV_12 = 4, EXPLICIT_12 = 8 };

#define AES128 GCRY_CIPHER_AES128
#define AES256 GCRY_CIPHER_AES256
#define CHACHA GCRY_CIPHER_CHACHA20
#define GCM GCRY_CIPHER_MODE_GCM
#define POLY GCRY_CIPHER_MODE_POLY1305
#define SHA256 G_CHECKSUM_SHA256, 32
#define SHA384 G_CHECKSUM_SHA384, 48

/* clang-format off */
static const struct rs_tls_suite suites[] = {
    { 0x1301, TRUE,  AES128, GCM,  16, 12, 0, SHA256 },
    { 0x1302, TRUE,  AES256, GCM,  32, 12, 0, SHA384 },
    { 0x1303, TRUE,  CHACHA, POLY, 32, 12, 0, SHA256 },
    { 0x009c, FALSE, AES128, GCM,  16, IV_12, EXPLICIT_12, SHA256 },
    { 0x009d, FALSE, AES256, GCM,  32, IV_12, EXPLICIT_12, SHA384 },
    { 0x009e, FALSE, AES128, GCM,  16, IV_12, EXPLICIT_12, SHA256 },
    { 0x009f, FALSE, AES256, GCM,  32, IV_12, EXPLICIT_12, SHA384 },
    { 0xc02b, FALSE, AES128, GCM,  16, IV_12, EXPLICIT_12, SHA256 },
    { 0xc02c, FALSE, AES256, GCM,  32, IV_12, EXPLICIT_12, SHA384 },
    { 0xc02f, FALSE, AES128, GCM,  16, IV_12, EXPLICIT_12, SHA256 },
    { 0xc030, FALSE, AES256, GCM,  32, IV_12, EXPLICIT_12, SHA384 },
    { 0xcca8, FALSE, CHACHA, POLY, 32, 12, 0, SHA256 },
    { 0xcca9, FALSE, CHACHA, POLY, 32, 12, 0, SHA256 },
    { 0xccaa, FALSE, CHACHA, POLY, 32, 12, 0, SHA256 },
};
/* clang-format on */

const struct rs_tls_suite *
rs_tls_suite_find(guint16 id)
{
    for (gsize i = 0; i < G_N_ELEMENTS(suites); i++) {
        if (suites[i].id == id)
            return &suites[i];
    }
    return NULL;
}

static void
hmac(GChecksumType hash, const guint8 *key, gsize key_size, const GByteArray *message,
     guint8 *ret_digest)
{
    g_autoptr(GHmac) state = g_hmac_new(hash, key, key_size);
    gsize size = HASH_MAX;

    g_hmac_update(state, message->data, (gssize)message->len);
    g_hmac_get_digest(state, ret_digest, &size);
}

static void
append_text(GByteArray *bytes, const char *text)
{
    g_byte_array_append(bytes, (const guint8 *)text, (guint)strlen(text));
}

/* HKDF-Expand-Label with an empty context and no more output than one hash. */
static void
expand_label(const struct rs_tls_suite *suite, const guint8 *secret, const char *label,
             guint8 *ret_bytes, gsize size)
{
    g_autoptr(GByteArray) info = g_byte_array_new();
    const guint8 head[] = { (guint8)(size >> 8), (guint8)size, (guint8)(6 + strlen(label)) };
    const guint8 tail[] = { 0 /* the context's length */, 1 /* the first block */ };
    guint8 digest[HASH_MAX];

    g_byte_array_append(info, head, sizeof head);
    append_text(info, "tls13 ");
    append_text(info, label);
    g_byte_array_append(info, tail, sizeof tail);
    hmac(suite->hash, secret, suite->hash_size, info, digest);
    memcpy(ret_bytes, digest, size);
}

void
rs_tls_key_13(const struct rs_tls_suite *suite, const guint8 *secret, struct rs_tls_key *ret_key)
{
    ret_key->suite = suite;
    expand_label(suite, secret, "key", ret_key->key, suite->key_size);
    expand_label(suite, secret, "iv", ret_key->iv, suite->iv_size);
}

void
rs_tls_next_secret(const struct rs_tls_suite *suite, guint8 *secret)
{
    guint8 next[HASH_MAX];

    expand_label(suite, secret, "traffic upd", next, suite->hash_size);
    memcpy(secret, next, suite->hash_size);
}

/* The pseudo-random function of TLS 1.2 over a seed that begins with its label. */
static void
prf(const struct rs_tls_suite *suite, const guint8 *master, const GByteArray *seed,
    guint8 *ret_bytes, gsize size)
{
    g_autoptr(GByteArray) block = g_byte_array_new();
    guint8 a[HASH_MAX], digest[HASH_MAX];

    hmac(suite->hash, master, MASTER, seed, a);
    for (gsize done = 0; done < size; done += suite->hash_size) {
        g_byte_array_set_size(block, 0);
        g_byte_array_append(block, a, (guint)suite->hash_size);
        g_byte_array_append(block, seed->data, seed->len);
        hmac(suite->hash, master, MASTER, block, digest);
        memcpy(ret_bytes + done, digest, MIN(size - done, suite->hash_size));
        g_byte_array_set_size(block, (guint)suite->hash_size);
        hmac(suite->hash, master, MASTER, block, a);
    }
}

void
rs_tls_key_12(const struct rs_tls_suite *suite, const guint8 *master, const guint8 *client_random,
              const guint8 *server_random, gboolean of_server, struct rs_tls_key *ret_key)
{
    g_autoptr(GByteArray) seed = g_byte_array_new();
    guint8 block[2 * (RS_TLS_KEY_MAX + RS_TLS_IV_MAX)];
    const gsize key_size = suite->key_size, iv_size = suite->iv_size;

    append_text(seed, "key expansion");
    g_byte_array_append(seed, server_random, RANDOM);
    g_byte_array_append(seed, client_random, RANDOM);
    prf(suite, master, seed, block, 2 * (key_size + iv_size));
    ret_key->suite = suite;
    memcpy(ret_key->key, block + (of_server ? key_size : 0), key_size);
    memcpy(ret_key->iv, block + 2 * key_size + (of_server ? iv_size : 0), iv_size);
}

gboolean
rs_tls_text(const struct rs_tls_key *key, gsize record_length, gsize *ret_offset, gsize *ret_length)
{
    const gsize around = RS_TLS_HEADER + key->suite->explicit_size + RS_TLS_TAG;

    if (record_length < around)
        return FALSE;
    *ret_offset = RS_TLS_HEADER + key->suite->explicit_size;
    *ret_length = record_length - around;
    return TRUE;
}

static void
make_nonce(const struct rs_tls_key *key, guint64 number, const guint8 *record, guint8 *ret_nonce)
{
    memcpy(ret_nonce, key->iv, key->suite->iv_size);
    if (key->suite->explicit_size) {
        memcpy(ret_nonce + IV_12, record + RS_TLS_HEADER, EXPLICIT_12);
        return;
    }
    for (gsize i = 0; i < 8; i++)
        ret_nonce[4 + i] ^= (guint8)(number >> (56 - 8 * i));
}

/* What is authenticated besides the text. Returns its size. */
static gsize
make_associated(const struct rs_tls_key *key, guint64 number, const guint8 *record, gsize length,
                guint8 ret_bytes[13])
{
    if (key->suite->is_13) {
        memcpy(ret_bytes, record, RS_TLS_HEADER);
        return RS_TLS_HEADER;
    }
    for (gsize i = 0; i < 8; i++)
        ret_bytes[i] = (guint8)(number >> (56 - 8 * i));
    memcpy(ret_bytes + 8, record, 3);
    ret_bytes[11] = (guint8)(length >> 8);
    ret_bytes[12] = (guint8)length;
    return 13;
}

static void
start_library(void)
{
    static gsize started;

    if (g_once_init_enter(&started)) {
        gcry_check_version(NULL);
        gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
        gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
        g_once_init_leave(&started, 1);
    }
}

static gcry_cipher_hd_t
begin(const struct rs_tls_key *key, guint64 number, const guint8 *record, gsize text_length)
{
    guint8 nonce[RS_TLS_IV_MAX], associated[13];
    gcry_cipher_hd_t cipher = NULL;
    gsize size;

    start_library();
    if (gcry_cipher_open(&cipher, key->suite->algorithm, key->suite->mode, 0) != 0)
        return NULL;
    make_nonce(key, number, record, nonce);
    size = make_associated(key, number, record, text_length, associated);
    if (gcry_cipher_setkey(cipher, key->key, key->suite->key_size) == 0 &&
        gcry_cipher_setiv(cipher, nonce, sizeof nonce) == 0 &&
        gcry_cipher_authenticate(cipher, associated, size) == 0)
        return cipher;
    gcry_cipher_close(cipher);
    return NULL;
}

gboolean
rs_tls_open(const struct rs_tls_key *key, guint64 number, guint8 *record, gsize length)
{
    gcry_cipher_hd_t cipher;
    g_autofree guint8 *text = NULL;
    gsize offset, size;
    gboolean right;

    if (!rs_tls_text(key, length, &offset, &size))
        return FALSE;
    cipher = begin(key, number, record, size);
    if (!cipher)
        return FALSE;
    text = g_memdup2(record + offset, size + 1); /* the tag is behind: never empty */
    right = gcry_cipher_decrypt(cipher, text, size, NULL, 0) == 0 &&
            gcry_cipher_checktag(cipher, record + offset + size, RS_TLS_TAG) == 0;
    gcry_cipher_close(cipher);
    if (right)
        memcpy(record + offset, text, size);
    return right;
}

gboolean
rs_tls_close(const struct rs_tls_key *key, guint64 number, guint8 *record, gsize length)
{
    gcry_cipher_hd_t cipher;
    gsize offset, size;
    gboolean right;

    if (!rs_tls_text(key, length, &offset, &size))
        return FALSE;
    cipher = begin(key, number, record, size);
    if (!cipher)
        return FALSE;
    right = gcry_cipher_encrypt(cipher, record + offset, size, NULL, 0) == 0 &&
            gcry_cipher_gettag(cipher, record + offset + size, RS_TLS_TAG) == 0;
    gcry_cipher_close(cipher);
    return right;
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Makes certificates with OpenSSL. Names and extensions follow what Apple's servers show. */
#include "samples/lab/apple/certs.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <string.h>

enum { DAY_S = 86400, CA_DAYS = 3650, LEAF_DAYS = 397 };

/* An RSA key takes seconds to make in a virtual machine without the processor's help. */
#define CURVE "P-256"

typedef struct {
    const char *file, *name, *organization, *unit;
} issuer_info_t;

static const issuer_info_t infos[APPLE_N_ISSUERS] = {
    { "apple-ca", "Apple Public Server ECC CA 12 - G1", "Apple Inc.", NULL },
    { "public-ca", "Example Trust Server CA 3", "Example Trust", NULL },
    { "foreign-ca", "Corp TLS Inspection CA", "Corp Proxy", "Network Security" },
};

struct apple_certs {
    char *dir;
    EVP_PKEY *keys[APPLE_N_ISSUERS]; /* of the issuers */
    X509 *issuers[APPLE_N_ISSUERS];
    EVP_PKEY *leaf_key;
    GHashTable *made; /* "issuer expired name" -> apple_credentials_t */
};

static void
credentials_free(gpointer data)
{
    apple_credentials_t *c = data;

    X509_free(c->leaf);
    g_free(c->name);
    g_free(c);
}

void
apple_certs_free(apple_certs_t *certs)
{
    if (!certs)
        return;
    for (int i = 0; i < APPLE_N_ISSUERS; i++) {
        X509_free(certs->issuers[i]);
        EVP_PKEY_free(certs->keys[i]);
    }
    EVP_PKEY_free(certs->leaf_key);
    g_hash_table_destroy(certs->made);
    g_free(certs->dir);
    g_free(certs);
}

static void
add_name(X509_NAME *name, const char *type, const char *value)
{
    if (value)
        X509_NAME_add_entry_by_txt(name, type, MBSTRING_UTF8, (const unsigned char *)value, -1, -1,
                                   0);
}

static bool
add_extension(X509 *cert, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509_EXTENSION *extension;
    bool added;

    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, issuer, cert, NULL, NULL, 0);
    extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    added = extension && X509_add_ext(cert, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return added;
}

/* A certificate without names and extensions, valid from `from_days` until `to_days` from now. */
static X509 *
new_certificate(EVP_PKEY *key, int from_days, int to_days)
{
    X509 *cert = X509_new();
    unsigned char serial[16];
    BIGNUM *number;

    if (!cert || RAND_bytes(serial, sizeof serial) != 1) {
        X509_free(cert);
        return NULL;
    }
    serial[0] &= 0x7f;
    number = BN_bin2bn(serial, sizeof serial, NULL);
    BN_to_ASN1_INTEGER(number, X509_get_serialNumber(cert));
    BN_free(number);
    X509_set_version(cert, X509_VERSION_3);
    X509_gmtime_adj(X509_getm_notBefore(cert), (long)from_days * DAY_S);
    X509_gmtime_adj(X509_getm_notAfter(cert), (long)to_days * DAY_S);
    X509_set_pubkey(cert, key);
    return cert;
}

static X509 *
make_issuer(const issuer_info_t *info, EVP_PKEY *key)
{
    X509 *cert = new_certificate(key, -400, CA_DAYS);
    X509_NAME *name = cert ? X509_get_subject_name(cert) : NULL;

    if (!cert)
        return NULL;
    add_name(name, "CN", info->name);
    add_name(name, "OU", info->unit);
    add_name(name, "O", info->organization);
    add_name(name, "C", "US");
    X509_set_issuer_name(cert, name);
    if (!add_extension(cert, cert, NID_basic_constraints, "critical,CA:TRUE") ||
        !add_extension(cert, cert, NID_key_usage, "critical,keyCertSign,cRLSign") ||
        !add_extension(cert, cert, NID_subject_key_identifier, "hash") ||
        X509_sign(cert, key, EVP_sha256()) == 0) {
        X509_free(cert);
        return NULL;
    }
    return cert;
}

static X509 *
make_leaf(const apple_certs_t *certs, apple_issuer_t issuer, const char *host, bool expired)
{
    X509 *parent = certs->issuers[issuer];
    X509 *cert =
        new_certificate(certs->leaf_key, expired ? -LEAF_DAYS : -30, expired ? -1 : LEAF_DAYS - 30);
    X509_NAME *name = cert ? X509_get_subject_name(cert) : NULL;
    g_autofree char *alternative = g_strdup_printf("DNS:%s", host);

    if (!cert)
        return NULL;
    add_name(name, "CN", host);
    add_name(name, "O", infos[issuer].organization);
    add_name(name, "ST", issuer == APPLE_ISSUER_APPLE ? "California" : NULL);
    add_name(name, "C", "US");
    X509_set_issuer_name(cert, X509_get_subject_name(parent));
    if (!add_extension(cert, parent, NID_basic_constraints, "critical,CA:FALSE") ||
        !add_extension(cert, parent, NID_authority_key_identifier, "keyid") ||
        !add_extension(cert, parent, NID_subject_alt_name, alternative) ||
        !add_extension(cert, parent, NID_ext_key_usage, "serverAuth") ||
        !add_extension(cert, parent, NID_key_usage, "critical,digitalSignature") ||
        !add_extension(cert, parent, NID_subject_key_identifier, "hash") ||
        X509_sign(cert, certs->keys[issuer], EVP_sha256()) == 0) {
        X509_free(cert);
        return NULL;
    }
    return cert;
}

static char *
path_of(const apple_certs_t *certs, const char *file, const char *ending)
{
    return g_strdup_printf("%s/%s%s", certs->dir, file, ending);
}

/* The key in a file, or a new one that is written there. */
static EVP_PKEY *
load_key(const apple_certs_t *certs, const char *file)
{
    g_autofree char *path = path_of(certs, file, ".key.pem");
    BIO *bio = BIO_new_file(path, "r");
    EVP_PKEY *key = bio ? PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL) : NULL;

    BIO_free(bio);
    if (key)
        return key;
    key = EVP_EC_gen(CURVE);
    bio = BIO_new_file(path, "w");
    if (key && bio)
        PEM_write_bio_PKCS8PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL);
    BIO_free(bio);
    return key;
}

static X509 *
load_issuer(const apple_certs_t *certs, const issuer_info_t *info, EVP_PKEY *key)
{
    g_autofree char *path = path_of(certs, info->file, ".pem");
    BIO *bio = BIO_new_file(path, "r");
    X509 *cert = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;

    BIO_free(bio);
    if (cert && X509_check_private_key(cert, key) == 1)
        return cert;
    X509_free(cert);
    cert = make_issuer(info, key);
    bio = BIO_new_file(path, "w");
    if (cert && bio)
        PEM_write_bio_X509(bio, cert);
    BIO_free(bio);
    return cert;
}

apple_certs_t *
apple_certs_new(const char *dir, GError **error)
{
    apple_certs_t *certs = g_new0(apple_certs_t, 1);
    bool complete;

    certs->dir = g_strdup(dir);
    certs->made = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, credentials_free);
    if (g_mkdir_with_parents(dir, 0755) != 0)
        g_printerr("apple: cannot make '%s': %s\n", dir, g_strerror(errno));
    certs->leaf_key = load_key(certs, "server");
    complete = certs->leaf_key != NULL;
    for (int i = 0; complete && i < APPLE_N_ISSUERS; i++) {
        certs->keys[i] = load_key(certs, infos[i].file);
        if (certs->keys[i])
            certs->issuers[i] = load_issuer(certs, &infos[i], certs->keys[i]);
        complete = certs->issuers[i] != NULL;
    }
    ERR_clear_error(); /* files that were not there yet */
    if (!complete) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "cannot make certificates");
        apple_certs_free(certs);
        return NULL;
    }
    return certs;
}

const apple_credentials_t *
apple_certs_for(apple_certs_t *certs, apple_issuer_t issuer, const char *name, gboolean expired)
{
    g_autofree char *id = g_strdup_printf("%d %d %s", (int)issuer, expired, name);
    apple_credentials_t *c = g_hash_table_lookup(certs->made, id);
    X509 *leaf;

    if (c)
        return c;
    leaf = make_leaf(certs, issuer, name, expired);
    if (!leaf)
        return NULL;
    c = g_new0(apple_credentials_t, 1);
    c->name = g_strdup(name);
    c->leaf = leaf;
    c->issuer = certs->issuers[issuer];
    c->key = certs->leaf_key;
    g_hash_table_insert(certs->made, g_steal_pointer(&id), c);
    return c;
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Which hosts a phone trusts. It outlives being plugged in and out; an erase ends it. */
#include <openssl/err.h>
#include <openssl/pem.h>

#include "samples/lab/vphone/services/lockdownd.h"

enum { HOSTS_MAX = 64 };

/* phone -> (host id -> device certificate); for as long as the program runs. */
static GHashTable *
hosts_of(lab_phone_t *phone)
{
    static GHashTable *phones;
    GHashTable *hosts;

    if (!phones)
        phones = g_hash_table_new(NULL, NULL);
    hosts = g_hash_table_lookup(phones, phone);
    if (!hosts) {
        hosts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        g_hash_table_insert(phones, phone, hosts);
    }
    return hosts;
}

/* The certificate must be one for our own key: the host made it from DevicePublicKey. */
static bool
is_ours(const char *certificate)
{
    BIO *pem = BIO_new_mem_buf(certificate, -1);
    X509 *x509 = PEM_read_bio_X509(pem, NULL, NULL, NULL);
    bool ours = x509 && EVP_PKEY_eq(X509_get0_pubkey(x509), lab_device_key()) == 1;

    X509_free(x509);
    BIO_free(pem);
    ERR_clear_error();
    return ours;
}

/* A text, or data that is one. */
static char *
text_of(plist_t dict, const char *key)
{
    plist_t node = plist_dict_get_item(dict, key);
    char *text = NULL, *copy;
    uint64_t length = 0;

    if (!node)
        return NULL;
    if (plist_get_node_type(node) == PLIST_STRING) {
        plist_get_string_val(node, &text);
        copy = g_strdup(text);
    } else if (plist_get_node_type(node) == PLIST_DATA) {
        plist_get_data_val(node, &text, &length);
        copy = text ? g_strndup(text, length) : NULL;
    } else {
        return NULL;
    }
    free(text);
    return copy;
}

const char *
lab_pair(lab_phone_t *phone, plist_t record)
{
    if (!record || plist_get_node_type(record) != PLIST_DICT)
        return "MissingPairRecord";
    g_autofree char *host_id = text_of(record, "HostID");
    g_autofree char *certificate = text_of(record, "DeviceCertificate");
    GHashTable *hosts = hosts_of(phone);

    if (!host_id || !certificate || !is_ours(certificate) || g_hash_table_size(hosts) >= HOSTS_MAX)
        return "InvalidPairRecord";
    g_hash_table_replace(hosts, g_steal_pointer(&host_id), g_steal_pointer(&certificate));
    return NULL;
}

const char *
lab_pair_check(lab_phone_t *phone, const char *host_id)
{
    if (!host_id)
        return "MissingHostID";
    return lab_pair_certificate(phone, host_id) ? NULL : "InvalidHostID";
}

void
lab_pair_forget(lab_phone_t *phone, const char *host_id)
{
    if (host_id)
        g_hash_table_remove(hosts_of(phone), host_id);
    else
        g_hash_table_remove_all(hosts_of(phone));
}

const char *
lab_pair_certificate(lab_phone_t *phone, const char *host_id)
{
    return g_hash_table_lookup(hosts_of(phone), host_id);
}

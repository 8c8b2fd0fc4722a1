/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * DER of tickets:
 *   SEQUENCE { IA5String "IM4M", INTEGER 0, SET { MANB }, OCTET STRING signature, SEQUENCE { certs
 * } } MANB     = [private 'MANB'] SEQUENCE { IA5String "MANB", SET { MANP, component... } } MANP =
 * [private 'MANP'] SEQUENCE { IA5String "MANP", SET { property... } } property = [private 'ECID']
 * SEQUENCE { IA5String "ECID", value } a component being the same as MANP under its own four
 * characters. Facts: idevicerestore 405fcd1, src/img4.c, and published manifests. */
#include "samples/lab/apple/im4m.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "dissectors/core/image-components.h"

enum {
    DER_BOOLEAN = 0x01,
    DER_INTEGER = 0x02,
    DER_OCTETS = 0x04,
    DER_IA5 = 0x16,
    DER_SEQUENCE = 0x30,
    DER_SET = 0x31,
    DER_PRIVATE = 0xff /* private, constructed, tag number follows */
};

static const struct {
    const char *fourcc, *component;
} components[] = {
#define X(fourcc, component) { fourcc, component },
    RS_IMAGE_COMPONENTS(X)
#undef X
};

static void
add_byte(GByteArray *out, unsigned byte)
{
    guint8 b = (guint8)byte;

    g_byte_array_append(out, &b, 1);
}

static void
add_length(GByteArray *out, gsize length)
{
    if (length >= 0x10000) {
        add_byte(out, 0x83);
        add_byte(out, (unsigned)(length >> 16) & 0xff);
        add_byte(out, (unsigned)(length >> 8) & 0xff);
    } else if (length >= 0x100) {
        add_byte(out, 0x82);
        add_byte(out, (unsigned)length >> 8);
    } else if (length >= 0x80) {
        add_byte(out, 0x81);
    }
    add_byte(out, (unsigned)length & 0xff);
}

static void
add(GByteArray *out, unsigned tag, const void *value, gsize length)
{
    add_byte(out, tag);
    add_length(out, length);
    g_byte_array_append(out, value, (guint)length);
}

static void
add_text(GByteArray *out, const char *text)
{
    add(out, DER_IA5, text, strlen(text));
}

static void
add_integer(GByteArray *out, guint64 value)
{
    guint8 bytes[9] = { 0 };
    size_t skip = 0;

    for (size_t i = 0; i < 8; i++)
        bytes[8 - i] = (guint8)(value >> (8 * i));
    while (skip < 8 && bytes[skip] == 0 && bytes[skip + 1] < 0x80)
        skip++;
    add(out, DER_INTEGER, bytes + skip, sizeof bytes - skip);
}

/* Wraps `inner` (freed) into a tag made of four characters, with the same in clear before it. */
static void
add_private(GByteArray *out, const char *fourcc, GByteArray *inner)
{
    g_autoptr(GByteArray) named = g_byte_array_new();
    g_autoptr(GByteArray) sequence = g_byte_array_new();
    guint32 tag = 0;

    add_text(named, fourcc);
    g_byte_array_append(named, inner->data, inner->len);
    g_byte_array_unref(inner);
    add(sequence, DER_SEQUENCE, named->data, named->len);
    for (int i = 0; i < 4; i++)
        tag = tag << 8 | (guint8)fourcc[i];
    add_byte(out, DER_PRIVATE);
    for (unsigned shift = 28; shift > 0; shift -= 7)
        add_byte(out, 0x80 | (tag >> shift & 0x7f));
    add_byte(out, tag & 0x7f);
    add_length(out, sequence->len);
    g_byte_array_append(out, sequence->data, sequence->len);
}

static void
add_integer_property(GByteArray *set, const char *fourcc, plist_t request, const char *key)
{
    plist_t node = plist_dict_get_item(request, key);
    GByteArray *value;
    uint64_t number = 0;

    if (!node || plist_get_node_type(node) != PLIST_UINT)
        return;
    plist_get_uint_val(node, &number);
    value = g_byte_array_new();
    add_integer(value, number);
    add_private(set, fourcc, value);
}

static void
add_boolean_property(GByteArray *set, const char *fourcc, plist_t dict, const char *key)
{
    plist_t node = plist_dict_get_item(dict, key);
    GByteArray *value;
    uint8_t on = 0;

    if (!node || plist_get_node_type(node) != PLIST_BOOLEAN)
        return;
    plist_get_bool_val(node, &on);
    value = g_byte_array_new();
    add(value, DER_BOOLEAN, on ? "\xff" : "", 1);
    add_private(set, fourcc, value);
}

static void
add_data_property(GByteArray *set, const char *fourcc, plist_t dict, const char *key)
{
    plist_t node = plist_dict_get_item(dict, key);
    uint64_t length = 0;
    const char *bytes;
    GByteArray *value;

    if (!node || plist_get_node_type(node) != PLIST_DATA)
        return;
    bytes = plist_get_data_ptr(node, &length);
    if (!bytes || length > 0xffff)
        return;
    value = g_byte_array_new();
    add(value, DER_OCTETS, bytes, length);
    add_private(set, fourcc, value);
}

/* A SET under a tag of four characters. */
static void
add_set(GByteArray *out, const char *fourcc, const GByteArray *set)
{
    GByteArray *value = g_byte_array_new();

    add(value, DER_SET, set->data, set->len);
    add_private(out, fourcc, value);
}

static void
add_device(GByteArray *body, plist_t request)
{
    g_autoptr(GByteArray) set = g_byte_array_new();

    add_data_property(set, "BNCH", request, "ApNonce");
    add_integer_property(set, "BORD", request, "ApBoardID");
    add_integer_property(set, "CEPO", request, "ApCertificateEpoch");
    add_integer_property(set, "CHIP", request, "ApChipID");
    add_boolean_property(set, "CPRO", request, "ApProductionMode");
    add_boolean_property(set, "CSEC", request, "ApSecurityMode");
    add_integer_property(set, "ECID", request, "ApECID");
    add_integer_property(set, "SDOM", request, "ApSecurityDomain");
    add_data_property(set, "snon", request, "SepNonce");
    add_data_property(set, "srvn", request, "UniqueBuildID");
    add_set(body, "MANP", set);
}

static void
add_components(GByteArray *body, plist_t request)
{
    for (size_t i = 0; i < G_N_ELEMENTS(components); i++) {
        plist_t dict = plist_dict_get_item(request, components[i].component);
        g_autoptr(GByteArray) set = NULL;

        if (!dict || plist_get_node_type(dict) != PLIST_DICT)
            continue;
        set = g_byte_array_new();
        add_data_property(set, "DGST", dict, "Digest");
        add_boolean_property(set, "EKEY", dict, "Trusted");
        add_boolean_property(set, "EPRO", dict, "EPRO");
        add_boolean_property(set, "ESEC", dict, "ESEC");
        add_set(body, components[i].fourcc, set);
    }
}

/* The signature over what is there already, and the certificates it is checked with. */
static void
add_signature(GByteArray *out, const apple_credentials_t *signer)
{
    g_autoptr(GByteArray) chain = g_byte_array_new();
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    X509 *const certs[] = { signer->leaf, signer->issuer };
    guint8 signature[1024] = { 0 };
    size_t length = sizeof signature;

    if (EVP_DigestSignInit(context, NULL, EVP_sha384(), NULL, signer->key) != 1 ||
        EVP_DigestSign(context, signature, &length, out->data, out->len) != 1)
        length = 256;
    EVP_MD_CTX_free(context);
    add(out, DER_OCTETS, signature, length);
    for (size_t i = 0; i < G_N_ELEMENTS(certs); i++) {
        unsigned char *der = NULL;
        int n = i2d_X509(certs[i], &der);

        if (n > 0)
            g_byte_array_append(chain, der, (guint)n);
        OPENSSL_free(der);
    }
    add(out, DER_SEQUENCE, chain->data, chain->len);
}

static GByteArray *
in_sequence(GByteArray *content)
{
    GByteArray *out = g_byte_array_new();

    add(out, DER_SEQUENCE, content->data, content->len);
    g_byte_array_unref(content);
    return out;
}

GByteArray *
apple_im4m_new(plist_t request, const apple_credentials_t *signer)
{
    g_autoptr(GByteArray) body = g_byte_array_new(), set = g_byte_array_new();
    GByteArray *out = g_byte_array_new();

    add_device(body, request);
    add_components(body, request);
    add_set(set, "MANB", body);
    add_text(out, "IM4M");
    add_integer(out, 0);
    add(out, DER_SET, set->data, set->len);
    add_signature(out, signer);
    return in_sequence(out);
}

GByteArray *
apple_ticket_new(const char *kind, plist_t request, const apple_credentials_t *signer)
{
    GByteArray *out = g_byte_array_new();
    guint8 digest[EVP_MAX_MD_SIZE];
    unsigned length = 0;
    uint32_t size = 0;
    char *xml = NULL;

    plist_to_xml(request, &xml, &size);
    if (!xml || EVP_Digest(xml, size, digest, &length, EVP_sha384(), NULL) != 1)
        length = 0;
    free(xml);
    add_text(out, kind);
    add_integer(out, 1);
    add(out, DER_OCTETS, digest, length);
    add_signature(out, signer);
    return in_sequence(out);
}

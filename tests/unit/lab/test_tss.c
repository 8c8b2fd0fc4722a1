/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Tickets: which one a request is about, and that what comes back is one a client can use. */
#include "samples/lab/apple/tss.h"

#include <stdlib.h>
#include <string.h>

#include <glib/gstdio.h>
#include <openssl/asn1.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>
#include <plist/plist.h>

#include "samples/lab/apple/im4m.h"

static apple_certs_t *certs;

static apple_tss_request_t *
request_with(const char *const *keys)
{
    plist_t root = plist_new_dict();
    apple_tss_request_t *request;
    uint32_t length = 0;
    char *xml = NULL;

    for (; *keys; keys++)
        plist_dict_set_item(root, *keys, plist_new_bool(1));
    plist_dict_set_item(root, "ApECID", plist_new_uint(0x1234));
    plist_to_xml(root, &xml, &length);
    request = apple_tss_request_new((const uint8_t *)xml, length);
    free(xml);
    plist_free(root);
    g_assert_nonnull(request);
    return request;
}

static void
test_kind(void)
{
    static const struct {
        const char *keys[4], *kind;
    } requests[] = { { { "@ApImg4Ticket" }, "ApImg4Ticket" },
                     { { "@BBTicket" }, "BBTicket" },
                     { { "@BBTicket", "@ApImg4Ticket" }, "ApImg4Ticket" },
                     { { "@BBTicket", "@SE,Ticket" }, "SE,Ticket" },
                     { { "@Savage,Ticket", "@BBTicket" }, "Savage,Ticket" },
                     { { "ApImg4Ticket", "@UUID" }, "" } };

    for (size_t i = 0; i < G_N_ELEMENTS(requests); i++) {
        apple_tss_request_t *request = request_with(requests[i].keys);

        g_assert_cmpstr(apple_tss_request_kind(request), ==, requests[i].kind);
        apple_tss_request_free(request);
    }
    g_assert_null(apple_tss_request_new((const uint8_t *)"hello", 5));
    g_assert_null(apple_tss_request_new((const uint8_t *)"", 0));
}

/* The property list behind the answer, as clients find it. */
static plist_t
read_answer(const char *text)
{
    const char *xml = strstr(text, "<?xml");
    plist_t root = NULL;

    g_assert_true(g_str_has_prefix(text, "STATUS=0&MESSAGE=SUCCESS&REQUEST_STRING=<?xml"));
    plist_from_xml(xml, (uint32_t)strlen(xml), &root);
    g_assert_nonnull(root);
    return root;
}

/* Every ticket asked for is there, and no other. */
static void
test_sign(void)
{
    static const char *const keys[] = { "@BBTicket", "@SE,Ticket", "@UUID", NULL };
    apple_tss_request_t *request = request_with(keys);
    g_autofree char *text = apple_tss_sign(request, certs);
    plist_t root = read_answer(text);

    g_assert_nonnull(plist_dict_get_item(root, "BBTicket"));
    g_assert_nonnull(plist_dict_get_item(root, "BasebandFirmware"));
    g_assert_nonnull(plist_dict_get_item(root, "SE,Ticket"));
    g_assert_null(plist_dict_get_item(root, "ApImg4Ticket"));
    g_assert_null(plist_dict_get_item(root, "UUID"));
    plist_free(root);
    apple_tss_request_free(request);
}

/* Goes into a DER element; its tag's class and number are as expected. */
static const unsigned char *
enter(const unsigned char **p, const unsigned char *end, int class, int tag)
{
    int got_tag = 0, got_class = 0;
    long length = 0;
    int flags = ASN1_get_object(p, &length, &got_tag, &got_class, end - *p);

    g_assert_cmpint(flags & 0x80, ==, 0);
    g_assert_cmpint(got_class, ==, class);
    g_assert_cmpint(got_tag, ==, tag);
    return *p + length;
}

/* Steps over a DER element with that content. */
static void
expect(const unsigned char **p, const unsigned char *end, int tag, const void *value, size_t length)
{
    const unsigned char *inner_end = enter(p, end, V_ASN1_UNIVERSAL, tag);

    g_assert_cmpuint((size_t)(inner_end - *p), ==, length);
    g_assert_cmpint(memcmp(*p, value, length), ==, 0);
    *p = inner_end;
}

/* Four characters are a tag number of 32 bits. */
static int
private_tag(const char *fourcc)
{
    guint32 tag = 0;

    for (int i = 0; i < 4; i++)
        tag = tag << 8 | (guint8)fourcc[i];
    return (int)tag;
}

/* Goes into the SET of a property called `fourcc`. */
static const unsigned char *
enter_set(const unsigned char **p, const unsigned char *end, const char *fourcc)
{
    end = enter(p, end, V_ASN1_PRIVATE, private_tag(fourcc));
    end = enter(p, end, V_ASN1_UNIVERSAL, V_ASN1_SEQUENCE);
    expect(p, end, V_ASN1_IA5STRING, fourcc, 4);
    return enter(p, end, V_ASN1_UNIVERSAL, V_ASN1_SET);
}

static plist_t
img4_request(void)
{
    plist_t root = plist_new_dict(), component = plist_new_dict();

    plist_dict_set_item(root, "ApNonce", plist_new_data("nonce", 5));
    plist_dict_set_item(root, "ApBoardID", plist_new_uint(14));
    plist_dict_set_item(component, "Digest", plist_new_data("digest", 6));
    plist_dict_set_item(component, "EPRO", plist_new_bool(1));
    plist_dict_set_item(root, "iBSS", component);
    return root;
}

/* The whole of a manifest, byte for byte but for the signature. */
static void
test_manifest(void)
{
    const apple_credentials_t *signer =
        apple_certs_for(certs, APPLE_ISSUER_APPLE, "secure-boot.apple.com", FALSE);
    plist_t request = img4_request();
    g_autoptr(GByteArray) manifest = apple_im4m_new(request, signer);
    const unsigned char *p = manifest->data, *whole = p + manifest->len;
    const unsigned char *end = enter(&p, whole, V_ASN1_UNIVERSAL, V_ASN1_SEQUENCE);
    const unsigned char *set, *part, *property;

    g_assert_true(end == whole);
    expect(&p, end, V_ASN1_IA5STRING, "IM4M", 4);
    expect(&p, end, V_ASN1_INTEGER, "", 1);
    set = enter(&p, end, V_ASN1_UNIVERSAL, V_ASN1_SET);
    set = enter_set(&p, set, "MANB");
    part = enter_set(&p, set, "MANP");
    property = enter(&p, part, V_ASN1_PRIVATE, private_tag("BNCH"));
    property = enter(&p, property, V_ASN1_UNIVERSAL, V_ASN1_SEQUENCE);
    expect(&p, property, V_ASN1_IA5STRING, "BNCH", 4);
    expect(&p, property, V_ASN1_OCTET_STRING, "nonce", 5);
    property = enter(&p, part, V_ASN1_PRIVATE, private_tag("BORD"));
    property = enter(&p, property, V_ASN1_UNIVERSAL, V_ASN1_SEQUENCE);
    expect(&p, property, V_ASN1_IA5STRING, "BORD", 4);
    expect(&p, property, V_ASN1_INTEGER, "\x0e", 1);
    g_assert_true(p == part);
    part = enter_set(&p, set, "ibss");
    property = enter(&p, part, V_ASN1_PRIVATE, private_tag("DGST"));
    property = enter(&p, property, V_ASN1_UNIVERSAL, V_ASN1_SEQUENCE);
    expect(&p, property, V_ASN1_IA5STRING, "DGST", 4);
    expect(&p, property, V_ASN1_OCTET_STRING, "digest", 6);
    property = enter(&p, part, V_ASN1_PRIVATE, private_tag("EPRO"));
    property = enter(&p, property, V_ASN1_UNIVERSAL, V_ASN1_SEQUENCE);
    expect(&p, property, V_ASN1_IA5STRING, "EPRO", 4);
    expect(&p, property, V_ASN1_BOOLEAN, "\xff", 1);
    g_assert_true(p == part && p == set);
    plist_free(request);
}

/* The signature is over everything before it, by the certificate behind it. */
static void
test_signature(void)
{
    const apple_credentials_t *signer =
        apple_certs_for(certs, APPLE_ISSUER_APPLE, "secure-boot.apple.com", FALSE);
    plist_t request = img4_request();
    g_autoptr(GByteArray) manifest = apple_im4m_new(request, signer);
    const unsigned char *p = manifest->data, *end = p + manifest->len, *start, *set, *signature;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    X509 *leaf;

    end = enter(&p, end, V_ASN1_UNIVERSAL, V_ASN1_SEQUENCE);
    start = p;
    expect(&p, end, V_ASN1_IA5STRING, "IM4M", 4);
    expect(&p, end, V_ASN1_INTEGER, "", 1);
    p = set = enter(&p, end, V_ASN1_UNIVERSAL, V_ASN1_SET);
    signature = enter(&p, end, V_ASN1_UNIVERSAL, V_ASN1_OCTET_STRING);
    g_assert_cmpint(
        EVP_DigestVerifyInit(context, NULL, EVP_sha384(), NULL, X509_get0_pubkey(signer->leaf)), ==,
        1);
    g_assert_cmpint(
        EVP_DigestVerify(context, p, (size_t)(signature - p), start, (size_t)(set - start)), ==, 1);
    EVP_MD_CTX_free(context);
    p = signature;
    g_assert_true(enter(&p, end, V_ASN1_UNIVERSAL, V_ASN1_SEQUENCE) == end);
    leaf = d2i_X509(NULL, &p, end - p);
    g_assert_cmpint(X509_cmp(leaf, signer->leaf), ==, 0);
    X509_free(leaf);
    plist_free(request);
}

static void
test_refuse(void)
{
    g_autofree char *own = apple_tss_refuse(94, "No.");
    g_autofree char *usual = apple_tss_refuse(94, "");

    g_assert_cmpstr(own, ==, "STATUS=94&MESSAGE=No.");
    g_assert_cmpstr(usual, ==,
                    "STATUS=94&MESSAGE=This device isn't eligible for the requested build.");
}

/* Keys stay the same from one start to the next; a certificate carries the name and the dates it is
 * to have. */
static void
test_certificates(gconstpointer dir)
{
    apple_certs_t *again = apple_certs_new(dir, NULL);
    const apple_credentials_t *c = apple_certs_for(certs, APPLE_ISSUER_FOREIGN, "a.example", FALSE);
    const apple_credentials_t *old =
        apple_certs_for(certs, APPLE_ISSUER_FOREIGN, "a.example", TRUE);
    const apple_credentials_t *d = apple_certs_for(again, APPLE_ISSUER_FOREIGN, "a.example", FALSE);

    g_assert_cmpint(X509_check_host(c->leaf, "a.example", 0, 0, NULL), ==, 1);
    g_assert_cmpint(X509_check_host(c->leaf, "b.example", 0, 0, NULL), ==, 0);
    g_assert_cmpint(X509_cmp_current_time(X509_get0_notAfter(c->leaf)), ==, 1);
    g_assert_cmpint(X509_cmp_current_time(X509_get0_notAfter(old->leaf)), ==, -1);
    g_assert_cmpint(X509_verify(c->leaf, X509_get0_pubkey(c->issuer)), ==, 1);
    g_assert_cmpint(X509_cmp(c->issuer, d->issuer), ==, 0);
    apple_certs_free(again);
}

static void
empty(const char *dir)
{
    g_autoptr(GDir) list = g_dir_open(dir, 0, NULL);
    const char *name;

    while ((name = g_dir_read_name(list)) != NULL) {
        g_autofree char *path = g_build_filename(dir, name, NULL);

        g_remove(path);
    }
    g_rmdir(dir);
}

int
main(int argc, char **argv)
{
    g_autofree char *dir = g_dir_make_tmp("lab-XXXXXX", NULL);
    int status;

    g_test_init(&argc, &argv, NULL);
    certs = apple_certs_new(dir, NULL);
    g_assert_nonnull(certs);
    g_test_add_func("/lab/tss/kind", test_kind);
    g_test_add_func("/lab/tss/sign", test_sign);
    g_test_add_func("/lab/tss/manifest", test_manifest);
    g_test_add_func("/lab/tss/signature", test_signature);
    g_test_add_func("/lab/tss/refuse", test_refuse);
    g_test_add_data_func("/lab/tss/certificates", dir, test_certificates);
    status = g_test_run();
    apple_certs_free(certs);
    empty(dir);
    return status;
}

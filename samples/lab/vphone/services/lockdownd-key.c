/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The RSA key of the lab's phones. It is written here, once and for all, because making one takes
 * seconds in an emulated guest, and because captures are then alike. It is no phone's and guards
 * nothing. */
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>

#include "samples/lab/vphone/services/lockdownd.h"

static const char prime1[] = "c77003a03538b269914f6bf6bac743eec1a84d8e9001152f8aee9dceac4cd356"
                             "342a8475ee5062c130ea08aa465705c582e49bad7f530fa40c49d05f767ab48f"
                             "8da2654273a04b75ac767fe75fa776ae3455bc1ac25455a75700400b2adf25a1"
                             "4b15fe289553992677c37c61b1348fb0ab3d1061299555fac4a1a3bf6d26a805";
static const char prime2[] = "c2c19e37187efd2e0e1fb9ddc4f5064762cdcaa269af68b08114af7be5be09a9"
                             "ac4573f2d24aa4d9fef1bae0cbe05f570ee9433e450a40af4566f376fe32353b"
                             "754a99180f4656c70f128dd1730044a0926784e8375d953c13dd6590e9cfda90"
                             "91ee7a3643699277bd3edd5c5f218818336c95e323a2b3447f3ac572f539824b";

/* The numbers of an RSA key. */
typedef struct {
    BIGNUM *n, *e, *d, *p, *q, *dp, *dq, *qinv;
} numbers_t;

static void
compute(numbers_t *k, BN_CTX *ctx)
{
    BIGNUM *p1 = BN_CTX_get(ctx), *q1 = BN_CTX_get(ctx), *phi = BN_CTX_get(ctx);

    BN_hex2bn(&k->p, prime1);
    BN_hex2bn(&k->q, prime2);
    BN_set_word(k->e, RSA_F4);
    BN_mul(k->n, k->p, k->q, ctx);
    BN_sub(p1, k->p, BN_value_one());
    BN_sub(q1, k->q, BN_value_one());
    BN_mul(phi, p1, q1, ctx);
    BN_mod_inverse(k->d, k->e, phi, ctx);
    BN_mod(k->dp, k->d, p1, ctx);
    BN_mod(k->dq, k->d, q1, ctx);
    BN_mod_inverse(k->qinv, k->q, k->p, ctx);
}

static OSSL_PARAM *
to_parameters(const numbers_t *k)
{
    OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();

    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, k->n);
    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, k->e);
    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_D, k->d);
    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_FACTOR1, k->p);
    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_FACTOR2, k->q);
    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_EXPONENT1, k->dp);
    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_EXPONENT2, k->dq);
    OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_COEFFICIENT1, k->qinv);
    OSSL_PARAM *parameters = OSSL_PARAM_BLD_to_param(build);
    OSSL_PARAM_BLD_free(build);
    return parameters;
}

static EVP_PKEY *
make_key(void)
{
    BN_CTX *ctx = BN_CTX_new();
    EVP_PKEY_CTX *maker = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
    EVP_PKEY *key = NULL;
    numbers_t k;

    BN_CTX_start(ctx);
    k = (numbers_t){ BN_CTX_get(ctx), BN_CTX_get(ctx), BN_CTX_get(ctx), BN_CTX_get(ctx),
                     BN_CTX_get(ctx), BN_CTX_get(ctx), BN_CTX_get(ctx), BN_CTX_get(ctx) };
    compute(&k, ctx);
    OSSL_PARAM *parameters = to_parameters(&k);
    if (EVP_PKEY_fromdata_init(maker) <= 0 ||
        EVP_PKEY_fromdata(maker, &key, EVP_PKEY_KEYPAIR, parameters) <= 0)
        g_error("OpenSSL does not take the phones' key");
    OSSL_PARAM_free(parameters);
    EVP_PKEY_CTX_free(maker);
    BN_CTX_end(ctx);
    BN_CTX_free(ctx);
    return key;
}

lab_key_t *
lab_device_key(void)
{
    static EVP_PKEY *key;

    if (!key)
        key = make_key();
    return key;
}

GBytes *
lab_device_public_key(void)
{
    uint8_t *der = NULL;
    int length = i2d_PublicKey(lab_device_key(), &der);
    BIO *out = BIO_new(BIO_s_mem());
    char *text;

    PEM_write_bio(out, "RSA PUBLIC KEY", "", der, length);
    long n = BIO_get_mem_data(out, &text);
    GBytes *pem = g_bytes_new(text, (size_t)n);
    BIO_free(out);
    OPENSSL_free(der);
    return pem;
}

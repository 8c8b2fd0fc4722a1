/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * lockdownd against a host in memory: values, pairing, sessions in TLS, services, faults. */
#include <openssl/pem.h>
#include <openssl/x509.h>

#include "tests/unit/lab/lockdown-host.h"

/* The certificate a host makes for the phone's key; it signs it with its own, which is not looked
 * at. */
static char *
certificate_for(EVP_PKEY *key)
{
    X509 *x509 = X509_new();
    BIO *out = BIO_new(BIO_s_mem());
    char *text, *pem;
    long n;

    X509_gmtime_adj(X509_getm_notBefore(x509), 0);
    X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
    X509_set_pubkey(x509, key);
    X509_sign(x509, lab_device_key(), EVP_sha256());
    PEM_write_bio_X509(out, x509);
    n = BIO_get_mem_data(out, &text);
    pem = g_strndup(text, (size_t)n);
    BIO_free(out);
    X509_free(x509);
    return pem;
}

static void
ask_about_pair(host_t *host, const char *words, EVP_PKEY *key)
{
    g_autofree char *pem = certificate_for(key);
    plist_t request = request_of(words);
    plist_t record = plist_dict_get_item(request, "PairRecord");

    plist_dict_set_item(record, "DeviceCertificate", plist_new_data(pem, strlen(pem)));
    ask_for(host, request);
}

#define PAIR "Request=Pair PairRecord/HostID=ME"

static void
set_up(host_t *host)
{
    static const lab_model_t model = {
        .product = "iPhone10,6", .hardware = "D221AP", .chip_id = 0x8015, .platform = "t8015"
    };

    phone = (lab_phone_t){ .id = { .model = &model,
                                   .ecid = 7,
                                   .serial = "S",
                                   .udid = "U",
                                   .version = "16.7.1",
                                   .build = "20H30" } };
    stream = (lab_stream_t){ .out = g_byte_array_new(), .marks = g_string_new(NULL) };
    lab_services_erase(&phone);
    connect_to(host, &lab_lockdownd, NULL);
}

static void
tear_down(host_t *host)
{
    disconnect(host);
    g_byte_array_unref(stream.out);
    g_string_free(stream.marks, TRUE);
}

static void
strike(const char *at, lab_action_t action, const char *const *args)
{
    stream.strikes = at;
    stream.act = (lab_act_t){ .action = action, .name = "fault", .args = args };
}

/* ---- tests ---- */

static void
test_values(void)
{
    host_t host;

    set_up(&host);
    ask(&host, "Request=QueryType");
    assert_text(&host, "Request", "QueryType");
    assert_text(&host, "Type", "com.apple.mobile.lockdown");
    ask(&host, "Request=GetValue Key=ProductVersion");
    assert_text(&host, "Key", "ProductVersion");
    assert_text(&host, "Value", "16.7.1");
    ask(&host, "Request=GetValue Key=Nothing");
    assert_text(&host, "Error", "MissingValue");
    ask(&host, "Request=SetValue Key=UntrustedHostBUID Value=B");
    assert_text(&host, "Error", NULL);
    ask(&host, "Request=GetValue Key=UntrustedHostBUID");
    assert_text(&host, "Value", "B");
    ask(&host, "Request=SetValue Key=DeviceName Value=N");
    assert_text(&host, "Error", "SessionInactive");
    ask(&host, "Request=GetValue");
    g_assert_cmpuint(plist_dict_get_size(plist_dict_get_item(host.answer, "Value")), ==, 20);
    g_assert_false(stream.reset);
    ask(&host, "Request=Nonsense");
    g_assert_true(stream.reset);
    tear_down(&host);
}

/* Hosts make a certificate for this key. */
static void
test_public_key(void)
{
    host_t host;
    char *pem = NULL, *name = NULL, *header = NULL;
    unsigned char *der = NULL;
    const unsigned char *at;
    uint64_t length = 0;
    long n = 0;

    set_up(&host);
    ask(&host, "Request=GetValue Key=DevicePublicKey");
    plist_get_data_val(plist_dict_get_item(host.answer, "Value"), &pem, &length);
    BIO *in = BIO_new_mem_buf(pem, (int)length);
    g_assert_cmpint(PEM_read_bio(in, &name, &header, &der, &n), ==, 1);
    g_assert_cmpstr(name, ==, "RSA PUBLIC KEY");
    at = der;
    EVP_PKEY *key = d2i_PublicKey(EVP_PKEY_RSA, NULL, &at, n);
    g_assert_cmpint(EVP_PKEY_eq(key, lab_device_key()), ==, 1);
    EVP_PKEY_free(key);
    OPENSSL_free(name);
    OPENSSL_free(header);
    OPENSSL_free(der);
    BIO_free(in);
    free(pem);
    tear_down(&host);
}

static void
test_pairing(void)
{
    EVP_PKEY *foreign = EVP_RSA_gen(1024);
    host_t host;

    set_up(&host);
    ask(&host, "Request=StartSession HostID=ME");
    assert_text(&host, "Error", "InvalidHostID");
    ask(&host, "Request=Pair");
    assert_text(&host, "Error", "MissingPairRecord");
    ask_about_pair(&host, PAIR, foreign);
    assert_text(&host, "Error", "InvalidPairRecord");
    phone.trusted = "no";
    ask_about_pair(&host, PAIR, lab_device_key());
    assert_text(&host, "Error", "PairingDialogResponsePending");
    phone.locked = "yes";
    ask_about_pair(&host, PAIR, lab_device_key());
    assert_text(&host, "Error", "PasswordProtected");
    phone.trusted = phone.locked = NULL;
    ask_about_pair(&host, PAIR, lab_device_key());
    assert_text(&host, "Error", NULL);
    g_assert_nonnull(plist_dict_get_item(host.answer, "EscrowBag"));
    ask(&host, "Request=ValidatePair PairRecord/HostID=ME");
    assert_text(&host, "Error", NULL);
    ask(&host, "Request=Unpair PairRecord/HostID=ME");
    assert_text(&host, "Error", NULL);
    ask(&host, "Request=ValidatePair PairRecord/HostID=ME");
    assert_text(&host, "Error", "InvalidHostID");
    EVP_PKEY_free(foreign);
    tear_down(&host);
}

static char *
start_session(host_t *host)
{
    ask_about_pair(host, PAIR, lab_device_key());
    ask(host, "Request=StartSession HostID=ME");
    assert_text(host, "Error", NULL);
    return lab_data_text(host->answer, "SessionID");
}

static void
test_session(void)
{
    g_autofree char *id = NULL, *stop = NULL;
    host_t host;

    set_up(&host);
    id = start_session(&host);
    g_assert_true(secure(&host));
    ask(&host, "Request=GetValue Key=ProductType");
    assert_text(&host, "Value", "iPhone10,6");
    ask(&host, "Request=SetValue Key=DeviceName Value=N");
    ask(&host, "Request=GetValue Key=DeviceName");
    assert_text(&host, "Value", "N");
    ask(&host, "Request=SetValue Key=ProductType Value=N");
    assert_text(&host, "Error", "SetProhibited");
    ask(&host, "Request=StartSession HostID=ME");
    assert_text(&host, "Error", "SessionActive");
    ask(&host, "Request=StopSession SessionID=str:0");
    assert_text(&host, "Error", "InvalidSessionID");
    stop = g_strdup_printf("Request=StopSession SessionID=str:%s", id);
    ask(&host, stop);
    assert_text(&host, "Error", NULL);
    unsecure(&host);
    ask(&host, "Request=QueryType");
    assert_text(&host, "Type", "com.apple.mobile.lockdown");
    tear_down(&host);
}

/* A host that speaks plainly again without ending TLS. */
static void
test_session_cut(void)
{
    g_autofree char *id = NULL, *stop = NULL;
    host_t host;

    set_up(&host);
    id = start_session(&host);
    g_assert_true(secure(&host));
    stop = g_strdup_printf("Request=StopSession SessionID=str:%s", id);
    ask(&host, stop);
    g_clear_pointer(&host.ssl, SSL_free);
    ask(&host, "Request=QueryType");
    assert_text(&host, "Type", "com.apple.mobile.lockdown");
    g_assert_false(stream.reset);
    tear_down(&host);
}

static void
test_services(void)
{
    host_t host, other;

    set_up(&host);
    ask(&host, "Request=StartService Service=com.apple.nothing");
    assert_text(&host, "Error", "InvalidService");
    ask(&host, "Request=StartService Service=com.apple.mobile.diagnostics_relay");
    assert_text(&host, "Error", "SessionInactive");
    ask(&host, "Request=StartService Service=com.apple.mobile.insecure_notification_proxy");
    g_assert_cmpint(lab_data_get_int(host.answer, "Port", 0), ==, listening);
    connect_to(&other, listener, listener_user);
    ask(&other, "Command=ObserveNotification Name=any");
    g_assert_null(other.answer);
    ask(&other, "Command=Shutdown");
    assert_text(&other, "Command", "ProxyDeath");
    disconnect(&other);
    g_free(start_session(&host));
    g_assert_true(secure(&host));
    ask(&host, "Request=StartService Service=com.apple.mobile.diagnostics_relay");
    g_assert_cmpint(lab_data_get_int(host.answer, "Port", 0), ==, listening);
    connect_to(&other, listener, listener_user);
    g_assert_true(secure(&other));
    ask(&other, "Request=Restart");
    assert_text(&other, "Status", "Success");
    g_assert_true(phone.left && phone.mode == LAB_MODE_NORMAL);
    disconnect(&other);
    tear_down(&host);
}

static void
test_recovery(void)
{
    static const char *const inactive[] = { "SessionInactive", NULL };
    host_t host;

    set_up(&host);
    strike("EnterRecovery", LAB_DO_LOCKDOWN_ERROR, inactive);
    ask(&host, "Request=EnterRecovery");
    assert_text(&host, "Error", "SessionInactive");
    g_assert_false(phone.left);
    g_assert_cmpstr(stream.marks->str, ==,
                    "fault: lockdownd answers EnterRecovery with SessionInactive\n");
    stream.strikes = NULL;
    ask(&host, "Request=EnterRecovery");
    assert_text(&host, "Error", NULL);
    g_assert_true(phone.left && phone.mode == LAB_MODE_RECOVERY && phone.leave_ms == 11);
    tear_down(&host);
}

static void
test_faults(void)
{
    static const char *const changed[] = { "Value", "15.0", NULL }, *const alert[] = { "42", NULL };
    static const uint8_t record[] = { 0x15, 3, 3, 0, 2, 2, 42 };
    host_t host;

    set_up(&host);
    strike("GetValue", LAB_DO_ANSWER, changed);
    ask(&host, "Request=GetValue Key=ProductVersion");
    assert_text(&host, "Value", "15.0");
    strike("Pair", LAB_DO_DROP_ANSWER, NULL);
    ask_about_pair(&host, PAIR, lab_device_key());
    g_assert_null(host.answer);
    ask(&host, "Request=ValidatePair PairRecord/HostID=ME");
    assert_text(&host, "Error", "InvalidHostID");
    strike("tls", LAB_DO_TLS_ALERT, alert);
    g_free(start_session(&host));
    say(&host, "\x16\x03\x01", 3);
    g_assert_cmpuint(stream.out->len, ==, sizeof record);
    g_assert_cmpint(memcmp(stream.out->data, record, sizeof record), ==, 0);
    g_assert_true(stream.reset);
    g_assert_cmpstr(stream.marks->str, ==,
                    "fault: lockdownd answers GetValue with Value=15.0\n"
                    "fault: request: lockdownd does not answer Pair\n"
                    "fault: lockdownd refuses TLS with alert 42\n");
    tear_down(&host);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lab/lockdownd/values", test_values);
    g_test_add_func("/lab/lockdownd/public-key", test_public_key);
    g_test_add_func("/lab/lockdownd/pairing", test_pairing);
    g_test_add_func("/lab/lockdownd/session", test_session);
    g_test_add_func("/lab/lockdownd/session-cut", test_session_cut);
    g_test_add_func("/lab/lockdownd/services", test_services);
    g_test_add_func("/lab/lockdownd/recovery", test_recovery);
    g_test_add_func("/lab/lockdownd/faults", test_faults);
    return g_test_run();
}

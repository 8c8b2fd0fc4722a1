/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Identifiers in keys and running text. The lines are made after those of the kernel and of
 * idevicerestore. */
#include <string.h>

#include <glib.h>

#include "plugin/redact/recognise.h"

static void
note(enum rs_id_kind kind, const char *text, gpointer data)
{
    g_string_append_printf(data, "%s=%s;", rs_id_kind_text(kind), text);
}

static void
assert_text(const char *text, const char *wanted)
{
    g_autoptr(GString) noted = g_string_new(NULL);

    rs_recognise_text(text, strlen(text), note, noted);
    g_assert_cmpstr(noted->str, ==, wanted);
}

static void
test_text(void)
{
    assert_text("CPID:8015 ECID:001A2D3E4F5A6B7C IBFL:3D SRNM:[F2LXK0L00JC6]",
                "ECID=0x001A2D3E4F5A6B7C;serial number=F2LXK0L00JC6;");
    assert_text("ECID: 7368095037025148\n", "ECID=7368095037025148;");
    assert_text("usb 1-1: SerialNumber: 00008015001A2D3E4F5A6B7C\n",
                "UDID=00008015001A2D3E4F5A6B7C;");
    assert_text("usb usb1: SerialNumber: 0000:00:14.0\n", "");
    assert_text("open /ho"
                "me/anna/x.ipsw and C:\\Us"
                "ers\\jo b\\y",
                "name=anna;name=jo b;");
    assert_text("Getting ApNonce in recovery mode... 83 1c 29 e1 b0 44 7f a9 \n",
                "nonce=83 1c 29 e1 b0 44 7f a9;");
    assert_text("", "");
}

static void
test_keys(void)
{
    enum rs_id_kind kind;

    g_assert_true(rs_recognise_key("UniqueChipID", &kind) && kind == RS_ID_ECID);
    g_assert_true(rs_recognise_key("Rap,Nonce", &kind) && kind == RS_ID_NONCE);
    g_assert_true(rs_recognise_key("BasebandSerialNumber", &kind) && kind == RS_ID_SERIAL);
    g_assert_false(rs_recognise_key("ApChipID", &kind));
    g_assert_false(rs_recognise_key("", &kind));
}

static void
test_serial(void)
{
    enum rs_id_kind kind;
    g_autofree char *udid = rs_recognise_serial("a96f1127affc10d32933502751e7e66a0edf6ca8", &kind);

    g_assert_nonnull(udid);
    g_assert_cmpint(kind, ==, RS_ID_UDID);
    g_assert_null(rs_recognise_serial("Apple Inc.", &kind));
    g_assert_null(rs_recognise_serial("0000:00:14.0", &kind));
}

static void
test_host(void)
{
    g_autofree char *host = rs_recognise_host("annas-mac.local");

    g_assert_cmpstr(host, ==, "annas-mac");
    g_assert_null(rs_recognise_host("gs.apple.com"));
    g_assert_null(rs_recognise_host("_apple-mobdev2._tcp.local"));
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/recognise/text", test_text);
    g_test_add_func("/recognise/keys", test_keys);
    g_test_add_func("/recognise/serial", test_serial);
    g_test_add_func("/recognise/host", test_host);
    return g_test_run();
}

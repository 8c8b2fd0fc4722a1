/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The command line. */
#include "capture/error.h"
#include "capture/options.h"
#include "capture/payload.h"

static gboolean
parse(const char *line, struct rs_capture_options *options, GError **error)
{
    static char **words;
    int n;

    g_strfreev(words);
    g_assert_true(g_shell_parse_argv(line, &n, &words, NULL));
    return rs_capture_options_parse(n, words, options, error);
}

static void
defaults(void)
{
    struct rs_capture_options options;

    g_assert_true(parse("restorecap", &options, NULL));
    g_assert_cmpuint(options.wanted->len, ==, 0);
    g_assert_cmpint(options.payload, ==, RS_PAYLOAD_SMART);
    g_assert_cmpuint(options.ring_mib, ==, 0);
    g_assert_null(options.command);
    rs_capture_options_clear(&options);
}

/* What comes before the first -i is for all, what comes after one is for it. */
static void
interfaces(void)
{
    struct rs_capture_options options;
    const struct rs_wanted *wanted;

    g_assert_true(parse("restorecap -s 96 -i usbmon1 -i eth0 -f 'tcp port 443' -s 200 "
                        "-w x --usb-payload 64 -qB 8 -- tool -i x",
                        &options, NULL));
    g_assert_cmpuint(options.wanted->len, ==, 2);
    wanted = &g_array_index(options.wanted, struct rs_wanted, 0);
    g_assert_cmpstr(wanted[0].name, ==, "usbmon1");
    g_assert_cmpuint(wanted[0].snap_length, ==, 96);
    g_assert_null(wanted[0].filter);
    g_assert_cmpstr(wanted[1].filter, ==, "tcp port 443");
    g_assert_cmpuint(wanted[1].snap_length, ==, 200);
    g_assert_cmpint(options.payload, ==, 64);
    g_assert_cmpuint(options.ring_mib, ==, 8);
    g_assert_true(options.quiet);
    g_assert_cmpstr(options.command[0], ==, "tool");
    g_assert_cmpstr(options.command[1], ==, "-i");
    rs_capture_options_clear(&options);
}

static void
wrong(void)
{
    static const char *const lines[] = {
        "restorecap -x",
        "restorecap --what",
        "restorecap -i",
        "restorecap operand",
        "restorecap -B 0",
        "restorecap -B much",
        "restorecap -s -1",
        "restorecap --usb-payload some",
        "restorecap -a when",
        "restorecap -b files:3",
        "restorecap -b filesize:3 -w -",
        "restorecap -a files:3",
        "restorecap --capture",
        "restorecap --extcap-interface other --extcap-dlts",
        "restorecap -w - -- true",
        "restorecap -w x --",
    };

    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
        struct rs_capture_options options;
        g_autoptr(GError) error = NULL;

        if (parse(lines[i], &options, &error))
            g_error("'%s' was taken", lines[i]);
        g_assert_error(error, RS_CAPTURE_ERROR, RS_CAPTURE_USAGE);
        rs_capture_options_clear(&options);
    }
}

/* Several names at once, as Wireshark's form gives them. */
static void
several(void)
{
    struct rs_capture_options options;
    const struct rs_wanted *wanted;

    g_assert_true(parse("restorecap -s 96 -i usbmon1,eth0 -i lo", &options, NULL));
    g_assert_cmpuint(options.wanted->len, ==, 3);
    wanted = &g_array_index(options.wanted, struct rs_wanted, 0);
    g_assert_cmpstr(wanted[0].name, ==, "usbmon1");
    g_assert_cmpstr(wanted[1].name, ==, "eth0");
    g_assert_cmpuint(wanted[1].snap_length, ==, 96);
    g_assert_cmpstr(wanted[2].name, ==, "lo");
    rs_capture_options_clear(&options);
}

/* As Wireshark calls an extcap program, with what its form leaves empty. */
static void
extcap(void)
{
    struct rs_capture_options options;

    g_assert_true(parse("restorecap --extcap-interfaces --extcap-version=4.0", &options, NULL));
    g_assert_cmpint(options.extcap, ==, RS_EXTCAP_INTERFACES);
    rs_capture_options_clear(&options);
    g_assert_true(parse("restorecap --capture --extcap-interface restorecap --fifo /tmp/f "
                        "--interface= --extcap-capture-filter 'port 80'",
                        &options, NULL));
    g_assert_cmpint(options.extcap, ==, RS_EXTCAP_CAPTURE);
    g_assert_cmpuint(options.wanted->len, ==, 0);
    g_assert_cmpstr(options.output, ==, "/tmp/f");
    g_assert_cmpstr(options.common.filter, ==, "port 80");
    rs_capture_options_clear(&options);
    g_assert_true(parse("restorecap --extcap-interface restorecap --extcap-capture-filter udp",
                        &options, NULL));
    g_assert_cmpint(options.extcap, ==, RS_EXTCAP_FILTER);
    rs_capture_options_clear(&options);
}

int
main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/options/defaults", defaults);
    g_test_add_func("/options/interfaces", interfaces);
    g_test_add_func("/options/several", several);
    g_test_add_func("/options/wrong", wrong);
    g_test_add_func("/options/extcap", extcap);
    return g_test_run();
}

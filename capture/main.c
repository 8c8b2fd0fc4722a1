/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * restorecap: records what a restore sends over USB and the network into one file. */
#include <libusb.h>
#include <pcap/pcap.h>
#include <stdio.h>

#include "capture/error.h"
#include "capture/extcap.h"
#include "capture/interfaces.h"
#include "capture/options.h"
#include "capture/session.h"

static int
print(const char *text)
{
    if (fputs(text, stdout) >= 0 && fflush(stdout) == 0)
        return RS_CAPTURE_OK;
    fprintf(stderr, "restorecap: cannot write to standard output\n");
    return RS_CAPTURE_WRITE;
}

static int
print_version(void)
{
    const struct libusb_version *usb = libusb_get_version();
    g_autofree char *text = g_strdup_printf("restorecap %s\n%s\nlibusb %u.%u.%u\n", RS_VERSION,
                                            pcap_lib_version(), usb->major, usb->minor, usb->micro);

    return print(text);
}

static int
print_interfaces(void)
{
    g_autoptr(GPtrArray) all = rs_interfaces_all();
    g_autoptr(GString) out = g_string_new(NULL);

    for (guint i = 0; i < all->len; i++) {
        const struct rs_found *found = (const struct rs_found *)all->pdata[i];

        g_string_append_printf(out, "%u. %s (%s)\n", i + 1, found->name, found->description);
    }
    return print(out->str);
}

static int
dispatch(struct rs_capture_options *options)
{
    if (options->help)
        return print(rs_capture_options_help());
    if (options->version)
        return print_version();
    if (options->lists)
        return print_interfaces();
    if (options->extcap != RS_EXTCAP_NONE && options->extcap != RS_EXTCAP_CAPTURE) {
        g_autofree char *answer = rs_extcap_answer(options);

        return print(answer);
    }
    /* Wireshark takes what is said for a complaint. */
    if (options->extcap == RS_EXTCAP_CAPTURE)
        options->quiet = TRUE;
    return rs_session_run(options);
}

int
main(int argc, char **argv)
{
    struct rs_capture_options options;
    g_autoptr(GError) error = NULL;
    int status;

    if (rs_capture_options_parse(argc, argv, &options, &error)) {
        status = dispatch(&options);
    } else {
        fprintf(stderr, "restorecap: %s\nTry 'restorecap --help'.\n", error->message);
        status = RS_CAPTURE_USAGE;
    }
    rs_capture_options_clear(&options);
    return status;
}

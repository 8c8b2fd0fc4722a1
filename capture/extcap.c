/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One interface, which is everything; its link type is that of its first source, and what comes
 * through the FIFO says itself what it is. */
#include <pcap/dlt.h>
#include <string.h>

#include "capture/extcap.h"

#include "capture/interfaces.h"
#include "capture/record.h"
#include "capture/sources/filter.h"

#define INTERFACE "restorecap"

gboolean
rs_extcap_has(const char *interface)
{
    return g_str_equal(interface, INTERFACE);
}

static const char *
fixed_answer(enum rs_extcap_question question)
{
    switch (question) {
    case RS_EXTCAP_INTERFACES:
        return "extcap {version=" RS_VERSION "}{display=restorecap}\n"
               "interface {value=" INTERFACE "}{display=iOS restore (USB + network)}\n";
    case RS_EXTCAP_DLTS:
        return "dlt {number=220}{name=USB_LINUX_MMAPPED}{display=USB and network}\n";
    case RS_EXTCAP_CONFIG:
        return "arg {number=0}{call=--usb-payload}{display=Keep of USB transfers}"
               "{tooltip=What is kept of large bulk transfers}{type=selector}\n"
               "arg {number=1}{call=--interface}{display=Only these}"
               "{tooltip=None marked: all that concern a restore}{type=multicheck}\n"
               "arg {number=2}{call=--buffer-size}{display=Buffer in MiB}"
               "{tooltip=The kernel's, for each network interface}"
               "{type=integer}{range=1,2047}{default=64}\n"
               "arg {number=3}{call=--keylog}{display=TLS key log}"
               "{tooltip=The file of SSLKEYLOGFILE; its keys go into the recording}"
               "{type=fileselect}{mustexist=false}{required=false}\n"
               "value {arg=0}{value=smart}{display=all but the filesystem}{default=true}\n"
               "value {arg=0}{value=all}{display=everything}{default=false}\n"
               "value {arg=0}{value=96}{display=96 bytes}{default=false}\n";
    case RS_EXTCAP_NONE:
    case RS_EXTCAP_FILTER:
    case RS_EXTCAP_CAPTURE:
        break;
    }
    return "";
}

/* Wireshark takes whatever is said for what is wrong with the filter. */
static char *
judge_filter(const char *filter)
{
    g_autoptr(GError) error = NULL;
    g_autofree struct sock_filter *code = NULL;
    unsigned n;

    code = rs_filter_compile(filter, NULL, DLT_EN10MB, RS_RECORD_DATA_MAX, FALSE, &n, &error);
    return code ? g_strdup("") : g_strdup_printf("%s\n", error->message);
}

/* The form, with what can be recorded. Braces are the form's own. */
static char *
make_form(void)
{
    g_autoptr(GPtrArray) all = rs_interfaces_all();
    GString *form = g_string_new(fixed_answer(RS_EXTCAP_CONFIG));

    for (guint i = 0; i < all->len; i++) {
        const struct rs_found *found = (const struct rs_found *)all->pdata[i];

        if (!strpbrk(found->name, "{},"))
            g_string_append_printf(
                form, "value {arg=1}{value=%s}{display=%s (%s)}{default=false}{enabled=true}\n",
                found->name, found->name, found->description);
    }
    return g_string_free(form, FALSE);
}

char *
rs_extcap_answer(const struct rs_capture_options *options)
{
    switch (options->extcap) {
    case RS_EXTCAP_FILTER:
        return judge_filter(options->common.filter);
    case RS_EXTCAP_CONFIG:
        return make_form();
    default:
        return g_strdup(fixed_answer(options->extcap));
    }
}

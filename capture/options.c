/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Words: dumpcap(1); Wireshark's doc/extcap.4 for those that begin with --extcap. */
#include <getopt.h>
#include <string.h>

#include "capture/options.h"

#include "capture/error.h"
#include "capture/extcap.h"
#include "capture/payload.h"

enum {
    RING_MIB_MAX = 2047,
    PAYLOAD_MAX = 1 << 20,
    SNAP_MAX = 256 * 1024,
    OPT_PAYLOAD = 256,
    OPT_KEYLOG,
    OPT_EXTCAP_INTERFACES,
    OPT_EXTCAP_VERSION,
    OPT_EXTCAP_INTERFACE,
    OPT_EXTCAP_DLTS,
    OPT_EXTCAP_CONFIG,
    OPT_EXTCAP_CAPTURE,
    OPT_EXTCAP_FILTER,
};

static const struct option words[] = {
    { "interface", required_argument, NULL, 'i' },
    { "filter", required_argument, NULL, 'f' },
    { "write", required_argument, NULL, 'w' },
    { "fifo", required_argument, NULL, 'w' },
    { "snapshot-length", required_argument, NULL, 's' },
    { "buffer-size", required_argument, NULL, 'B' },
    { "autostop", required_argument, NULL, 'a' },
    { "ring-buffer", required_argument, NULL, 'b' },
    { "list-interfaces", no_argument, NULL, 'D' },
    { "quiet", no_argument, NULL, 'q' },
    { "help", no_argument, NULL, 'h' },
    { "version", no_argument, NULL, 'V' },
    { "usb-payload", required_argument, NULL, OPT_PAYLOAD },
    { "keylog", required_argument, NULL, OPT_KEYLOG },
    { "extcap-interfaces", no_argument, NULL, OPT_EXTCAP_INTERFACES },
    { "extcap-version", optional_argument, NULL, OPT_EXTCAP_VERSION },
    { "extcap-interface", required_argument, NULL, OPT_EXTCAP_INTERFACE },
    { "extcap-dlts", no_argument, NULL, OPT_EXTCAP_DLTS },
    { "extcap-config", no_argument, NULL, OPT_EXTCAP_CONFIG },
    { "capture", no_argument, NULL, OPT_EXTCAP_CAPTURE },
    { "extcap-capture-filter", required_argument, NULL, OPT_EXTCAP_FILTER },
    { NULL, 0, NULL, 0 },
};

const char *
rs_capture_options_help(void)
{
    return "usage: restorecap [OPTION]... [-- COMMAND [ARGUMENT]...]\n\n"
           "Records the USB and network traffic of an iPhone or iPad restore into one pcapng "
           "file.\n"
           "Without -i: the bus an Apple device is on or comes to, the network interfaces with a\n"
           "route. With a COMMAND: runs it, records what it prints, and ends when it ends.\n\n"
           "  -i, --interface=NAME      record this: usbmonN or a network interface; repeatable\n"
           "  -f, --filter=FILTER       of the -i before it, or of all when it comes first\n"
           "  -s, --snapshot-length=N   bytes kept of a packet, likewise\n"
           "  -B, --buffer-size=MIB     of the kernel's buffer for a network interface (64)\n"
           "  -w, --write=FILE          a new file, a FIFO, or - (restore-TIME.pcapng)\n"
           "  -a, --autostop=COND       stop after duration:S filesize:KB packets:N files:N\n"
           "  -b, --ring-buffer=COND    next file after duration:S filesize:KB packets:N,\n"
           "                            and keep the last files:N\n"
           "      --usb-payload=WHAT    of large bulk transfers keep: smart (all but the\n"
           "                            filesystem), all, or N bytes\n"
           "      --keylog=FILE         TLS keys that come into this file go into the recording\n"
           "  -D, --list-interfaces     what can be recorded\n"
           "  -q, --quiet               say nothing but what went wrong\n"
           "  -h, --help                print this help\n"
           "  -V, --version             print versions\n\n"
           "exit status: the COMMAND's; else 0 recorded, 1 packets were lost, 2 wrong usage, 3 an\n"
           "interface cannot be recorded, 4 the file cannot be written, 5 internal\n";
}

static gboolean G_GNUC_PRINTF(2, 3) wrong(GError **error, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_propagate_error(error,
                      g_error_new_valist(RS_CAPTURE_ERROR, RS_CAPTURE_USAGE, format, arguments));
    va_end(arguments);
    return FALSE;
}

static gboolean
take_number(const char *option, const char *text, unsigned min, unsigned max, unsigned *ret_number,
            GError **error)
{
    guint64 number;

    if (!g_ascii_string_to_unsigned(text, 10, min, max, &number, NULL))
        return wrong(error, "%s wants a number from %u to %u, not '%s'", option, min, max, text);
    *ret_number = (unsigned)number;
    return TRUE;
}

static gboolean
take_payload(struct rs_capture_options *options, const char *text, GError **error)
{
    unsigned bytes = 0;

    if (g_str_equal(text, "smart"))
        options->payload = RS_PAYLOAD_SMART;
    else if (g_str_equal(text, "all"))
        options->payload = RS_PAYLOAD_ALL;
    else if (take_number("--usb-payload", text, 0, PAYLOAD_MAX, &bytes, NULL))
        options->payload = (int)bytes;
    else
        return wrong(error, "--usb-payload wants smart, all or a number of bytes, not '%s'", text);
    return TRUE;
}

static struct rs_wanted *
latest(struct rs_capture_options *options)
{
    return options->wanted->len > 0
               ? &g_array_index(options->wanted, struct rs_wanted, options->wanted->len - 1)
               : &options->common;
}

/* Wireshark's form gives several at once, with commas between. */
static void
take_interface(struct rs_capture_options *options, const char *text)
{
    g_auto(GStrv) names = g_strsplit(text, ",", -1);

    for (char **name = names; *name; name++) {
        const struct rs_wanted wanted = { g_strdup(*name), options->common.filter,
                                          options->common.snap_length };

        g_array_append_val(options->wanted, wanted);
    }
}

static void
clear_wanted(gpointer data)
{
    g_free(((struct rs_wanted *)data)->name);
}

static void
take_extcap(struct rs_capture_options *options, int option)
{
    switch (option) {
    case OPT_EXTCAP_INTERFACES:
        options->extcap = RS_EXTCAP_INTERFACES;
        break;
    case OPT_EXTCAP_DLTS:
        options->extcap = RS_EXTCAP_DLTS;
        break;
    case OPT_EXTCAP_CONFIG:
        options->extcap = RS_EXTCAP_CONFIG;
        break;
    case OPT_EXTCAP_CAPTURE:
        options->extcap = RS_EXTCAP_CAPTURE;
        break;
    case OPT_EXTCAP_INTERFACE:
        options->extcap_interface = optarg;
        break;
    case OPT_EXTCAP_FILTER:
        options->common.filter = *optarg ? optarg : NULL;
        for (guint i = 0; i < options->wanted->len; i++)
            g_array_index(options->wanted, struct rs_wanted, i).filter = options->common.filter;
        break;
    default:
        break;
    }
}

static gboolean
take(struct rs_capture_options *options, int option, GError **error)
{
    switch (option) {
    case 'i':
        take_interface(options, optarg);
        return TRUE;
    case 'f':
        latest(options)->filter = *optarg ? optarg : NULL;
        return TRUE;
    case 's':
        return take_number("-s", optarg, 0, SNAP_MAX, &latest(options)->snap_length, error);
    case 'B':
        return take_number("-B", optarg, 1, RING_MIB_MAX, &options->ring_mib, error);
    case 'w':
        options->output = optarg;
        return TRUE;
    case 'a':
        return rs_limits_take(&options->stop, 'a', optarg, error);
    case 'b':
        options->has_ring = TRUE;
        return rs_limits_take(&options->ring, 'b', optarg, error);
    case 'D':
        options->lists = TRUE;
        return TRUE;
    case 'q':
        options->quiet = TRUE;
        return TRUE;
    case 'h':
        options->help = TRUE;
        return TRUE;
    case 'V':
        options->version = TRUE;
        return TRUE;
    case OPT_PAYLOAD:
        return take_payload(options, optarg, error);
    case OPT_KEYLOG:
        options->keylog = *optarg ? optarg : NULL;
        return TRUE;
    default:
        take_extcap(options, option);
        return TRUE;
    }
}

static gboolean
is_consistent(const struct rs_capture_options *options, GError **error)
{
    if (options->has_ring && options->ring.duration_ns == 0 && options->ring.bytes == 0 &&
        options->ring.packets == 0)
        return wrong(error, "-b files: needs duration:, filesize: or packets: as well");
    if (options->has_ring && options->output && g_str_equal(options->output, "-"))
        return wrong(error, "standard output cannot be a ring of files");
    if (options->stop.files && !options->has_ring)
        return wrong(error, "-a files: needs -b");
    if (options->extcap_interface && !rs_extcap_has(options->extcap_interface))
        return wrong(error, "no extcap interface '%s'", options->extcap_interface);
    if (options->extcap == RS_EXTCAP_CAPTURE && !options->output)
        return wrong(error, "--capture needs --fifo");
    if (options->output && g_str_equal(options->output, "-") && options->command)
        return wrong(error, "standard output cannot have both the file and what a command prints");
    return TRUE;
}

gboolean
rs_capture_options_parse(int argc, char **argv, struct rs_capture_options *ret_options,
                         GError **error)
{
    int option;

    *ret_options = (struct rs_capture_options){ .payload = RS_PAYLOAD_SMART };
    ret_options->wanted = g_array_new(FALSE, FALSE, sizeof(struct rs_wanted));
    g_array_set_clear_func(ret_options->wanted, clear_wanted);
    opterr = 0;
    optind = 0;
    while ((option = getopt_long(argc, argv, "+:i:f:s:B:w:a:b:DqhV", words, NULL)) != -1) {
        if (option == ':')
            return wrong(error, "option '%s' needs a value", argv[optind - 1]);
        if (option == '?' && optopt && optopt < OPT_PAYLOAD)
            return wrong(error, "unknown option '-%c'", optopt);
        if (option == '?')
            return wrong(error, "wrong option '%s'", argv[optind - 1]);
        if (!take(ret_options, option, error))
            return FALSE;
    }
    if (optind < argc && !g_str_equal(argv[optind - 1], "--"))
        return wrong(error, "'%s' is no option; a command comes after --", argv[optind]);
    if (optind < argc)
        ret_options->command = argv + optind;
    else if (optind > 1 && g_str_equal(argv[optind - 1], "--"))
        return wrong(error, "no command after --");
    if (ret_options->extcap_interface && ret_options->extcap == RS_EXTCAP_NONE)
        ret_options->extcap = RS_EXTCAP_FILTER;
    return is_consistent(ret_options, error);
}

void
rs_capture_options_clear(struct rs_capture_options *options)
{
    g_clear_pointer(&options->wanted, g_array_unref);
}

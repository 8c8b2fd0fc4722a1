/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Drives libwireshark; see session.h. Facts: epan/epan.h, epan/frame_data.h and wiretap/wtap.h of
 * Wireshark 4.0. */

#include "tests/fuzz/dissect/session.h"

#include "dissectors/compat.h"

#include <epan/column-info.h>
#include <epan/column.h>
#include <epan/epan_dissect.h>
#include <epan/print.h>
#include <epan/timestamp.h>
#include <wiretap/wtap.h>
#include <wsutil/filesystem.h>
#include <wsutil/privileges.h>
#include <wsutil/wslog.h>

#include <sys/prctl.h>
#include <unistd.h>

enum { NOBODY = 65534 };

/* The plugin's own, in plugin.c; nothing includes it but Wireshark's loader. */
void plugin_register(void);

/* What epan asks for while it reads a frame. */
struct packet_provider_data {
    frame_data *frames;
    guint count;
};

static column_info columns;

static const nstime_t *
time_of_frame(struct packet_provider_data *provider, guint32 number)
{
    return number > 0 && number <= provider->count ? &provider->frames[number - 1].abs_ts : NULL;
}

static void
record_of(const struct fuzz_frame *frame, wtap_rec *ret_record)
{
    static const int encapsulations[] = {
        [LINK_USBMON] = WTAP_ENCAP_USB_LINUX_MMAPPED, [LINK_USBMON_SHORT] = WTAP_ENCAP_USB_LINUX,
        [LINK_USBPCAP] = WTAP_ENCAP_USBPCAP,          [LINK_DARWIN] = WTAP_ENCAP_USB_DARWIN,
        [LINK_ETHERNET] = WTAP_ENCAP_ETHERNET,
    };

    RS_RECORD_INIT(ret_record);
    ret_record->rec_type = REC_TYPE_PACKET;
    ret_record->presence_flags = WTAP_HAS_TS | WTAP_HAS_CAP_LEN;
    ret_record->ts.secs = frame->time_us / G_USEC_PER_SEC;
    ret_record->ts.nsecs = (int)(frame->time_us % G_USEC_PER_SEC * 1000);
    ret_record->tsprec = WTAP_TSPREC_USEC;
    ret_record->rec_header.packet_header.caplen = frame->captured;
    ret_record->rec_header.packet_header.len = frame->length;
    ret_record->rec_header.packet_header.pkt_encap = encapsulations[frame->link];
}

static void
show(epan_dissect_t *edt)
{
    static print_stream_t *out;

    if (!out)
        out = print_stream_text_stdio_new(stdout);
    proto_tree_print(print_dissections_expanded, FALSE, edt, NULL, out);
    print_line(out, 0, "");
}

/* How far a reading has come. */
struct reading {
    epan_t *session;
    gboolean is_shown;
    nstime_t elapsed;
    const frame_data *reference, *previous;
    guint32 bytes;
};

static void
read_frame(struct reading *reading, const struct fuzz_frame *frame, wtap_rec *record,
           frame_data *data)
{
    epan_dissect_t *edt = epan_dissect_new(reading->session, TRUE, TRUE);

    frame_data_set_before_dissect(data, &reading->elapsed, &reading->reference, reading->previous);
    RS_PRIME(edt);
    RS_DISSECT(edt, record, frame->bytes, data, &columns);
    epan_dissect_fill_in_columns(edt, FALSE, TRUE);
    frame_data_set_after_dissect(data, &reading->bytes);
    reading->previous = data;
    if (reading->is_shown)
        show(edt);
    epan_dissect_free(edt);
}

static void
read_all(epan_t *session, const GArray *frames, frame_data *data, gboolean is_again,
         gboolean is_shown)
{
    struct reading reading = { .session = session, .is_shown = is_shown };

    for (guint i = 0; i < frames->len; i++) {
        const struct fuzz_frame *frame = &g_array_index(frames, struct fuzz_frame, i);
        wtap_rec record;

        record_of(frame, &record);
        if (!is_again)
            frame_data_init(&data[i], i + 1, &record, 0, reading.bytes);
        read_frame(&reading, frame, &record, &data[i]);
        wtap_rec_cleanup(&record);
    }
    if (!is_again)
        postseq_cleanup_all_protocols();
}

void
fuzz_session_run(const GArray *frames, gboolean is_shown)
{
    static const struct packet_provider_funcs funcs = { .get_frame_ts = time_of_frame };
    g_autofree frame_data *data = g_new0(frame_data, frames->len);
    struct packet_provider_data provider = { data, frames->len };
    epan_t *session = epan_new(&provider, &funcs);

    read_all(session, frames, data, FALSE, FALSE);
    read_all(session, frames, data, TRUE, is_shown);
    for (guint i = 0; i < frames->len; i++)
        frame_data_destroy(&data[i]);
    epan_free(session);
}

static void
set_environment(gboolean has_rules)
{
    /* Wireshark's own data too: the names of vendors and ports, which it reads for each file. */
    static const char *const nowhere[] = {
        "HOME",          "XDG_CACHE_HOME", "XDG_CONFIG_HOME",
        "XDG_DATA_HOME", "XDG_DATA_DIRS",  "WIRESHARK_DATA_DIR",
    };

    /* Each piece of memory by itself, so that the sanitizer knows its end. */
    g_setenv("WIRESHARK_DEBUG_WMEM_OVERRIDE", "simple", TRUE);
    g_setenv("G_SLICE", "always-malloc", TRUE);
    g_setenv("WIRESHARK_ABORT_ON_DISSECTOR_BUG", "1", TRUE);
    g_setenv("WIRESHARK_ABORT_ON_TOO_MANY_ITEMS", "1", TRUE);
    g_setenv("RESTORESCOPE_DATA_DIR", has_rules ? RS_FUZZ_DATA_DIR : "/nonexistent", TRUE);
    for (gsize i = 0; i < G_N_ELEMENTS(nowhere); i++)
        g_setenv(nowhere[i], "/nonexistent", TRUE);
}

static const char *const ours[] = {
    "usbmux", "usbmuxd",   "lockdown",      "restored", "asr", "fdr",     "iboot", "appledfu",
    "kis",    "remotexpc", "remotepairing", "applencm", "tss", "restore", NULL,
};

static void
enable(const char *const *names)
{
    for (gsize i = 0; names && ours[i]; i++) {
        int proto = proto_get_id_by_filter_name(ours[i]);

        g_assert(proto >= 0);
        if (!g_strv_contains(names, ours[i]))
            proto_set_decoding(proto, FALSE);
    }
}

/* Wireshark's own guesses at what TCP carries have bugs of their own; HTTP/2 is XPC's. */
static void
leave_to_us(const gchar *table _U_, struct heur_dtbl_entry *entry, gpointer data _U_)
{
    const char *name = proto_get_protocol_filter_name(proto_get_id(entry->protocol));

    if (!g_strv_contains(ours, name) && !g_str_equal(name, "http2"))
        entry->enabled = FALSE;
}

/* To root Wireshark refuses another folder of its data, so it is told to be started by nobody. */
static void
start_as_anybody(void)
{
    const gboolean is_root = getuid() == 0;

    if (is_root && (setresgid(NOBODY, NOBODY, 0) != 0 || setresuid(NOBODY, NOBODY, 0) != 0))
        g_error("cannot become nobody");
    init_process_policies();
    if (is_root && (setresuid(0, 0, 0) != 0 || setresgid(0, 0, 0) != 0))
        g_error("cannot become root again");
    prctl(PR_SET_DUMPABLE, 1); /* the sanitizer looks for leaks as a debugger would */
}

void
fuzz_session_start(const char *const *names)
{
    e_prefs *preferences;

    set_environment(!names || g_strv_contains(names, "restore"));
    RS_LOG_INIT("fuzz_dissect");
    start_as_anybody();
    g_free(RS_CONFIGURE("fuzz_dissect"));
    timestamp_set_type(TS_RELATIVE);
    timestamp_set_precision(TS_PREC_AUTO);
    timestamp_set_seconds_type(TS_SECONDS_DEFAULT);
    wtap_init(FALSE);
    plugin_register();
    if (!epan_init(NULL, NULL, FALSE))
        g_error("Wireshark does not start");
    preferences = epan_load_settings();
    prefs_apply_all();
    enable(names);
    heur_dissector_table_foreach("tcp", leave_to_us, NULL);
    build_column_format_array(&columns, preferences->num_cols, TRUE);
}

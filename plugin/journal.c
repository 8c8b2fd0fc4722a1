/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Journal entries, kept until the verdict is asked for. Facts: Wireshark 4.0,
 * epan/dissectors/packet-systemd-journal.c; names of USB devices and ports in kernel messages:
 * Linux 6.1, drivers/usb/core/hub.c and usb.c. */
#include "plugin/journal.h"

#include <wiretap/wtap.h>

#include "plugin/extract.h"
#include "plugin/sidelog/sidelog.h"

enum { LINES_MAX = 50000, BYTES_MAX = 8 << 20, APPLE = 0x05ac };

struct line {
    guint32 frame;
    gint64 time_us;
    char *who, *text;
};

struct rs_journal {
    GArray *lines; /* struct line */
    gsize bytes;
};

static const header_field_info *message_info, *transport_info, *program_info;

static void
clear_line(gpointer data)
{
    struct line *line = data;

    g_free(line->who);
    g_free(line->text);
}

rs_journal *
rs_journal_new(void)
{
    rs_journal *journal = g_new0(rs_journal, 1);

    journal->lines = g_array_new(FALSE, FALSE, sizeof(struct line));
    g_array_set_clear_func(journal->lines, clear_line);
    return journal;
}

void
rs_journal_free(rs_journal *journal)
{
    if (!journal)
        return;
    g_array_unref(journal->lines);
    g_free(journal);
}

static const header_field_info *
want(GArray *wanted, const char *field)
{
    rs_extract_want_field(wanted, field);
    return proto_registrar_get_byname(field);
}

void
rs_journal_wanted(GArray *wanted)
{
    message_info = want(wanted, "systemd_journal.message");
    transport_info = want(wanted, "systemd_journal.transport");
    program_info = want(wanted, "systemd_journal.syslog_id");
}

/* Nothing but "[=====    ]  65.5%"; there are thousands of them. */
static gboolean
is_progress(const char *text)
{
    return text[0] == '[' && (text[1] == '=' || text[1] == ' ') && g_str_has_suffix(text, "%");
}

void
rs_journal_observe(rs_journal *journal, packet_info *pinfo, proto_tree *tree, gint64 time_us)
{
    struct line line = { .frame = pinfo->num, .time_us = time_us };
    const char *text, *transport, *program;

    if (pinfo->rec->rec_type != REC_TYPE_SYSTEMD_JOURNAL_EXPORT)
        return;
    text = rs_extract_text(pinfo->pool, tree, message_info);
    transport = rs_extract_text(pinfo->pool, tree, transport_info);
    program = rs_extract_text(pinfo->pool, tree, program_info);
    if (!text || is_progress(text) || journal->lines->len >= LINES_MAX ||
        journal->bytes + strlen(text) > BYTES_MAX)
        return;
    if (transport && strcmp(transport, "kernel") == 0)
        program = "kernel";
    journal->bytes += strlen(text);
    line.who = g_utf8_make_valid(program ? program : "journal", -1);
    line.text = g_utf8_make_valid(text, -1);
    g_array_append_val(journal->lines, line);
}

/* "usb 1-1.4: ...", "hub 1-0:1.0: ...", "usb usb1-port2: ...", "usb 1-1-port2: ...": the bus, 0
 * when none is named. *ret_path is the device's, the caller's; NULL when the bus itself is meant.
 */
static guint
read_device(const char *text, char **ret_path)
{
    const char *p = text + strlen("usb ");
    gsize n;

    *ret_path = NULL;
    if (!g_str_has_prefix(text, "usb ") && !g_str_has_prefix(text, "hub "))
        return 0;
    if (g_str_has_prefix(p, "usb"))
        p += strlen("usb");
    n = strspn(p, "0123456789");
    if (n == 0 || n > 3)
        return 0;
    if (p[n] == '-' && g_ascii_isdigit(p[n + 1]))
        *ret_path = g_strndup(p, n + 1 + strspn(p + n + 1, "0123456789."));
    return (guint)g_ascii_strtoull(p, NULL, 10);
}

guint
rs_journal_bus(packet_info *pinfo, proto_tree *tree)
{
    g_autofree char *path = NULL;
    const char *text, *transport;

    if (pinfo->rec->rec_type != REC_TYPE_SYSTEMD_JOURNAL_EXPORT)
        return 0;
    text = rs_extract_text(pinfo->pool, tree, message_info);
    transport = rs_extract_text(pinfo->pool, tree, transport_info);
    if (!text || !transport || strcmp(transport, "kernel") != 0)
        return 0;
    return strstr(text, "hci_hcd ") == text + 1 ? RS_KERNEL_ANY_BUS : read_device(text, &path);
}

static gboolean
is_bus_of_a_device(const rs_tracker *tracker, guint bus)
{
    const GPtrArray *sessions = rs_tracker_sessions(tracker);

    for (guint i = 0; i < sessions->len; i++) {
        const struct rs_session *session = g_ptr_array_index(sessions, i);

        if (session->device && session->device->bus == bus)
            return TRUE;
    }
    return FALSE;
}

/* Is it about something else than a device of the tracker's? others: paths of devices that are not
 * Apple's, as the kernel itself names them. */
static gboolean
is_about_others(const rs_tracker *tracker, GHashTable *others, const struct line *line)
{
    g_autofree char *path = NULL;
    const guint bus = read_device(line->text, &path);
    const char *vendor = path ? strstr(line->text, "idVendor=") : NULL;

    if (vendor && g_ascii_strtoull(vendor + strlen("idVendor="), NULL, 16) == APPLE)
        g_hash_table_remove(others, path);
    else if (vendor)
        g_hash_table_add(others, g_strdup(path));
    return (bus && !is_bus_of_a_device(tracker, bus)) ||
           (path && g_hash_table_contains(others, path));
}

void
rs_journal_apply(const rs_journal *journal, const rs_tracker *tracker,
                 const rs_knowledge *knowledge, JsonObject *report)
{
    g_autoptr(GHashTable) others = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(rs_side_log) log = NULL;

    if (!journal || !tracker || !knowledge || journal->lines->len == 0)
        return;
    log = rs_side_log_new(knowledge, RS_SIDE_JOURNAL, "the journal");
    for (guint i = 0; i < journal->lines->len; i++) {
        const struct line *line = &g_array_index(journal->lines, struct line, i);
        const struct rs_side_line given = { line->frame, line->time_us, line->who, line->text };

        if (strcmp(line->who, "kernel") != 0 || !is_about_others(tracker, others, line))
            rs_side_log_add(log, &given);
    }
    rs_side_log_apply(log, report);
}

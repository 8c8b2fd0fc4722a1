/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The "restore" protocol: a post-dissector that shows what the tracker knows of each packet and
 * what the rules found. It runs after every packet, also after those whose dissectors gave up, and
 * on the first pass feeds tracker and engine; findings on a culprit frame can only be shown from
 * the second visit on. */

#include "plugin/glue.h"

#include <epan/expert.h>
#include <epan/prefs.h>

#include "dissectors/apple-usb.h"
#include "plugin/extract.h"
#include "plugin/filters.h"
#include "plugin/live.h"
#include "plugin/lookahead.h"
#include "plugin/state.h"

static int proto_restore;
static int hf_restore_session = -1;
static int hf_restore_device = -1;
static int hf_restore_device_ecid = -1;
static int hf_restore_device_product = -1;
static int hf_restore_device_mode = -1;
static int hf_restore_device_event = -1;
static int hf_restore_device_planned = -1;
static int hf_restore_device_reason = -1;
static int hf_restore_device_previous_mode = -1;
static int hf_restore_device_away = -1;
static int hf_restore_device_left_in = -1;
static int hf_restore_phase = -1;
static int hf_restore_host_name = -1;
static int hf_restore_host_role = -1;
static int hf_restore_usb_error = -1;
static int hf_restore_usb_status = -1;
static int hf_restore_usb_transfer = -1;
static int hf_restore_usb_address = -1;
static int hf_restore_usb_planned = -1;
static int hf_restore_usb_pending = -1;
static int hf_restore_usb_submitted_in = -1;
static int hf_restore_finding = -1;
static int hf_restore_cause = -1;
static int hf_restore_severity = -1;
static int hf_restore_root = -1;
static int hf_restore_culprit_frame = -1;
static int hf_restore_says = -1;
static gint ett_restore = -1;
static gint ett_restore_finding = -1;
static expert_field ei_restore_error = EI_INIT;
static expert_field ei_restore_warning = EI_INIT;
static expert_field ei_restore_note = EI_INIT;
static expert_field ei_restore_rules = EI_INIT;

static dissector_handle_t restore_handle;
static const char *rules_dir = "";

static const char *const severity_names[] = { "note", "warning", "error" };

static proto_item *
add_string(proto_tree *tree, int hf, tvbuff_t *tvb, const char *text)
{
    proto_item *item = NULL;

    if (text && *text) {
        item = proto_tree_add_string(tree, hf, tvb, 0, 0, text);
        proto_item_set_generated(item);
    }
    return item;
}

static void
add_uint(proto_tree *tree, int hf, tvbuff_t *tvb, guint32 value)
{
    if (value)
        proto_item_set_generated(proto_tree_add_uint(tree, hf, tvb, 0, 0, value));
}

static void
add_boolean(proto_tree *tree, int hf, tvbuff_t *tvb, gboolean value)
{
    proto_item_set_generated(proto_tree_add_boolean(tree, hf, tvb, 0, 0, value ? 1 : 0));
}

static void
add_seconds(proto_tree *tree, int hf, tvbuff_t *tvb, gint64 time_us)
{
    double seconds = (double)time_us / (double)G_USEC_PER_SEC;

    if (time_us >= 0)
        proto_item_set_generated(
            proto_tree_add_double_format_value(tree, hf, tvb, 0, 0, seconds, "%.3f s", seconds));
}

static void
draw_device_event(tvbuff_t *tvb, proto_tree *tree, const struct rs_note *note)
{
    if (note->device_event == RS_DEVICE_NO_EVENT)
        return;
    add_string(tree, hf_restore_device_event, tvb,
               note->device_event == RS_DEVICE_LEFT ? "left" : "attached");
    if (note->planned || !note->is_blind)
        add_boolean(tree, hf_restore_device_planned, tvb, note->planned);
    add_string(tree, hf_restore_device_reason, tvb, note->reason);
    add_string(tree, hf_restore_device_previous_mode, tvb, note->previous_mode);
    add_seconds(tree, hf_restore_device_away, tvb, note->away_us);
    add_uint(tree, hf_restore_device_left_in, tvb, note->left_in);
}

static void
draw_usb(tvbuff_t *tvb, proto_tree *tree, const struct rs_note *note)
{
    if (!note->usb_error)
        return;
    add_string(tree, hf_restore_usb_error, tvb, note->usb_error);
    add_string(tree, hf_restore_usb_status, tvb, note->usb_status);
    add_string(tree, hf_restore_usb_transfer, tvb, note->usb_transfer);
    proto_item_set_generated(
        proto_tree_add_uint(tree, hf_restore_usb_address, tvb, 0, 0, note->usb_address));
    if (note->usb_planned || !note->is_blind)
        add_boolean(tree, hf_restore_usb_planned, tvb, note->usb_planned);
    add_seconds(tree, hf_restore_usb_pending, tvb, note->pending_us);
    add_uint(tree, hf_restore_usb_submitted_in, tvb, note->submitted_in);
}

static const char *
note_mode(const struct rs_note *note)
{
    return note->mode ? note->mode : "";
}

/* The packet list is read from top to bottom: what happened to the device belongs into it. */
static void
tell_in_info(packet_info *pinfo, const struct rs_note *note)
{
    if (note->usb_error)
        col_append_fstr(pinfo->cinfo, COL_INFO, " [%s]",
                        *note->usb_status ? note->usb_status : note->usb_error);
    if (note->device_event == RS_DEVICE_LEFT)
        col_append_fstr(pinfo->cinfo, COL_INFO, " [device %u left the bus%s%s]",
                        note->device->index, note->planned ? " after " : ", not told to",
                        note->planned ? note->reason : "");
    else if (note->device_event == RS_DEVICE_ATTACHED)
        col_append_fstr(pinfo->cinfo, COL_INFO, " [device %u appears in %s mode]",
                        note->device->index, note->mode);
}

static void
draw_note(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const struct rs_note *note)
{
    tell_in_info(pinfo, note);
    proto_item_append_text(proto_tree_get_parent(tree), "%s%s%s%s", *note_mode(note) ? ", " : "",
                           note_mode(note), note->phase ? ", phase " : "",
                           rs_phase_name(note->phase));
    add_uint(tree, hf_restore_session, tvb, note->session);
    if (note->device) {
        add_uint(tree, hf_restore_device, tvb, note->device->index);
        add_string(tree, hf_restore_device_ecid, tvb, note->device->ecid);
        add_string(tree, hf_restore_device_product, tvb, note->device->product);
    }
    add_string(tree, hf_restore_device_mode, tvb, note->mode);
    add_string(tree, hf_restore_phase, tvb, rs_phase_name(note->phase));
    if (note->host) {
        add_string(tree, hf_restore_host_name, tvb, note->host->name);
        add_string(tree, hf_restore_host_role, tvb, note->host->role);
    }
    draw_device_event(tvb, tree, note);
    draw_usb(tvb, tree, note);
}

static void
draw_finding(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const struct rs_finding *finding,
             enum rs_severity severity, gboolean is_root)
{
    expert_field *const fields[] = { &ei_restore_note, &ei_restore_warning, &ei_restore_error };
    proto_item *item = add_string(tree, hf_restore_finding, tvb, finding->rule->id);
    proto_tree *sub = proto_item_add_subtree(item, ett_restore_finding);

    add_string(sub, hf_restore_cause, tvb, finding->rule->cause);
    add_string(sub, hf_restore_severity, tvb, severity_names[severity]);
    add_string(sub, hf_restore_says, tvb, finding->says);
    add_uint(sub, hf_restore_culprit_frame, tvb, finding->culprit_frame);
    if (is_root) {
        add_boolean(sub, hf_restore_root, tvb, TRUE);
        col_append_fstr(pinfo->cinfo, COL_INFO, " [root cause: %s]", finding->says);
    }
    expert_add_info_format(pinfo, item, fields[severity], "%s [%s]", finding->says,
                           finding->rule->id);
}

/* What a finding turned out to be worth; on the first pass nobody knows yet. */
static enum rs_severity
severity_of(const struct rs_finding *finding)
{
    const GPtrArray *ranked =
        rs_state()->culprits
            ? g_hash_table_lookup(rs_state()->culprits, GUINT_TO_POINTER(finding->culprit_frame))
            : NULL;

    for (guint i = 0; ranked && i < ranked->len; i++) {
        const struct rs_ranked *row = g_ptr_array_index(ranked, i);

        if (row->finding->rule == finding->rule)
            return row->severity;
    }
    return finding->rule->severity;
}

static void
draw_fired(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    const GPtrArray *fired = g_hash_table_lookup(rs_state()->fired, GUINT_TO_POINTER(pinfo->num));

    for (guint i = 0; fired && i < fired->len; i++) {
        const struct rs_finding *finding = g_ptr_array_index(fired, i);

        draw_finding(tvb, pinfo, tree, finding, severity_of(finding), FALSE);
    }
}

/* Later passes: findings whose culprit this frame is. The root stands alone, so that filters and
 * columns show one cause; its companions are in the report. */
static gboolean
draw_culprit(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    const struct rs_diagnosis *diagnosis = rs_state_conclude();
    const GPtrArray *ranked =
        g_hash_table_lookup(rs_state()->culprits, GUINT_TO_POINTER(pinfo->num));
    const struct rs_ranked *root =
        diagnosis->has_root ? g_ptr_array_index(diagnosis->ranked, 0) : NULL;

    if (root && root->finding->culprit_frame == pinfo->num) {
        draw_finding(tvb, pinfo, tree, root->finding, root->severity, TRUE);
        return TRUE;
    }
    for (guint i = 0; ranked && i < ranked->len; i++) {
        const struct rs_ranked *row = g_ptr_array_index(ranked, i);

        draw_finding(tvb, pinfo, tree, row->finding, row->severity, FALSE);
    }
    return ranked != NULL;
}

/* Enumeration is made of standard requests, which no dissector of ours sees: tell them of the
 * device, on the bus that the packet's addresses name. */
static void
tell_new_address(const packet_info *pinfo, const struct rs_observation *observation,
                 guint8 new_address)
{
    guint16 bus = observation->usb->event->bus;
    guint8 address;

    apple_usb_endpoint(pinfo, &bus, &address);
    apple_usb_enumerated(bus, new_address, pinfo->num);
}

/* What the first pass said of the frames from this one on. Millions of frames of an image say the
 * same, and it is kept once. */
struct told {
    guint32 frame;
    const struct rs_note *note; /* NULL: nothing */
};

static wmem_array_t *told; /* of file scope, in order of frames */

static struct told *
told_at(guint index)
{
    return (struct told *)wmem_array_index(told, index);
}

static const struct rs_note *
keep_note(guint32 frame, const struct rs_note *note)
{
    guint count = wmem_array_get_count(told);
    const struct rs_note *last = count > 0 ? told_at(count - 1)->note : NULL;
    struct told next = { .frame = frame };

    if (last == note || (last && note && memcmp(last, note, sizeof *note) == 0))
        return last;
    if (note)
        next.note = (const struct rs_note *)wmem_memdup(wmem_file_scope(), note, sizeof *note);
    wmem_array_append_one(told, next);
    return next.note;
}

static const struct rs_note *
kept_note(guint32 frame)
{
    guint low = 0, high = told ? wmem_array_get_count(told) : 0; /* the first entry after frame */

    while (low < high) {
        guint middle = low + (high - low) / 2;

        if (told_at(middle)->frame <= frame)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? told_at(low - 1)->note : NULL;
}

static const struct rs_note *
first_visit(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    const struct rs_observation *observation = rs_extract(tvb, pinfo, tree);
    struct rs_note note;
    gboolean known;

    rs_state_frame_seen(pinfo->num, observation->time_us, observation->usb != NULL,
                        pinfo->fd->pkt_len);
    rs_journal_observe(rs_state()->journal, pinfo, tree, observation->time_us);
    known = rs_tracker_observe(rs_state()->tracker, observation, &note);
    rs_lanes_observe(rs_state()->lanes, tree, observation, known ? &note : NULL);
    if (note.new_address)
        tell_new_address(pinfo, observation, note.new_address);
    return keep_note(pinfo->num, known ? &note : NULL);
}

static gint64
packet_time_us(const packet_info *pinfo)
{
    return (gint64)pinfo->abs_ts.secs * G_USEC_PER_SEC + pinfo->abs_ts.nsecs / 1000;
}

/* Has the frame anything to show beside what the tracker says? */
static gboolean
has_findings(guint32 frame)
{
    const struct rs_state *state = rs_state();

    return g_hash_table_contains(state->fired, GUINT_TO_POINTER(frame)) ||
           (state->culprits && g_hash_table_contains(state->culprits, GUINT_TO_POINTER(frame)));
}

static proto_tree *
restore_tree_new(tvbuff_t *tvb, proto_tree *tree)
{
    proto_item *item = proto_tree_add_item(tree, proto_restore, tvb, 0, 0, ENC_NA);

    proto_item_set_generated(item);
    return proto_item_add_subtree(item, ett_restore);
}

static void
visit_first(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    const struct rs_note *note = first_visit(tvb, pinfo, tree);
    proto_tree *restore_tree;

    if (rs_state_look(tree, note))
        rs_lookahead_will_add(tree);
    restore_tree = note ? restore_tree_new(tvb, tree) : NULL;
    if (note)
        draw_note(tvb, pinfo, restore_tree, note);
    rs_live_observe(note, packet_time_us(pinfo), pinfo->num);
    rs_state_feed(pinfo, tree, packet_time_us(pinfo));
    if (!restore_tree && has_findings(pinfo->num))
        restore_tree = restore_tree_new(tvb, tree);
    draw_fired(tvb, pinfo, restore_tree);
}

static void
visit_again(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    const struct rs_note *note = kept_note(pinfo->num);
    proto_tree *restore_tree;

    rs_state_conclude();
    if (!note && !has_findings(pinfo->num))
        return;
    restore_tree = restore_tree_new(tvb, tree);
    if (note)
        draw_note(tvb, pinfo, restore_tree, note);
    if (!draw_culprit(tvb, pinfo, restore_tree))
        draw_fired(tvb, pinfo, restore_tree);
}

/* A frame of somebody else's: time goes on. */
static void
pass_first(packet_info *pinfo, gboolean is_usb)
{
    const gint64 time_us = packet_time_us(pinfo);

    rs_state_frame_seen(pinfo->num, time_us, is_usb, pinfo->fd->pkt_len);
    keep_note(pinfo->num, NULL);
    rs_live_observe(NULL, time_us, pinfo->num);
    rs_state_advance(pinfo->num, time_us);
}

static void
visit_or_pass(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree)
{
    gboolean is_usb;
    GArray *wanted;

    if (rs_lookahead_is_bypassed(pinfo, &wanted))
        set_postdissector_wanted_hfids(restore_handle, wanted);
    if (rs_lookahead_mattered(pinfo, rs_state()->tracker, &is_usb))
        visit_first(tvb, pinfo, tree);
    else
        pass_first(pinfo, is_usb);
}

static int
dissect_restore(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    /* The wanted fields make sure of a tree on the first visit; later ones may be for taps alone.
     */
    if (!rs_state()->tracker)
        return 0;
    if (PINFO_FD_VISITED(pinfo))
        visit_again(tvb, pinfo, tree);
    else if (tree)
        visit_or_pass(tvb, pinfo, tree);
    if (pinfo->num == 1 && rs_state()->rules_error)
        expert_add_info_format(pinfo, tree, &ei_restore_rules, "%s", rs_state()->rules_error);
    return (int)tvb_captured_length(tvb);
}

static void
restore_init(void)
{
    GArray *wanted[RS_N_OUTLOOKS];

    told = wmem_array_new(wmem_file_scope(), sizeof(struct told));
    for (int outlook = 0; outlook < RS_N_OUTLOOKS; outlook++)
        wanted[outlook] = g_array_new(FALSE, FALSE, sizeof(int));
    rs_extract_wanted(wanted[RS_ANY_FRAME]);
    rs_extract_wanted(wanted[RS_ENDED_WELL]);
    rs_state_init(rules_dir, wanted);
    rs_lookahead_start(wanted, rs_state()->is_open);
    if (!proto_is_protocol_enabled(find_protocol_by_id(proto_restore)))
        rs_lookahead_stop();
    set_postdissector_wanted_hfids(restore_handle, rs_lookahead_wanted_always());
}

void
rs_glue_register(void)
{
    /* clang-format off */
    static hf_register_info hf[] = {
        { &hf_restore_session, { "Session", "restore.session", FT_UINT32, BASE_DEC, NULL, 0,
          "One attempt to restore one device", HFILL } },
        { &hf_restore_device, { "Device", "restore.device", FT_UINT32, BASE_DEC, NULL, 0,
          "One physical device over all its re-enumerations", HFILL } },
        { &hf_restore_device_ecid, { "ECID", "restore.device.ecid", FT_STRING, BASE_NONE, NULL, 0,
          NULL, HFILL } },
        { &hf_restore_device_product, { "Product", "restore.device.product", FT_STRING, BASE_NONE,
          NULL, 0, NULL, HFILL } },
        { &hf_restore_device_mode, { "Mode", "restore.device.mode", FT_STRING, BASE_NONE, NULL, 0,
          "normal, recovery, dfu, wtf, port-dfu, kis, restore", HFILL } },
        { &hf_restore_device_event, { "Event", "restore.device.event", FT_STRING, BASE_NONE, NULL,
          0, "attached or left", HFILL } },
        { &hf_restore_device_planned, { "Planned", "restore.device.planned", FT_BOOLEAN, BASE_NONE,
          NULL, 0, "A command had told the device to leave", HFILL } },
        { &hf_restore_device_reason, { "Reason", "restore.device.reason", FT_STRING, BASE_NONE,
          NULL, 0, "The command that made the device leave", HFILL } },
        { &hf_restore_device_previous_mode, { "Previous mode", "restore.device.previous_mode",
          FT_STRING, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_restore_device_away, { "Away", "restore.device.away", FT_DOUBLE, BASE_NONE, NULL, 0,
          "Seconds since it left the bus", HFILL } },
        { &hf_restore_device_left_in, { "Left in", "restore.device.left_in", FT_FRAMENUM,
          BASE_NONE, NULL, 0, "First frame that told of the departure", HFILL } },
        { &hf_restore_phase, { "Phase", "restore.phase", FT_STRING, BASE_NONE, NULL, 0, NULL,
          HFILL } },
        { &hf_restore_host_name, { "Host", "restore.host.name", FT_STRING, BASE_NONE, NULL, 0,
          NULL, HFILL } },
        { &hf_restore_host_role, { "Role", "restore.host.role", FT_STRING, BASE_NONE, NULL, 0,
          "What the host is for", HFILL } },
        { &hf_restore_usb_error, { "Transfer error", "restore.usb.error", FT_STRING, BASE_NONE,
          NULL, 0, "protocol, babble, stall, cancelled, gone, timeout, other", HFILL } },
        { &hf_restore_usb_status, { "Transfer status", "restore.usb.status", FT_STRING, BASE_NONE,
          NULL, 0, NULL, HFILL } },
        { &hf_restore_usb_transfer, { "Transfer", "restore.usb.transfer", FT_STRING, BASE_NONE,
          NULL, 0, "control, bulk, interrupt or iso, whatever system recorded it", HFILL } },
        { &hf_restore_usb_address, { "Address", "restore.usb.address", FT_UINT8, BASE_DEC, NULL, 0,
          "Of the device; 0 while it is enumerated", HFILL } },
        { &hf_restore_usb_planned, { "Planned", "restore.usb.planned", FT_BOOLEAN, BASE_NONE, NULL,
          0, "The device had been told to leave, or had left", HFILL } },
        { &hf_restore_usb_pending, { "Pending", "restore.usb.pending", FT_DOUBLE, BASE_NONE, NULL,
          0, "Seconds from submission to completion", HFILL } },
        { &hf_restore_usb_submitted_in, { "Submitted in", "restore.usb.submitted_in", FT_FRAMENUM,
          BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_restore_finding, { "Finding", "restore.finding", FT_STRING, BASE_NONE, NULL, 0,
          "The rule that found it", HFILL } },
        { &hf_restore_cause, { "Cause", "restore.cause", FT_STRING, BASE_NONE, NULL, 0, NULL,
          HFILL } },
        { &hf_restore_severity, { "Severity", "restore.severity", FT_STRING, BASE_NONE, NULL, 0,
          NULL, HFILL } },
        { &hf_restore_root, { "Root cause", "restore.root", FT_BOOLEAN, BASE_NONE, NULL, 0,
          "This frame made the restore fail", HFILL } },
        { &hf_restore_culprit_frame, { "Culprit frame", "restore.culprit_frame", FT_FRAMENUM,
          BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_restore_says, { "Says", "restore.says", FT_STRING, BASE_NONE, NULL, 0, NULL,
          HFILL } },
    };
    static ei_register_info ei[] = {
        { &ei_restore_error, { "restore.expert.error", PI_SEQUENCE, PI_ERROR,
          "Stopped the restore", EXPFILL } },
        { &ei_restore_warning, { "restore.expert.warning", PI_SEQUENCE, PI_WARN,
          "May have disturbed the restore", EXPFILL } },
        { &ei_restore_note, { "restore.expert.note", PI_SEQUENCE, PI_NOTE,
          "Did not stop the restore", EXPFILL } },
        { &ei_restore_rules, { "restore.expert.rules", PI_UNDECODED, PI_WARN,
          "A rule cannot be used", EXPFILL } },
    };
    /* clang-format on */
    static gint *ett[] = { &ett_restore, &ett_restore_finding };
    module_t *module;

    proto_restore = proto_register_protocol("iOS restore", "RESTORE", "restore");
    proto_register_field_array(proto_restore, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
    expert_register_field_array(expert_register_protocol(proto_restore), ei, array_length(ei));
    restore_handle = register_dissector("restore", dissect_restore, proto_restore);
    register_postdissector(restore_handle);
    register_init_routine(restore_init);
    register_cleanup_routine(rs_state_cleanup);
    module = prefs_register_protocol(proto_restore, NULL);
    prefs_register_directory_preference(module, "rules_dir", "Folder of your own rules",
                                        "Files *.rules in this folder add to the shipped rules, "
                                        "or replace those of the same name.",
                                        &rules_dir);
}

void
rs_glue_handoff(void)
{
    rs_lookahead_handoff();
    set_postdissector_wanted_hfids(restore_handle, rs_lookahead_wanted_always());
}

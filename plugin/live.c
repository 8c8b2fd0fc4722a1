/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What happens, as lines of JSON: modes, departures and phases by session, findings when they fire,
 * the verdict so far when it changes, and once in a second how much came. Between packets, time
 * goes on by blocks of our own in a pcapng stream. */
#include "dissectors/compat.h"

#include "plugin/live.h"

#include <stdio.h>

#include "plugin/diagnose.h"
#include "plugin/paths.h"
#include "plugin/report/report_json.h"

#define TICK_BLOCK 0x80525354U /* RS_RELAY_TICK of plugin/cli/relay.h */

enum { SECOND_US = G_USEC_PER_SEC };

/* What was told last of a session. */
struct told {
    const char *mode; /* interned */
    enum rs_phase phase;
    gboolean knows_ecid, knows_product;
};

static struct {
    gboolean is_on;
    rs_knowledge *knowledge;
    GHashTable *sessions; /* id to struct told */
    gint64 progress_us;   /* when progress was told last */
    guint64 usb_bytes, network_bytes;
    gboolean has_root; /* of the verdict told last */
    const struct rs_rule *root_rule;
    guint32 root_frame;
    gboolean is_stale; /* a finding has fired since the verdict was looked at */
} live;

static double
seconds(gint64 time_us)
{
    return (double)(time_us - rs_state()->first_time_us) / G_USEC_PER_SEC;
}

static JsonObject *
event_new(const char *event, gint64 time_us, guint32 frame)
{
    JsonObject *object = json_object_new();

    json_object_set_string_member(object, "schema", "restorescope.live/1");
    json_object_set_string_member(object, "event", event);
    json_object_set_double_member(object, "time_s", seconds(time_us));
    json_object_set_int_member(object, "frame", frame);
    return object;
}

/* Prints and frees it. */
static void
tell(JsonObject *event)
{
    g_autofree char *line = rs_json_line(event);

    printf("%s\n", line);
    fflush(stdout);
    json_object_unref(event);
}

static JsonObject *
device_object(const struct rs_device *device)
{
    JsonObject *object = json_object_new();
    const char *const texts[][2] = { { "ecid", device->ecid }, { "product", device->product } };

    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autofree char *valid = texts[i][1] ? g_utf8_make_valid(texts[i][1], -1) : NULL;

        if (valid)
            json_object_set_string_member(object, texts[i][0], valid);
        else
            json_object_set_null_member(object, texts[i][0]);
    }
    return object;
}

/* Whose identifiers may stand in the sentences of a finding. */
static void
add_device(JsonObject *event, const char *session)
{
    const GPtrArray *sessions = rs_tracker_sessions(rs_state()->tracker);
    const guint64 id = g_ascii_strtoull(session, NULL, 10);
    const struct rs_session *found =
        id > 0 && id <= sessions->len ? g_ptr_array_index(sessions, id - 1) : NULL;

    json_object_set_int_member(event, "session", (gint64)id);
    if (found && found->device)
        json_object_set_object_member(event, "device", device_object(found->device));
}

static void
tell_of_device(const char *what, const struct rs_note *note, gint64 time_us, guint32 frame)
{
    JsonObject *event = event_new(what, time_us, frame);

    json_object_set_int_member(event, "session", note->session);
    json_object_set_string_member(event, "mode", note->mode ? note->mode : "");
    if (note->device)
        json_object_set_object_member(event, "device", device_object(note->device));
    if (note->device_event == RS_DEVICE_LEFT) {
        json_object_set_boolean_member(event, "planned", note->planned);
        json_object_set_string_member(event, "reason", note->reason);
    }
    tell(event);
}

static void
tell_phase(const struct rs_note *note, gint64 time_us, guint32 frame)
{
    JsonObject *event = event_new("phase", time_us, frame);

    json_object_set_int_member(event, "session", note->session);
    json_object_set_string_member(event, "phase", rs_phase_name(note->phase));
    tell(event);
}

/* Who it is may be known only some time after it appears. */
static void
tell_identity(struct told *told, const struct rs_note *note, gint64 time_us, guint32 frame)
{
    const struct rs_device *device = note->device;

    if (!device || (told->knows_ecid >= (device->ecid != NULL) &&
                    told->knows_product >= (device->product != NULL)))
        return;
    told->knows_ecid = device->ecid != NULL;
    told->knows_product = device->product != NULL;
    tell_of_device("device", note, time_us, frame);
}

static struct told *
told_of(guint session)
{
    struct told *told = g_hash_table_lookup(live.sessions, GUINT_TO_POINTER(session));

    if (!told) {
        told = g_new0(struct told, 1);
        g_hash_table_insert(live.sessions, GUINT_TO_POINTER(session), told);
    }
    return told;
}

static void
tell_changes(const struct rs_note *note, gint64 time_us, guint32 frame)
{
    struct told *told = told_of(note->session);
    const char *mode = note->mode && *note->mode ? note->mode : NULL;

    if (note->device_event == RS_DEVICE_LEFT) {
        tell_of_device("left", note, time_us, frame);
        told->mode = NULL;
    } else if (mode && (note->device_event == RS_DEVICE_ATTACHED ||
                        (note->device && note->device->present && told->mode != mode))) {
        tell_of_device("mode", note, time_us, frame);
        told->mode = mode;
    }
    tell_identity(told, note, time_us, frame);
    if (note->phase != told->phase && note->phase != RS_PHASE_NONE) {
        tell_phase(note, time_us, frame);
        told->phase = note->phase;
    }
}

static const struct rs_ranked *
root_of(const rs_diagnosis *diagnosis)
{
    return diagnosis->has_root ? g_ptr_array_index(diagnosis->ranked, 0) : NULL;
}

static void
tell_verdict(const rs_diagnosis *diagnosis, gint64 time_us, guint32 frame)
{
    const struct rs_ranked *root = root_of(diagnosis);
    JsonObject *event = event_new("verdict", time_us, frame);

    if (root)
        add_device(event, root->finding->session);
    if (root)
        json_object_set_object_member(
            event, "root",
            rs_report_json_finding(root, g_hash_table_lookup(diagnosis->waits, root->finding),
                                   diagnosis->first_time_us, live.knowledge));
    else
        json_object_set_null_member(event, "root");
    tell(event);
}

/* The verdict so far: another root, or none any more, is told. */
static void
look_at_verdict(gint64 time_us, guint32 frame)
{
    g_autoptr(rs_diagnosis) diagnosis = NULL;
    const struct rs_ranked *root;

    if (!live.is_stale && !live.has_root)
        return;
    live.is_stale = FALSE;
    diagnosis = rs_diagnose(rs_state(), FALSE);
    root = root_of(diagnosis);
    if (live.has_root == (root != NULL) &&
        (!root || (live.root_rule == root->finding->rule &&
                   live.root_frame == root->finding->culprit_frame)))
        return;
    tell_verdict(diagnosis, time_us, frame);
    live.has_root = root != NULL;
    live.root_rule = root ? root->finding->rule : NULL;
    live.root_frame = root ? root->finding->culprit_frame : 0;
}

static void
tell_progress(gint64 time_us, guint32 frame)
{
    const struct rs_state *state = rs_state();
    JsonObject *event = event_new("progress", time_us, frame);

    json_object_set_double_member(event, "step_s",
                                  (double)(time_us - live.progress_us) / G_USEC_PER_SEC);
    json_object_set_int_member(event, "usb_bytes", (gint64)(state->usb_bytes - live.usb_bytes));
    json_object_set_int_member(event, "network_bytes",
                               (gint64)(state->network_bytes - live.network_bytes));
    tell(event);
    live.progress_us = time_us;
    live.usb_bytes = state->usb_bytes;
    live.network_bytes = state->network_bytes;
}

/* What is done once in a second of the capture. */
static void
keep_time(gint64 time_us, guint32 frame)
{
    if (live.progress_us == 0)
        live.progress_us = time_us;
    if (time_us - live.progress_us < SECOND_US)
        return;
    look_at_verdict(time_us, frame);
    tell_progress(time_us, frame);
}

/* Errors are told of at once; a flood of them only as often as time goes on. */
static void
take_finding(const struct rs_finding *finding)
{
    const struct rs_ranked alone = { .finding = finding, .severity = finding->rule->severity };
    const gint64 now_us = MAX(rs_state()->last_time_us, finding->fired_time_us);
    JsonObject *event = event_new("finding", now_us, rs_state()->frames);
    enum { AT_ONCE_MAX = 64 };
    static guint n_at_once;

    add_device(event, finding->session);
    json_object_set_object_member(
        event, "finding",
        rs_report_json_finding(&alone, NULL, rs_state()->first_time_us, live.knowledge));
    tell(event);
    if (finding->rule->severity < RS_ERROR || finding->recovered)
        return;
    live.is_stale = TRUE;
    if (n_at_once++ < AT_ONCE_MAX)
        look_at_verdict(now_us, rs_state()->frames);
}

void
rs_live_start(void)
{
    g_autofree char *path = rs_paths_data("knowledge/errors.json");

    if (live.is_on)
        return;
    live.is_on = TRUE;
    live.knowledge = path ? rs_knowledge_new(path, NULL) : NULL;
    live.sessions = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, g_free);
    rs_state_on_fired(take_finding);
}

void
rs_live_observe(const struct rs_note *note, gint64 time_us, guint32 frame)
{
    if (!live.is_on)
        return;
    if (note)
        tell_changes(note, time_us, frame);
    keep_time(time_us, frame);
}

static void
take_tick(const guint8 *content, guint32 length, gboolean swapped)
{
    const struct rs_state *state = rs_state();
    guint64 time_us;

    if (length != sizeof time_us || !live.is_on || !state->tracker || state->frames == 0)
        return;
    memcpy(&time_us, content, sizeof time_us);
    time_us = swapped ? GUINT64_SWAP_LE_BE(time_us) : time_us;
    rs_state_tick((gint64)time_us);
    keep_time(MAX((gint64)time_us, state->last_time_us), state->frames);
}

void
rs_live_register_ticks(void)
{
    rs_ws_on_block(TICK_BLOCK, take_tick);
}

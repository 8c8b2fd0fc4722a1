/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * How far the restore is and how it ended, in restored's messages: ProgressMsg, CheckpointMsg,
 * BBUpdateStatusMsg and StatusMsg. Facts: idevicerestore 405fcd1, src/restore.c; the dictionaries
 * of StatusMsg's Error from device logs in public bug reports.
 *
 * A CheckpointMsg carries no time of its own: what is shown as its time is counted from the host's
 * StartRestore, and its duration from the message that began it. */

#include <epan/expert.h>
#include <epan/proto_data.h>
#include <epan/wmem_scopes.h>

#include "dissectors/apple-usb.h"
#include "dissectors/compat.h"
#include "dissectors/restored-message.h"
#include "dissectors/restored-names.h"

static int proto_owner = -1; /* of packet-restored.c */
static int hf_restored_operation = -1, hf_restored_operation_name = -1, hf_restored_progress = -1;
static int hf_restored_checkpoint_id = -1, hf_restored_checkpoint_step = -1;
static int hf_restored_checkpoint_name = -1, hf_restored_checkpoint_result = -1;
static int hf_restored_checkpoint_complete = -1, hf_restored_checkpoint_error = -1;
static int hf_restored_checkpoint_warning = -1, hf_restored_checkpoint_time = -1;
static int hf_restored_checkpoint_began_in = -1, hf_restored_checkpoint_duration = -1;
static int hf_restored_status = -1, hf_restored_amr_error = -1, hf_restored_error_text = -1;
static int hf_restored_error_code = -1, hf_restored_error_domain = -1, hf_restored_log = -1;
static int hf_restored_bb_accepted = -1, hf_restored_bb_done = -1, hf_restored_bb_imei = -1;
static expert_field ei_restored_status = EI_INIT;
static expert_field ei_restored_checkpoint = EI_INIT;
static expert_field ei_restored_baseband = EI_INIT;

/* A frame and its time. File scope. */
struct moment {
    guint32 frame;
    nstime_t time;
};

/* Per attachment; changes on the first pass only. */
struct course {
    struct moment start;   /* StartRestore */
    wmem_map_t *beginning; /* id of a checkpoint -> struct moment * */
};

/* What a CheckpointMsg's place in the course is. */
struct place {
    struct moment start, beginning; /* frame 0: unknown */
};

static struct course *
course_of(const packet_info *pinfo)
{
    struct apple_usb_attach *attach = apple_usb_attach_of(pinfo);
    struct course *course;

    if (!attach)
        return NULL;
    if (!attach->restored) {
        course = wmem_new0(wmem_file_scope(), struct course);
        course->beginning = wmem_map_new(wmem_file_scope(), g_int64_hash, g_int64_equal);
        attach->restored = course;
    }
    return (struct course *)attach->restored;
}

void
restored_started(packet_info *pinfo)
{
    struct course *course = PINFO_FD_VISITED(pinfo) ? NULL : course_of(pinfo);

    if (course)
        course->start = (struct moment){ .frame = pinfo->num, .time = pinfo->abs_ts };
}

/* The message that begins a checkpoint is remembered, the one that ends it finds it. */
static struct moment
take_beginning(const packet_info *pinfo, struct course *course, gint64 id, gboolean is_complete)
{
    struct moment *kept = (struct moment *)wmem_map_remove(course->beginning, &id), beginning;
    gint64 *key;

    beginning = kept ? *kept : (struct moment){ .frame = 0 };
    if (is_complete)
        return beginning;
    kept = wmem_new(wmem_file_scope(), struct moment);
    *kept = (struct moment){ .frame = pinfo->num, .time = pinfo->abs_ts };
    key = wmem_new(wmem_file_scope(), gint64);
    *key = id;
    wmem_map_insert(course->beginning, key, kept);
    return (struct moment){ .frame = 0 };
}

static const struct place *
place_of(const struct restored_message *message, gint64 id, gboolean is_complete)
{
    packet_info *pinfo = message->pinfo;
    struct course *course;
    struct place *place;

    if (PINFO_FD_VISITED(pinfo))
        return (const struct place *)p_get_proto_data(wmem_file_scope(), pinfo, proto_owner,
                                                      message->nth);
    course = course_of(pinfo);
    if (!course)
        return NULL;
    place = wmem_new0(wmem_file_scope(), struct place);
    place->start = course->start;
    place->beginning = take_beginning(pinfo, course, id, is_complete);
    p_add_proto_data(wmem_file_scope(), pinfo, proto_owner, message->nth, place);
    return place;
}

static void
add_since(const struct restored_message *message, int hf, const struct moment *moment)
{
    nstime_t delta;

    nstime_delta(&delta, &message->pinfo->abs_ts, &moment->time);
    proto_item_set_generated(proto_tree_add_time(message->tree, hf, message->tvb, 0, 0, &delta));
}

static void
add_place(const struct restored_message *message, gint64 id, gboolean is_complete)
{
    const struct place *place = place_of(message, id, is_complete);

    if (place && place->start.frame != 0)
        add_since(message, hf_restored_checkpoint_time, &place->start);
    if (!place || place->beginning.frame == 0)
        return;
    proto_item_set_generated(proto_tree_add_uint(message->tree, hf_restored_checkpoint_began_in,
                                                 message->tvb, 0, 0, place->beginning.frame));
    add_since(message, hf_restored_checkpoint_duration, &place->beginning);
}

void
restored_add_progress(const struct restored_message *message)
{
    gint64 operation = 0, progress = -1;
    proto_item *item;
    const char *name;

    if (plist_dict_integer(message->values, "Operation", &operation)) {
        name = restored_operation_name(message->pinfo, mux_service_protocol_version(message->pinfo),
                                       operation);
        item = restored_add_value(message, hf_restored_operation, "Operation");
        proto_item_append_text(item, " (%s)", name);
        item = proto_tree_add_string(message->tree, hf_restored_operation_name, message->tvb, 0, 0,
                                     name);
        proto_item_set_generated(item);
        col_append_fstr(message->pinfo->cinfo, COL_INFO, " %s", name);
    }
    item = restored_add_value(message, hf_restored_progress, "Progress");
    if (plist_dict_integer(message->values, "Progress", &progress) && progress < 0)
        proto_item_append_text(item, " (indeterminate)");
    else if (item)
        col_append_fstr(message->pinfo->cinfo, COL_INFO, " %" G_GINT64_FORMAT "%%", progress);
}

/* The id's low 16 bits and the name. Ids are re-assigned between releases: the name, when there is
 * one, always wins. */
static const char *
add_checkpoint_name(const struct restored_message *message, gint64 *ret_id)
{
    const char *name = plist_dict_string(message->values, "CHECKPOINT_NAME");
    proto_item *item;

    if (plist_dict_integer(message->values, "CHECKPOINT_ID", ret_id)) {
        restored_add_value(message, hf_restored_checkpoint_id, "CHECKPOINT_ID");
        item = proto_tree_add_uint(message->tree, hf_restored_checkpoint_step, message->tvb, 0, 0,
                                   (guint32)(*ret_id & 0xffff));
        proto_item_set_generated(item);
    }
    if (!name)
        name = restored_checkpoint_name(message->pinfo, *ret_id);
    item = restored_add_value(message, hf_restored_checkpoint_name, "CHECKPOINT_NAME");
    if (!item) {
        item = proto_tree_add_string(message->tree, hf_restored_checkpoint_name, message->tvb, 0, 0,
                                     name);
        proto_item_set_generated(item);
    }
    return name;
}

void
restored_add_checkpoint(const struct restored_message *message)
{
    column_info *cinfo = message->pinfo->cinfo;
    gint64 id = 0, result = 0;
    gboolean is_complete = FALSE;
    const char *name = add_checkpoint_name(message, &id);
    proto_item *item;

    restored_add_value(message, hf_restored_checkpoint_complete, "CHECKPOINT_COMPLETE");
    restored_add_value(message, hf_restored_checkpoint_warning, "CHECKPOINT_WARNING");
    restored_add_value(message, hf_restored_checkpoint_error, "CHECKPOINT_ERROR");
    item = restored_add_value(message, hf_restored_checkpoint_result, "CHECKPOINT_RESULT");
    plist_dict_boolean(message->values, "CHECKPOINT_COMPLETE", &is_complete);
    add_place(message, id, is_complete);
    col_append_fstr(cinfo, COL_INFO, " %s %s", name, is_complete ? "ends" : "begins");
    if (plist_dict_integer(message->values, "CHECKPOINT_RESULT", &result) && result != 0) {
        col_append_fstr(cinfo, COL_INFO, " with %" G_GINT64_FORMAT " (%s)", result,
                        restored_error_name(result));
        expert_add_info_format(message->pinfo, item, &ei_restored_checkpoint,
                               "Checkpoint %s failed with %" G_GINT64_FORMAT ": %s", name, result,
                               restored_error_name(result));
    }
}

/* Error is a CFError written as dictionaries: Content has Code, Domain and, in
 * UserInfo.NSDescription.Content, the words. */
static void
add_error(const struct restored_message *message)
{
    const struct plist_value *content =
        plist_dict_dict(plist_dict_dict(message->values, "Error"), "Content");
    const struct plist_value *description =
        plist_dict_dict(plist_dict_dict(content, "UserInfo"), "NSDescription");

    plist_field_add(message->tree, message->tvb, message->pinfo, hf_restored_error_domain,
                    plist_dict_get(content, "Domain"));
    plist_field_add(message->tree, message->tvb, message->pinfo, hf_restored_error_code,
                    plist_dict_get(content, "Code"));
    plist_field_add(message->tree, message->tvb, message->pinfo, hf_restored_error_text,
                    plist_dict_get(description, "Content"));
}

void
restored_add_status(const struct restored_message *message)
{
    gint64 status = 0;
    proto_item *item = restored_add_value(message, hf_restored_status, "Status");

    restored_add_value(message, hf_restored_amr_error, "AMRError");
    add_error(message);
    restored_add_lines(message, restored_add_value(message, hf_restored_log, "Log"),
                       plist_dict_get(message->values, "Log"));
    if (!plist_dict_integer(message->values, "Status", &status))
        return;
    col_append_fstr(message->pinfo->cinfo, COL_INFO, " %" G_GINT64_FORMAT " (%s)", status,
                    restored_error_name(status));
    if (status != 0)
        expert_add_info_format(message->pinfo, item, &ei_restored_status,
                               "The restore failed with %" G_GINT64_FORMAT ": %s", status,
                               restored_error_name(status));
}

void
restored_add_baseband_status(const struct restored_message *message)
{
    const struct plist_value *output = plist_dict_dict(message->values, "Output");
    gboolean is_accepted = TRUE;
    proto_item *item = restored_add_value(message, hf_restored_bb_accepted, "Accepted");

    plist_field_add(message->tree, message->tvb, message->pinfo, hf_restored_bb_done,
                    plist_dict_get(output, "done"));
    plist_field_add(message->tree, message->tvb, message->pinfo, hf_restored_bb_imei,
                    plist_dict_get(plist_dict_dict(output, "provisioning"), "IMEI"));
    plist_dict_boolean(message->values, "Accepted", &is_accepted);
    col_append_str(message->pinfo->cinfo, COL_INFO, is_accepted ? " accepted" : " refused");
    if (!is_accepted)
        expert_add_info(message->pinfo, item, &ei_restored_baseband);
}

void
restored_status_register(int proto)
{
    /* clang-format off */
    static hf_register_info hf[] = {
        { &hf_restored_operation, { "Operation", "restored.operation", FT_INT64, BASE_DEC, NULL, 0,
          "As on the wire; its meaning depends on the protocol version", HFILL } },
        { &hf_restored_operation_name, { "Operation name", "restored.operation.name", FT_STRING,
          BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_restored_progress, { "Progress", "restored.progress", FT_INT64, BASE_DEC, NULL, 0,
          "Percent; -1 is indeterminate", HFILL } },
        { &hf_restored_checkpoint_id, { "Checkpoint id", "restored.checkpoint.id", FT_UINT64,
          BASE_HEX, NULL, 0, NULL, HFILL } },
        { &hf_restored_checkpoint_step, { "Checkpoint step", "restored.checkpoint.step", FT_UINT16,
          BASE_HEX, VALS(restored_checkpoint_vals), 0,
          "Low 16 bits of the id; its meaning varies between releases", HFILL } },
        { &hf_restored_checkpoint_name, { "Checkpoint name", "restored.checkpoint.name", FT_STRING,
          BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_restored_checkpoint_result, { "Checkpoint result", "restored.checkpoint.result",
          FT_INT64, BASE_DEC | BASE_VAL64_STRING, VALS64(restored_error_vals), 0, NULL, HFILL } },
        { &hf_restored_checkpoint_complete, { "Checkpoint complete",
          "restored.checkpoint.complete", FT_BOOLEAN, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_restored_checkpoint_error, { "Checkpoint error", "restored.checkpoint.error",
          FT_STRING, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_restored_checkpoint_warning, { "Checkpoint warning", "restored.checkpoint.warning",
          FT_STRING, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_restored_checkpoint_time, { "Time of the restore", "restored.checkpoint.time",
          FT_RELATIVE_TIME, BASE_NONE, NULL, 0, "Since the host's StartRestore", HFILL } },
        { &hf_restored_checkpoint_began_in, { "Checkpoint began in",
          "restored.checkpoint.began_in", FT_FRAMENUM, BASE_NONE,
          FRAMENUM_TYPE(FT_FRAMENUM_REQUEST), 0, NULL, HFILL } },
        { &hf_restored_checkpoint_duration, { "Checkpoint duration",
          "restored.checkpoint.duration", FT_RELATIVE_TIME, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_restored_status, { "Status", "restored.status", FT_INT64,
          BASE_DEC | BASE_VAL64_STRING, VALS64(restored_error_vals), 0, NULL, HFILL } },
        { &hf_restored_amr_error, { "AMRestore error", "restored.amr_error", FT_INT64,
          BASE_DEC | BASE_VAL64_STRING, VALS64(restored_error_vals), 0, NULL, HFILL } },
        { &hf_restored_error_domain, { "Error domain", "restored.error_domain", FT_STRING,
          BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_restored_error_code, { "Error code", "restored.error_code", FT_INT64, BASE_DEC, NULL,
          0, "Of the domain before it", HFILL } },
        { &hf_restored_error_text, { "Error description", "restored.error_text", FT_STRING,
          BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_restored_log, { "Log", "restored.log", FT_STRING, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_restored_bb_accepted, { "Baseband firmware accepted", "restored.bb_accepted",
          FT_BOOLEAN, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_restored_bb_done, { "Baseband update done", "restored.bb_done", FT_BOOLEAN,
          BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_restored_bb_imei, { "IMEI", "restored.bb_imei", FT_STRING, BASE_NONE, NULL, 0,
          "Of the provisioned baseband", HFILL } },
    };
    static ei_register_info ei[] = {
        { &ei_restored_status, { "restored.status.failed", PI_RESPONSE_CODE, PI_ERROR,
          "The restore failed", EXPFILL } },
        { &ei_restored_checkpoint, { "restored.checkpoint.failed", PI_RESPONSE_CODE, PI_ERROR,
          "A checkpoint failed", EXPFILL } },
        { &ei_restored_baseband, { "restored.bb_accepted.refused", PI_RESPONSE_CODE, PI_ERROR,
          "The baseband refused its firmware", EXPFILL } },
    };
    /* clang-format on */

    proto_owner = proto;
    proto_register_field_array(proto, hf, array_length(hf));
    expert_register_field_array(expert_register_protocol(proto), ei, array_length(ei));
}

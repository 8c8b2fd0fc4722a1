/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * restored's logs: of this restore in StatusMsg, of the one before in PreviousRestoreLogMsg, of a
 * crash. A log has up to a megabyte in one string; here it is read line by line. The form of its
 * lines, "[time]{thread} CHECKPOINT FAILURE:(FAILURE:n) ENGINE:[0xNNNN] name [0]D(text)", is from
 * device logs in public bug reports. */

#include <epan/expert.h>

#include "dissectors/compat.h"
#include "dissectors/export-objects.h"
#include "dissectors/restored-message.h"

enum {
    LINES_MAX = 8192, /* shown; the rest is one line more */
    LINE_BYTES_MAX = 1000,
    SHORT_TEXT = 200 /* what has no line feed and fits is no log */
};

static int hf_restored_log_line = -1;
static int hf_restored_log_failure = -1;
static int hf_restored_log_uptime = -1;
static int hf_restored_backtrace = -1;
static int hf_restored_crash_log = -1;
static gint ett_restored_log = -1;
static expert_field ei_restored_crash = EI_INIT;
static expert_field ei_restored_previous = EI_INIT;
static expert_field ei_restored_log_failure = EI_INIT;
static expert_field ei_restored_log_rest = EI_INIT;

/* The next line of the text in the bytes that are its source, as long as both have the same lines:
 * a line feed written as an entity, or in UTF-16, has no place of its own. */
struct source {
    tvbuff_t *tvb;
    int offset, end;
};

static guint
count_lines(const char *text)
{
    guint count = 0;

    for (; (text = strchr(text, '\n')) != NULL; text++)
        count++;
    return count;
}

static struct source
source_of(tvbuff_t *tvb, const struct plist_value *value)
{
    struct source source = { .tvb = NULL };
    guint count = 0;
    int at = value->offset;

    if (!tvb_bytes_exist(tvb, value->offset, value->length))
        return source;
    source.offset = value->offset;
    source.end = value->offset + value->length;
    while ((at = tvb_find_uint8(tvb, at, source.end - at, '\n')) >= 0) {
        count++;
        if (++at >= source.end)
            break;
    }
    if (count == count_lines(value->string))
        source.tvb = tvb;
    return source;
}

/* Takes the line's bytes; 0 bytes at 0 when they are unknown. */
static void
take_line(struct source *source, int *ret_offset, int *ret_length)
{
    int end;

    *ret_offset = *ret_length = 0;
    if (!source->tvb || source->offset >= source->end)
        return;
    end = tvb_find_uint8(source->tvb, source->offset, source->end - source->offset, '\n');
    end = end < 0 ? source->end : end;
    *ret_offset = source->offset;
    *ret_length = end - source->offset;
    source->offset = end + 1;
}

/* "CHECKPOINT FAILURE:(FAILURE:53) RESTORED:[0x0634] fdr_recover [0]D(...)": its name. */
static const char *
failed_checkpoint(const packet_info *pinfo, const char *line)
{
    const char *at = strstr(line, "CHECKPOINT FAILURE");

    at = at ? strstr(at, ":[0x") : NULL;
    at = at ? strchr(at, ']') : NULL;
    if (!at)
        return NULL;
    at += 1 + strspn(at + 1, " ");
    return wmem_strndup(pinfo->pool, at, strcspn(at, " ["));
}

/* "restore-step-uptime = 259" or "...=259": the NVRAM variable as a log shows it. */
static gboolean
uptime_of(const char *line, guint64 *ret_seconds)
{
    static const char name[] = "restore-step-uptime";
    const char *at = strstr(line, name);
    char *end = NULL;

    if (!at)
        return FALSE;
    at += sizeof name - 1;
    at += strspn(at, " \t:=\"");
    *ret_seconds = g_ascii_strtoull(at, &end, 0);
    return end != at;
}

static void
add_line(const struct restored_message *message, proto_tree *tree, const char *line,
         struct source *source)
{
    const char *name = failed_checkpoint(message->pinfo, line);
    int offset, length;
    guint64 seconds;
    proto_item *item;

    take_line(source, &offset, &length);
    item = proto_tree_add_string(tree, hf_restored_log_line, message->tvb, offset, length, line);
    if (name && *name) {
        proto_item_set_generated(proto_tree_add_string(tree, hf_restored_log_failure, message->tvb,
                                                       offset, length, name));
        expert_add_info_format(message->pinfo, item, &ei_restored_log_failure,
                               "The log tells that %s failed", name);
    }
    if (uptime_of(line, &seconds))
        proto_item_set_generated(proto_tree_add_uint64(tree, hf_restored_log_uptime, message->tvb,
                                                       offset, length, seconds));
}

void
restored_add_lines(const struct restored_message *message, proto_item *item,
                   const struct plist_value *value)
{
    struct source source;
    proto_tree *tree;
    const char *at;
    guint count = 0;

    if (!value || value->type != PLIST_STRING || !value->string)
        return;
    at = value->string;
    export_object(EXPORT_LOGS, message->pinfo, value->key, "log", (const guint8 *)at,
                  (guint32)strlen(at));
    if (!item)
        return;
    source = source_of(message->tvb, value);
    tree = proto_item_add_subtree(item, ett_restored_log);
    while (*at != '\0' && count++ < LINES_MAX) {
        gsize length = strcspn(at, "\n");

        if (length > 0)
            add_line(message, tree,
                     wmem_strndup(message->pinfo->pool, at, MIN(length, LINE_BYTES_MAX)), &source);
        else
            take_line(&source, &(int){ 0 }, &(int){ 0 });
        at += length + (at[length] == '\n');
    }
    if (*at != '\0')
        expert_add_info(message->pinfo, item, &ei_restored_log_rest);
}

/* The backtrace comes as one string or as one per line. */
void
restored_add_crash(const struct restored_message *message)
{
    const struct plist_value *value = plist_dict_get(message->values, "RestoredBacktrace");
    const struct plist_value *line =
        value && value->type == PLIST_ARRAY ? value->first_child : value;

    for (; line; line = line == value ? NULL : line->next) {
        proto_item *item = plist_field_add(message->tree, message->tvb, message->pinfo,
                                           hf_restored_backtrace, line);

        if (line == value)
            restored_add_lines(message, item, line);
    }
    expert_add_info(message->pinfo, message->item, &ei_restored_crash);
}

void
restored_add_previous_log(const struct restored_message *message)
{
    const char *log = plist_dict_string(message->values, "PreviousRestoreLog");

    if (log && log[0] != '\0')
        expert_add_info(message->pinfo, message->item, &ei_restored_previous);
}

/* The key of its text is unknown: whatever is as long as a log, or has lines, is one. */
void
restored_add_crash_log(const struct restored_message *message)
{
    for (const struct plist_value *value = message->values->first_child; value;
         value = value->next) {
        proto_item *item;

        if (value->type != PLIST_STRING || !value->string ||
            (!strchr(value->string, '\n') && strlen(value->string) < SHORT_TEXT))
            continue;
        item = plist_field_add(message->tree, message->tvb, message->pinfo, hf_restored_crash_log,
                               value);
        restored_add_lines(message, item, value);
    }
}

void
restored_log_register(int proto)
{
    /* clang-format off */
    static hf_register_info hf[] = {
        { &hf_restored_log_line, { "Line", "restored.log.line", FT_STRING, BASE_NONE, NULL, 0,
          "Of any of restored's logs", HFILL } },
        { &hf_restored_log_failure, { "Failed checkpoint", "restored.log.failure", FT_STRING,
          BASE_NONE, NULL, 0, "That the line before tells of", HFILL } },
        { &hf_restored_log_uptime, { "Uptime", "restored.log.uptime", FT_UINT64, BASE_DEC, NULL,
          0, "restore-step-uptime: seconds since the ramdisk was started", HFILL } },
        { &hf_restored_backtrace, { "Backtrace", "restored.backtrace", FT_STRING, BASE_NONE, NULL,
          0, NULL, HFILL } },
        { &hf_restored_crash_log, { "Crash log", "restored.crash_log", FT_STRING, BASE_NONE, NULL,
          0, NULL, HFILL } },
    };
    static ei_register_info ei[] = {
        { &ei_restored_crash, { "restored.crash", PI_RESPONSE_CODE, PI_ERROR, "restored crashed",
          EXPFILL } },
        { &ei_restored_previous, { "restored.previous_log.present", PI_RESPONSE_CODE, PI_CHAT,
          "The device hands over the log of an earlier restore", EXPFILL } },
        { &ei_restored_log_failure, { "restored.log.failed", PI_RESPONSE_CODE, PI_NOTE,
          "The log tells that a checkpoint failed", EXPFILL } },
        { &ei_restored_log_rest, { "restored.log.rest", PI_UNDECODED, PI_NOTE,
          "The log has more lines than are shown", EXPFILL } },
    };
    /* clang-format on */
    static gint *ett[] = { &ett_restored_log };

    proto_register_field_array(proto, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
    expert_register_field_array(expert_register_protocol(proto), ei, array_length(ei));
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * XPC objects in epan: core/xpc.h's events become items. Known keys have fields of their own.
 * Facts: pymobiledevice3 62e2957, remote/remote_service_discovery.py; the restore service's
 * requests from its services/restore_service.py. */

#include "dissectors/remotexpc-tree.h"

#include <string.h>

#include <epan/expert.h>
#include <epan/to_str.h>
#include <wsutil/strtoi.h>

#include "dissectors/core/xpc.h"
#include "dissectors/plist-fields.h"

enum { ITEMS_MAX = 20000, LABEL_TEXT_MAX = 200, NAMED_DEPTH = 3 };

static int hf_remotexpc_key = -1;
static int hf_remotexpc_null = -1;
static int hf_remotexpc_boolean = -1;
static int hf_remotexpc_integer = -1;
static int hf_remotexpc_unsigned = -1;
static int hf_remotexpc_double = -1;
static int hf_remotexpc_date = -1;
static int hf_remotexpc_data = -1;
static int hf_remotexpc_string = -1;
static int hf_remotexpc_uuid = -1;
static int hf_remotexpc_descriptor = -1;
static int hf_remotexpc_array = -1;
static int hf_remotexpc_dictionary = -1;
static int hf_remotexpc_file_transfer = -1;
static int hf_remotexpc_message_type = -1;
static int hf_remotexpc_command = -1;
static int hf_remotexpc_result = -1;
static int hf_remotexpc_product_type = -1;
static int hf_remotexpc_product_version = -1;
static int hf_remotexpc_build_version = -1;
static int hf_remotexpc_udid = -1;
static int hf_remotexpc_ecid = -1;
static int hf_remotexpc_service_name = -1;
static int hf_remotexpc_service_port = -1;
static gint ett_remotexpc_container = -1;
static expert_field ei_remotexpc_short = EI_INIT;
static expert_field ei_remotexpc_malformed = EI_INIT;
static expert_field ei_remotexpc_unknown_type = EI_INIT;
static expert_field ei_remotexpc_too_much = EI_INIT;

struct drawing {
    tvbuff_t *tvb;
    packet_info *pinfo;
    proto_tree *root; /* where known keys are shown */
    int start;        /* of the parsed bytes in the tvb */
    guint items;
    proto_tree *tree[RS_XPC_DEPTH_MAX + 1]; /* where an object of that depth is drawn */
    proto_item *item[RS_XPC_DEPTH_MAX + 1]; /* the container that is open there */
    const char *key[NAMED_DEPTH + 1];       /* the path to the object, as far as names matter */
    remotexpc_service_cb found;
    struct remotexpc_content content;
};

static const char *
text_of(const struct drawing *drawing, size_t offset, size_t length)
{
    /* A string counts its NUL. */
    return (const char *)tvb_get_string_enc(drawing->pinfo->pool, drawing->tvb,
                                            drawing->start + (int)offset, (gint)length, ENC_UTF_8);
}

static const char *
short_text(const struct drawing *drawing, const char *text)
{
    const char *end = text + strnlen(text, LABEL_TEXT_MAX);

    while (end > text && *end != '\0' && ((guchar)*end & 0xC0) == 0x80)
        end--;
    return *end == '\0'
               ? text
               : wmem_strdup_printf(drawing->pinfo->pool, "%.*s...", (int)(end - text), text);
}

/* "Key: ", "[3]: " or nothing. */
static const char *
label_of(const struct drawing *drawing, const struct rs_xpc_event *event)
{
    if (event->depth == 0)
        return "";
    if (!event->has_key)
        return wmem_strdup_printf(drawing->pinfo->pool, "[%u]: ", event->index);
    return wmem_strdup_printf(
        drawing->pinfo->pool,
        "%s: ", short_text(drawing, text_of(drawing, event->key_offset, event->key_length)));
}

static proto_item *
draw_number(const struct drawing *drawing, proto_tree *tree, int offset, int length,
            const struct rs_xpc_event *event, const char *label)
{
    guint64 number = event->number;
    double real;
    nstime_t time;

    switch (event->type) {
    case RS_XPC_BOOL:
        return proto_tree_add_boolean_format(tree, hf_remotexpc_boolean, drawing->tvb, offset,
                                             length, number != 0, "%s%s", label,
                                             number ? "true" : "false");
    case RS_XPC_INT64:
        return proto_tree_add_int64_format(tree, hf_remotexpc_integer, drawing->tvb, offset, length,
                                           (gint64)number, "%s%" PRId64, label, (gint64)number);
    case RS_XPC_UINT64:
        return proto_tree_add_uint64_format(tree, hf_remotexpc_unsigned, drawing->tvb, offset,
                                            length, number, "%s%" PRIu64, label, number);
    case RS_XPC_DOUBLE:
        memcpy(&real, &number, sizeof real);
        return proto_tree_add_double_format(tree, hf_remotexpc_double, drawing->tvb, offset, length,
                                            real, "%s%.15g", label, real);
    case RS_XPC_DATE: /* nanoseconds since 1970 */
        time.secs = (time_t)(number / 1000000000);
        time.nsecs = (int)(number % 1000000000);
        return proto_tree_add_time_format(
            tree, hf_remotexpc_date, drawing->tvb, offset, length, &time, "%s%s", label,
            abs_time_to_str(drawing->pinfo->pool, &time, ABSOLUTE_TIME_UTC, TRUE));
    default: /* FD, SHMEM */
        return proto_tree_add_uint64_format(tree, hf_remotexpc_descriptor, drawing->tvb, offset,
                                            length, number, "%sdescriptor 0x%" PRIx64, label,
                                            number);
    }
}

static proto_item *
draw_container(const struct drawing *drawing, proto_tree *tree, int offset, int length,
               const struct rs_xpc_event *event, const char *label)
{
    if (event->type == RS_XPC_DICTIONARY)
        return proto_tree_add_none_format(tree, hf_remotexpc_dictionary, drawing->tvb, offset,
                                          length, "%sDictionary {%" PRIu64 "}", label,
                                          event->number);
    if (event->type == RS_XPC_ARRAY)
        return proto_tree_add_none_format(tree, hf_remotexpc_array, drawing->tvb, offset, length,
                                          "%sArray [%" PRIu64 "]", label, event->number);
    return proto_tree_add_uint64_format(tree, hf_remotexpc_file_transfer, drawing->tvb, offset,
                                        length, event->number, "%sFile transfer, message %" PRIu64,
                                        label, event->number);
}

static proto_item *
draw_bytes(const struct drawing *drawing, proto_tree *tree, int offset, int length,
           const struct rs_xpc_event *event, const char *label)
{
    int content = drawing->start + (int)event->content_offset;
    int size = (int)event->content_length;
    const char *text;
    proto_item *item;

    if (event->type == RS_XPC_STRING) {
        text = text_of(drawing, event->content_offset, event->content_length);
        return proto_tree_add_string_format(tree, hf_remotexpc_string, drawing->tvb, offset, length,
                                            text, "%s%s", label, short_text(drawing, text));
    }
    if (event->type == RS_XPC_UUID) {
        item = proto_tree_add_item(tree, hf_remotexpc_uuid, drawing->tvb, content, size,
                                   ENC_BIG_ENDIAN);
        proto_item_prepend_text(item, "%s", label);
        return item;
    }
    item = proto_tree_add_item(tree, hf_remotexpc_data, drawing->tvb, content, size, ENC_NA);
    proto_item_set_text(item, "%s%d bytes%s%s", label, size, size > 0 ? ": " : "",
                        size > 0 ? tvb_bytes_to_str(drawing->pinfo->pool, drawing->tvb, content,
                                                    MIN(size, LABEL_TEXT_MAX / 4))
                                 : "");
    return item;
}

static void
draw(struct drawing *drawing, const struct rs_xpc_event *event)
{
    proto_tree *tree = drawing->tree[event->depth];
    int offset = drawing->start + (int)event->offset, length = (int)event->length;
    const char *label = label_of(drawing, event);
    proto_item *item;

    if (event->has_key) {
        item = proto_tree_add_item(tree, hf_remotexpc_key, drawing->tvb,
                                   drawing->start + (int)event->key_offset, (int)event->key_length,
                                   ENC_UTF_8);
        proto_item_set_hidden(item);
    }
    switch (event->type) {
    case RS_XPC_NULL:
        proto_tree_add_none_format(tree, hf_remotexpc_null, drawing->tvb, offset, length, "%snull",
                                   label);
        break;
    case RS_XPC_STRING:
    case RS_XPC_DATA:
    case RS_XPC_UUID:
        draw_bytes(drawing, tree, offset, length, event, label);
        break;
    case RS_XPC_DICTIONARY:
    case RS_XPC_ARRAY:
    case RS_XPC_FILE_TRANSFER:
        item = draw_container(drawing, tree, offset, length, event, label);
        drawing->item[event->depth] = item;
        drawing->tree[event->depth + 1] = proto_item_add_subtree(item, ett_remotexpc_container);
        break;
    default:
        draw_number(drawing, tree, offset, length, event, label);
        break;
    }
}

static void
add_text(const struct drawing *drawing, int hf, const struct rs_xpc_event *event, const char *text)
{
    proto_item *item =
        proto_tree_add_string(drawing->root, hf, drawing->tvb, drawing->start + (int)event->offset,
                              (int)event->length, text);

    proto_item_set_generated(item);
}

/* A value's text: numbers in decimal, but an ECID as people write one. */
static const char *
value_text(const struct drawing *drawing, const struct rs_xpc_event *event, gboolean is_hex)
{
    if (event->type == RS_XPC_STRING)
        return text_of(drawing, event->content_offset, event->content_length);
    if (event->type != RS_XPC_UINT64 && event->type != RS_XPC_INT64)
        return NULL;
    if (is_hex)
        return wmem_strdup_printf(drawing->pinfo->pool, "0x%" PRIx64, event->number);
    return wmem_strdup_printf(drawing->pinfo->pool, "%" PRIu64, event->number);
}

/* Services / NAME / Port */
static void
learn_service(struct drawing *drawing, const struct rs_xpc_event *event)
{
    const char *name = drawing->key[2];
    const char *text = value_text(drawing, event, FALSE);
    guint16 port;

    if (!name || !text || !ws_strtou16(text, NULL, &port))
        return;
    add_text(drawing, hf_remotexpc_service_name, event, name);
    proto_item_set_generated(proto_tree_add_uint(drawing->root, hf_remotexpc_service_port,
                                                 drawing->tvb, drawing->start + (int)event->offset,
                                                 (int)event->length, port));
    drawing->content.services++;
    if (drawing->found)
        drawing->found(drawing->pinfo, name, port);
}

/* Keys that have a field: below the root, or below its key `parent`. */
static const struct {
    const char *parent, *key;
    int *hf;
    gboolean is_hex;
} named[] = {
    { NULL, "MessageType", &hf_remotexpc_message_type, FALSE },
    { NULL, "command", &hf_remotexpc_command, FALSE },
    { NULL, "result", &hf_remotexpc_result, FALSE },
    { "Properties", "ProductType", &hf_remotexpc_product_type, FALSE },
    { "Properties", "OSVersion", &hf_remotexpc_product_version, FALSE },
    { "Properties", "BuildVersion", &hf_remotexpc_build_version, FALSE },
    { "Properties", "UniqueDeviceID", &hf_remotexpc_udid, FALSE },
    { "Properties", "UniqueChipID", &hf_remotexpc_ecid, TRUE },
};

static void
learn_named(struct drawing *drawing, const struct rs_xpc_event *event)
{
    const char *parent = event->depth == 2 ? drawing->key[1] : NULL;
    const char *key = drawing->key[event->depth], *text;

    for (guint i = 0; i < array_length(named); i++) {
        if (strcmp(key, named[i].key) != 0 || g_strcmp0(parent, named[i].parent) != 0)
            continue;
        text = value_text(drawing, event, named[i].is_hex);
        if (!text)
            return;
        add_text(drawing, *named[i].hf, event, text);
        if (named[i].hf == &hf_remotexpc_message_type)
            drawing->content.message_type = text;
        else if (named[i].hf == &hf_remotexpc_command)
            drawing->content.command = text;
        else if (named[i].hf == &hf_remotexpc_result)
            drawing->content.result = text;
    }
}

static void
learn(struct drawing *drawing, const struct rs_xpc_event *event)
{
    if (event->depth == 0 || event->depth > NAMED_DEPTH)
        return;
    drawing->key[event->depth] =
        event->has_key ? text_of(drawing, event->key_offset, event->key_length) : NULL;
    if (!event->has_key)
        return;
    if (event->depth < NAMED_DEPTH)
        learn_named(drawing, event);
    else if (strcmp(drawing->key[NAMED_DEPTH], "Port") == 0 &&
             g_strcmp0(drawing->key[1], "Services") == 0)
        learn_service(drawing, event);
}

static void
say_end(const struct drawing *drawing, enum rs_xpc_status status)
{
    switch (status) {
    case RS_XPC_OK:
    case RS_XPC_TOO_DEEP:
    case RS_XPC_TOO_MANY:
        proto_tree_add_expert(drawing->root, drawing->pinfo, &ei_remotexpc_too_much, drawing->tvb,
                              drawing->start, 0);
        break;
    case RS_XPC_END:
        break;
    case RS_XPC_SHORT:
        proto_tree_add_expert(drawing->root, drawing->pinfo, &ei_remotexpc_short, drawing->tvb,
                              drawing->start, 0);
        break;
    case RS_XPC_BAD:
        proto_tree_add_expert(drawing->root, drawing->pinfo, &ei_remotexpc_malformed, drawing->tvb,
                              drawing->start, 0);
        break;
    case RS_XPC_UNKNOWN:
        proto_tree_add_expert(drawing->root, drawing->pinfo, &ei_remotexpc_unknown_type,
                              drawing->tvb, drawing->start, 0);
        break;
    }
}

void
remotexpc_tree_add(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int offset,
                   remotexpc_service_cb found, struct remotexpc_content *ret_content)
{
    struct drawing drawing = {
        .tvb = tvb, .pinfo = pinfo, .root = tree, .start = offset, .found = found
    };
    guint length = (guint)tvb_captured_length_remaining(tvb, offset);
    enum rs_xpc_status status;
    struct rs_xpc_parser parser;
    struct rs_xpc_event event;

    drawing.tree[0] = tree;
    rs_xpc_init(&parser, length > 0 ? tvb_get_ptr(tvb, offset, (gint)length) : NULL, length);
    while ((status = rs_xpc_next(&parser, &event)) == RS_XPC_OK) {
        if (event.is_end) {
            proto_item_set_end(drawing.item[event.depth], tvb, offset + (int)event.offset);
            continue;
        }
        if (drawing.items++ == ITEMS_MAX)
            break;
        draw(&drawing, &event);
        learn(&drawing, &event);
    }
    say_end(&drawing, status);
    *ret_content = drawing.content;
}

void
remotexpc_tree_register(int proto)
{
    /* clang-format off */
    static hf_register_info hf[] = {
        { &hf_remotexpc_key, { "Key", "remotexpc.key", FT_STRING, BASE_NONE, NULL, 0, NULL,
          HFILL } },
        { &hf_remotexpc_null, { "Null", "remotexpc.null", FT_NONE, BASE_NONE, NULL, 0, NULL,
          HFILL } },
        { &hf_remotexpc_boolean, { "Boolean", "remotexpc.boolean", FT_BOOLEAN, BASE_NONE, NULL, 0,
          NULL, HFILL } },
        { &hf_remotexpc_integer, { "Integer", "remotexpc.integer", FT_INT64, BASE_DEC, NULL, 0,
          NULL, HFILL } },
        { &hf_remotexpc_unsigned, { "Unsigned integer", "remotexpc.unsigned", FT_UINT64, BASE_DEC,
          NULL, 0, NULL, HFILL } },
        { &hf_remotexpc_double, { "Double", "remotexpc.double", FT_DOUBLE, BASE_NONE, NULL, 0,
          NULL, HFILL } },
        { &hf_remotexpc_date, { "Date", "remotexpc.date", FT_ABSOLUTE_TIME, ABSOLUTE_TIME_UTC,
          NULL, 0, NULL, HFILL } },
        { &hf_remotexpc_data, { "Data", "remotexpc.data", FT_BYTES, BASE_NONE, NULL, 0, NULL,
          HFILL } },
        { &hf_remotexpc_string, { "String", "remotexpc.string", FT_STRING, BASE_NONE, NULL, 0,
          NULL, HFILL } },
        { &hf_remotexpc_uuid, { "UUID", "remotexpc.uuid", FT_GUID, BASE_NONE, NULL, 0, NULL,
          HFILL } },
        { &hf_remotexpc_descriptor, { "Descriptor", "remotexpc.descriptor", FT_UINT64, BASE_HEX,
          NULL, 0, "Of a file or of shared memory", HFILL } },
        { &hf_remotexpc_array, { "Array", "remotexpc.array", FT_NONE, BASE_NONE, NULL, 0, NULL,
          HFILL } },
        { &hf_remotexpc_dictionary, { "Dictionary", "remotexpc.dictionary", FT_NONE, BASE_NONE,
          NULL, 0, NULL, HFILL } },
        { &hf_remotexpc_file_transfer, { "File transfer", "remotexpc.file_transfer", FT_UINT64,
          BASE_DEC, NULL, 0, "By the message of this number", HFILL } },
        { &hf_remotexpc_message_type, { "Message type", "remotexpc.message_type", FT_STRING,
          BASE_NONE, NULL, 0, "MessageType", HFILL } },
        { &hf_remotexpc_command, { "Command", "remotexpc.command", FT_STRING, BASE_NONE, NULL, 0,
          "Of the restore service: recovery, reboot, getnonces, ...", HFILL } },
        { &hf_remotexpc_result, { "Result", "remotexpc.result", FT_STRING, BASE_NONE, NULL, 0,
          NULL, HFILL } },
        { &hf_remotexpc_product_type, { "Product type", "remotexpc.product_type", FT_STRING,
          BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_remotexpc_product_version, { "Product version", "remotexpc.product_version",
          FT_STRING, BASE_NONE, NULL, 0, "OSVersion", HFILL } },
        { &hf_remotexpc_build_version, { "Build version", "remotexpc.build_version", FT_STRING,
          BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_remotexpc_udid, { "UDID", "remotexpc.udid", FT_STRING, BASE_NONE, NULL, 0, NULL,
          HFILL } },
        { &hf_remotexpc_ecid, { "ECID", "remotexpc.ecid", FT_STRING, BASE_NONE, NULL, 0,
          "UniqueChipID in hexadecimal", HFILL } },
        { &hf_remotexpc_service_name, { "Service", "remotexpc.service.name", FT_STRING, BASE_NONE,
          NULL, 0, NULL, HFILL } },
        { &hf_remotexpc_service_port, { "Port", "remotexpc.service.port", FT_UINT16, BASE_DEC,
          NULL, 0, "Where the service before it listens", HFILL } },
    };
    static ei_register_info ei[] = {
        { &ei_remotexpc_short, { "remotexpc.short", PI_MALFORMED, PI_WARN,
          "The message ends before its objects do", EXPFILL } },
        { &ei_remotexpc_malformed, { "remotexpc.malformed", PI_MALFORMED, PI_ERROR,
          "No XPC object is like that", EXPFILL } },
        { &ei_remotexpc_unknown_type, { "remotexpc.unknown_type", PI_UNDECODED, PI_NOTE,
          "An object of a type whose layout is unknown", EXPFILL } },
        { &ei_remotexpc_too_much, { "remotexpc.too_much", PI_UNDECODED, PI_NOTE,
          "Nested too deeply, or more objects than are shown", EXPFILL } },
    };
    /* clang-format on */
    static gint *ett[] = { &ett_remotexpc_container };

    proto_register_field_array(proto, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
    expert_register_field_array(expert_register_protocol(proto), ei, array_length(ei));
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Apple property lists, XML and binary, as a protocol of their own: every value is an item on its
 * bytes. Parsing is core/plist.h's, values are plist-tree.h's. */
#include "dissectors/plist-draw.h"

#include <math.h>
#include <string.h>

#include <epan/expert.h>
#include <epan/to_str.h>
#include <wsutil/to_str.h>

#include "dissectors/dissectors.h"
#include "dissectors/export-objects.h"

enum {
    ITEMS_MAX = 20000,     /* drawn per plist; more make no window usable */
    LABEL_TEXT_MAX = 200,  /* epan cuts labels at 240 bytes */
    DATE_EPOCH = 978307200 /* 2001-01-01 in Unix time */
};

#define DATE_SECONDS_MAX 1e14 /* three million years; beyond, no calendar is meant */

static int proto_plist = -1;

static int hf_plist_format = -1;
static int hf_plist_trailer = -1;
static int hf_plist_key = -1;
static int hf_plist_dict = -1;
static int hf_plist_array = -1;
static int hf_plist_set = -1;
static int hf_plist_string = -1;
static int hf_plist_integer = -1;
static int hf_plist_integer_wide = -1;
static int hf_plist_boolean = -1;
static int hf_plist_real = -1;
static int hf_plist_data = -1;
static int hf_plist_date = -1;
static int hf_plist_uid = -1;
static int hf_plist_null = -1;

static gint ett_plist = -1;
static gint ett_plist_container = -1;

static expert_field ei_plist_malformed = EI_INIT;
static expert_field ei_plist_truncated = EI_INIT;
static expert_field ei_plist_cut = EI_INIT;
static expert_field ei_plist_cycle = EI_INIT;
static expert_field ei_plist_too_deep = EI_INIT;
static expert_field ei_plist_too_long = EI_INIT;
static expert_field ei_plist_too_many = EI_INIT;
static expert_field ei_plist_not_shown = EI_INIT;
static expert_field ei_plist_integer_cut = EI_INIT;

static dissector_handle_t plist_handle;

proto_tree *
plist_draw_begin(struct plist_drawing *drawing, proto_tree *tree, int offset, int length,
                 enum rs_plist_format format)
{
    const char *name = format == RS_PLIST_BINARY ? "binary" : "xml";
    proto_tree *plist_tree;

    drawing->item = proto_tree_add_protocol_format(tree, proto_plist, drawing->tvb, offset, length,
                                                   "Property List (%s)", name);
    plist_tree = proto_item_add_subtree(drawing->item, ett_plist);
    drawing->offset = offset;
    drawing->head = proto_tree_add_string(plist_tree, hf_plist_format, drawing->tvb, offset,
                                          MIN(length, 8), name);
    return plist_tree;
}

void
plist_draw_around(struct plist_drawing *drawing, proto_tree *tree, int first, int after, int end)
{
    proto_item_set_len(drawing->head, MAX(first - drawing->offset, 1));
    if (after < end)
        proto_tree_add_item(tree, hf_plist_trailer, drawing->tvb, after, end - after, ENC_NA);
}

/* The end of the text that fits in a label, between two characters. */
static const char *
label_end(const char *text)
{
    const char *end = text + strnlen(text, LABEL_TEXT_MAX);

    while (end > text && ((guchar)*end & 0xC0) == 0x80)
        end--;
    return end;
}

/* Decoded text for a label: cut, and on one line. */
static const char *
label_text(const packet_info *pinfo, const char *text)
{
    const char *end = label_end(text);
    wmem_strbuf_t *label = wmem_strbuf_new(pinfo->pool, "");

    for (; text < end; text++) {
        if (*text == '\n')
            wmem_strbuf_append(label, "\\n");
        else if (*text == '\r')
            wmem_strbuf_append(label, "\\r");
        else
            wmem_strbuf_append_c(label, *text == '\t' ? ' ' : *text);
    }
    if (*end != '\0')
        wmem_strbuf_append(label, "...");
    return wmem_strbuf_get_str(label);
}

/* "Key: ", "[3]: " or nothing. */
static const char *
label_of(const struct plist_drawing *drawing, const struct plist_place *place)
{
    if (place->is_root)
        return "";
    if (place->key)
        return wmem_strdup_printf(drawing->pinfo->pool,
                                  "%s: ", label_text(drawing->pinfo, place->key->string));
    return wmem_strdup_printf(drawing->pinfo->pool, "[%u]: ", place->index);
}

/* All 128 bits, to be searched for. */
static void
add_wide(const struct plist_drawing *drawing, proto_item *item, const struct plist_value *value,
         const struct rs_plist_event *event)
{
    proto_tree *tree = proto_item_add_subtree(item, ett_plist_container);

    proto_tree_add_string(tree, hf_plist_integer_wide, drawing->tvb, value->offset, value->length,
                          wmem_strdup_printf(drawing->pinfo->pool, "0x%" PRIx64 "%016" PRIx64,
                                             event->high, event->integer));
}

static proto_item *
draw_integer(const struct plist_drawing *drawing, proto_tree *tree, const char *label,
             const struct plist_value *value, const struct rs_plist_event *event)
{
    proto_item *item;

    if (event->is_cut) {
        item = proto_tree_add_int64_format(
            tree, hf_plist_integer, drawing->tvb, value->offset, value->length, value->integer,
            "%s0x%" PRIx64 "%016" PRIx64, label, event->high, event->integer);
        expert_add_info(drawing->pinfo, item, &ei_plist_integer_cut);
        add_wide(drawing, item, value, event);
    } else if (value->integer < 0 && !event->is_negative)
        item = proto_tree_add_int64_format(tree, hf_plist_integer, drawing->tvb, value->offset,
                                           value->length, value->integer, "%s%" G_GUINT64_FORMAT,
                                           label, event->integer);
    else
        item = proto_tree_add_int64_format(tree, hf_plist_integer, drawing->tvb, value->offset,
                                           value->length, value->integer, "%s%" G_GINT64_FORMAT,
                                           label, value->integer);
    return item;
}

static proto_item *
draw_data(const struct plist_drawing *drawing, proto_tree *tree, const char *label,
          const struct plist_value *value)
{
    gint kept = value->data ? (gint)value->data_length : 0;
    proto_item *item = proto_tree_add_bytes_with_length(
        tree, hf_plist_data, drawing->tvb, value->offset, value->length, value->data, kept);

    if (kept > 0)
        proto_item_set_text(item, "%s%u bytes: %s", label, value->data_length,
                            bytes_to_str(drawing->pinfo->pool, value->data, (size_t)kept));
    else
        proto_item_set_text(item, "%s%u bytes", label, value->data_length);
    return item;
}

static proto_item *
draw_date(const struct plist_drawing *drawing, proto_tree *tree, const char *label,
          const struct plist_value *value)
{
    double seconds = isnan(value->real) ? 0 : value->real;
    double whole;
    nstime_t time;

    seconds = floor(CLAMP(seconds, -DATE_SECONDS_MAX, DATE_SECONDS_MAX) * 1000) / 1000;
    whole = floor(seconds);
    time.secs = (time_t)whole + DATE_EPOCH;
    time.nsecs = (int)((seconds - whole) * 1e9);
    return proto_tree_add_time_format(
        tree, hf_plist_date, drawing->tvb, value->offset, value->length, &time, "%s%s", label,
        abs_time_to_str(drawing->pinfo->pool, &time, ABSOLUTE_TIME_UTC, TRUE));
}

static proto_item *
draw_container(const struct plist_drawing *drawing, proto_tree *tree, const char *label,
               const struct plist_value *value, const struct rs_plist_event *event,
               proto_tree **ret_tree)
{
    static const char *const names[] = { "Array", "Set", "Ordered set" };
    gboolean is_dict = value->type == PLIST_DICT;
    int hf = event->array == RS_PLIST_ARRAY ? hf_plist_array : hf_plist_set;
    proto_item *item = proto_tree_add_none_format(tree, is_dict ? hf_plist_dict : hf, drawing->tvb,
                                                  value->offset, value->length, "%s%s", label,
                                                  is_dict ? "Dictionary" : names[event->array]);

    *ret_tree = proto_item_add_subtree(item, ett_plist_container);
    return item;
}

/* The item of one value of any type. */
static proto_item *
draw_typed(const struct plist_drawing *drawing, proto_tree *tree, const char *label,
           const struct plist_value *value, const struct rs_plist_event *event,
           proto_tree **ret_tree)
{
    tvbuff_t *tvb = drawing->tvb;
    int offset = value->offset, length = value->length;

    switch (value->type) {
    case PLIST_DICT:
    case PLIST_ARRAY:
        return draw_container(drawing, tree, label, value, event, ret_tree);
    case PLIST_STRING:
        return proto_tree_add_string_format(tree, hf_plist_string, tvb, offset, length,
                                            value->string, "%s%s", label,
                                            label_text(drawing->pinfo, value->string));
    case PLIST_INTEGER:
        return draw_integer(drawing, tree, label, value, event);
    case PLIST_REAL:
        return proto_tree_add_double_format(tree, hf_plist_real, tvb, offset, length, value->real,
                                            "%s%.15g", label, value->real);
    case PLIST_BOOLEAN:
        return proto_tree_add_boolean_format(tree, hf_plist_boolean, tvb, offset, length,
                                             (guint32)value->boolean, "%s%s", label,
                                             value->boolean ? "true" : "false");
    case PLIST_DATA:
        return draw_data(drawing, tree, label, value);
    case PLIST_DATE:
        return draw_date(drawing, tree, label, value);
    case PLIST_UID:
        return proto_tree_add_uint64_format(tree, hf_plist_uid, tvb, offset, length, event->integer,
                                            "%sUID %" G_GUINT64_FORMAT, label, event->integer);
    case PLIST_NULL:
        break;
    }
    return proto_tree_add_none_format(tree, hf_plist_null, tvb, offset, length, "%snull", label);
}

proto_item *
plist_draw_value(struct plist_drawing *drawing, const struct plist_place *place,
                 const struct plist_value *value, const struct rs_plist_event *event,
                 proto_tree **ret_tree)
{
    proto_item *key;

    if (drawing->items >= ITEMS_MAX)
        drawing->is_cut = TRUE;
    if (drawing->is_cut || !place->tree)
        return NULL;
    drawing->items++;
    /* The key is part of the value's label; the field is there to be searched. */
    if (place->key) {
        key = proto_tree_add_string(place->tree, hf_plist_key, drawing->tvb, place->key->offset,
                                    place->key->length, place->key->string);
        proto_item_set_hidden(key);
        drawing->items++;
    }
    return draw_typed(drawing, place->tree, label_of(drawing, place), value, event, ret_tree);
}

void
plist_draw_end(struct plist_drawing *drawing, enum rs_plist_status status)
{
    if (status != RS_PLIST_END &&
        tvb_captured_length(drawing->tvb) < tvb_reported_length(drawing->tvb)) {
        expert_add_info(drawing->pinfo, drawing->item, &ei_plist_cut);
        return;
    }
    switch (status) {
    case RS_PLIST_OK:
    case RS_PLIST_END:
        break;
    case RS_PLIST_SHORT:
        expert_add_info(drawing->pinfo, drawing->item, &ei_plist_truncated);
        break;
    case RS_PLIST_BAD:
        expert_add_info(drawing->pinfo, drawing->item, &ei_plist_malformed);
        break;
    case RS_PLIST_CYCLE:
        expert_add_info(drawing->pinfo, drawing->item, &ei_plist_cycle);
        break;
    case RS_PLIST_TOO_LONG:
        expert_add_info(drawing->pinfo, drawing->item, &ei_plist_too_long);
        break;
    case RS_PLIST_TOO_DEEP:
        expert_add_info(drawing->pinfo, drawing->item, &ei_plist_too_deep);
        break;
    case RS_PLIST_TOO_MANY:
        expert_add_info(drawing->pinfo, drawing->item, &ei_plist_too_many);
        break;
    }
    if (drawing->is_cut)
        expert_add_info(drawing->pinfo, drawing->item, &ei_plist_not_shown);
}

static int
dissect_plist(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data _U_)
{
    guint length = tvb_captured_length(tvb);
    const guint8 *bytes = length > 0 ? tvb_get_ptr(tvb, 0, (gint)length) : NULL;

    if (rs_plist_sniff(bytes, length) == RS_PLIST_NONE)
        return 0;
    col_set_str(pinfo->cinfo, COL_PROTOCOL, "Plist");
    col_set_str(pinfo->cinfo, COL_INFO, "Property list");
    plist_tree_add(tvb, pinfo, tree, 0, -1);
    return (int)length;
}

static rs_ws_bool
dissect_plist_heur(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    return tvb_strneql(tvb, 0, "bplist00", 8) == 0 && dissect_plist(tvb, pinfo, tree, data) > 0;
}

void
proto_register_apple_plist(void)
{
    /* clang-format off */
    static hf_register_info hf[] = {
        { &hf_plist_format,
          { "Format", "plist.format", FT_STRING, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_plist_trailer,
          { "Trailer", "plist.trailer", FT_NONE, BASE_NONE, NULL, 0,
            "What follows the values: XML's closing tag, or a binary one's offset table", HFILL } },
        { &hf_plist_key,
          { "Key", "plist.key", FT_STRING, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_plist_dict,
          { "Dictionary", "plist.dict", FT_NONE, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_plist_array,
          { "Array", "plist.array", FT_NONE, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_plist_set,
          { "Set", "plist.set", FT_NONE, BASE_NONE, NULL, 0,
            "Ordered or not; of binary property lists only", HFILL } },
        { &hf_plist_string,
          { "String", "plist.string", FT_STRING, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_plist_integer,
          { "Integer", "plist.integer", FT_INT64, BASE_DEC, NULL, 0,
            "Values from 2^63 on are negative here", HFILL } },
        { &hf_plist_integer_wide,
          { "128-bit integer", "plist.integer.wide", FT_STRING, BASE_NONE, NULL, 0,
            "One that does not fit into 64 bits, in hexadecimal", HFILL } },
        { &hf_plist_boolean,
          { "Boolean", "plist.boolean", FT_BOOLEAN, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_plist_real,
          { "Real", "plist.real", FT_DOUBLE, BASE_NONE, NULL, 0, NULL, HFILL } },
        { &hf_plist_data,
          { "Data", "plist.data", FT_BYTES, BASE_NONE, NULL, 0, "Decoded", HFILL } },
        { &hf_plist_date,
          { "Date", "plist.date", FT_ABSOLUTE_TIME, ABSOLUTE_TIME_UTC, NULL, 0, NULL, HFILL } },
        { &hf_plist_uid,
          { "UID", "plist.uid", FT_UINT64, BASE_DEC, NULL, 0, NULL, HFILL } },
        { &hf_plist_null,
          { "Null", "plist.null", FT_NONE, BASE_NONE, NULL, 0, NULL, HFILL } },
    };
    static ei_register_info ei[] = {
        { &ei_plist_malformed,
          { "plist.malformed", PI_MALFORMED, PI_ERROR, "Malformed property list", EXPFILL } },
        { &ei_plist_truncated,
          { "plist.truncated", PI_MALFORMED, PI_WARN, "Property list ends too early", EXPFILL } },
        { &ei_plist_cut,
          { "plist.cut", PI_UNDECODED, PI_NOTE, "The capture lacks the rest of the property list",
            EXPFILL } },
        { &ei_plist_cycle,
          { "plist.cycle", PI_MALFORMED, PI_ERROR, "A container contains itself", EXPFILL } },
        { &ei_plist_too_long,
          { "plist.too_long", PI_MALFORMED, PI_WARN,
            "Too many bytes in the values of a property list", EXPFILL } },
        { &ei_plist_too_deep,
          { "plist.too_deep", PI_MALFORMED, PI_WARN, "Property list nested too deeply", EXPFILL } },
        { &ei_plist_too_many,
          { "plist.too_many", PI_MALFORMED, PI_WARN, "Too many values in a property list",
            EXPFILL } },
        { &ei_plist_not_shown,
          { "plist.not_shown", PI_UNDECODED, PI_NOTE,
            "Not all values of the property list are shown", EXPFILL } },
        { &ei_plist_integer_cut,
          { "plist.integer.cut", PI_UNDECODED, PI_NOTE,
            "plist.integer has only the low 64 of 128 bits",
            EXPFILL } },
    };
    /* clang-format on */
    static gint *ett[] = { &ett_plist, &ett_plist_container };

    proto_plist = proto_register_protocol("Apple Property List", "Plist", "plist");
    proto_register_field_array(proto_plist, hf, array_length(hf));
    proto_register_subtree_array(ett, array_length(ett));
    expert_register_field_array(expert_register_protocol(proto_plist), ei, array_length(ei));
    export_objects_register(EXPORT_PLISTS, proto_plist);
    plist_handle = register_dissector("apple-plist", dissect_plist, proto_plist);
}

void
proto_reg_handoff_apple_plist(void)
{
    /* What web servers and clients call a property list. text/xml and the like are looked through
     * by packet-tss.c and Wireshark's xml. */
    static const char *const media_types[] = {
        "application/x-apple-plist",  "application/x-apple-binary-plist",
        "application/x-plist",        "application/x-bplist",
        "application/plist",          "application/x-apple-plist+xml",
        "application/x-plist-binary", "text/x-apple-plist+xml",
        "text/x-xml-plist",
    };

    for (guint i = 0; i < array_length(media_types); i++)
        dissector_add_string("media_type", media_types[i], plist_handle);
    /* A binary one says what it is, whatever its type. */
    heur_dissector_add("http", dissect_plist_heur, "Apple binary property list over HTTP",
                       "plist_http", proto_plist, HEURISTIC_ENABLE);
    /* Sent by too many protocols to claim a port of its own: for the user to choose. */
    dissector_add_for_decode_as("tcp.port", plist_handle);
    dissector_add_for_decode_as("udp.port", plist_handle);
}

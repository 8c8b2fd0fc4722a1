/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Turns the events of core/plist.h into values and items; see plist-tree.h. */
#include "dissectors/export-objects.h"
#include "dissectors/plist-draw.h"

#include <string.h>

enum {
    STRING_MAX = 4 << 20, /* the longest seen are logs of a megabyte */
    DATA_MAX = 64 << 10
};

/* A container whose end has not come yet. */
struct level {
    struct plist_value *value;
    const struct plist_value **next; /* where the next child goes */
    proto_item *item;
    proto_tree *tree;
    struct plist_value key; /* of a dict: the last one, with its place in the bytes */
    guint count;
};

struct builder {
    struct plist_drawing drawing;
    struct rs_plist_parser parser;
    const struct plist_value *root;
    proto_tree *tree;
    int base; /* of the plist in the tvb */
    guint depth;
    struct level levels[RS_PLIST_DEPTH_MAX];
};

/* The type of value an event makes; the other kinds of event make none. */
static enum plist_type
value_type(enum rs_plist_type type)
{
    switch (type) {
    case RS_PLIST_DICT_BEGIN:
        return PLIST_DICT;
    case RS_PLIST_ARRAY_BEGIN:
        return PLIST_ARRAY;
    case RS_PLIST_KEY:
    case RS_PLIST_STRING:
        return PLIST_STRING;
    case RS_PLIST_INTEGER:
        return PLIST_INTEGER;
    case RS_PLIST_REAL:
        return PLIST_REAL;
    case RS_PLIST_BOOLEAN:
        return PLIST_BOOLEAN;
    case RS_PLIST_DATA:
        return PLIST_DATA;
    case RS_PLIST_DATE:
        return PLIST_DATE;
    case RS_PLIST_UID:
        return PLIST_UID;
    default:
        return PLIST_NULL;
    }
}

static void
read_string(const struct builder *b, const struct rs_plist_event *event, struct plist_value *value)
{
    size_t length = MIN(rs_plist_decode(&b->parser, event, NULL, 0), STRING_MAX);
    /* Cleared, for a character that only partly fits is left out. */
    guint8 *text = (guint8 *)wmem_alloc0(b->drawing.pinfo->pool, length + 1);

    rs_plist_decode(&b->parser, event, text, length);
    value->string = (const char *)text;
}

static void
read_data(const struct builder *b, const struct rs_plist_event *event, struct plist_value *value)
{
    guint8 *head = (guint8 *)wmem_alloc(b->drawing.pinfo->pool, PLIST_HEAD_MAX);
    size_t length = rs_plist_decode(&b->parser, event, head, PLIST_HEAD_MAX);
    guint8 *data;

    value->data_length = (guint32)length;
    value->head = head;
    value->head_length = (guint32)MIN(length, PLIST_HEAD_MAX);
    if (length > DATA_MAX)
        return;
    data = (guint8 *)wmem_alloc(b->drawing.pinfo->pool, MAX(length, 1));
    rs_plist_decode(&b->parser, event, data, length);
    value->data = data;
}

static void
read_value(const struct builder *b, const struct rs_plist_event *event, struct plist_value *value)
{
    value->type = value_type(event->type);
    value->offset = b->base + (int)event->offset;
    value->length = (int)event->length;
    value->integer = (gint64)event->integer;
    value->boolean = event->boolean;
    value->real = event->real;
    if (value->type == PLIST_STRING)
        read_string(b, event, value);
    else if (value->type == PLIST_DATA)
        read_data(b, event, value);
}

static void
begin_level(struct builder *b, struct plist_value *value, proto_item *item, proto_tree *tree)
{
    b->levels[b->depth++] = (struct level){
        .value = value,
        .next = &value->first_child,
        .item = item,
        .tree = tree,
    };
}

/* The innermost container is complete: its length is known now. */
static void
end_level(struct builder *b, size_t length)
{
    struct level *level = &b->levels[--b->depth];

    level->value->length = (int)length;
    proto_item_set_len(level->item, (gint)length);
    proto_item_append_text(level->item, level->value->type == PLIST_DICT ? " {%u}" : " [%u]",
                           level->count);
}

/* Links the value where it belongs, draws it and goes into it when it is a container. */
static void
add_value(struct builder *b, const struct rs_plist_event *event)
{
    struct plist_value *value = wmem_new0(b->drawing.pinfo->pool, struct plist_value);
    struct level *level = b->depth > 0 ? &b->levels[b->depth - 1] : NULL;
    struct plist_place place = { .tree = b->tree, .is_root = level == NULL };
    proto_tree *inner = NULL;
    proto_item *item;

    read_value(b, event, value);
    if (level) {
        place.tree = level->tree;
        place.index = level->count++;
        if (level->value->type == PLIST_DICT) {
            value->key = level->key.string;
            place.key = &level->key;
        }
        *level->next = value;
        level->next = &value->next;
    } else {
        b->root = value;
    }
    item = plist_draw_value(&b->drawing, &place, value, event, &inner);
    if (value->type == PLIST_DICT || value->type == PLIST_ARRAY)
        begin_level(b, value, item, inner);
}

static void
take_event(struct builder *b, const struct rs_plist_event *event)
{
    switch (event->type) {
    case RS_PLIST_KEY:
        read_value(b, event, &b->levels[b->depth - 1].key);
        break;
    case RS_PLIST_DICT_END:
    case RS_PLIST_ARRAY_END:
        end_level(b, event->length);
        break;
    default:
        add_value(b, event);
        break;
    }
}

enum { BINARY_HEAD = 8 }; /* "bplist00" */

/* A plist that came to its end has bytes around its values. */
static void
draw_around(struct builder *b, int offset, int end)
{
    gboolean is_binary = b->parser.format == RS_PLIST_BINARY;
    int first, after;

    if (b->parser.status != RS_PLIST_END || !b->root)
        return;
    /* The values of a binary one may be in any order. */
    first = is_binary ? offset + BINARY_HEAD : b->root->offset;
    after = is_binary ? offset + (int)b->parser.offset_table : b->root->offset + b->root->length;
    plist_draw_around(&b->drawing, b->tree, first, after, end);
}

/* As a file it is called after what it says it is. */
static void
export_plist(const struct builder *b, const guint8 *bytes, int length)
{
    static const char *const telling[] = { "MsgType", "Request",     "DataType",
                                           "Command", "MessageType", "Type" };
    const char *name = NULL;

    for (guint i = 0; i < array_length(telling) && !name; i++)
        name = plist_dict_string(b->root, telling[i]);
    export_object(EXPORT_PLISTS, b->drawing.pinfo, name, "plist", bytes, (guint32)length);
}

const struct plist_value *
plist_tree_add(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, int offset, int length)
{
    struct builder *b;
    struct rs_plist_event event;
    int captured = tvb_captured_length_remaining(tvb, offset);
    int taken = length < 0 ? captured : MIN(length, captured);
    const guint8 *bytes;

    if (taken <= 0)
        return NULL;
    bytes = tvb_get_ptr(tvb, offset, taken);
    if (rs_plist_sniff(bytes, (size_t)taken) == RS_PLIST_NONE)
        return NULL;
    b = wmem_new0(pinfo->pool, struct builder);
    b->drawing = (struct plist_drawing){ .tvb = tvb, .pinfo = pinfo };
    b->base = offset;
    rs_plist_init(&b->parser, bytes, (size_t)taken);
    b->tree = plist_draw_begin(&b->drawing, tree, offset, taken, b->parser.format);
    while (rs_plist_next(&b->parser, &event) == RS_PLIST_OK)
        take_event(b, &event);
    /* What is still open lasts, as far as anyone can tell, as long as the plist. */
    while (b->depth > 0)
        end_level(b, (size_t)(offset + taken - b->levels[b->depth - 1].value->offset));
    draw_around(b, offset, offset + taken);
    export_plist(b, bytes, taken);
    plist_draw_end(&b->drawing, b->parser.status);
    return b->root;
}

const struct plist_value *
plist_dict_get(const struct plist_value *dict, const char *key)
{
    if (!dict || dict->type != PLIST_DICT)
        return NULL;
    for (const struct plist_value *value = dict->first_child; value; value = value->next) {
        if (strcmp(value->key, key) == 0)
            return value;
    }
    return NULL;
}

const char *
plist_dict_string(const struct plist_value *dict, const char *key)
{
    const struct plist_value *value = plist_dict_get(dict, key);

    return value && value->type == PLIST_STRING ? value->string : NULL;
}

gboolean
plist_dict_integer(const struct plist_value *dict, const char *key, gint64 *ret_value)
{
    const struct plist_value *value = plist_dict_get(dict, key);

    if (!value || value->type != PLIST_INTEGER)
        return FALSE;
    *ret_value = value->integer;
    return TRUE;
}

gboolean
plist_dict_boolean(const struct plist_value *dict, const char *key, gboolean *ret_value)
{
    const struct plist_value *value = plist_dict_get(dict, key);

    if (!value || value->type != PLIST_BOOLEAN)
        return FALSE;
    *ret_value = value->boolean;
    return TRUE;
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Conditions: the needs of a filter, each with its mark among the fields. */
#include "plugin/conditions.h"

#include <string.h>

#include "plugin/engine/needs.h"

struct rs_condition {
    rs_need *need;
    gboolean is_all;
};

/* Marks of which one must be there. */
struct guard {
    GPtrArray *marks;
    guint commonness; /* of the most common among them */
};

/* Found in nearly every frame of a device, or of a network. */
static const char *const common[] = { "frame", "eth",    "ip",      "ipv6", "tcp",
                                      "usb",   "usbmux", "restore", NULL };

/* What the tracker says of few frames. */
static const char *const rare[] = { "restore.host.", "restore.usb.", "restore.device.event",
                                    "restore.finding" };

static gboolean
is_field(const char *name)
{
    return proto_registrar_get_byname(name) != NULL;
}

/* Gives each field its mark. FALSE when the filter asks for more than the marks tell. */
static gboolean
bind(rs_need *need, rs_fields *fields)
{
    gboolean is_all = need->kind != RS_NEED_NOTHING;
    struct rs_mark *value = NULL;
    struct rs_field *field;

    for (guint i = 0; need->parts && i < need->parts->len; i++)
        is_all = bind(g_ptr_array_index(need->parts, i), fields) && is_all;
    field = need->kind == RS_NEED_FIELD ? rs_fields_get(fields, need->field) : NULL;
    if (!field)
        return is_all && need->kind != RS_NEED_FIELD;
    if (need->value)
        value = rs_fields_value(field, need->value, need->is_quoted);
    need->mark = value ? value : &field->mark;
    return need->is_all_there_is && (!need->value || value);
}

rs_condition *
rs_condition_new(const char *filter, rs_fields *fields)
{
    rs_condition *condition = g_new0(rs_condition, 1);

    condition->need = rs_need_new(filter, is_field);
    condition->is_all = bind(condition->need, fields);
    return condition;
}

void
rs_condition_free(rs_condition *condition)
{
    if (!condition)
        return;
    rs_need_free(condition->need);
    g_free(condition);
}

gboolean
rs_condition_is_all(const rs_condition *condition)
{
    return condition->is_all;
}

/* Of a frame: its fields, or those it may have. */
struct frame {
    const rs_fields *fields;
    rs_may_have_func may_have;
};

static gboolean
holds(const rs_need *need, const struct frame *frame)
{
    const gboolean is_all = need->kind == RS_NEED_ALL;

    if (need->kind == RS_NEED_NOTHING)
        return TRUE;
    if (need->kind == RS_NEED_FIELD)
        return frame->may_have ? frame->may_have(need->field)
                               : !need->mark || rs_fields_has(frame->fields, need->mark);
    for (guint i = 0; i < need->parts->len; i++)
        if (holds(g_ptr_array_index(need->parts, i), frame) != is_all)
            return !is_all;
    return is_all;
}

gboolean
rs_condition_holds(const rs_condition *condition, const rs_fields *fields)
{
    const struct frame frame = { .fields = fields };

    return holds(condition->need, &frame);
}

gboolean
rs_condition_may_hold(const rs_condition *condition, rs_may_have_func may_have)
{
    const struct frame frame = { .may_have = may_have };

    return holds(condition->need, &frame);
}

static guint
commonness_of(const rs_need *need)
{
    const gsize length = strcspn(need->field, ".");
    g_autofree char *protocol = g_strndup(need->field, length);
    gboolean is_common = g_strv_contains(common, protocol);

    for (gsize i = 0; i < G_N_ELEMENTS(rare); i++)
        is_common = is_common && !g_str_has_prefix(need->field, rare[i]);
    return (is_common ? 2U : 0U) + (need->value ? 0U : 1U);
}

static gboolean add_guard(const rs_need *need, struct guard *guard);

static gboolean
add_rarest(const rs_need *all, struct guard *guard)
{
    struct guard best = { NULL, G_MAXUINT };

    for (guint i = 0; i < all->parts->len; i++) {
        struct guard part = { g_ptr_array_new(), 0 };

        if (add_guard(g_ptr_array_index(all->parts, i), &part) &&
            part.commonness < best.commonness) {
            g_clear_pointer(&best.marks, g_ptr_array_unref);
            best.commonness = part.commonness;
            best.marks = g_steal_pointer(&part.marks);
        }
        g_clear_pointer(&part.marks, g_ptr_array_unref);
    }
    if (!best.marks)
        return FALSE;
    g_ptr_array_extend_and_steal(guard->marks, best.marks);
    guard->commonness = MAX(guard->commonness, best.commonness);
    return TRUE;
}

/* Adds marks of which one must be there: of all parts those of the rarest, of any parts those of
 * every one. FALSE: there are none. */
static gboolean
add_guard(const rs_need *need, struct guard *guard)
{
    switch (need->kind) {
    case RS_NEED_NOTHING:
        return FALSE;
    case RS_NEED_FIELD:
        if (!need->mark)
            return FALSE;
        g_ptr_array_add(guard->marks, need->mark);
        guard->commonness = MAX(guard->commonness, commonness_of(need));
        return TRUE;
    case RS_NEED_ALL:
        return add_rarest(need, guard);
    case RS_NEED_ANY:
        break;
    }
    for (guint i = 0; i < need->parts->len; i++)
        if (!add_guard(g_ptr_array_index(need->parts, i), guard))
            return FALSE;
    return TRUE;
}

gboolean
rs_condition_guard(const rs_condition *condition, rs_fields *fields, guint event)
{
    g_autoptr(GPtrArray) marks = g_ptr_array_new();
    struct guard guard = { marks, 0 };

    if (!add_guard(condition->need, &guard))
        return FALSE;
    for (guint i = 0; i < marks->len; i++)
        rs_fields_guard(fields, g_ptr_array_index(marks, i), event);
    return TRUE;
}

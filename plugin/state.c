/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The open capture's tracker, engine and findings. */

#include "plugin/state.h"

#include "plugin/diagnose.h"
#include "plugin/filters.h"
#include "plugin/paths.h"

static struct rs_state the_state; /* epan has one file open at a time */
static gint64 recorded_until_us;
static rs_fired_func on_fired;
static rs_filters *filters;

struct rs_state *
rs_state(void)
{
    return &the_state;
}

static gboolean
load_rules(rs_ruleset *ruleset, const char *rules_dir, GError **error)
{
    g_autofree char *shipped = rs_paths_data("rules");
    g_autofree char *own = g_build_filename(g_get_user_config_dir(), "restorescope", "rules", NULL);

    if (!shipped) {
        g_set_error(error, RS_RULES_ERROR, RS_RULES_ERROR_READ, "the rules folder was not found");
        return FALSE;
    }
    if (!rs_ruleset_add_dir(ruleset, shipped, error))
        return FALSE;
    if (g_file_test(own, G_FILE_TEST_IS_DIR) && !rs_ruleset_add_dir(ruleset, own, error))
        return FALSE;
    if (rules_dir && *rules_dir && !rs_ruleset_add_dir(ruleset, rules_dir, error))
        return FALSE;
    return rs_ruleset_link(ruleset, error);
}

static void
start_engine(struct rs_state *state, const char *rules_dir, GArray *const *wanted)
{
    g_autoptr(rs_ruleset) ruleset = rs_ruleset_new();
    GPtrArray *problems = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) error = NULL;

    state->rules_problems = problems;
    if (!load_rules(ruleset, rules_dir, &error)) {
        state->rules_error = g_strdup(error->message);
        return;
    }
    state->ruleset = g_steal_pointer(&ruleset);
    filters = rs_filters_new(state->ruleset, problems);
    for (int outlook = 0; outlook < RS_N_OUTLOOKS; outlook++)
        rs_filters_want(filters, (enum rs_outlook)outlook, wanted[outlook]);
    state->is_open = rs_filters_is_open(filters);
    if (problems->len > 0)
        state->rules_error = g_strdup((const char *)g_ptr_array_index(problems, 0));
    state->engine = rs_engine_new(state->ruleset);
}

void
rs_state_init(const char *rules_dir, GArray *const *wanted)
{
    struct rs_state *state = &the_state;

    state->tracker = rs_tracker_new();
    state->journal = rs_journal_new();
    state->lanes = rs_lanes_new();
    state->times_us = g_array_new(FALSE, FALSE, sizeof(gint64));
    state->is_usb = g_byte_array_new();
    state->fired = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL,
                                         (GDestroyNotify)g_ptr_array_unref);
    start_engine(state, rules_dir, wanted);
}

static void
forget_diagnosis(struct rs_state *state)
{
    g_clear_pointer(&state->culprits, g_hash_table_unref);
    g_clear_pointer(&state->diagnosis, rs_diagnosis_free);
}

void
rs_state_cleanup(void)
{
    struct rs_state *state = &the_state;

    forget_diagnosis(state);
    g_clear_pointer(&state->fired, g_hash_table_unref);
    g_clear_pointer(&state->engine, rs_engine_free);
    g_clear_pointer(&filters, rs_filters_free);
    g_clear_pointer(&state->ruleset, rs_ruleset_free);
    g_clear_pointer(&state->tracker, rs_tracker_free);
    g_clear_pointer(&state->journal, rs_journal_free);
    g_clear_pointer(&state->lanes, rs_lanes_free);
    g_clear_pointer(&state->times_us, g_array_unref);
    g_clear_pointer(&state->is_usb, g_byte_array_unref);
    g_clear_pointer(&state->rules_error, g_free);
    g_clear_pointer(&state->rules_problems, g_ptr_array_unref);
    *state = (struct rs_state){ 0 };
}

static GPtrArray *
list_at(GHashTable *table, guint32 frame)
{
    GPtrArray *list = g_hash_table_lookup(table, GUINT_TO_POINTER(frame));

    if (!list) {
        list = g_ptr_array_new();
        g_hash_table_insert(table, GUINT_TO_POINTER(frame), list);
    }
    return list;
}

void
rs_state_frame_seen(guint32 frame, gint64 time_us, gboolean is_usb, guint32 length)
{
    struct rs_state *state = &the_state;

    if (state->frames == 0)
        state->first_time_us = time_us;
    state->frames = MAX(state->frames, frame);
    if (frame == state->times_us->len + 1) {
        guint8 kind = is_usb ? 1 : 0;

        g_array_append_val(state->times_us, time_us);
        g_byte_array_append(state->is_usb, &kind, 1);
        rs_rate_add(&state->rate, time_us - g_array_index(state->times_us, gint64, 0), is_usb,
                    length);
    }
    *(is_usb ? &state->usb_bytes : &state->network_bytes) += length;
    state->first_time_us = MIN(state->first_time_us, time_us);
    state->last_time_us = MAX(state->last_time_us, time_us);
}

static void
take_fired(struct rs_state *state, guint32 frame)
{
    g_autoptr(GPtrArray) fired = rs_engine_take_fired(state->engine);

    for (guint i = 0; i < fired->len; i++) {
        g_ptr_array_add(list_at(state->fired, frame), g_ptr_array_index(fired, i));
        if (on_fired)
            on_fired(g_ptr_array_index(fired, i));
    }
}

gboolean
rs_state_look(proto_tree *tree, const struct rs_note *note)
{
    return filters && rs_filters_look(filters, tree, note);
}

void
rs_state_feed(packet_info *pinfo, proto_tree *tree, gint64 time_us)
{
    struct rs_state *state = &the_state;

    if (!state->engine)
        return;
    rs_filters_feed(filters, state->engine, pinfo, tree, time_us);
    rs_state_advance(pinfo->num, time_us);
}

void
rs_state_advance(guint32 frame, gint64 time_us)
{
    struct rs_state *state = &the_state;

    if (!state->engine)
        return;
    rs_engine_advance(state->engine, time_us, frame);
    if (rs_engine_has_fired(state->engine))
        take_fired(state, frame);
}

void
rs_state_tick(gint64 time_us)
{
    struct rs_state *state = &the_state;

    recorded_until_us = MAX(recorded_until_us, time_us);
    if (!state->engine || state->frames == 0 || time_us <= state->last_time_us)
        return;
    rs_engine_advance(state->engine, time_us, state->frames);
    take_fired(state, state->frames);
}

void
rs_state_on_fired(rs_fired_func func)
{
    on_fired = func;
}

void
rs_state_recorded_until(gint64 until_us)
{
    recorded_until_us = until_us;
}

const struct rs_diagnosis *
rs_state_conclude(void)
{
    struct rs_state *state = &the_state;

    if (state->diagnosis && state->concluded_frames == state->frames)
        return state->diagnosis;
    forget_diagnosis(state);
    if (state->engine && state->frames > 0 && recorded_until_us > state->last_time_us)
        rs_engine_advance(state->engine, recorded_until_us, state->frames);
    state->diagnosis = rs_diagnose(state, TRUE);
    state->concluded_frames = state->frames;
    state->culprits = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL,
                                            (GDestroyNotify)g_ptr_array_unref);
    for (guint i = 0; i < state->diagnosis->ranked->len; i++) {
        struct rs_ranked *ranked = g_ptr_array_index(state->diagnosis->ranked, i);

        g_ptr_array_add(list_at(state->culprits, ranked->finding->culprit_frame), ranked);
    }
    return state->diagnosis;
}

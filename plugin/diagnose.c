/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The verdict on a capture: each session's findings are ranked on their own; the session that
 * failed speaks for the file. */

#include "plugin/diagnose.h"

#include <stdlib.h>

struct session_verdict {
    const struct rs_session *session;
    GPtrArray *ranked;
    gboolean has_root;
};

static double
seconds_since_start(const struct rs_state *state, gint64 time_us)
{
    return (double)(time_us - state->first_time_us) / (double)G_USEC_PER_SEC;
}

static gint64
time_of(const struct rs_state *state, guint32 frame, gint64 otherwise_us)
{
    if (!state->times_us || frame == 0 || frame > state->times_us->len)
        return otherwise_us;
    return g_array_index(state->times_us, gint64, frame - 1);
}

/* An event may stand for an earlier frame than the one it was seen in: tell that frame's time. */
static void
correct_times(const struct rs_state *state, GPtrArray *findings)
{
    for (guint i = 0; i < findings->len; i++) {
        struct rs_finding *finding = g_ptr_array_index(findings, i);

        finding->culprit_time_us = time_of(state, finding->culprit_frame, finding->culprit_time_us);
        for (guint j = 0; j < finding->evidence->len; j++) {
            struct rs_evidence *evidence = g_ptr_array_index(finding->evidence, j);

            evidence->time_us = time_of(state, evidence->frame, evidence->time_us);
        }
    }
}

/* Notes what each finding of an absence waited for: from its first evidence until it fired. */
static void
note_waits(const struct rs_state *state, rs_diagnosis *diagnosis)
{
    for (guint i = 0; i < diagnosis->findings->len; i++) {
        struct rs_finding *finding = g_ptr_array_index(diagnosis->findings, i);
        const guint32 frame = finding->culprit_frame;
        struct rs_wait *wait;

        if (finding->evidence->len == 0 || !rs_rule_awaits_absence(finding->rule))
            continue;
        wait = g_new0(struct rs_wait, 1);
        wait->from_us = ((const struct rs_evidence *)finding->evidence->pdata[0])->time_us;
        wait->to_us = finding->fired_time_us;
        wait->is_usb = frame > 0 && frame <= state->is_usb->len && state->is_usb->data[frame - 1];
        g_hash_table_insert(diagnosis->waits, finding, wait);
    }
}

/* The findings of one session; borrowed. */
static GPtrArray *
findings_of(const GPtrArray *findings, const struct rs_session *session)
{
    GPtrArray *own = g_ptr_array_new();

    for (guint i = 0; i < findings->len; i++) {
        struct rs_finding *finding = g_ptr_array_index(findings, i);

        if ((guint)strtoul(finding->session, NULL, 10) == session->id)
            g_ptr_array_add(own, finding);
    }
    return own;
}

static void
add_phases(const struct rs_state *state, const struct rs_session *session, rs_diagnosis *diagnosis)
{
    for (guint i = 0; i < session->phases->len; i++) {
        const struct rs_span *span = &g_array_index(session->phases, struct rs_span, i);
        struct rs_phase_span *row = g_new0(struct rs_phase_span, 1);

        row->name = g_strdup(span->name);
        row->first_frame = span->first_frame;
        row->last_frame = span->last_frame;
        row->start_s = seconds_since_start(state, span->start_us);
        row->end_s = seconds_since_start(state, span->end_us);
        g_ptr_array_add(diagnosis->phases, row);
    }
}

static void
add_modes(const struct rs_state *state, const struct rs_session *session, rs_diagnosis *diagnosis)
{
    for (guint i = 0; i < session->modes->len; i++) {
        const struct rs_span *span = &g_array_index(session->modes, struct rs_span, i);
        struct rs_mode_span *row = g_new0(struct rs_mode_span, 1);

        row->mode = g_strdup(span->name);
        row->first_frame = span->first_frame;
        row->last_frame = span->last_frame;
        row->start_s = seconds_since_start(state, span->start_us);
        row->end_s = seconds_since_start(state, span->end_us);
        g_ptr_array_add(diagnosis->modes, row);
    }
}

static void
add_contacts(const struct rs_state *state, const struct rs_host *host, struct rs_host_row *row)
{
    for (guint i = 0; i < host->contacts->len; i++) {
        const struct rs_contact *contact = &g_array_index(host->contacts, struct rs_contact, i);
        g_autofree char *named = g_strdup(contact->state);
        const struct rs_contact_span span = {
            .first_frame = contact->first_frame,
            .last_frame = contact->last_frame,
            .start_s = seconds_since_start(state, contact->start_us),
            .end_s = seconds_since_start(state, contact->end_us),
            .state = named,
        };

        rs_host_row_add(row, &span);
    }
}

static void
add_hosts(const struct rs_state *state, rs_diagnosis *diagnosis)
{
    const GPtrArray *hosts = rs_tracker_hosts(state->tracker);

    for (guint i = 0; i < hosts->len; i++) {
        const struct rs_host *host = g_ptr_array_index(hosts, i);
        struct rs_host_row *row = rs_host_row_new(host->name, host->role, host->state);

        add_contacts(state, host, row);
        g_ptr_array_add(diagnosis->hosts, row);
    }
}

static enum rs_outcome
outcome_of(const struct session_verdict *verdict)
{
    if (verdict->has_root)
        return RS_FAILED;
    if (verdict->session->completed)
        return RS_COMPLETED;
    return verdict->session->attempted ? RS_CUT_SHORT : RS_NO_RESTORE;
}

/* How much a session has to say of a restore: an attempt more than mere questions, a fault more
 * than none. */
static guint
weight(const struct session_verdict *verdict)
{
    return (verdict->session->attempted ? 2U : 0U) + (verdict->has_root ? 1U : 0U);
}

/* The session that speaks for the file: the last attempt that failed, else the last attempt, else
 * the last with a fault, else the last. */
static struct session_verdict *
speaker(GArray *verdicts)
{
    struct session_verdict *best = NULL;

    for (guint i = 0; i < verdicts->len; i++) {
        struct session_verdict *verdict = &g_array_index(verdicts, struct session_verdict, i);

        if (!best || weight(verdict) >= weight(best))
            best = verdict;
    }
    return best;
}

static void
speak_for(const struct rs_state *state, const struct session_verdict *verdict,
          rs_diagnosis *diagnosis)
{
    const struct rs_device *device = verdict->session->device;

    diagnosis->outcome = outcome_of(verdict);
    diagnosis->has_root = verdict->has_root;
    diagnosis->ecid = device ? g_strdup(device->ecid) : NULL;
    diagnosis->product = device ? g_strdup(device->product) : NULL;
    add_phases(state, verdict->session, diagnosis);
    add_modes(state, verdict->session, diagnosis);
}

/* The speaker's findings first, then those of the others. */
static void
collect_ranked(GArray *verdicts, const struct session_verdict *first, rs_diagnosis *diagnosis)
{
    for (int others = 0; others <= 1; others++) {
        for (guint i = 0; i < verdicts->len; i++) {
            struct session_verdict *verdict = &g_array_index(verdicts, struct session_verdict, i);

            if ((verdict != first) != others)
                continue;
            while (verdict->ranked->len > 0)
                g_ptr_array_add(diagnosis->ranked, g_ptr_array_steal_index(verdict->ranked, 0));
        }
    }
}

/* Where messages are missing, only what was plainly seen can be a root. */
static gboolean
is_doubtful(const struct rs_state *state, const struct rs_session *session,
            const struct rs_finding *finding)
{
    guint32 frame = finding->culprit_frame;
    gboolean is_usb = frame > 0 && frame <= state->is_usb->len && state->is_usb->data[frame - 1];

    if ((is_usb ? session->n_cut_usb : session->n_cut_net) == 0)
        return FALSE;
    return finding->confidence != RS_HIGH || rs_rule_awaits_absence(finding->rule);
}

/* What struck another attempt too speaks there; here it is a consequence. */
static gboolean
is_told_elsewhere(const GPtrArray *all, const struct rs_finding *finding)
{
    for (guint i = 0; i < MIN(all->len, (guint)RS_MAX_RANKED); i++) {
        const struct rs_finding *other = g_ptr_array_index(all, i);

        if (strcmp(other->session, finding->session) != 0 && rs_verdict_covers(other, finding))
            return TRUE;
    }
    return FALSE;
}

static struct rs_ranked *
doubted(const struct rs_session *session, const struct rs_finding *finding)
{
    struct rs_ranked *row = g_new0(struct rs_ranked, 1);

    row->finding = finding;
    row->severity = session->completed || finding->recovered
                        ? RS_NOTE
                        : MIN(finding->rule->severity, RS_WARNING);
    return row;
}

/* Ranks those of all findings that are a session's; the doubtful ones come last, as warnings. */
static GPtrArray *
rank_one(const struct rs_state *state, const GPtrArray *all, const struct rs_session *session,
         gboolean *ret_has_root)
{
    g_autoptr(GPtrArray) own = findings_of(all, session);
    g_autoptr(GPtrArray) trusted = g_ptr_array_new();
    g_autoptr(GPtrArray) others = g_ptr_array_new();
    GPtrArray *ranked;

    for (guint i = 0; i < own->len; i++) {
        struct rs_finding *finding = g_ptr_array_index(own, i);
        gboolean stands_back =
            is_doubtful(state, session, finding) || is_told_elsewhere(all, finding);

        g_ptr_array_add(stands_back ? others : trusted, finding);
    }
    ranked = rs_verdict_rank(trusted, session->completed, ret_has_root);
    for (guint i = 0; i < others->len; i++)
        g_ptr_array_add(ranked, doubted(session, g_ptr_array_index(others, i)));
    return ranked;
}

static void
warn_of_holes(const struct rs_session *session, rs_diagnosis *diagnosis)
{
    if (session->n_cut_usb + session->n_cut_net > 0)
        g_ptr_array_add(diagnosis->warnings,
                        g_strdup_printf("%u messages and %u server packets were not captured "
                                        "whole: what they say is not known",
                                        session->n_cut_usb, session->n_cut_net));
}

static void
widen(const GArray *spans, guint32 *first, guint32 *last, gint64 *start_us, gint64 *end_us)
{
    for (guint i = 0; i < spans->len; i++) {
        const struct rs_span *span = &g_array_index(spans, struct rs_span, i);

        *first = *first == 0 ? span->first_frame : MIN(*first, span->first_frame);
        *last = MAX(*last, span->last_frame);
        *start_us = MIN(*start_us, span->start_us);
        *end_us = MAX(*end_us, span->end_us);
    }
}

static void
add_attempt(const struct rs_state *state, const struct session_verdict *verdict,
            rs_diagnosis *diagnosis)
{
    const struct rs_session *session = verdict->session;
    gint64 start_us = state->last_time_us, end_us = state->first_time_us;
    struct rs_attempt *attempt;

    attempt = g_new0(struct rs_attempt, 1);
    attempt->session = g_strdup_printf("%u", session->id);
    attempt->outcome = outcome_of(verdict);
    attempt->ecid = session->device ? g_strdup(session->device->ecid) : NULL;
    attempt->product = session->device ? g_strdup(session->device->product) : NULL;
    widen(session->phases, &attempt->first_frame, &attempt->last_frame, &start_us, &end_us);
    widen(session->modes, &attempt->first_frame, &attempt->last_frame, &start_us, &end_us);
    attempt->start_s = seconds_since_start(state, MIN(start_us, end_us));
    attempt->end_s = seconds_since_start(state, MAX(start_us, end_us));
    attempt->root = verdict->has_root ? g_ptr_array_index(verdict->ranked, 0) : NULL;
    g_ptr_array_add(diagnosis->attempts, attempt);
}

/* Sessions that tried to restore; only where there is none, those in which something went wrong. */
static void
add_attempts(const struct rs_state *state, const GArray *verdicts, rs_diagnosis *diagnosis)
{
    gboolean any = FALSE;

    for (guint i = 0; i < verdicts->len; i++)
        any = any || g_array_index(verdicts, struct session_verdict, i).session->attempted;
    for (guint i = 0; i < verdicts->len; i++) {
        const struct session_verdict *verdict = &g_array_index(verdicts, struct session_verdict, i);

        if (any ? verdict->session->attempted : verdict->has_root)
            add_attempt(state, verdict, diagnosis);
    }
}

static void
rank_sessions(const struct rs_state *state, rs_diagnosis *diagnosis)
{
    const GPtrArray *sessions = rs_tracker_sessions(state->tracker);
    g_autoptr(GArray) verdicts = g_array_new(FALSE, TRUE, sizeof(struct session_verdict));
    struct session_verdict *first;

    for (guint i = 0; i < sessions->len; i++) {
        struct session_verdict verdict = { .session = g_ptr_array_index(sessions, i) };

        verdict.ranked = rank_one(state, diagnosis->findings, verdict.session, &verdict.has_root);
        warn_of_holes(verdict.session, diagnosis);
        g_array_append_val(verdicts, verdict);
    }
    add_attempts(state, verdicts, diagnosis);
    first = speaker(verdicts);
    if (first) {
        speak_for(state, first, diagnosis);
        collect_ranked(verdicts, first, diagnosis);
    }
    for (guint i = 0; i < verdicts->len; i++)
        g_ptr_array_unref(g_array_index(verdicts, struct session_verdict, i).ranked);
}

static GPtrArray *
conclude(const rs_engine *engine, gboolean is_end)
{
    if (!engine)
        return g_ptr_array_new();
    return is_end ? rs_engine_conclude(engine) : rs_engine_conclude_so_far(engine);
}

rs_diagnosis *
rs_diagnose(const struct rs_state *state, gboolean is_end)
{
    rs_diagnosis *diagnosis = rs_diagnosis_new();

    diagnosis->frames = state->frames;
    diagnosis->first_time_us = state->first_time_us;
    diagnosis->duration_s = seconds_since_start(state, state->last_time_us);
    diagnosis->rate = state->rate;
    if (state->lanes)
        rs_lanes_report(state->lanes, state->first_time_us, diagnosis);
    diagnosis->findings = conclude(state->engine, is_end);
    correct_times(state, diagnosis->findings);
    note_waits(state, diagnosis);
    diagnosis->ranked = g_ptr_array_new_with_free_func(g_free);
    if (state->tracker) {
        rank_sessions(state, diagnosis);
        add_hosts(state, diagnosis);
    }
    if (state->engine && rs_engine_n_dropped(state->engine) > 0)
        g_ptr_array_add(diagnosis->warnings,
                        g_strdup_printf("the rules gave up following %" G_GUINT64_FORMAT
                                        " events: too many at once",
                                        rs_engine_n_dropped(state->engine)));
    if (state->rules_error)
        g_ptr_array_add(diagnosis->warnings, g_strdup(state->rules_error));
    return diagnosis;
}

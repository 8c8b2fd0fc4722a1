/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A made-up diagnosis. */
#include "sample_diagnosis.h"

static const struct rs_code codes[] = { { "AMRestoreErrorDomain", 9 },
                                        { "com.apple.MobileDevice.MobileRestore", 4005 } };
static const struct rs_rival rivals[] = { { "unstable-power", "the port's power was cut" },
                                          { "not-in-the-knowledge", "" } };
static const char *const explained[] = { "host-*", NULL };

static const struct rs_rule rules[] = {
    { .id = "usb-left",
      .cause = "bad-usb-connection",
      .severity = RS_ERROR,
      .confidence = RS_HIGH,
      .says = "the device left",
      .explains = explained,
      .codes = codes,
      .n_codes = G_N_ELEMENTS(codes),
      .rivals = rivals,
      .n_rivals = G_N_ELEMENTS(rivals) },
    { .id = "host-gave-up",
      .cause = "not-in-the-knowledge",
      .severity = RS_ERROR,
      .confidence = RS_LOW,
      .explains = explained + 1 },
    { .id = "signing-retried",
      .cause = "apple-server-outage",
      .severity = RS_WARNING,
      .confidence = RS_MEDIUM,
      .explains = explained + 1 },
};

/* 2026-02-28 23:59:59.000001 UTC */
static const gint64 first_time_us = G_GINT64_CONSTANT(1772323199000001);

static void
free_evidence(gpointer data)
{
    struct rs_evidence *evidence = data;

    g_free(evidence->says);
    g_free(evidence);
}

static void
free_finding(gpointer data)
{
    struct rs_finding *finding = data;

    g_free(finding->session);
    g_free(finding->phase);
    g_free(finding->says);
    g_ptr_array_unref(finding->evidence);
    g_free(finding);
}

static struct rs_finding *
add_finding(struct rs_diagnosis *diagnosis, const struct rs_rule *rule, guint32 frame,
            gint64 after_us, const char *phase, const char *says)
{
    struct rs_finding *finding = g_new0(struct rs_finding, 1);
    struct rs_evidence *evidence = g_new0(struct rs_evidence, 1);

    finding->rule = rule;
    finding->culprit_frame = frame;
    finding->culprit_time_us = first_time_us + after_us;
    finding->confidence = rule->confidence;
    finding->session = g_strdup("1");
    finding->phase = g_strdup(phase);
    finding->says = g_strdup(says);
    finding->evidence = g_ptr_array_new_with_free_func(free_evidence);
    evidence->frame = frame - 1;
    evidence->time_us = finding->culprit_time_us - 250000;
    evidence->says = g_strdup("bulk OUT ended with -71 (EPROTO)");
    g_ptr_array_add(finding->evidence, evidence);
    g_ptr_array_add(diagnosis->findings, finding);
    return finding;
}

static void
add_ranked(struct rs_diagnosis *diagnosis, const struct rs_finding *finding,
           const struct rs_finding *because, enum rs_severity severity)
{
    struct rs_ranked *ranked = g_new0(struct rs_ranked, 1);

    ranked->finding = finding;
    ranked->consequence_of = because;
    ranked->severity = severity;
    g_ptr_array_add(diagnosis->ranked, ranked);
}

static void
add_findings(struct rs_diagnosis *diagnosis)
{
    struct rs_finding *root, *consequence, *recovered;

    diagnosis->findings = g_ptr_array_new_with_free_func(free_finding);
    diagnosis->ranked = g_ptr_array_new_with_free_func(g_free);
    root = add_finding(diagnosis, &rules[0], 1168, 1000000, "asr",
                       "device 0x1A2B3C4D5E6F left \033[31m the bus");
    consequence = add_finding(diagnosis, &rules[1], 1200, 31000000, "", "the host gave up");
    consequence->flushed = TRUE;
    recovered = add_finding(diagnosis, &rules[2], 40, 500000, "signing", "asked twice \xff");
    recovered->recovered = TRUE;
    add_ranked(diagnosis, root, NULL, RS_ERROR);
    add_ranked(diagnosis, consequence, root, RS_ERROR);
    add_ranked(diagnosis, recovered, NULL, RS_NOTE);
    diagnosis->has_root = TRUE;
}

static void
add_spans(struct rs_diagnosis *diagnosis)
{
    struct rs_mode_span *mode = g_new0(struct rs_mode_span, 1);
    struct rs_phase_span *phase = g_new0(struct rs_phase_span, 1);
    struct rs_host_row *host = rs_host_row_new("gs.apple.com", "signing", "ok");
    char connected[] = "connected";
    const struct rs_contact_span contact = { 20, 33, 9.5, 12.25, connected };

    mode->mode = g_strdup("recovery");
    mode->first_frame = 1;
    mode->last_frame = 900;
    mode->end_s = 30.25;
    g_ptr_array_add(diagnosis->modes, mode);
    phase->name = g_strdup("asr");
    phase->first_frame = 980;
    phase->last_frame = 1168;
    phase->start_s = 31.2;
    phase->end_s = 40.9;
    g_ptr_array_add(diagnosis->phases, phase);
    rs_host_row_add(host, &contact);
    g_ptr_array_add(diagnosis->hosts, host);
}

static void
add_lanes(struct rs_diagnosis *diagnosis)
{
    struct rs_stream_row *stream = g_new0(struct rs_stream_row, 1);
    struct rs_usb_error_row *error = g_new0(struct rs_usb_error_row, 1);

    *stream = (struct rs_stream_row){ "asr", "reset", 12345, 981, 1168, 31.25, 40.5 };
    g_ptr_array_add(diagnosis->streams, stream);
    *error = (struct rs_usb_error_row){ "EPROTO", FALSE, 1168, 40.5 };
    g_ptr_array_add(diagnosis->usb_errors, error);
    diagnosis->n_usb_errors = 1;
}

struct rs_diagnosis *
sample_failed(void)
{
    struct rs_diagnosis *diagnosis = rs_diagnosis_new();

    diagnosis->frames = 41212;
    diagnosis->first_time_us = first_time_us;
    diagnosis->duration_s = 372.1;
    diagnosis->outcome = RS_FAILED;
    diagnosis->ecid = g_strdup("0x1A2B3C4D5E6F");
    diagnosis->product = g_strdup("iPhone10,6");
    add_spans(diagnosis);
    add_lanes(diagnosis);
    add_findings(diagnosis);
    rs_rate_add(&diagnosis->rate, 150000, TRUE, 512);
    g_ptr_array_add(diagnosis->warnings, g_strdup("the clock jumped"));
    return diagnosis;
}

static struct rs_attempt *
add_attempt(struct rs_diagnosis *diagnosis, const char *session, enum rs_outcome outcome)
{
    struct rs_attempt *attempt = g_new0(struct rs_attempt, 1);

    attempt->session = g_strdup(session);
    attempt->outcome = outcome;
    g_ptr_array_add(diagnosis->attempts, attempt);
    return attempt;
}

struct rs_diagnosis *
sample_twice(void)
{
    struct rs_diagnosis *diagnosis = sample_failed();
    const struct rs_ranked *root = g_ptr_array_index(diagnosis->ranked, 0);
    struct rs_attempt *first = add_attempt(diagnosis, "7", RS_CUT_SHORT);
    struct rs_attempt *second = add_attempt(diagnosis, "1", RS_FAILED);
    struct rs_wait *wait = g_new0(struct rs_wait, 1);

    first->ecid = g_strdup("0xFEDCBA987654");
    first->first_frame = 2;
    first->last_frame = 900;
    first->end_s = 30.5;
    second->ecid = g_strdup("0x1A2B3C4D5E6F");
    second->product = g_strdup("iPhone10,6");
    second->first_frame = 980;
    second->last_frame = 1300;
    second->start_s = 31.25;
    second->end_s = 41;
    second->root = root;
    wait->from_us = first_time_us;
    wait->to_us = first_time_us + 1000000;
    wait->is_usb = TRUE;
    g_hash_table_insert(diagnosis->waits, (gpointer)(gsize)root->finding, wait);
    return diagnosis;
}

struct rs_diagnosis *
sample_nothing(void)
{
    return rs_diagnosis_new();
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * A diagnosis as JSON. The order in which members are set is the order in which they are written.
 */
#include "plugin/report/report_json.h"

static const char *const outcome_names[] = {
    [RS_COMPLETED] = "completed",
    [RS_FAILED] = "failed",
    [RS_CUT_SHORT] = "cut-short",
    [RS_NO_RESTORE] = "no-restore",
};

static const char *const severity_names[] = {
    [RS_NOTE] = "note",
    [RS_WARNING] = "warning",
    [RS_ERROR] = "error",
};

static const char *const confidence_names[] = {
    [RS_LOW] = "low",
    [RS_MEDIUM] = "medium",
    [RS_HIGH] = "high",
};

/* Sentences hold bytes of the capture, which need not be UTF-8. */
static void
set_text(JsonObject *object, const char *name, const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text ? text : "", -1);

    json_object_set_string_member(object, name, valid);
}

static void
set_text_or_null(JsonObject *object, const char *name, const char *text)
{
    if (text && *text)
        set_text(object, name, text);
    else
        json_object_set_null_member(object, name);
}

static void
set_time(JsonObject *object, const char *name, gint64 time_us)
{
    const gint64 part = time_us % G_USEC_PER_SEC;
    const gint64 fraction = part < 0 ? part + G_USEC_PER_SEC : part;
    g_autoptr(GDateTime) when =
        g_date_time_new_from_unix_utc((time_us - fraction) / G_USEC_PER_SEC);
    g_autofree char *seconds = when ? g_date_time_format(when, "%Y-%m-%dT%H:%M:%S") : NULL;
    g_autofree char *text =
        seconds ? g_strdup_printf("%s.%06" G_GINT64_FORMAT "Z", seconds, fraction) : NULL;

    set_text_or_null(object, name, text);
}

static void
set_span(JsonArray *array, const char *name, const struct rs_phase_span *span)
{
    JsonObject *row = json_object_new();

    set_text(row, "name", name);
    json_object_set_int_member(row, "first_frame", span->first_frame);
    json_object_set_int_member(row, "last_frame", span->last_frame);
    json_object_set_double_member(row, "start_s", span->start_s);
    json_object_set_double_member(row, "end_s", span->end_s);
    json_array_add_object_element(array, row);
}

static JsonArray *
mode_spans(const GPtrArray *modes)
{
    JsonArray *array = json_array_new();

    for (guint i = 0; modes && i < modes->len; i++) {
        const struct rs_mode_span *mode = g_ptr_array_index(modes, i);
        const struct rs_phase_span span = { .first_frame = mode->first_frame,
                                            .last_frame = mode->last_frame,
                                            .start_s = mode->start_s,
                                            .end_s = mode->end_s };

        set_span(array, mode->mode, &span);
    }
    return array;
}

static JsonObject *
device_object(const struct rs_diagnosis *diagnosis)
{
    JsonObject *device = json_object_new();
    JsonArray *modes = json_array_new();

    for (guint i = 0; diagnosis->modes && i < diagnosis->modes->len; i++) {
        const struct rs_mode_span *mode = g_ptr_array_index(diagnosis->modes, i);

        json_array_add_string_element(modes, mode->mode);
    }
    set_text_or_null(device, "ecid", diagnosis->ecid);
    set_text_or_null(device, "product", diagnosis->product);
    json_object_set_array_member(device, "modes", modes);
    json_object_set_array_member(device, "mode_spans", mode_spans(diagnosis->modes));
    return device;
}

static JsonArray *
phase_array(const GPtrArray *phases)
{
    JsonArray *array = json_array_new();

    for (guint i = 0; phases && i < phases->len; i++) {
        const struct rs_phase_span *phase = g_ptr_array_index(phases, i);

        set_span(array, phase->name, phase);
    }
    return array;
}

static JsonArray *
contact_array(const GPtrArray *contacts)
{
    JsonArray *array = json_array_new();

    for (guint i = 0; i < contacts->len; i++) {
        const struct rs_contact_span *contact = g_ptr_array_index(contacts, i);
        JsonObject *row = json_object_new();

        set_text(row, "state", contact->state);
        json_object_set_int_member(row, "first_frame", contact->first_frame);
        json_object_set_int_member(row, "last_frame", contact->last_frame);
        json_object_set_double_member(row, "start_s", contact->start_s);
        json_object_set_double_member(row, "end_s", contact->end_s);
        json_array_add_object_element(array, row);
    }
    return array;
}

static JsonArray *
byte_array(const guint64 *bytes, guint n)
{
    JsonArray *array = json_array_new();

    for (guint i = 0; i < n; i++)
        json_array_add_int_element(array, (gint64)MIN(bytes[i], (guint64)G_MAXINT64));
    return array;
}

/* Of many the first: the timeline is for people. */
static JsonArray *
stream_array(const GPtrArray *streams)
{
    JsonArray *array = json_array_new();

    for (guint i = 0; streams && i < MIN(streams->len, RS_STREAMS_MAX); i++) {
        const struct rs_stream_row *stream = g_ptr_array_index(streams, i);
        JsonObject *row = json_object_new();

        set_text(row, "name", stream->name);
        json_object_set_int_member(row, "port", stream->port);
        json_object_set_int_member(row, "first_frame", stream->first_frame);
        json_object_set_int_member(row, "last_frame", stream->last_frame);
        json_object_set_double_member(row, "start_s", stream->start_s);
        json_object_set_double_member(row, "end_s", stream->end_s);
        set_text(row, "end", *stream->end ? stream->end : "open");
        json_array_add_object_element(array, row);
    }
    return array;
}

static JsonArray *
usb_error_array(const GPtrArray *errors)
{
    JsonArray *array = json_array_new();

    for (guint i = 0; errors && i < MIN(errors->len, RS_USB_ERRORS_MAX); i++) {
        const struct rs_usb_error_row *error = g_ptr_array_index(errors, i);
        JsonObject *row = json_object_new();

        json_object_set_int_member(row, "frame", error->frame);
        json_object_set_double_member(row, "time_s", error->time_s);
        set_text(row, "status", error->status);
        json_object_set_boolean_member(row, "planned", error->planned);
        json_array_add_object_element(array, row);
    }
    return array;
}

static JsonObject *
rate_object(const struct rs_rate *rate)
{
    JsonObject *object = json_object_new();

    json_object_set_double_member(object, "step_s", rs_rate_step_s(rate));
    json_object_set_array_member(object, "usb_bytes", byte_array(rate->usb, rate->n_slots));
    json_object_set_array_member(object, "network_bytes", byte_array(rate->network, rate->n_slots));
    return object;
}

static JsonArray *
host_array(const GPtrArray *hosts)
{
    JsonArray *array = json_array_new();

    for (guint i = 0; hosts && i < hosts->len; i++) {
        const struct rs_host_row *host = g_ptr_array_index(hosts, i);
        JsonObject *row = json_object_new();

        set_text(row, "name", host->name);
        set_text(row, "role", host->role);
        set_text(row, "state", host->state);
        json_object_set_array_member(row, "contacts", contact_array(host->contacts));
        json_array_add_object_element(array, row);
    }
    return array;
}

static JsonArray *
warning_array(const GPtrArray *warnings)
{
    JsonArray *array = json_array_new();

    for (guint i = 0; warnings && i < warnings->len; i++) {
        g_autofree char *valid = g_utf8_make_valid(g_ptr_array_index(warnings, i), -1);

        json_array_add_string_element(array, valid);
    }
    return array;
}

static JsonArray *
evidence_array(const GPtrArray *evidence, gint64 first_time_us)
{
    JsonArray *array = json_array_new();

    for (guint i = 0; evidence && i < evidence->len; i++) {
        const struct rs_evidence *item = g_ptr_array_index(evidence, i);
        JsonObject *row = json_object_new();

        json_object_set_int_member(row, "frame", item->frame);
        json_object_set_double_member(row, "time_s",
                                      (double)(item->time_us - first_time_us) / G_USEC_PER_SEC);
        set_text(row, "says", item->says);
        json_array_add_object_element(array, row);
    }
    return array;
}

static JsonArray *
code_array(const struct rs_rule *rule)
{
    JsonArray *array = json_array_new();

    for (guint i = 0; i < rule->n_codes; i++) {
        JsonObject *row = json_object_new();

        set_text(row, "domain", rule->codes[i].domain);
        json_object_set_int_member(row, "code", rule->codes[i].code);
        json_array_add_object_element(array, row);
    }
    return array;
}

static const struct rs_known_cause *
find_cause(const rs_knowledge *knowledge, const char *id)
{
    return knowledge && id ? rs_knowledge_cause(knowledge, id) : NULL;
}

static JsonArray *
rival_array(const struct rs_rule *rule, const rs_knowledge *knowledge)
{
    JsonArray *array = json_array_new();

    for (guint i = 0; i < rule->n_rivals; i++) {
        const struct rs_known_cause *cause = find_cause(knowledge, rule->rivals[i].cause);
        JsonObject *row = json_object_new();

        set_text(row, "cause", rule->rivals[i].cause);
        if (cause)
            set_text(row, "title", cause->title);
        set_text(row, "test", rule->rivals[i].test);
        json_array_add_object_element(array, row);
    }
    return array;
}

static JsonArray *
remedy_array(const struct rs_known_cause *cause)
{
    JsonArray *array = json_array_new();

    for (guint i = 0; cause && cause->remedies[i] && i < RS_REMEDIES_MAX; i++)
        json_array_add_string_element(array, cause->remedies[i]);
    return array;
}

static JsonObject *
wait_object(const struct rs_wait *wait, gint64 first_time_us)
{
    JsonObject *object = json_object_new();

    json_object_set_double_member(object, "from_s",
                                  (double)(wait->from_us - first_time_us) / G_USEC_PER_SEC);
    json_object_set_double_member(object, "to_s",
                                  (double)(wait->to_us - first_time_us) / G_USEC_PER_SEC);
    set_text(object, "on", wait->is_usb ? "usb" : "network");
    return object;
}

JsonObject *
rs_report_json_finding(const struct rs_ranked *ranked, const struct rs_wait *wait,
                       gint64 first_time_us, const rs_knowledge *knowledge)
{
    const struct rs_finding *finding = ranked->finding;
    const struct rs_known_cause *cause = find_cause(knowledge, finding->rule->cause);
    const double time_s = (double)(finding->culprit_time_us - first_time_us) / G_USEC_PER_SEC;
    JsonObject *object = json_object_new();

    set_text(object, "rule", finding->rule->id);
    set_text(object, "cause", finding->rule->cause);
    if (cause)
        set_text(object, "title", cause->title);
    set_text(object, "severity", severity_names[ranked->severity]);
    set_text_or_null(object, "phase", finding->phase);
    json_object_set_int_member(object, "frame", finding->culprit_frame);
    set_time(object, "time", finding->culprit_time_us);
    json_object_set_double_member(object, "time_s", time_s);
    set_text(object, "confidence", confidence_names[finding->confidence]);
    set_text(object, "says", finding->says);
    json_object_set_array_member(object, "evidence",
                                 evidence_array(finding->evidence, first_time_us));
    json_object_set_array_member(object, "codes", code_array(finding->rule));
    json_object_set_array_member(object, "rivals", rival_array(finding->rule, knowledge));
    json_object_set_array_member(object, "remedies", remedy_array(cause));
    if (cause && cause->first_erasing_remedy && cause->first_erasing_remedy <= RS_REMEDIES_MAX)
        json_object_set_int_member(object, "first_erasing_remedy", cause->first_erasing_remedy);
    if (ranked->consequence_of)
        set_text(object, "consequence_of", ranked->consequence_of->rule->id);
    if (finding->recovered)
        json_object_set_boolean_member(object, "recovered", TRUE);
    if (finding->flushed)
        json_object_set_boolean_member(object, "flushed", TRUE);
    if (wait)
        json_object_set_object_member(object, "waited", wait_object(wait, first_time_us));
    return object;
}

static JsonObject *
finding_object(const struct rs_ranked *ranked, const struct rs_diagnosis *diagnosis,
               const rs_knowledge *knowledge)
{
    const struct rs_wait *wait = g_hash_table_lookup(diagnosis->waits, ranked->finding);
    JsonObject *object = rs_report_json_finding(ranked, wait, diagnosis->first_time_us, knowledge);

    for (guint i = 0; i < diagnosis->attempts->len; i++) {
        const struct rs_attempt *attempt = g_ptr_array_index(diagnosis->attempts, i);

        if (g_str_equal(attempt->session, ranked->finding->session))
            json_object_set_int_member(object, "attempt", i + 1);
    }
    return object;
}

static JsonObject *
attempt_object(const struct rs_attempt *attempt, const struct rs_diagnosis *diagnosis,
               const rs_knowledge *knowledge)
{
    JsonObject *object = json_object_new();
    JsonObject *device = json_object_new();

    set_text(object, "outcome", outcome_names[attempt->outcome]);
    set_text_or_null(device, "ecid", attempt->ecid);
    set_text_or_null(device, "product", attempt->product);
    json_object_set_object_member(object, "device", device);
    json_object_set_int_member(object, "first_frame", attempt->first_frame);
    json_object_set_int_member(object, "last_frame", attempt->last_frame);
    json_object_set_double_member(object, "start_s", attempt->start_s);
    json_object_set_double_member(object, "end_s", attempt->end_s);
    if (attempt->root)
        json_object_set_object_member(object, "root",
                                      finding_object(attempt->root, diagnosis, knowledge));
    else
        json_object_set_null_member(object, "root");
    return object;
}

static JsonArray *
attempt_array(const struct rs_diagnosis *diagnosis, const rs_knowledge *knowledge)
{
    JsonArray *array = json_array_new();

    for (guint i = 0; i < diagnosis->attempts->len; i++)
        json_array_add_object_element(
            array, attempt_object(g_ptr_array_index(diagnosis->attempts, i), diagnosis, knowledge));
    return array;
}

static JsonArray *
finding_array(const struct rs_diagnosis *diagnosis, const rs_knowledge *knowledge)
{
    JsonArray *array = json_array_new();

    for (guint i = 0; diagnosis->ranked && i < diagnosis->ranked->len; i++) {
        const struct rs_ranked *ranked = g_ptr_array_index(diagnosis->ranked, i);

        json_array_add_object_element(array, finding_object(ranked, diagnosis, knowledge));
    }
    return array;
}

JsonObject *
rs_report_json(const struct rs_diagnosis *diagnosis, const rs_knowledge *knowledge)
{
    JsonObject *report = json_object_new();
    const gboolean has_root = diagnosis->has_root && diagnosis->ranked && diagnosis->ranked->len;

    set_text(report, "schema", RS_DIAGNOSIS_SCHEMA);
    set_text(report, "file", "");
    json_object_set_int_member(report, "frames", diagnosis->frames);
    json_object_set_double_member(report, "duration_s", diagnosis->duration_s);
    if (diagnosis->frames)
        set_time(report, "start", diagnosis->first_time_us);
    else
        json_object_set_null_member(report, "start");
    json_object_set_array_member(report, "interfaces", json_array_new());
    set_text(report, "outcome", outcome_names[diagnosis->outcome]);
    json_object_set_object_member(report, "device", device_object(diagnosis));
    json_object_set_array_member(report, "phases", phase_array(diagnosis->phases));
    if (has_root)
        json_object_set_object_member(
            report, "root",
            finding_object(g_ptr_array_index(diagnosis->ranked, 0), diagnosis, knowledge));
    else
        json_object_set_null_member(report, "root");
    json_object_set_array_member(report, "findings", finding_array(diagnosis, knowledge));
    json_object_set_array_member(report, "attempts", attempt_array(diagnosis, knowledge));
    json_object_set_array_member(report, "hosts", host_array(diagnosis->hosts));
    json_object_set_array_member(report, "streams", stream_array(diagnosis->streams));
    json_object_set_array_member(report, "usb_errors", usb_error_array(diagnosis->usb_errors));
    json_object_set_object_member(report, "rate", rate_object(&diagnosis->rate));
    json_object_set_array_member(report, "warnings", warning_array(diagnosis->warnings));
    return report;
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Absences that the capture's own losses make inconclusive. */
#include "plugin/cli/losses.h"

#include "plugin/cli/pcapng_blocks.h"
#include "plugin/cli/root_review.h"
#include "plugin/knowledge/json_get.h"

/* A counter is read this long after what it counts. */
enum { LATE_US = G_USEC_PER_SEC };

static gint64
start_us_of(JsonObject *report)
{
    const char *start = rs_json_string(report, "start");
    g_autoptr(GDateTime) when = *start ? g_date_time_new_from_iso8601(start, NULL) : NULL;

    return when ? g_date_time_to_unix(when) * G_USEC_PER_SEC + g_date_time_get_microsecond(when)
                : 0;
}

static guint64
lost_between(const struct rs_interface *interface, gint64 from_us, gint64 to_us)
{
    guint64 n = 0;

    for (guint i = 0; i < interface->losses->len; i++) {
        const struct rs_loss *loss = &g_array_index(interface->losses, struct rs_loss, i);

        if (loss->from_us <= to_us && loss->to_us >= from_us - LATE_US)
            n += loss->n;
    }
    return n;
}

/* Lowers what the finding is worth, if packets were dropped while it waited. */
static gboolean
doubt(JsonObject *finding, gint64 start_us, const GPtrArray *interfaces)
{
    JsonObject *waited = finding ? rs_json_object(finding, "waited") : NULL;
    const gint64 from_us = start_us + (gint64)(rs_json_double(waited, "from_s") * G_USEC_PER_SEC);
    const gint64 to_us = start_us + (gint64)(rs_json_double(waited, "to_s") * G_USEC_PER_SEC);
    const gboolean is_usb = g_str_equal(rs_json_string(waited, "on"), "usb");
    g_autofree char *says = NULL;
    guint64 n = 0;

    for (guint i = 0; waited && i < interfaces->len; i++) {
        const struct rs_interface *interface = g_ptr_array_index(interfaces, i);

        if (g_str_has_prefix(interface->link, "usb") == is_usb)
            n += lost_between(interface, from_us, to_us);
    }
    if (n == 0)
        return FALSE;
    says = g_strdup_printf("%s; inconclusive: %" G_GUINT64_FORMAT
                           " packet%s dropped meanwhile may have been what was missed",
                           rs_json_string(finding, "says"), n, n == 1 ? "" : "s");
    json_object_set_string_member(finding, "says", says);
    json_object_set_string_member(finding, "confidence", "low");
    return TRUE;
}

static gboolean
is_trusted(JsonObject *finding)
{
    return !g_str_equal(rs_json_string(finding, "confidence"), "low");
}

/* What was seen stays, however little it is worth. */
static gboolean
is_seen_or_trusted(JsonObject *root)
{
    return !json_object_has_member(root, "waited") || is_trusted(root);
}

void
rs_losses_doubt(JsonObject *report, const GPtrArray *interfaces)
{
    static const struct rs_root_review review_of = { is_seen_or_trusted, is_trusted, FALSE };
    JsonArray *findings = rs_json_array(report, "findings");
    JsonArray *attempts = rs_json_array(report, "attempts");
    const gint64 start_us = start_us_of(report);
    gboolean any = FALSE;

    for (guint i = 0; i < rs_json_length(findings); i++)
        any = doubt(rs_json_object_at(findings, i), start_us, interfaces) || any;
    if (!any)
        return;
    /* roots are copies of findings */
    for (guint i = 0; i < rs_json_length(attempts); i++)
        doubt(rs_json_object(rs_json_object_at(attempts, i), "root"), start_us, interfaces);
    doubt(rs_json_object(report, "root"), start_us, interfaces);
    rs_root_review_run(report, &review_of);
}

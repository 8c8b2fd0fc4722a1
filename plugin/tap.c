/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * `-z restore,json[,UNTIL]` and `-z restore,diagnosis`: the verdict on standard output when the
 * file is read; `-z restore,live`: what happens while it is; `-z restore,rules`: what is wrong with
 * filters, one line "problem", a tab and the sentence each. Facts: epan/stat_tap_ui.h of Wireshark
 * 4.0. */

#include "dissectors/compat.h"

#include "plugin/glue.h"

#include <epan/tap.h>
#include <epan/stat_tap_ui.h>
#include <stdio.h>

#include "plugin/live.h"
#include "plugin/identify.h"
#include "plugin/paths.h"
#include "plugin/report/report_json.h"
#include "plugin/report/mask.h"
#include "plugin/report/report_text.h"
#include "plugin/state.h"

static JsonObject *
report(void)
{
    g_autofree char *path = rs_paths_data("knowledge/errors.json");
    g_autoptr(GError) error = NULL;
    g_autoptr(rs_knowledge) knowledge = path ? rs_knowledge_new(path, &error) : NULL;

    JsonObject *object = rs_report_json(rs_state_conclude(), knowledge);

    rs_journal_apply(rs_state()->journal, rs_state()->tracker, knowledge, object);
    return object;
}

/* A number behind it tells until when was recorded, in microseconds since 1970. */
#define JSON_UNTIL "restore,json,"

static void
draw_json(void *data _U_)
{
    g_autoptr(JsonObject) object = report();
    g_autofree char *line = rs_json_line(object);

    printf("%s\n", line);
}

static void
draw_text(void *data _U_)
{
    g_autoptr(JsonObject) object = report();
    g_autofree char *text = NULL;

    rs_mask_report(object);
    text = rs_report_text(object, FALSE);
    fputs(text, stdout);
}

static tap_packet_status
nothing(void *data _U_, packet_info *pinfo _U_, epan_dissect_t *edt _U_, const void *packet _U_,
        tap_flags_t flags _U_)
{
    return TAP_PACKET_DONT_REDRAW;
}

static void
listen_to_end(tap_draw_cb draw)
{
    static int listener; /* its address is the listener's name */
    /* The frame tap always has packets; what counts is that the end of the file is told. */
    GString *error = register_tap_listener("frame", &listener, NULL, TL_REQUIRES_NOTHING, NULL,
                                           nothing, draw, NULL);

    if (error) {
        fprintf(stderr, "restore: %s\n", error->str);
        g_string_free(error, TRUE);
    }
}

static RS_TAP_INIT
init_json(const char *arguments, void *data _U_)
{
    const char *until =
        g_str_has_prefix(arguments, JSON_UNTIL) ? arguments + strlen(JSON_UNTIL) : "";

    rs_state_recorded_until(g_ascii_strtoll(until, NULL, 10));
    listen_to_end(draw_json);
    RS_TAP_DONE;
}

static RS_TAP_INIT
init_live(const char *arguments _U_, void *data _U_)
{
    rs_live_start();
    listen_to_end(draw_json);
    RS_TAP_DONE;
}

static RS_TAP_INIT
init_text(const char *arguments _U_, void *data _U_)
{
    listen_to_end(draw_text);
    RS_TAP_DONE;
}

static void
draw_rules(void *data _U_)
{
    const GPtrArray *problems = rs_state()->rules_problems;

    if (rs_state()->rules_error)
        printf("problem\t%s\n", rs_state()->rules_error);
    for (guint i = 0; problems && i < problems->len; i++)
        printf("problem\t%s\n", (const char *)g_ptr_array_index(problems, i));
    printf("rules\tend\n");
}

static RS_TAP_INIT
init_rules(const char *arguments _U_, void *data _U_)
{
    listen_to_end(draw_rules);
    RS_TAP_DONE;
}

void
rs_glue_register_taps(void)
{
    static stat_tap_ui json = {
        REGISTER_PACKET_STAT_GROUP_UNSORTED, NULL, "restore,json", init_json, 0, NULL
    };
    static stat_tap_ui text = {
        REGISTER_PACKET_STAT_GROUP_UNSORTED, NULL, "restore,diagnosis", init_text, 0, NULL
    };

    static stat_tap_ui live = {
        REGISTER_PACKET_STAT_GROUP_UNSORTED, NULL, "restore,live", init_live, 0, NULL
    };
    static stat_tap_ui rules = {
        REGISTER_PACKET_STAT_GROUP_UNSORTED, NULL, "restore,rules", init_rules, 0, NULL
    };

    rs_identify_register_tap();
    register_stat_tap_ui(&json, NULL);
    register_stat_tap_ui(&live, NULL);
    register_stat_tap_ui(&rules, NULL);
    register_stat_tap_ui(&text, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * `-z restore,json[,UNTIL]` and `-z restore,diagnosis`: the verdict on standard output when the
 * file is read. Facts: epan/stat_tap_ui.h of Wireshark 4.0. */

#include "dissectors/compat.h"

#include "plugin/glue.h"

#include <epan/tap.h>
#include <epan/stat_tap_ui.h>
#include <stdio.h>

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

    return rs_report_json(rs_state_conclude(), knowledge);
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

#if RS_WS_VERSION >= 406
#define TAP_INIT_TYPE bool
#define TAP_INIT_DONE return true
#else
#define TAP_INIT_TYPE void
#define TAP_INIT_DONE return
#endif

static TAP_INIT_TYPE
init_json(const char *arguments, void *data _U_)
{
    const char *until =
        g_str_has_prefix(arguments, JSON_UNTIL) ? arguments + strlen(JSON_UNTIL) : "";

    rs_state_recorded_until(g_ascii_strtoll(until, NULL, 10));
    listen_to_end(draw_json);
    TAP_INIT_DONE;
}

static TAP_INIT_TYPE
init_text(const char *arguments _U_, void *data _U_)
{
    listen_to_end(draw_text);
    TAP_INIT_DONE;
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

    register_stat_tap_ui(&json, NULL);
    register_stat_tap_ui(&text, NULL);
}

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The symbols Wireshark looks for in a plugin, and the registration of everything in it. Nothing
 * else. Facts: wsutil/plugins.h and doc/README.plugins of Wireshark 4.0; plugin_describe() came
 * with 4.3. */

#define WS_BUILD_DLL
#include "dissectors/compat.h"

#include <epan/tap.h>

#include "dissectors/dissectors.h"
#include "plugin/glue.h"
#include "plugin/live.h"

WS_DLL_PUBLIC_DEF const gchar plugin_version[] = RS_VERSION;
WS_DLL_PUBLIC_DEF const int plugin_want_major = WIRESHARK_VERSION_MAJOR;
WS_DLL_PUBLIC_DEF const int plugin_want_minor = WIRESHARK_VERSION_MINOR;

WS_DLL_PUBLIC void plugin_register(void);

WS_DLL_PUBLIC guint32 plugin_describe(void);

guint32
plugin_describe(void)
{
    return WS_PLUGIN_DESC_DISSECTOR | WS_PLUGIN_DESC_TAP_LISTENER;
}

#define REGISTER_PROTO(name) proto_register_##name();
#define REGISTER_HANDOFF(name) proto_reg_handoff_##name();

static void
register_protocols(void)
{
    RS_DISSECTORS(REGISTER_PROTO)
    rs_glue_register();
    rs_live_register_ticks();
}

static void
register_handoffs(void)
{
    RS_DISSECTORS(REGISTER_HANDOFF)
    rs_glue_handoff();
}

void
plugin_register(void)
{
    static const proto_plugin protocols = { register_protocols, register_handoffs };
    static const tap_plugin taps = { rs_glue_register_taps };

    proto_register_plugin(&protocols);
    tap_register_plugin(&taps);
}

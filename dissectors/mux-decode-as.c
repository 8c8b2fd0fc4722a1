/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * "Decode As" for the device's ports: `-d usbmux.port==12345,asr`. Facts: epan/decode_as.h of
 * Wireshark 4.0. */

#include "dissectors/mux-decode-as.h"

#include <epan/decode_as.h>

#include "dissectors/usbmux.h"

static void
label_port(packet_info *pinfo, gchar *ret_label)
{
    snprintf(ret_label, MAX_DECODE_AS_PROMPT_LEN, "Port %u of the device as",
             usbmux_device_port(pinfo));
}

static gpointer
port_of(packet_info *pinfo)
{
    return GUINT_TO_POINTER((guint)usbmux_device_port(pinfo));
}

void
mux_decode_as_register(void)
{
    static build_valid_func ports[] = { port_of };
    static decode_as_value_t values[] = { { label_port, array_length(ports), ports } };
    static decode_as_t entry = { "usbmux",
                                 USBMUX_PORT_TABLE,
                                 array_length(values),
                                 0,
                                 values,
                                 NULL,
                                 NULL,
                                 decode_as_default_populate_list,
                                 decode_as_default_reset,
                                 decode_as_default_change,
                                 NULL };

    register_decode_as(&entry);
}

void
mux_decode_as_handoff(void)
{
    static const char *const names[] = { "tls", "http", "remotexpc.stream", "apple-plist" };

    for (guint i = 0; i < array_length(names); i++) {
        dissector_handle_t handle = find_dissector(names[i]);

        if (handle)
            dissector_add_for_decode_as(USBMUX_PORT_TABLE, handle);
    }
}

gboolean
mux_decode_as_chosen(guint16 port, dissector_handle_t *ret_handle)
{
    dissector_table_t table = find_dissector_table(USBMUX_PORT_TABLE);
    dissector_handle_t now = dissector_get_uint_handle(table, port);

    if (now == dissector_get_default_uint_handle(USBMUX_PORT_TABLE, port))
        return FALSE;
    *ret_handle = now;
    return TRUE;
}

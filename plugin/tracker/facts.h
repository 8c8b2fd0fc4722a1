/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The facts the tracker wants to know of a frame, and the Wireshark field each comes from. The list
 * is all that extract.c needs: a new fact is one line here and its use in the tracker. */
#pragma once

#include <glib.h>

/* X(fact, protocol whose presence the frame must show, field) */
#define RS_FACTS(X)                                                                                \
    X(IBOOT_COMMAND, "iboot", "iboot.command")                                                     \
    X(IBOOT_COMPONENT, "iboot", "iboot.upload.component")                                          \
    X(DFU_REQUEST, "appledfu", "appledfu.request")                                                 \
    X(DFU_FINISHED, "appledfu", "appledfu.finish")                                                 \
    X(KIS_BOOT, "kis", "kis.boot")                                                                 \
    X(KIS_ECID, "kis", "kis.info.ecid")                                                            \
    X(MUX_REQUEST, "usbmux", "usbmux.request")                                                     \
    X(MUX_LENGTH, "usbmux", "usbmux.length")                                                       \
    X(MUX_CUT, "usbmux", "usbmux.cut")                                                             \
    X(LOCKDOWN_REQUEST, "lockdown", "lockdown.request")                                            \
    X(LOCKDOWN_TYPE, "lockdown", "lockdown.type")                                                  \
    X(LOCKDOWN_ECID, "lockdown", "lockdown.ecid")                                                  \
    X(RESTORED_REQUEST, "restored", "restored.request")                                            \
    X(RESTORED_TYPE, "restored", "restored.type")                                                  \
    X(RESTORED_MSG_TYPE, "restored", "restored.msg_type")                                          \
    X(RESTORED_STATUS, "restored", "restored.status")                                              \
    X(RESTORED_DATA_TYPE, "restored", "restored.data_type")                                        \
    X(RESTORED_OPERATION, "restored", "restored.operation")                                        \
    X(RESTORED_CHECKPOINT, "restored", "restored.checkpoint.name")                                 \
    X(RESTORED_CHECKPOINT_RESULT, "restored", "restored.checkpoint.result")                        \
    X(RESTORED_CHECKPOINT_COMPLETE, "restored", "restored.checkpoint.complete")                    \
    X(RESTORED_ECID, "restored", "restored.ecid")                                                  \
    X(ASR_COMMAND, "asr", "asr.command")                                                           \
    X(TSS_STATUS, "tss", "tss.status")                                                             \
    X(TSS_TICKET_KIND, "tss", "tss.ticket_kind")                                                   \
    X(DNS_NAME, "dns", "dns.qry.name")                                                             \
    X(DNS_IS_RESPONSE, "dns", "dns.flags.response")                                                \
    X(DNS_RCODE, "dns", "dns.flags.rcode")                                                         \
    X(DNS_A, "dns", "dns.a")                                                                       \
    X(DNS_AAAA, "dns", "dns.aaaa")                                                                 \
    X(TLS_SERVER_NAME, "tls", "tls.handshake.extensions_server_name")                              \
    X(TLS_CONTENT_TYPE, "tls", "tls.record.content_type")                                          \
    X(HTTP_HOST, "http", "http.host")                                                              \
    X(HTTP_METHOD, "http", "http.request.method")                                                  \
    X(HTTP_CODE, "http", "http.response.code")

#define RS_FACT_ENUM(name, protocol, field) RS_FACT_##name,
enum rs_fact_id { RS_FACTS(RS_FACT_ENUM) RS_N_FACTS };

/* One value of one field; a frame may carry several of the same. */
struct rs_fact {
    enum rs_fact_id id;
    const char *text; /* strings and addresses, else NULL */
    gint64 number;    /* integers and booleans, else 0 */
};

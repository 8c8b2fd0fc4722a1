/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The differences between Wireshark's versions, kept in one place, here and in compat.c. Everything
 * else is written for one API. Built and run with 4.0, 4.4 and 4.6. */
#pragma once

#include <wireshark.h>
#include <ws_version.h>
#include <epan/packet.h>
#include <epan/dissectors/packet-usb.h>

#define RS_WS_VERSION (WIRESHARK_VERSION_MAJOR * 100 + WIRESHARK_VERSION_MINOR)

/* What the usb dissector hands to the dissectors it calls; the endpoint's number is without its
 * direction in 4.0 and with it in 4.4. */
#define RS_URB_ENDPOINT(urb) ((urb)->endpoint & 0x7f)
#if RS_WS_VERSION >= 404
typedef urb_info_t rs_urb;
typedef bool rs_ws_bool;
#define RS_URB_CONV(urb) ((urb)->conv)
#else
typedef usb_conv_info_t rs_urb;
typedef gboolean rs_ws_bool;
#define RS_URB_CONV(urb) (urb)
#define tvb_get_uint8 tvb_get_guint8
#define tvb_find_uint8 tvb_find_guint8
#endif

#ifndef FT_IS_STRING /* the name since 4.2 */
#define FT_IS_STRING IS_FT_STRING
#endif

/* Names since 4.6, used everywhere. */
#if RS_WS_VERSION < 406
#define pntohu16 pntoh16
#define phtonu16 phton16
#define get_data_source_description get_data_source_name
#endif

/* What a tap's init function returns, and how it says that all is well. */
#if RS_WS_VERSION >= 406
#define RS_TAP_INIT bool
#define RS_TAP_DONE return true
#else
#define RS_TAP_INIT void
#define RS_TAP_DONE return
#endif

/* For a program that reads frames by itself: its log, where its library looks for its data, a
 * record without bytes yet, the fields that postdissectors want, and a frame, whose bytes stand
 * beside the record or, since 4.6, in it. */
#if RS_WS_VERSION >= 406
#define RS_LOG_INIT(program) ws_log_init(NULL)
#define RS_CONFIGURE(program) configuration_init(program)
#define RS_RECORD_INIT(record)                                                                     \
    (wtap_rec_init((record), 0), wtap_setup_packet_rec((record), WTAP_ENCAP_UNKNOWN))
#define RS_PRIME(edt) ((void)(edt)) /* epan does it */
#define RS_DISSECT(edt, record, bytes, frame, columns)                                             \
    (ws_buffer_append(&(record)->data, (bytes), (frame)->cap_len),                                 \
     epan_dissect_run((edt), WTAP_FILE_TYPE_SUBTYPE_UNKNOWN, (record), (frame), (columns)))
#else
#define RS_LOG_INIT(program) ws_log_init((program), NULL)
#define RS_CONFIGURE(program) configuration_init((program), NULL)
#define RS_RECORD_INIT(record) wtap_rec_init(record)
#define RS_PRIME(edt) prime_epan_dissect_with_postdissector_wanted_hfids(edt)
#define RS_DISSECT(edt, record, bytes, frame, columns)                                             \
    epan_dissect_run((edt), WTAP_FILE_TYPE_SUBTYPE_UNKNOWN, (record),                              \
                     tvb_new_real_data((bytes), (frame)->cap_len, (gint)(frame)->pkt_len),         \
                     (frame), (columns))
#endif

/* What plugin_describe() answers, which nobody asks before 4.4. */
#if RS_WS_VERSION >= 404
#include <wsutil/plugins.h>
#else
#define WS_PLUGIN_DESC_DISSECTOR 0
#define WS_PLUGIN_DESC_TAP_LISTENER 0
#endif

/* A field's value: part of the field_info in 4.0, behind a pointer since. */
#if RS_WS_VERSION >= 402
#define RS_FVALUE(finfo) ((finfo)->value)
#else
#define RS_FVALUE(finfo) (fvalue_t *)(uintptr_t)(&(finfo)->value)
#endif

/* A display filter with the names that its fields have in this Wireshark; the caller's. */
char *rs_ws_names(const char *filter);

/* Compiles a display filter. When FALSE, *ret_why is the caller's and *ret_at the column of what is
 * wrong, from 0, or -1. A filter that is empty gives TRUE and no code. */
struct epan_dfilter;
gboolean rs_ws_filter(const char *text, struct epan_dfilter **ret_code, char **ret_why,
                      long *ret_at);

/* Heuristic dissectors are asked in the order of their registration, the last one first, but in 4.4
 * and 4.6 one that took a packet is the first to be asked from then on, on the second reading too.
 * Where another one would take our bytes as well, ours goes in its place, to leave it the rest:
 * returns the other one, or NULL when there is none of this name. For handoff routines. */
heur_dissector_t rs_ws_replace_heur(const char *name, heur_dissector_t ours);

/* Did the user leave this heuristic dissector, and its protocol, switched on? */
gboolean rs_ws_heur_is_on(const char *name);

/* Shows each field that a tree has, with its items (field_info *), in no order. */
typedef void (*rs_field_take)(int hfid, const GPtrArray *found, void *data);
void rs_ws_each_field(proto_tree *tree, rs_field_take take, void *data);

/* The content of a pcapng block; swapped: the section is of the other byte order. */
typedef void (*rs_block_take)(const guint8 *content, guint32 length, gboolean swapped);

/* Blocks of this type, which is one for local use, are no frames; those with at most 64 bytes of
 * content are shown to take when they are read. Call once, while plugins are registered. */
void rs_ws_on_block(guint32 type, rs_block_take take);

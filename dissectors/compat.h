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

/* The content of a pcapng block; swapped: the section is of the other byte order. */
typedef void (*rs_block_take)(const guint8 *content, guint32 length, gboolean swapped);

/* Blocks of this type, which is one for local use, are no frames; those with at most 64 bytes of
 * content are shown to take when they are read. Call once, while plugins are registered. */
void rs_ws_on_block(guint32 type, rs_block_take take);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The differences between Wireshark's versions, kept in one place. Everything else is written for
 * one API. Built and run with 4.0 and 4.4; the branches for later versions follow their public
 * headers. */
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

/* A field's value: part of the field_info in 4.0, behind a pointer since. */
#if RS_WS_VERSION >= 402
#define RS_FVALUE(finfo) ((finfo)->value)
#else
#define RS_FVALUE(finfo) (fvalue_t *)(uintptr_t)(&(finfo)->value)
#endif

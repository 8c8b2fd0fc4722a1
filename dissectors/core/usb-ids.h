/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Apple's USB identities: what a product id says about the mode a device is in. This file is all
 * that the recorder knows of any protocol. Facts: usbmuxd 2efa75a, src/usb.h; libirecovery 04d04f7,
 * include/libirecovery.h. */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum {
    RS_USB_VENDOR_APPLE = 0x05AC,
    /* The interface of the multiplexor: vendor specific, one bulk endpoint each way. */
    RS_USB_MUX_CLASS = 0xFF,
    RS_USB_MUX_SUBCLASS = 0xFE,
    RS_USB_MUX_PROTOCOL = 2
};

/* X(NAME, text): normal and restore mode have the same ids; what port 62078 answers tells. */
#define RS_USB_MODES(X)                                                                            \
    X(UNKNOWN, "unknown")                                                                          \
    X(MUX, "normal-or-restore")                                                                    \
    X(RECOVERY, "recovery")                                                                        \
    X(DFU, "dfu")                                                                                  \
    X(WTF, "wtf")                                                                                  \
    X(PORT_DFU, "port-dfu")                                                                        \
    X(KIS, "kis")

#define RS_USB_MODE_ENUM(name, text) RS_USB_##name,
enum rs_usb_mode { RS_USB_MODES(RS_USB_MODE_ENUM) RS_USB_MODE_COUNT };

/* X(name, mode, first product id, last product id) */
/* clang-format off */
#define RS_USB_PRODUCTS(X)                       \
    X("WTF", RS_USB_WTF, 0x1222, 0x1222)         \
    X("DFU", RS_USB_DFU, 0x1227, 0x1227)         \
    X("Recovery", RS_USB_RECOVERY, 0x1280, 0x1283) \
    X("iPhone, iPad, iPod, Apple TV", RS_USB_MUX, 0x1290, 0x12AF) \
    X("KIS", RS_USB_KIS, 0x1881, 0x1881)         \
    X("Mac in restore mode", RS_USB_MUX, 0x1901, 0x1905) \
    X("iBridge", RS_USB_MUX, 0x8600, 0x8600)     \
    X("Port DFU", RS_USB_PORT_DFU, 0xF014, 0xF014)
/* clang-format on */

#define RS_USB_PRODUCT_ROW(name, mode, first, last) { (mode), (first), (last) },
static inline enum rs_usb_mode
rs_usb_mode_of(uint16_t vendor_id, uint16_t product_id)
{
    static const struct {
        enum rs_usb_mode mode;
        uint16_t first, last;
    } products[] = { RS_USB_PRODUCTS(RS_USB_PRODUCT_ROW) };

    if (vendor_id != RS_USB_VENDOR_APPLE)
        return RS_USB_UNKNOWN;
    for (size_t i = 0; i < sizeof products / sizeof products[0]; i++) {
        if (product_id >= products[i].first && product_id <= products[i].last)
            return products[i].mode;
    }
    return RS_USB_UNKNOWN;
}

#define RS_USB_MODE_NAME(name, text) text,
static inline const char *
rs_usb_mode_name(enum rs_usb_mode mode)
{
    static const char *const names[] = { RS_USB_MODES(RS_USB_MODE_NAME) };

    return (unsigned)mode < RS_USB_MODE_COUNT ? names[mode] : names[RS_USB_UNKNOWN];
}

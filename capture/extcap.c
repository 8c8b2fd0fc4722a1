/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * One interface, which is everything; its link type is that of its first source, and what comes
 * through the FIFO says itself what it is. */
#include "capture/extcap.h"

const char *
rs_extcap_answer(enum rs_extcap_question question)
{
    switch (question) {
    case RS_EXTCAP_INTERFACES:
        return "extcap {version=" RS_VERSION "}{display=restorecap}\n"
               "interface {value=restorecap}{display=iOS restore (USB + network)}\n";
    case RS_EXTCAP_DLTS:
        return "dlt {number=220}{name=USB_LINUX_MMAPPED}{display=USB and network}\n";
    case RS_EXTCAP_CONFIG:
        return "arg {number=0}{call=--usb-payload}{display=Keep of USB transfers}"
               "{tooltip=What is kept of large bulk transfers}{type=selector}\n"
               "arg {number=1}{call=--interface}{display=Only this interface}"
               "{tooltip=usbmonN or a network interface; empty: all that concern a restore}"
               "{type=string}{required=false}{validation=^[A-Za-z0-9_.:-]*$}\n"
               "arg {number=2}{call=--buffer-size}{display=Buffer in MiB}"
               "{tooltip=The kernel's, for each network interface}"
               "{type=integer}{range=1,2047}{default=64}\n"
               "arg {number=3}{call=--keylog}{display=TLS key log}"
               "{tooltip=The file of SSLKEYLOGFILE; its keys go into the recording}"
               "{type=fileselect}{mustexist=false}{required=false}\n"
               "value {arg=0}{value=smart}{display=all but the filesystem}{default=true}\n"
               "value {arg=0}{value=all}{display=everything}{default=false}\n"
               "value {arg=0}{value=96}{display=96 bytes}{default=false}\n";
    case RS_EXTCAP_NONE:
    case RS_EXTCAP_CAPTURE:
        break;
    }
    return "";
}

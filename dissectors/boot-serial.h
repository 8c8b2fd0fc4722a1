/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * What a boot loader says of its device in the serial number of its USB descriptors. The string is
 * Wireshark's own usb dissector's; this is a post-dissector that reads it. */
#pragma once

void boot_serial_register(int proto);
void boot_serial_handoff(void);

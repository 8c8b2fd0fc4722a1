/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * `-z restore,identifiers`: what in a capture identifies a device, a host or a person, for
 * restorescope redact. One line each: "identifier", kind (a number of enum rs_id_kind), "T" for
 * text or "B" for bytes, and its bytes in hexadecimal digits, with tabs between them. */
#pragma once

void rs_identify_register_tap(void);

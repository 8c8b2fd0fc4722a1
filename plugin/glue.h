/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * The "restore" protocol: where dissected packets meet the tracker and the rule engine. */
#pragma once

/* proto_register and proto_reg_handoff of the "restore" protocol and its post-dissector. */
void rs_glue_register(void);
void rs_glue_handoff(void);

/* `-z restore,json` and `-z restore,diagnosis`. */
void rs_glue_register_taps(void);

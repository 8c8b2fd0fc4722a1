/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Names for the numbers of restored-values.h, for field tables and for sentences. */
#pragma once

#include "dissectors/compat.h"

extern const value_string restored_checkpoint_vals[];
extern const val64_string restored_error_vals[];

/* Never NULL. */
const char *restored_error_name(gint64 code);

/* What a ProgressMsg's operation is; version 0 is unknown and taken as current. Packet scope. */
const char *restored_operation_name(const packet_info *pinfo, guint version, gint64 operation);

/* What a checkpoint id usually is. Packet scope. */
const char *restored_checkpoint_name(const packet_info *pinfo, gint64 id);

/* Is this a MsgType that restored is known to use? */
gboolean restored_knows_message(const char *type);

/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * Whether a redacted capture tells the same as the one it was made of. */
#pragma once

#include <json-glib/json-glib.h>

/* NULL when both diagnoses have the same outcome, the same root and the same findings in the same
 * frames; else the first difference as a sentence, the caller's. */
char *rs_redact_difference(JsonObject *before, JsonObject *after);

/* "failed, signing-refused in frame 153". The caller's. */
char *rs_redact_verdict(JsonObject *report);

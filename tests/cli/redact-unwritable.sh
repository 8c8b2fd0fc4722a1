#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# No folder to write to.
restorescope redact "$CAPTURES/signing-reset.pcapng" nowhere/out.pcapng

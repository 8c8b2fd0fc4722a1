#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Without it, analysed is 0.
restorescope diagnose "$CAPTURES/signing-reset.pcapng" > /dev/null

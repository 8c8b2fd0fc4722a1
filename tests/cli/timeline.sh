#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Modes, phases and hosts, with their times and frames.
cp "$CAPTURES/signing-reset.pcapng" .
restorescope timeline signing-reset.pcapng
restorescope timeline --json signing-reset.pcapng | python3 -c '
import json, sys
line = json.load(sys.stdin)
print(list(line), [mode["name"] for mode in line["modes"]])'

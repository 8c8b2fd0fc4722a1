#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Identifiers are masked unless asked for, in the text and in the object.
restorescope diagnose --json "$CAPTURES/signing-reset.pcapng" | grep -o '"ecid":"[^"]*"' | sort -u
restorescope diagnose --json --show-ids "$CAPTURES/signing-reset.pcapng" |
    grep -o '"ecid":"[^"]*"' | sort -u | grep -cE '"0x[0-9a-fA-F]{6,}"'
restorescope diagnose "$CAPTURES/signing-reset.pcapng" | grep -c 'ECID 0x…'
restorescope diagnose --show-ids "$CAPTURES/signing-reset.pcapng" | grep -cE 'ECID 0x[0-9a-fA-F]{6,}'

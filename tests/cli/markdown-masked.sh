#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Restore tools name their files after the ECID: what is handed on does not, unless told to.
ecid=$(restorescope diagnose --json --show-ids "$CAPTURES/signing-reset.pcapng" |
    sed 's/.*"ecid":"0x\([^"]*\)".*/\1/')
cp "$CAPTURES/signing-reset.pcapng" "restore_$ecid.pcapng"
restorescope diagnose --markdown --html=page "restore_$ecid.pcapng" > out
grep -c "$ecid" out page || true
grep -ho 'restore.*pcapng' out page
restorescope diagnose --markdown --show-ids "restore_$ecid.pcapng" | grep -c "$ecid"

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Reports of several files are set apart by an empty line.
restorescope diagnose "$CAPTURES/signing-reset.pcapng" "$CAPTURES/signing-reset.pcapng" > out
grep -c 'the restore failed' out
sed -n '/^$/{n;p;}' out | grep -c 'signing-reset.pcapng: the restore failed'

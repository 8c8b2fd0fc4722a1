#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Several reports are set apart; of a capture without a restore there is none.
restorescope diagnose -m "$CAPTURES/signing-reset.pcapng" "$CAPTURES/signing-reset.pcapng" > out
grep -c '^## The restore failed' out
grep -B1 '^## ' out | grep -c '^$'
restorescope diagnose -m "$CAPTURES/other.pcap" 2> err || echo $?

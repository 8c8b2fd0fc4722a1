#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What tshark reads, we read; only the interfaces stay unknown.
gzip -c "$CAPTURES/signing-reset.pcapng" > packed.pcapng.gz
restorescope diagnose --json packed.pcapng.gz > report
grep -c '"frame":153,' report
grep -c '"interfaces":\[\]' report

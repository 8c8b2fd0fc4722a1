#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A redacted copy has the same size and verdict and none of the device's ids; IN stays as it is.
cp "$CAPTURES/signing-reset.pcapng" in.pcapng
cksum < in.pcapng > before
restorescope redact in.pcapng out.pcapng
cksum < in.pcapng | cmp - before
[ "$(wc -c < in.pcapng)" = "$(wc -c < out.pcapng)" ]
restorescope diagnose --show-ids --json in.pcapng | jq -r .device.ecid > id
restorescope diagnose --show-ids --json out.pcapng | jq -r .device.ecid > pseudonym
cmp -s id pseudonym && exit 1
restorescope diagnose --json in.pcapng out.pcapng | jq -c '[.outcome, .root.rule, .root.frame]'
ls -A

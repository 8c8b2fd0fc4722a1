#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What is there already is left alone, unless one says --force; the capture itself always.
cp "$CAPTURES/signing-reset.pcapng" in.pcapng
echo precious > out.pcapng
restorescope redact in.pcapng out.pcapng && exit 1
cat out.pcapng
restorescope redact --force in.pcapng out.pcapng > /dev/null
restorescope redact --force in.pcapng in.pcapng && exit 1
ln in.pcapng again.pcapng
restorescope redact --force in.pcapng again.pcapng && exit 1
cmp in.pcapng "$CAPTURES/signing-reset.pcapng"
ls -A

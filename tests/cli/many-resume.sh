#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A run goes on where another was cut; what is no file of ours is left alone.
mkdir in
for name in a b c; do cp "$CAPTURES/signing-reset.pcapng" in/$name.pcapng; done
restorescope diagnose --json --summary in > whole
restorescope diagnose --json --resume=part in/a.pcapng
head -c 200 whole >> part
restorescope diagnose --json --summary --resume=part in
cmp part whole
restorescope diagnose -e --json --summary --resume=part in || echo $?
cmp part whole
printf '%s' "$(head -n 2 whole)" > unended
restorescope diagnose --json --summary --resume=unended in
cmp unended whole
cp "$CAPTURES/signing-reset.pcapng" capture
restorescope diagnose --json --resume=capture in || echo $?
cmp capture "$CAPTURES/signing-reset.pcapng"
restorescope diagnose --resume=part in || echo $?

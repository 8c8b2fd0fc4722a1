#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A file, a pipe and standard input give the same verdict.
mkfifo pipe
restorescope diagnose --json "$CAPTURES/signing-reset.pcapng" | sed 's/"file":"[^"]*"//' > file.json
restorescope diagnose --json - < "$CAPTURES/signing-reset.pcapng" > stdin.json
cat "$CAPTURES/signing-reset.pcapng" | restorescope diagnose --json - > piped.json
cat "$CAPTURES/signing-reset.pcapng" > pipe &
restorescope diagnose --json pipe > fifo.json
for name in stdin piped fifo; do
    sed 's/"file":"[^"]*"//' $name.json | cmp - file.json
    sed 's/.*"file":"\([^"]*\)".*/\1/' $name.json
done

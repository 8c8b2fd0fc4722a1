#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Over-current, which only the kernel tells, is the cause of the departure after it.
sample=$CAPTURES/../../../samples/dropped-in-filesystem/capture.pcapng
echo '27.4 kernel usb 1-1-port1: over-current condition' |
    "$CAPTURES/../../lib/add-journal" "$sample" journal.pcapng
restorescope diagnose --color=never journal.pcapng | sed -n '2,/^  evidence/p'
restorescope diagnose --json journal.pcapng | jq -c '.findings[] | [.rule, .consequence_of]'
echo '10 kernel usb 1-1-port1: over-current condition' |
    "$CAPTURES/../../lib/add-journal" "$sample" journal.pcapng
restorescope diagnose --json journal.pcapng | jq -c '.root.rule'
echo '27.4 kernel usb 2-1-port1: over-current condition' |
    "$CAPTURES/../../lib/add-journal" "$sample" journal.pcapng
restorescope diagnose --json journal.pcapng | jq -c '.root.rule'

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# One log is of one capture; one that is not there is told before anything is analysed.
touch client.log
restorescope diagnose --log client.log "$CAPTURES/signing-reset.pcapng" "$CAPTURES/other.pcap" || echo $?
restorescope diagnose --log missing.log "$CAPTURES/signing-reset.pcapng" || echo $?
restorescope diagnose --log . "$CAPTURES/signing-reset.pcapng" || echo $?
restorescope diagnose --log client.log "$CAPTURES/signing-reset.pcapng" --color=never | grep '^  log' -A1

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Of several files the weightiest status counts, and all are analysed.
status() { restorescope diagnose -e --json "$@" > out 2> err && echo 0 || echo $?; wc -l < out; }
status "$CAPTURES/signing-reset.pcapng" "$CAPTURES/signing-reset.pcapng"
status "$CAPTURES/other.pcap" "$CAPTURES/signing-reset.pcapng"
status "$CAPTURES/other.pcap" missing.pcapng "$CAPTURES/signing-reset.pcapng"

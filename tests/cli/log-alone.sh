#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Where the capture shows no restore, the log's guesses are told as such; the status stays.
cp "$CAPTURES/other.pcap" .
echo 'Could not resolve host: gs.apple.com' > client.log
restorescope diagnose --color=never --log client.log other.pcap || status=$?
restorescope diagnose --json --log client.log other.pcap 2> /dev/null |
    jq -c '.root, .logs[0].fits, .logs[0].causes[0].cause, .logs[0].causes[0].confidence'
echo 'nothing of interest' > client.log
restorescope diagnose --log client.log other.pcap 2> /dev/null || exit $status

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# TLS secrets reach tshark, also from a file that only we may read.
cp "$CAPTURES/signing-refused-tls.keys" keys
chmod 600 keys
restorescope diagnose --json --keylog keys "$CAPTURES/signing-refused-tls.pcapng" > open.json
restorescope diagnose --json "$CAPTURES/signing-refused-tls.pcapng" > closed.json
grep -o '"root":{"rule":"[^"]*","cause":"[^"]*"' open.json | sort -u
grep -c '"says":"STATUS=94' open.json
grep -c '"says":"STATUS=94' closed.json || :

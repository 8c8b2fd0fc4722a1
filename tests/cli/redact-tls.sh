#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What the key log opens is redacted inside, and the same key log still opens it.
keys=$CAPTURES/signing-refused-tls.keys
restorescope redact --keylog="$keys" "$CAPTURES/signing-refused-tls.pcapng" out.pcapng | grep TLS
restorescope diagnose --json --keylog="$keys" out.pcapng | jq -c '[.outcome, .root.rule, .root.frame]'

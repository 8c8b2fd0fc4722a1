#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A log whose clock is an hour ahead is placed by the steps that it shares with the capture.
cat > client.log << 'END'
2026-11-20 22:18:17.100 Found device in Recovery mode
2026-11-20 22:18:26.400 Sending TSS request attempt 1...
2026-11-20 22:18:26.520 Failed to connect to gs.apple.com port 443 after 3 ms: Couldn't connect to server
END
restorescope diagnose --json --log client.log "$CAPTURES/signing-reset.pcapng" |
    jq -c '.logs[0] | .placed_by, .placed, .fits, (.evidence[0] | .line, (.after_s * 10 | round))'

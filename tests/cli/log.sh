#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A log without time stamps, with a progress bar's carriage returns and colours: it is placed by the
# order of its steps, and its lines stand beside the verdict.
cat > client.log << 'END'
Found device in Recovery mode
Identified device as d221ap, iPhone10,6
Sending TSS request attempt 1... Failed to connect to gs.apple.com port 443 after 3 ms: Couldn't connect to server
END
printf '\r[=====     ]  50.0%%\r[==========] 100.0%%\033[31mERROR: Unable to get SHSH blobs\033[0m for this device\n' >> client.log
restorescope diagnose --color=never --log=client.log "$CAPTURES/signing-reset.pcapng" | sed -n '/^  log/,/^  [a-z]* caused/p'
restorescope diagnose -m --log client.log "$CAPTURES/signing-reset.pcapng" | sed -n '/^### Log/,/^### /p'
restorescope diagnose --html=- --log client.log "$CAPTURES/signing-reset.pcapng" > page.html
tidy -q -e page.html
grep -A4 '>Log<' page.html

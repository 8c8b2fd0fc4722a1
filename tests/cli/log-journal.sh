#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What the kernel and the restore tool said between the packets is evidence with frames; what is
# about other devices and buses is not.
sample=$CAPTURES/../../../samples/dropped-in-filesystem/capture.pcapng
cat > lines << 'END'
1.0 kernel usb 1-2: New USB device found, idVendor=046d, idProduct=c077, bcdDevice=72.00
20.0 kernel usb 1-1: USB disconnect, device number 3
27.0 idevicerestore Sending filesystem now...
27.1 idevicerestore [=====     ]  50.0%
27.6 kernel usb 1-1: USB disconnect, device number 5
27.65 kernel usb 1-2: USB disconnect, device number 9
27.65 kernel usb 3-1: USB disconnect, device number 4
27.7 idevicerestore ERROR: Unable to send data to ASR. Sent 0 of 20 bytes.
28.0 kernel usb 1-1: device descriptor read/64, error -71
END
"$CAPTURES/../../lib/add-journal" "$sample" journal.pcapng < lines
restorescope diagnose --color=never journal.pcapng | sed -n '/^  evidence/,/^  or else/p'
tshark -r journal.pcapng -Y 'systemd_journal.message contains "descriptor"' -T fields -e frame.number 2> /dev/null
restorescope diagnose --json journal.pcapng | jq -c '.logs[0] | .source, .placed_by, .fits, .lines'
"$CAPTURES/../../lib/add-journal" "$CAPTURES/signing-reset.pcapng" quiet.pcapng < lines
restorescope diagnose --json quiet.pcapng | jq -c '.root.rule, .logs[0].fits, (.root.evidence | length)'

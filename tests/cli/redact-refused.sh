#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A verdict that hangs on an identifier cannot be kept: no copy, and the reason told.
mkdir own
cat > own/mine.rules << 'END'
[event mine.phone]
filter = usb.bString contains "001A2D3E4F5A6B7C"
by     = usb.device_address
says   = that phone

[rule mine-phone]
sequence = mine.phone
cause    = router
severity = warning
says     = it was that phone
END
restorescope redact --rules own "$CAPTURES/signing-reset.pcapng" out.pcapng 2> said || status=$?
sed 's|.*was not redacted|was not redacted|' said
ls -A
exit "$status"

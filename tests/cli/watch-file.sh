#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A file that nobody writes any more is told to its end; without a terminal in plain lines.
cp "$CAPTURES/../../../samples/dropped-in-filesystem/capture.pcapng" x.pcapng
restorescope watch x.pcapng > told
sed '/^$/q' told
sed '1,/^$/d' told > last
restorescope diagnose x.pcapng | cmp - last
restorescope watch -e x.pcapng > /dev/null || echo "ended with $?"

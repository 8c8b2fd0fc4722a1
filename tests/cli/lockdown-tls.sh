#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The phone answers ClientHello with a fatal alert in place of its ServerHello, and that is all.
python3 - "$CAPTURES/../../../samples/normal-mode-queries-only/capture.pcapng" << 'END'
import re
import sys

data = bytearray(open(sys.argv[1], "rb").read())
hello = re.search(rb"\x16\x03[\x01-\x03]..\x02\x00", bytes(data), re.S)
data[hello.start() : hello.end()] = bytes([21, 3, 3, 0, 2, 2, 48])
open("refused.pcapng", "wb").write(data[: hello.end() + 4000])
END
restorescope diagnose --json refused.pcapng 2> /dev/null | jq -c '.root.rule, .root.cause, .root.frame'

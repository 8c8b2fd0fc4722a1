#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A boot loader whose header promises more bytes than the file has: the file is named, by its bytes.
python3 - "$CAPTURES/../../../samples/no-return-after-ibec/capture.pcapng" << 'END'
import re
import sys

data = bytearray(open(sys.argv[1], "rb").read())
image = re.search(rb"\x30\x83(...)\x16\x04IMG4", bytes(data), re.S)
size = int.from_bytes(image.group(1), "big")
data[image.start(1) : image.end(1)] = (size + 5000).to_bytes(3, "big")
open("short.pcapng", "wb").write(data)
END
restorescope diagnose --json short.pcapng | jq -c '.root.rule, .root.cause, .root.frame'

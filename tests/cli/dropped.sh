#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What the recorder lost is told.
python3 - "$CAPTURES/signing-reset.pcapng" << 'END'
import struct
import sys

with open(sys.argv[1], "rb") as file, open("dropped.pcapng", "wb") as copy:
    body = struct.pack("<IIIHHQI", 1, 0, 0, 5, 8, 12, 0)
    length = len(body) + 12
    copy.write(file.read() + struct.pack("<II", 5, length) + body + struct.pack("<I", length))
END
restorescope diagnose --json dropped.pcapng > report
grep -o '"interfaces":[^]]*' report
grep -o '"warnings":.*' report
restorescope diagnose dropped.pcapng | grep dropped

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Packets lost while nobody answered take the certainty out of it; lost at another time, not.
cat > lose.py << 'END'
import struct
import sys

with open(sys.argv[1], "rb") as file:
    data = file.read()
at, packets = 0, []
while at < len(data):
    kind, length = struct.unpack_from("<II", data, at)
    if kind == 6:
        packets.append(at)
    at += length


def count(time, dropped):
    """Statistics of interface 1, eth0, which counts nanoseconds."""
    time *= 1000
    body = struct.pack("<IIIHHQI", 1, time >> 32, time & 0xFFFFFFFF, 5, 8, dropped, 0)
    length = len(body) + 12
    return struct.pack("<II", 5, length) + body + struct.pack("<I", length)


def time_of(packet):
    """In microseconds, which interface 0 counts."""
    interface, high, low = struct.unpack_from("<III", data, packets[packet - 1] + 8)
    return (high << 32 | low) // (1000 if interface else 1)


start, silent = time_of(1), time_of(int(sys.argv[2]))
second = 10**6
for name, when in (("meanwhile", silent + 5 * second), ("before", start + second)):
    with open(name + ".pcapng", "wb") as file:
        file.write(data + count(when - second, 0) + count(when, 7) + count(time_of(0), 7))
END
python3 lose.py "$CAPTURES/../../../samples/signing-server-silent/capture.pcapng" "$(
    restorescope diagnose --json "$CAPTURES/../../../samples/signing-server-silent/capture.pcapng" |
        grep -o '"root":{"rule":"[^"]*".*' | grep -o '"frame":[0-9]*' | head -n 1 | cut -d : -f 2)"
for name in before meanwhile; do
    restorescope diagnose $name.pcapng > $name.text
    sed -n '/^  frame/,/^  cause/p; /^  rule/p' $name.text
done

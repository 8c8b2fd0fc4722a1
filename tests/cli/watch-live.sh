#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The verdict comes while the capture is still being written: on a packet, and, when nothing comes
# any more, by what the recorder says about its time. The last words are those of `diagnose`.
cat > live.py << 'END'
import json
import struct
import subprocess
import sys

BLOCKS = {"packet": 6, "statistics": 5}


def blocks(path):
    with open(path, "rb") as file:
        data = file.read()
    at = 0
    while at < len(data):
        kind, length = struct.unpack_from("<II", data, at)
        yield kind, data[at:at + length]
        at += length


def statistics(time):
    """Of interface 0, usbmon1, which counts microseconds."""
    return struct.pack("<IIIIII", 5, 24, 0, time >> 32, time & 0xFFFFFFFF, 24)


def time_of(block):
    """In microseconds; interface 1, eth0, counts nanoseconds."""
    interface, high, low = struct.unpack_from("<III", block, 8)
    return (high << 32 | low) // (1000 if interface else 1)


class Watch:
    """restorescope, and what it has said."""

    def __init__(self):
        self.child = subprocess.Popen(
            ["restorescope", "watch", "--json", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def send(self, data):
        self.child.stdin.write(data)
        self.child.stdin.flush()

    def verdict(self):
        """Reads until there is one."""
        for line in self.child.stdout:
            event = json.loads(line)
            if event.get("event") == "verdict":
                return event["root"]
        sys.exit("no verdict before the end")

    def end(self):
        self.child.stdin.close()
        *_, last = self.child.stdout
        return json.loads(last), self.child.wait()


def until(path, n_packets):
    """The file's beginning."""
    n = 0
    for kind, block in blocks(path):
        n += kind == BLOCKS["packet"]
        yield block
        if n == n_packets:
            return


def on_a_packet(path, n_packets):
    watch = Watch()
    for block in until(path, n_packets):
        watch.send(block)
    root = watch.verdict()
    for kind, block in list(blocks(path))[len(list(until(path, n_packets))):]:
        watch.send(block)
    report, status = watch.end()
    print(root["frame"], root["rule"], report["root"]["frame"], report["outcome"], status)
    with open("whole.json", "w", encoding="utf-8") as file:
        json.dump(report, file)


def in_silence(path, n_packets, seconds):
    watch = Watch()
    for block in until(path, n_packets):
        watch.send(block)
    for second in range(seconds):
        watch.send(statistics(time_of(block) + second * 10**6))
    root = watch.verdict()
    report, status = watch.end()
    print(root["frame"], root["rule"], report["root"]["rule"], report["frames"], status)


on_a_packet(sys.argv[1], 160)
in_silence(sys.argv[1], 152, 30)
END
sample=$CAPTURES/../../../samples/signing-refused-by-firewall/capture.pcapng
python3 live.py "$sample"
restorescope diagnose --json "$sample" > file.json
python3 - << 'END'
import json

with open("whole.json", encoding="utf-8") as one, open("file.json", encoding="utf-8") as two:
    watched, read = json.load(one), json.load(two)
del watched["file"], read["file"]
print(watched == read)
END

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""asr-payload.py MIB URB [FILE]: a capture of a filesystem image of MIB MiB on its way to a device.

As usbmuxd sends it: mux packets of 49152 bytes in transfers of URB bytes (16384: a host controller
without scatter and gather; 49152: one with), each packet acknowledged by the device; chunks of
131072 bytes followed by their SHA-1. To standard output, or to FILE, whose image of zeros are holes
as far as the file system has them. Facts: usbmuxd 2efa75a, src/device.c and src/usb.c;
idevicerestore 405fcd1, src/asr.c; drivers/usb/mon/mon_bin.c (Linux 6.1).
"""
import hashlib
import struct
import sys

CHUNK, PACKET, MUX_AND_TCP = 131072, 49152, 36
BUS, DEVICE, PIPE_OUT, PIPE_IN = 1, 5, 0x04, 0x85
HOST_PORT, ASR_PORT, SYN, ACK = 7, 12345, 0x02, 0x10
START = 1704110400 * 10**6  # noon of 1 January 2024, in microseconds


class Capture:
    def __init__(self, out, has_holes):
        self.out, self.has_holes = out, has_holes
        self.frames, self.id = 0, 0xFFFF888000001000
        out.write(struct.pack("<IIIHHqI", 0x0A0D0D0A, 28, 0x1A2B3C4D, 1, 0, -1, 28))
        out.write(struct.pack("<IIHHII", 1, 20, 220, 0, 0, 20))

    def frame(self, kind, endpoint, length, data=()):
        """One event of usbmon; data: pieces, a number standing for so many zeros."""
        captured = sum(piece if isinstance(piece, int) else len(piece) for piece in data)
        time = START + self.frames * 20
        self.frames += 1
        total = 32 + 64 + captured + -captured % 4
        status = -115 if kind == b"S" else 0
        self.out.write(struct.pack("<IIIIIII", 6, total, 0, time >> 32, time & 0xFFFFFFFF,
                                   64 + captured, 64 + captured))
        self.out.write(struct.pack("<QcBBBHcBqiiII24x", self.id, kind, 3, endpoint, DEVICE, BUS,
                                   b"-", 0 if captured else ord("<"), time // 10**6,
                                   time % 10**6, status, length, captured))
        for piece in data:
            if not isinstance(piece, int):
                self.out.write(piece)
            elif self.has_holes:
                self.out.seek(piece, 1)
            else:
                self.out.write(bytes(piece))
        self.out.write(bytes(-captured % 4) + struct.pack("<I", total))

    def transfer(self, endpoint, data):
        length = sum(piece if isinstance(piece, int) else len(piece) for piece in data)
        self.id += 0x40
        self.frame(b"S", endpoint, length, () if endpoint & 0x80 else data)
        self.frame(b"C", endpoint, length, data if endpoint & 0x80 else ())


class Mux:
    def __init__(self, capture, urb):
        self.capture, self.urb = capture, urb
        self.sent = {True: 0, False: 0}
        self.packets = {True: 0, False: 0}

    def segment(self, from_host, flags, data=()):
        length = sum(piece if isinstance(piece, int) else len(piece) for piece in data)
        ports = (HOST_PORT, ASR_PORT) if from_host else (ASR_PORT, HOST_PORT)
        head = struct.pack(">IIIHHHHIIBBHHH", 6, MUX_AND_TCP + length, 0xFEEDFACE,
                           self.packets[from_host] & 0xFFFF, self.packets[not from_host] & 0xFFFF,
                           *ports, self.sent[from_host] & 0xFFFFFFFF,
                           self.sent[not from_host] & 0xFFFFFFFF, 0x50, flags, 0x0200, 0, 0)
        self.packets[from_host] += 1
        self.sent[from_host] += length + (1 if flags & SYN else 0)
        for urb in cut([head, *data], self.urb):
            self.capture.transfer(PIPE_OUT if from_host else PIPE_IN, urb)

    def say(self, from_host, text):
        self.segment(from_host, ACK, [text.encode()])
        self.segment(not from_host, ACK)


def cut(pieces, size):
    """The pieces in lists of size bytes."""
    row, left = [], size
    for piece in pieces:
        while piece:
            length = piece if isinstance(piece, int) else len(piece)
            count = min(left, length)
            row.append(count if isinstance(piece, int) else piece[:count])
            piece = piece - count if isinstance(piece, int) else piece[count:]
            left -= count
            if left == 0:
                yield row
                row, left = [], size
    if row:
        yield row


def plist(body):
    return ('<?xml version="1.0" encoding="UTF-8"?>\n<plist version="1.0"><dict>' + body +
            "</dict></plist>\n")


def chunks(size):
    digest = hashlib.sha1(bytes(CHUNK)).digest()
    for _ in range(size // CHUNK):
        yield CHUNK
        yield digest


def main(mib, urb, path=None):
    size = int(mib) << 20
    with open(path, "wb") if path else open(1, "wb", closefd=False) as out:
        mux = Mux(Capture(out, path is not None), int(urb))
        mux.segment(True, SYN)
        mux.segment(False, SYN | ACK)
        mux.segment(True, ACK)
        mux.say(False, plist("<key>Command</key><string>Initiate</string>"
                             "<key>Checksum Chunks</key><true/>"))
        mux.say(True, plist(f"<key>Checksum Chunk Size</key><integer>{CHUNK}</integer>"
                            f"<key>Payload</key><dict><key>Port</key><integer>1</integer>"
                            f"<key>Size</key><integer>{size}</integer></dict>"))
        mux.say(False, plist("<key>Command</key><string>Payload</string>"))
        for data in cut(chunks(size), PACKET - MUX_AND_TCP):
            mux.segment(True, ACK, data)
            mux.segment(False, ACK)


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__.split(":")[0])
    main(*sys.argv[1:])

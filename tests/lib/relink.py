#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""relink.py LINKTYPE IN OUT MAP: the same USB transfers, as another system would have recorded.

IN is a little-endian pcapng with usbmon's headers of 64 bytes (link type 220). LINKTYPE is 189,
220, 249 (USBPcap) or 266 (macOS); what is not USB is copied. MAP gets a line "new old" for each
frame that is not where it was (two frames may be one of old), and "0 old" for data that LINKTYPE
does not record: what was sent and never arrived.

Facts: drivers/usb/mon/mon_bin.c (Linux 6.1); the USBPcap capture format document; the author of 266
on the mailing list tcpdump-workers, December 2016: a submission holds no data but a setup, and what
goes out comes with the completion. So that the data stays where it was in the conversation, both
halves of a transfer that went out stand where usbmon had its submission.
"""
import struct
import sys

USBMON, SHB, IDB, EPB = 220, 0x0A0D0D0A, 1, 6
ISO, INTERRUPT, CONTROL, BULK = range(4)

# Linux' status -> the other system's for the same thing. -110 has no equal: theirs are programs'.
USBD = {0: 0, -2: 0xC0010000, -104: 0xC0010000, -108: 0xC0007000, -19: 0xC0007000,
        -71: 0xC0000011, -84: 0xC0000001, -62: 0xC0000005, -110: 0xC0000005, -75: 0xC0000012,
        -32: 0xC0000004, -121: 0x80000900, -70: 0xC000000C, -63: 0xC000000D}
IORETURN = {0: 0, -2: 0xE00002EB, -104: 0xE00002EB, -108: 0xE00002D9, -19: 0xE00002C0,
            -71: 0xE0004002, -84: 0xE0004001, -62: 0xE00002ED, -110: 0xE00002ED, -75: 0xE00002E8,
            -32: 0xE0005000, -121: 0xE00002E7, -70: 0xE000400C, -63: 0xE000400D}
USBD_OTHER, IORETURN_OTHER = 0xC0000F00, 0xE00002BC


class Urb:
    """One event of usbmon."""

    def __init__(self, frame, original_length):
        (self.id, kind, self.transfer, self.endpoint, self.device, self.bus, no_setup) = \
            struct.unpack_from("<QcBBBHB", frame)
        self.is_submission = kind == b"S"
        self.status, self.length = struct.unpack_from("<iI", frame, 28)
        self.setup = frame[40:48] if self.is_submission and no_setup == 0 else b""
        self.data = frame[64:]
        self.lost = original_length - len(frame)  # bytes the capture cut off
        self.is_in = self.endpoint & 0x80 != 0


def usbmon_short(urb, frame):
    del urb
    return [frame[:48] + frame[64:]]


def usbpcap(urb, frame):
    del frame
    is_control = urb.transfer == CONTROL
    payload = urb.setup + urb.data
    function = 0x0008 if is_control else 0x0009  # CONTROL_TRANSFER, BULK_OR_INTERRUPT_TRANSFER
    status = 0 if urb.is_submission else USBD.get(urb.status, USBD_OTHER)
    header = struct.pack("<HQIHBHHBBI", 28 if is_control else 27, urb.id, status, function,
                         0 if urb.is_submission else 1, urb.bus, urb.device, urb.endpoint,
                         urb.transfer, len(payload) + urb.lost)
    if is_control:
        header += b"\x00" if urb.is_submission else b"\x03"  # SETUP, COMPLETE
    return [header + payload]


class Darwin:
    """Keeps what goes out until it is known that it arrived."""

    TYPES = {CONTROL: 0, ISO: 1, BULK: 2, INTERRUPT: 3}

    def __init__(self, arrived):
        self.arrived = arrived  # indices of the submissions whose transfer went well

    @classmethod
    def header(cls, urb, request, length, status):
        return struct.pack("<HBBIIIQIBBBB", 0x0100, 32, request, length, status, 0, urb.id,
                           urb.bus << 24 | 1 << 20, 2, urb.device, urb.endpoint,
                           cls.TYPES[urb.transfer])

    def frames(self, urb, index):
        if not urb.is_submission:
            status = IORETURN.get(urb.status, IORETURN_OTHER)
            return [self.header(urb, 1, urb.length, status) + urb.data]
        made = [self.header(urb, 0, urb.length, 0xE0000001) + urb.setup]  # kIOReturnInvalid
        if index in self.arrived:
            made.append(self.header(urb, 1, urb.length, 0) + urb.data)
        return made


def blocks(data):
    at = 0
    while at + 12 <= len(data):
        kind, length = struct.unpack_from("<II", data, at)
        yield kind, data[at:at + length]
        at += length


def packet(block, frame, original_length):
    interface, high, low = struct.unpack_from("<III", block, 8)
    body = struct.pack("<IIIII", interface, high, low, len(frame), original_length) + frame
    body += bytes(-len(body) % 4)
    captured = struct.unpack_from("<I", block, 20)[0]
    body += block[28 + captured + -captured % 4:-4]  # its options
    total = len(body) + 12
    return struct.pack("<II", EPB, total) + body + struct.pack("<I", total)


def read(path):
    """The blocks, each with its event of usbmon or None; which interfaces are usbmon's."""
    read_blocks, usb = [], []
    with open(path, "rb") as file:
        data = file.read()
    for kind, block in blocks(data):
        urb = None
        if kind == SHB and block[8:12] != b"\x4d\x3c\x2b\x1a":
            sys.exit(f"{path}: not little-endian")
        if kind == IDB:
            usb.append(struct.unpack_from("<H", block, 8)[0] == USBMON)
        if kind == EPB:
            interface, _, _, captured, original = struct.unpack_from("<IIIII", block, 8)
            if usb[interface]:
                urb = Urb(block[28:28 + captured], original)
        read_blocks.append((kind, block, urb))
    return read_blocks


def arrived(read_blocks):
    """Of each transfer of data that went out well: the submission and the completion."""
    waiting, pairs = {}, {}
    for index, (_, _, urb) in enumerate(read_blocks):
        if not urb:
            continue
        if urb.is_submission:
            waiting[urb.bus, urb.id] = index
            continue
        start = waiting.pop((urb.bus, urb.id), None)
        if start is not None and not urb.is_in and urb.status == 0 and read_blocks[start][2].data:
            pairs[start] = index
    return pairs


def main(link_type, source, target, table):
    read_blocks = read(source)
    pairs = arrived(read_blocks) if link_type == 266 else {}
    darwin, dropped = Darwin(pairs), set(pairs.values())
    make = {189: usbmon_short, 220: lambda _, frame: [frame], 249: usbpcap}.get(link_type)
    old = new = 0
    with open(target, "wb") as out, open(table, "w", encoding="ascii") as moved:
        for index, (kind, block, urb) in enumerate(read_blocks):
            if kind == IDB and struct.unpack_from("<H", block, 8)[0] == USBMON:
                block = block[:8] + struct.pack("<H", link_type) + block[10:]
            if kind != EPB:
                out.write(block)
                continue
            old += 1
            if index in dropped:
                continue
            captured, original = struct.unpack_from("<II", block, 20)
            frames, lost = [block[28:28 + captured]], original - captured
            if urb:
                frames = make(urb, frames[0]) if make else darwin.frames(urb, index)
            if link_type == 266 and urb and urb.data and not urb.is_in and index not in pairs:
                moved.write(f"0 {old}\n")
            for frame in frames:
                new += 1
                last = frame is frames[-1]
                out.write(packet(block, frame, len(frame) + (lost if last else 0)))
                if new != old or len(frames) > 1:
                    moved.write(f"{new} {old}\n")


if __name__ == "__main__":
    if len(sys.argv) != 5 or sys.argv[1] not in ("189", "220", "249", "266"):
        sys.exit(__doc__.split(":")[0])
    main(int(sys.argv[1]), *sys.argv[2:])

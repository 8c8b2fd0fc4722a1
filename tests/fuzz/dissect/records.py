#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""records.py CAPTURE OUT [streams] [link N] [frames FIRST-LAST] [limit BYTES]: an input of
fuzz_dissect, whose format ../fuzz_dissect.c tells, made of the USB transfers and TCP streams of a
little-endian pcapng.

With streams, packets of usbmux become what their streams carry. link is the number of the link type
the transfers shall have (0). What would make the input longer than limit (12000) is left out."""
import struct
import sys

STREAM, TCP, BULK, CONTROL, FRAME, WAIT = range(6)
FROM_DEVICE, CUT, LOST, FAILED, NEW = 0x80, 0x40, 0x20, 0x10, 0x08
USBMON, ETHERNET, HEAD, BIGGEST = 220, 1, 64, 60000
CONTROL_TYPE, BULK_TYPE, INTERRUPT_TYPE = 2, 3, 1
MUX_TCP, MUX_SIZE, MAGIC, APPLE = 6, 16, 0xFEEDFACE, 0x05AC


def blocks(data):
    at = 0
    while at + 12 <= len(data):
        kind, length = struct.unpack_from("<II", data, at)
        yield kind, data[at : at + length]
        at += length


def packets(path):
    """Number, time in microseconds, link type and bytes of each frame; those not captured as zeros."""
    links, number = [], 0
    with open(path, "rb") as file:
        data = file.read()
    for kind, block in blocks(data):
        if kind == 1:
            links.append(struct.unpack_from("<H", block, 8)[0])
        if kind == 6:
            number += 1
            interface, high, low, captured, length = struct.unpack_from("<IIIII", block, 8)
            frame = block[28 : 28 + captured] + bytes(min(length, 65535) - min(captured, 65535))
            yield number, high << 32 | low, links[interface], frame, captured < length


class Input:
    def __init__(self, link, limit, splits_mux):
        self.link, self.limit, self.splits_mux = link, limit, splits_mux
        self.product, self.first_address = 0, None
        self.records, self.clients, self.pieces, self.setups = [], {}, {}, {}
        self.size, self.last = 3, None

    def add(self, kind, flags, place, data=b""):
        if self.size + 6 + len(data) <= self.limit and len(data) <= BIGGEST:
            self.size += 6 + len(data)
            self.records.append(struct.pack("<BBHH", kind, flags, place, len(data)) + data)

    def bytes(self):
        return struct.pack("<BH", self.link, self.product) + b"".join(self.records)

    def pause(self, time):
        hundredths = (time - self.last) // 10000 if self.last is not None else 0
        if hundredths > 10:
            self.add(WAIT, 0, min(hundredths, 65535))
        self.last = time

    def usbmon(self, frame, flags, completions):
        event, kind, transfer, endpoint, address = struct.unpack_from("<QcBBB", frame)
        status = completions.get(event)
        data, is_in = frame[HEAD:], endpoint & 0x80 != 0
        if kind == b"S":
            self.setups[event] = frame[40:48]
        if (kind == b"C") != is_in and not (is_in and status is None):
            return
        flags |= (LOST if status is None else FAILED if status else 0) | (FROM_DEVICE if is_in else 0)
        if transfer == CONTROL_TYPE:
            setup = self.setups.get(event, frame[40:48])
            self.descriptor(setup, data, address)
            self.add(CONTROL, flags, self.address(address) << 8, setup + data)
        elif transfer in (BULK_TYPE, INTERRUPT_TYPE):
            self.pipe(transfer, endpoint, address, flags, data)

    def address(self, address):
        return 1 if address == self.first_address else address

    def descriptor(self, setup, data, address):
        is_device = setup[:4] == b"\x80\x06\x00\x01" and len(data) >= 18
        if is_device and struct.unpack_from("<H", data, 8)[0] == APPLE and not self.product:
            self.product = struct.unpack_from("<H", data, 10)[0]
        if address and self.first_address is None:
            self.first_address = address

    def pipe(self, transfer, endpoint, address, flags, data):
        if self.splits_mux and self.mux(endpoint, address, flags, data):
            return
        interrupt = 0x10 if transfer == INTERRUPT_TYPE else 0
        self.add(BULK, flags, self.address(address) << 8 | interrupt | endpoint & 0x0F, data)

    def mux(self, endpoint, address, flags, data):
        """Takes a transfer of usbmux; the packets of it that are TCP become their payload."""
        data = self.pieces.pop((address, endpoint), b"") + data
        if len(data) < 12 or struct.unpack_from(">I", data, 8)[0] != MAGIC:
            return False
        while len(data) >= MUX_SIZE + 20:
            protocol, length = struct.unpack_from(">II", data)
            if len(data) < length:
                self.pieces[address, endpoint] = data
                break
            if protocol == MUX_TCP:
                self.tcp(data[MUX_SIZE:length], STREAM, flags, (address, endpoint & 0x80 != 0))
            data = data[length:]
        return True

    def tcp(self, segment, kind, flags, where):
        source, target = struct.unpack_from(">HH", segment)
        payload, bits = segment[segment[12] >> 4 << 2 :], segment[13]
        if bits & 0x12 == 0x02:
            is_again = (kind, target) in self.clients
            self.clients[kind, target] = NEW if is_again else 0
        from_server = where[1] if where else (kind, source) in self.clients
        port = source if from_server else target
        flags |= (FROM_DEVICE if from_server else 0) | (FAILED if bits & 0x05 else 0)
        if payload or bits & 0x05:
            self.add(kind, flags | self.clients.get((kind, port), 0), port, payload)
            self.clients[kind, port] = 0

    def ethernet(self, frame, flags):
        kind = struct.unpack_from(">H", frame, 12)[0]
        if kind == 0x0800 and frame[23] == 6:
            start, length = 14 + (frame[14] & 15) * 4, 14 + struct.unpack_from(">H", frame, 16)[0]
            self.tcp(frame[start:length], TCP, flags, None)
        elif kind == 0x86DD and frame[20] == 6:
            length = 54 + struct.unpack_from(">H", frame, 18)[0]
            self.tcp(frame[54:length], TCP, flags, None)


def completions(frames):
    """The status each transfer ended with."""
    ends = {}
    for _, _, link, frame, _ in frames:
        if link == USBMON and frame[8:9] == b"C":
            ends[struct.unpack_from("<Q", frame)[0]] = struct.unpack_from("<i", frame, 28)[0]
    return ends


def main():
    capture, out, *words = sys.argv[1:]
    options = dict(zip(words, words[1:]))
    first, last = (int(n) for n in options.get("frames", "1-999999").split("-"))
    result = Input(int(options.get("link", 0)), int(options.get("limit", 12000)), "streams" in words)
    frames = list(packets(capture))
    ends = completions(frames)
    for number, time, link, frame, is_cut in frames:
        if not first <= number <= last:
            continue
        result.pause(time)
        flags = CUT if is_cut else 0
        if link == USBMON:
            result.usbmon(frame, flags, ends)
        elif link == ETHERNET:
            result.ethernet(frame, flags)
    with open(out, "wb") as file:
        file.write(result.bytes())


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    main()

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""mixed.py FRAMES OUT [CAPTURE...]: a capture of everyday traffic, web pages, names, a USB disk and
a mouse; with CAPTUREs, theirs is every other frame, again and again until there are enough.

Nothing of it is Apple's but what the CAPTUREs bring. Formats: RFC 5246 and RFC 6066 (a ClientHello),
Linux Documentation/usb/usbmon.rst (the header of 64 bytes), USB mass storage bulk-only 1.0."""
import itertools
import random
import struct
import sys

USB, ETHERNET = 220, 1  # link types
GAP_NS = 200_000  # between two frames of everyday traffic
EPB, IDB, SHB = 6, 1, 0x0A0D0D0A
NS_PER_S = 10**9


def checksum(data):
    data += b"\0" * (len(data) % 2)
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    total = (total & 0xFFFF) + (total >> 16)
    return ~(total + (total >> 16)) & 0xFFFF


def packet(source, destination, protocol, payload):
    """Ethernet and IPv4 around it."""
    head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 0, 0x4000, 64, protocol, 0,
                       bytes(source), bytes(destination))
    head = head[:10] + struct.pack(">H", checksum(head)) + head[12:]
    return ETHERNET, bytes.fromhex("02000000000102000000000208 00") + head + payload


def segment(source, destination, ports, numbers, flags, data=b""):
    return packet(source, destination, 6,
                  struct.pack(">HHIIBBHHH", *ports, *numbers, 0x50, flags, 64240, 0, 0) + data)


def name_lookup(rng, client, server, name):
    """A question and its answer."""
    resolver, port, number = (192, 168, 1, 1), rng.randrange(20000, 60000), rng.randrange(65536)
    question = b"".join(bytes([len(part)]) + part for part in name.split(b".")) + b"\0\0\1\0\1"
    head = struct.pack(">6H", number, 0x0100, 1, 0, 0, 0) + question
    yield packet(client, resolver, 17, struct.pack(">4H", port, 53, 8 + len(head), 0) + head)
    reply = struct.pack(">6H", number, 0x8180, 1, 1, 0, 0) + question + struct.pack(
        ">HHHIH", 0xC00C, 1, 1, 60, 4) + bytes(server)
    yield packet(resolver, client, 17, struct.pack(">4H", 53, port, 8 + len(reply), 0) + reply)


def client_hello(rng, name):
    server_name = struct.pack(">HHHBH", 0, len(name) + 5, len(name) + 3, 0, len(name)) + name
    body = b"\3\3" + rng.randbytes(32) + b"\0\0\2\x13\1\1\0" + struct.pack(
        ">H", len(server_name)) + server_name
    handshake = b"\1" + struct.pack(">I", len(body))[1:] + body
    return b"\x16\3\1" + struct.pack(">H", len(handshake)) + handshake


def visit(rng):
    """Somebody looks at a page: a name, a connection, an answer in many segments, the end."""
    client = (192, 168, 1, rng.randrange(2, 250))
    server = (93, 184, rng.randrange(256), rng.randrange(1, 255))
    name = b"www.%x.example" % rng.randrange(1 << 40)
    is_secret = rng.random() < 0.8
    there, back = [rng.randrange(20000, 60000), 443 if is_secret else 80], []
    back = there[::-1]
    sent, received = rng.randrange(1 << 30), rng.randrange(1 << 30)
    request = client_hello(rng, name) if is_secret else (
        b"GET / HTTP/1.1\r\nHost: %s\r\nAccept: */*\r\n\r\n" % name)
    n_segments = rng.randrange(4, 60)

    yield from name_lookup(rng, client, server, name)
    yield segment(client, server, there, (sent, 0), 2)
    yield segment(server, client, back, (received, sent + 1), 0x12)
    sent, received = sent + 1, received + 1
    yield segment(client, server, there, (sent, received), 0x10)
    yield segment(client, server, there, (sent, received), 0x18, request)
    sent += len(request)
    for i in range(n_segments):
        if is_secret:
            data = b"\x17\3\3" + struct.pack(">H", 1415) + rng.randbytes(1415)
        elif i == 0:
            data = (b"HTTP/1.1 200 OK\r\nContent-Type: image/x\r\nContent-Length: %d\r\n\r\n"
                    % (1400 * (n_segments - 1)))
        else:
            data = rng.randbytes(1400)
        yield segment(server, client, back, (received, sent), 0x10, data)
        received += len(data)
        if i % 2:
            yield segment(client, server, there, (sent, received), 0x10)
    yield segment(client, server, there, (sent, received), 0x11)
    yield segment(server, client, back, (received, sent + 1), 0x11)
    yield segment(client, server, there, (sent + 1, received + 1), 0x10)


def web(rng):
    """Three visits at a time."""
    visits = [visit(rng) for _ in range(3)]
    while True:
        which = rng.randrange(3)
        try:
            yield next(visits[which])
        except StopIteration:
            visits[which] = visit(rng)


class Bus:
    """Transfers of a bus with a disk, device 3, and a mouse, device 2."""
    NUMBER = 7
    ISO, INTERRUPT, CONTROL, BULK = range(4)

    def __init__(self):
        self.urbs = itertools.count(0xFFFF888000000000, 192)

    def transfer(self, kind, endpoint, device, data, setup=None, wanted=0):
        """Submission and completion."""
        goes_in, urb = bool(endpoint & 0x80), next(self.urbs)
        length = max(wanted, len(data)) if goes_in else len(data)
        yield self.event(urb, b"S", (kind, endpoint, device), -115, length,
                         b"" if goes_in else data, setup)
        yield self.event(urb, b"C", (kind, endpoint, device), 0, len(data),
                         data if goes_in else b"", None)

    def event(self, urb, letter, place, status, length, data, setup):
        flags = bytes([0 if setup else ord("-"), 0 if data else ord("<" if letter == b"S" else ">")])
        return USB, struct.pack("<QcBBBH2sQiiII8siiII", urb, letter, *place, self.NUMBER, flags, 0, 0,
                                status, length, len(data), setup or bytes(8), 0, 0, 0, 0) + data

    def describe(self, device, product):
        descriptor = struct.pack("<BBHBBBBHHHBBBB", 18, 1, 0x200, 0, 0, 0, 64, 0x1209, product, 0x100,
                                 0, 0, 0, 1)
        yield from self.transfer(self.CONTROL, 0x80, device, descriptor,
                                 struct.pack("<BBHHH", 0x80, 6, 0x100, 0, 18))
        interface = ((3, 1, 2, 0x81, 3) if device == 2 else (8, 6, 80, 0x81, 2))
        whole = struct.pack("<BBHBBBBB", 9, 2, 32, 1, 1, 0, 0x80, 50)
        whole += struct.pack("<9B", 9, 4, 0, 0, 2, *interface[:3], 0)
        whole += struct.pack("<BBBBHB", 7, 5, 0x81, interface[4], 512, 1)
        whole += struct.pack("<BBBBHB", 7, 5, 0x02, interface[4], 512, 1)
        yield from self.transfer(self.CONTROL, 0x80, device, whole,
                                 struct.pack("<BBHHH", 0x80, 6, 0x200, 0, 32))


def bus(rng):
    usb = Bus()
    yield from usb.describe(2, 1)
    yield from usb.describe(3, 2)
    for tag in itertools.count(1):
        command = struct.pack("<4sIIBBB", b"USBC", tag, 4096, 0x80, 0, 10)
        command += struct.pack(">BBIBHB", 0x28, 0, rng.randrange(1 << 24), 0, 8, 0).ljust(16, b"\0")
        yield from usb.transfer(Bus.BULK, 0x02, 3, command)
        yield from usb.transfer(Bus.BULK, 0x81, 3, rng.randbytes(4096))
        yield from usb.transfer(Bus.BULK, 0x81, 3, struct.pack("<4sIIB", b"USBS", tag, 0, 0), wanted=13)
        yield from usb.transfer(Bus.INTERRUPT, 0x81, 2, rng.randbytes(4), wanted=8)


def everyday(rng):
    """Two frames of the network, one of the bus."""
    network, devices = web(rng), bus(rng)
    while True:
        yield next(network)
        yield next(network)
        yield next(devices)


def resolution(block):
    """Nanoseconds of a time stamp's unit."""
    at = 16
    while at + 4 <= len(block) - 4:
        code, length = struct.unpack_from("<HH", block, at)
        if code == 9:
            return NS_PER_S // 10 ** block[at + 4]
        if code == 0:
            break
        at += 4 + (length + 3) // 4 * 4
    return 1000


def read(path):
    """(ns since the first frame, link type, bytes, bytes on the wire) of each frame."""
    with open(path, "rb") as file:
        data = file.read()
    at, links, frames, first = 0, [], [], None
    while at + 12 <= len(data):
        kind, length = struct.unpack_from("<II", data, at)
        if kind == IDB:
            links.append((struct.unpack_from("<H", data, at + 8)[0],
                          resolution(data[at:at + length])))
        elif kind == EPB:
            which, high, low, captured, wire = struct.unpack_from("<5I", data, at + 8)
            link, unit = links[which]
            time = (high << 32 | low) * unit
            first = time if first is None else first
            frames.append((time - first, link, data[at + 28:at + 28 + captured], wire))
        at += length
    return frames


def repeated(captures):
    """Their frames, one capture after the other without end, a minute between two."""
    start = 0
    while captures:
        for frames in captures:
            for time, *rest in frames:
                yield (start + time, *rest)
            start += frames[-1][0] + 60 * NS_PER_S


def mixed(rng, captures):
    time = 0
    theirs = repeated(captures)
    for link, data in everyday(rng):
        if captures:
            time, *frame = next(theirs)
            yield (time, *frame)
        else:
            time += GAP_NS
        yield time, link, data, len(data)


def block(kind, body):
    body += bytes(-len(body) % 4)
    size = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", kind) + size + body + size


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    captures = [read(path) for path in sys.argv[3:]]
    links = sorted({frame[1] for frames in captures for frame in frames} | {USB, ETHERNET})
    start = 1_790_000_000 * NS_PER_S
    with open(sys.argv[2], "wb") as out:
        out.write(block(SHB, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)))
        for link in links:
            out.write(block(IDB, struct.pack("<HHI", link, 0, 0) + struct.pack("<HHB3xHH", 9, 1, 9,
                                                                               0, 0)))
        frames = mixed(random.Random(1), captures)
        for time, link, data, wire in itertools.islice(frames, int(sys.argv[1])):
            stamp = start + time
            out.write(block(EPB, struct.pack("<5I", links.index(link), stamp >> 32,
                                             stamp & 0xFFFFFFFF, len(data), wire) + data))


if __name__ == "__main__":
    main()

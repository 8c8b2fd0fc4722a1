# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads little-endian pcapng files strictly, for the tests of the recorder: what is no block is an
error, but for the end, where a file may be cut. Layout: draft-ietf-opsawg-pcapng."""
import collections
import struct

SECTION, INTERFACE, STATISTICS, PACKET, JOURNAL = 0x0A0D0D0A, 1, 5, 6, 9
COMMENT, NAME, RESOLUTION = 1, 2, 9

Packet = collections.namedtuple("Packet", "interface time_ns data length comments")


def blocks(data):
    """(type, body) of each whole block, and at the end (None, bytes that are no whole block)."""
    at = 0
    while at + 12 <= len(data):
        kind, length = struct.unpack_from("<II", data, at)
        if length < 12 or length % 4:
            raise ValueError(f"no block at byte {at}")
        if at + length > len(data):
            break
        if struct.unpack_from("<I", data, at + length - 4)[0] != length:
            raise ValueError(f"the block at byte {at} ends with another length")
        yield kind, data[at + 8:at + length - 4]
        at += length
    yield None, data[at:]


def options(body, at):
    while at + 4 <= len(body):
        code, length = struct.unpack_from("<HH", body, at)
        if code == 0:
            return
        yield code, body[at + 4:at + 4 + length]
        at += 4 + (length + 3) // 4 * 4


class File:
    """interfaces: their names; packets: in the order of the file; journal: (time_ns, text)."""

    def __init__(self, path):
        self.interfaces, self.packets, self.journal, self.rest, self.order = [], [], [], b"", []
        units = []
        with open(path, "rb") as file:
            data = file.read()
        for kind, body in blocks(data):
            if kind is None:
                self.rest = body
            elif kind == INTERFACE:
                given = dict(options(body, 8))
                self.interfaces.append(given.get(NAME, b"").decode())
                units.append(10 ** (9 - given.get(RESOLUTION, b"\x06")[0]))
            elif kind == PACKET:
                self.add_packet(body, units)
            elif kind == JOURNAL:
                self.add_journal(body)

    def add_packet(self, body, units):
        number, high, low, captured, length = struct.unpack_from("<5I", body)
        time_ns = (high << 32 | low) * units[number]
        comments = [value.decode() for code, value in options(body, 20 + (captured + 3) // 4 * 4)
                    if code == COMMENT]
        self.packets.append(Packet(self.interfaces[number], time_ns, body[20:20 + captured], length,
                                   comments))
        self.order.append(time_ns)

    def add_journal(self, body):
        fields = dict(line.split("=", 1) for line in body.decode(errors="replace").splitlines()
                      if "=" in line)
        time_ns = int(fields["__REALTIME_TIMESTAMP"]) * 1000
        self.journal.append((time_ns, fields.get("SYSLOG_IDENTIFIER", ""), fields.get("MESSAGE", "")))
        self.order.append(time_ns)

    def out_of_order_packets_ns(self):
        return self.out_of_order_ns([packet.time_ns for packet in self.packets])

    def out_of_order_ns(self, times=None):
        """How much older than one before it a packet or line is, at most."""
        newest = worst = 0
        for time_ns in times or self.order:
            worst = max(worst, newest - time_ns)
            newest = max(newest, time_ns)
        return worst

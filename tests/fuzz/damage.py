#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""damage.py IN OUT seed N | snap BYTES | cut PERCENT: a damaged copy of a pcapng file.

seed changes two of a hundred bytes of each packet, the same for the same number; with an even number
the first 64 bytes stay, which is where a USB packet has its header. snap cuts packets, cut the file.
(editcap cannot write a file of two interfaces that holds TLS keys.)"""
import random
import struct
import sys

ENHANCED_PACKET = 6
HEAD = 28  # of an enhanced packet block: type, length, interface, time, two lengths
KEPT = 64


def blocks(data):
    """Type and bytes of each block; the samples are little-endian."""
    start = 0
    while start < len(data):
        kind, length = struct.unpack_from("<II", data, start)
        yield kind, data[start : start + length]
        start += length


def changed(packet, seed, number):
    chance = random.Random(f"{seed} {number}")
    kept = KEPT if seed % 2 == 0 else 0
    return packet[:kept] + bytes(
        chance.randrange(256) if chance.random() < 0.02 else byte for byte in packet[kept:]
    )


def rebuilt(block, packet):
    """The block with another packet, shorter or not, and without its options."""
    padded = packet + bytes(-len(packet) % 4)
    length = HEAD + len(padded) + 4
    head = struct.pack("<II", ENHANCED_PACKET, length) + block[8:20]
    return head + struct.pack("<I", len(packet)) + block[24:28] + padded + struct.pack("<I", length)


def damaged(data, how, amount):
    if how == "cut":
        return data[: len(data) * amount // 100]
    out = []
    for number, (kind, block) in enumerate(blocks(data)):
        if kind == ENHANCED_PACKET:
            (captured,) = struct.unpack_from("<I", block, 20)
            packet = block[HEAD : HEAD + captured]
            packet = packet[:amount] if how == "snap" else changed(packet, amount, number)
            block = rebuilt(block, packet)
        out.append(block)
    return b"".join(out)


def main():
    source, target, how, amount = sys.argv[1:]
    if how not in ("seed", "snap", "cut"):
        sys.exit(__doc__)
    with open(source, "rb") as file:
        data = file.read()
    with open(target, "wb") as file:
        file.write(damaged(data, how, int(amount)))


main()

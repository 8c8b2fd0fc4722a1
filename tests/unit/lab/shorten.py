#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""shorten.py SHORTEN SOURCE BUILD: a shortened recording is the same but for what was cut.

Of the committed samples and the captures made from scripts: number of blocks, times, lengths on the
wire and every byte that stays are as before; what is cut are transfers on a bulk OUT pipe. The
verdict on the shortened file is that of the whole one.
"""
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

PACKET, INTERFACE = 6, 1
USB, USB_HEADER, KEPT = 220, 64, 96
# What holds enough to be cut: a real one, and made ones with a filesystem.
SAMPLES = ["no-return-after-ibec"]
MADE = ["completed", "cable-pulled", "two-phones"]


def blocks(data):
    """(type, body without lengths) of each block."""
    at = 0
    while at < len(data):
        kind, total = struct.unpack_from("<II", data, at)
        assert total >= 12 and data[at + total - 4 : at + total] == data[at + 4 : at + 8], "lengths"
        yield kind, data[at + 8 : at + total - 4]
        at += total


def packet(body):
    """What goes before the captured length, the length on the wire, the data, the options."""
    captured, wire = struct.unpack_from("<II", body, 12)
    return body[:12], wire, body[20 : 20 + captured], body[20 + (captured + 3) // 4 * 4 :]


def compare_packets(link, before, after):
    """The number of bytes that were cut."""
    (head, wire, data, options), (head2, wire2, data2, options2) = packet(before), packet(after)
    assert (head, wire, options) == (head2, wire2, options2), "time, length or options"
    assert data.startswith(data2), "data"
    if len(data2) == len(data):
        return 0
    assert link == USB and len(data2) == USB_HEADER + KEPT, "cut where it should not be"
    assert data[8:9] == b"S" and data[9] == 3 and data[10] < 0x80, "no bulk OUT transfer"
    return len(data) - len(data2)


def compare(before, after):
    links, cut = [], 0
    olds, news = list(blocks(before)), list(blocks(after))
    assert len(olds) == len(news), "number of blocks"
    for (kind, old), (kind2, new) in zip(olds, news):
        assert kind == kind2, "type of a block"
        if kind == INTERFACE:
            links.append(struct.unpack_from("<H", old)[0])
        if kind == PACKET:
            cut += compare_packets(links[struct.unpack_from("<I", old)[0]], old, new)
        else:
            assert old == new, "a block without a packet"
    return cut


def main():
    shorten, source, build = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    folders = [source / "samples" / name for name in SAMPLES]
    cases = [(folder / "capture.pcapng", folder / "verdict.json") for folder in folders]
    made, wanted = build / "tests/golden", source / "tests/golden/made"
    cases += [(made / f"{name}.pcapng", wanted / f"{name}.json") for name in MADE]
    with tempfile.TemporaryDirectory() as folder:
        for number, (capture, verdict) in enumerate(cases):
            short = Path(folder) / f"{number}.pcapng"
            again = Path(folder) / f"{number}-again.pcapng"
            subprocess.run([shorten, capture, short], check=True)
            assert compare(capture.read_bytes(), short.read_bytes()) > 0, f"{capture}: nothing cut"
            subprocess.run([shorten, short, again], check=True)
            assert again.read_bytes() == short.read_bytes(), f"{capture}: cut twice"
            subprocess.run([source / "tests/golden/verdict", build, short, verdict], check=True)
    # It does not write over a file, and does not take what is no recording.
    for arguments in ([cases[0][0], cases[0][0]], [__file__, "/nonexistent/file"], [cases[0][0]]):
        assert subprocess.run([shorten, *arguments], capture_output=True).returncode != 0


if __name__ == "__main__":
    main()

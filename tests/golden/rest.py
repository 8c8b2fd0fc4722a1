#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""rest.py PROTOCOL... <PDML: which bytes of these protocols does no field show?

A protocol's item says which bytes are its own; those that no field below it names are told, a line
for each run of them: frame, protocol, offset, length. So is what Wireshark shows as plain data, and
each malformed packet and dissector bug, in a frame of one of these protocols or with a field
"restore.device", which the tracker adds to every frame of an Apple device. What the capture lacks cannot be shown, and is
not asked for.
"""

import sys
import xml.etree.ElementTree as ElementTree

# Wireshark's own names for bytes it gave to nobody.
PLAIN = {"data.data", "usb.capdata", "usb.data_fragment", "usb.control.Response"}
BROKEN = {"_ws.malformed": "malformed", "_ws.expert.message.dissector_bug": "dissector bug"}


def span(element):
    return int(element.get("pos") or 0), int(element.get("size") or 0)


def shown(element):
    """The bytes that the fields below an item name, other protocols' included."""
    for child in element:
        start, size = span(child)
        name = child.get("name")
        if child.tag == "field" and name and size > 0:
            yield start, start + size
        yield from shown(child)


def uncovered(element):
    start, size = span(element)
    end = start + size
    for first, after in sorted(shown(element)):
        if first > start:
            yield start, min(first, end)
        start = max(start, after)
        if start >= end:
            return
    if start < end:
        yield start, end


def is_cut(element):
    return any(field.get("name", "").rpartition(".")[2] in ("cut", "broken", "incomplete", "unsynchronised")
               for field in element.iter("field"))


def tell(packet, protocols):
    number = packet.find("proto/field[@name='num']").get("show")
    ours = [item for item in packet.iter("proto") if item.get("name") in protocols]
    is_ours = bool(ours) or packet.find(".//field[@name='restore.device']") is not None
    found = []
    for item in ours:
        if not is_cut(item):
            found += [f"{item.get('name')} {first} {after - first}"
                      for first, after in uncovered(item)]
    text = "".join(field.get("value") or "" for item in ours for field in item.iter("field"))
    for field in packet.iter():
        name = field.get("name") or ""
        # The usb dissector shows the data of a request also when somebody takes it.
        if is_ours and name in PLAIN and span(field)[1] > 0 and field.get("value", "") not in text:
            found.append("%s %d %d" % (name, *span(field)))
        if name in BROKEN:
            found.append(BROKEN[name])
    return [f"frame {number}: {line}" for line in found], len(ours)


def main():
    protocols = set(sys.argv[1:])
    items = lines = 0
    for _, element in ElementTree.iterparse(sys.stdin.buffer):
        if element.tag != "packet":
            continue
        found, count = tell(element, protocols)
        items += count
        lines += len(found)
        if found:
            print("\n".join(found))
        element.clear()
    print(f"{items} items of ours, {lines} left over", file=sys.stderr)
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())

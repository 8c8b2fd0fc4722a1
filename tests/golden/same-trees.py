#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""same-trees.py FRAMENUMS MAP A B: do two PDML files show the same trees of our protocols?

FRAMENUMS has the names of fields that hold frame numbers, MAP a line "new old" for each frame of B
that is not where it is in A, and "0 old" for frames that B cannot have. Compared are the names,
texts and bytes of all fields, in order; not where in the frame they stand, which the capture's
header moves.
"""
import sys
import xml.etree.ElementTree as ElementTree

OURS = {"usbmux", "lockdown", "restored", "asr", "fdr", "iboot", "appledfu", "kis", "tss", "plist",
        "apple_plist", "img4", "usbmuxd", "remotexpc"}


def tree(node, framenums, moved):
    name, show = node.get("name", ""), node.get("show", "")
    if name in framenums:
        number = int(show)
        return name, moved.get(number, number)
    rows = [tree(child, framenums, moved) for child in node]
    text = node.get("showname", "") if not name or not show else ""
    return name, show, text, node.get("value", ""), rows


def packets(path, framenums, moved):
    """Yields (frame, trees) of each frame that shows one of ours."""
    for _, node in ElementTree.iterparse(path):
        if node.tag != "packet":
            continue
        number = int(next(field.get("show") for field in node.iter("field")
                          if field.get("name") == "num"))
        trees = [tree(proto, framenums, moved) for proto in node.findall("proto")
                 if proto.get("name") in OURS]
        if trees:
            yield moved.get(number, number), trees
        node.clear()


def first_difference(a, b, path=""):
    if type(a) is not type(b) or not isinstance(a, (tuple, list)):
        return None if a == b else f"{path}: {a!r} is not {b!r}"
    here = f"{path}/{a[0]}" if isinstance(a, tuple) and a and isinstance(a[0], str) else path
    for x, y in zip(a, b):
        found = first_difference(x, y, here)
        if found:
            return found
    return None if len(a) == len(b) else f"{here}: {len(a)} rows, not {len(b)}"


def main(names, table, first, second):
    with open(names, encoding="ascii") as file:
        framenums = set(file.read().split())
    with open(table, encoding="ascii") as file:
        pairs = [(int(new), int(old)) for new, old in (line.split() for line in file)]
    moved, missing = dict(pairs), {old for new, old in pairs if new == 0}
    a = [row for row in packets(first, framenums, {}) if row[0] not in missing]
    b = list(packets(second, framenums, moved))
    if not a:
        sys.exit("no frame shows a tree of ours")
    for (number, trees), (other, others) in zip(a, b):
        if number != other:
            sys.exit(f"frame {number} shows a tree of ours, but frame {other} is the next to")
        found = first_difference(trees, others)
        if found:
            sys.exit(f"frame {number}{found}")
    if len(a) != len(b):
        sys.exit(f"{len(a)} frames show trees of ours, not {len(b)}")


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__.split(":")[0])
    main(*sys.argv[1:])

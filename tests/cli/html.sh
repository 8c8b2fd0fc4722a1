#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# One page beside the text, right in the eyes of tidy and of an XML parser, with nothing to fetch.
restorescope diagnose --html=page.html "$CAPTURES/signing-reset.pcapng" | head -1 | grep -o 'the restore.*'
tidy -q -e page.html
python3 - page.html << 'END'
import sys
import xml.etree.ElementTree as ET

PAGE = "{http://www.w3.org/1999/xhtml}"
tree = ET.parse(sys.argv[1])
print(tree.find(f".//{PAGE}h1").text)
print([heading.text for heading in tree.iter(f"{PAGE}h2")])
print([text.text for text in tree.iter(f"{PAGE}text") if text.get("class") == "group"])
print(sum(1 for bar in tree.iter(f"{PAGE}rect") if bar.find(f"{PAGE}title").text) > 3)
print([e.tag for e in tree.iter() if {"src", "href", "onload"} & set(e.keys())])
END
restorescope diagnose --html=page.html --json "$CAPTURES/signing-reset.pcapng" | wc -l

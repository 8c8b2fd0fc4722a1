#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The summary as a table, and as a line that its schema allows.
mkdir in
for name in a b; do cp "$CAPTURES/signing-reset.pcapng" in/$name.pcapng; done
cp "$CAPTURES/other.pcap" in
status=0
restorescope diagnose --summary in in/none.pcapng > out 2> /dev/null || status=$?
echo "$status"
sed -n '/^4 files/,$p' out
restorescope diagnose --json --summary in 2> /dev/null > out || echo $?
tail -n 1 out > line
cat line
python3 - line "$BUILD/home/.local/share/restorescope/summary.schema.json" << 'END'
import json
import sys

import jsonschema

line, schema = (json.load(open(name, encoding="utf-8")) for name in sys.argv[1:])
jsonschema.Draft202012Validator(schema).validate(line)
END

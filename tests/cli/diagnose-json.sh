#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# One object on one line, as the schema wants it.
restorescope diagnose --json "$CAPTURES/signing-reset.pcapng" > report
wc -l < report
python3 - report "$BUILD/home/.local/share/restorescope/schema.json" << 'END'
import json
import sys

import jsonschema

report, schema = (json.load(open(name, encoding="utf-8")) for name in sys.argv[1:])
jsonschema.Draft202012Validator(schema).validate(report)
print(report["outcome"], report["root"]["frame"], report["root"]["cause"], report["root"]["phase"])
print(report["root"] == report["findings"][0], [row["name"] for row in report["interfaces"]])
END

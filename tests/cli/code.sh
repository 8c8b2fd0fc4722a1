#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The number that was shown: that of the fault, of its cause, of something else, of nothing.
tell() {
    echo "$1"
    restorescope diagnose --color=never --code="$1" "$CAPTURES/signing-reset.pcapng" |
        sed -n '/^  your number\|^  warning/,/^  [a-z]\|^$/p'
    restorescope diagnose --json --code="$1" "$CAPTURES/signing-reset.pcapng" > report
    grep -o '"number":.*"fits":"[a-z]*"' report
    python3 - report "$BUILD/home/.local/share/restorescope/schema.json" << 'END'
import json
import sys

import jsonschema

report, schema = (json.load(open(name, encoding="utf-8")) for name in sys.argv[1:])
jsonschema.Draft202012Validator(schema).validate(report)
print(report["root"]["frame"], report["root"] == report["findings"][0])
END
}
tell 3004
tell AMRestoreErrorDomain:3004
tell 1671
tell 53
tell -1
tell 99999
restorescope diagnose -m --code=53 "$CAPTURES/signing-reset.pcapng" | grep '^- \*\*\(Number\|Warning\)'

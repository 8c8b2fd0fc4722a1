#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# One line that satisfies the schema, with the identifiers masked.
made=$CAPTURES/../../golden/made
makecap "$made/completed.script" good.pcapng
for bad in cable-pulled cut-in-the-middle completed
do
    makecap "$made/$bad.script" bad.pcapng
    restorescope compare --json good.pcapng bad.pcapng > "$bad.json"
done
python3 - "$BUILD/home/.local/share/restorescope/comparison.schema.json" ./*.json << 'END'
import json, sys
import jsonschema
schema, *files = (json.load(open(name)) for name in sys.argv[1:])
jsonschema.Draft202012Validator.check_schema(schema)
for line in files:
    jsonschema.validate(line, schema)
    assert list(line) == schema["required"]
    parting = line["parting"]
    print(line["bad"]["ecid"], parting is not None and line["steps"][parting]["kind"],
          line["root"] and line["root"]["frame"])
END

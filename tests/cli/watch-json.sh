#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Every line of a watch satisfies its schema, each kind of event occurs, and identifiers are masked.
samples=$CAPTURES/../../../samples
for name in dropped-in-filesystem signing-refused-by-firewall; do
    cp "$samples/$name/capture.pcapng" $name.pcapng
    restorescope watch --json $name.pcapng >> lines
done
python3 - "$CAPTURES/../../../plugin/report" << 'END'
import json
import sys

import jsonschema


def load(name):
    with open(f"{sys.argv[1]}/{name}", encoding="utf-8") as file:
        return file.read()


diagnosis = json.loads(load("schema.json"))
# the one schema that refers to the other, with what it refers to
live = json.loads(load("live.schema.json").replace(diagnosis["$id"] + "#", "#"))
live["$defs"] = diagnosis["$defs"]
validators = {s["title"]: jsonschema.Draft202012Validator(s) for s in (live, diagnosis)}
seen = set()
with open("lines", encoding="utf-8") as lines:
    for line in lines:
        event = json.loads(line)
        validators[event["schema"]].validate(event)
        seen.add(event.get("event", event["schema"]))
        if "1a2d3e4f5a6b7c" in line.lower():
            sys.exit("an ECID is shown whole")
print(*sorted(seen))
half = {"schema": "restorescope.live/1", "event": "left"}
print(validators["restorescope.live/1"].is_valid(half))
END

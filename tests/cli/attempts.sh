#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Several tries in one capture have a verdict each: two that failed, and one after an unplugging.
tests=$CAPTURES/../..
samples=$tests/../samples
"$tests/lib/joincap" two.pcapng 60 "$samples/dropped-in-filesystem/capture.pcapng" \
    "$samples/sep-missing/capture.pcapng" "$samples/healthy-short/capture.pcapng"
restorescope diagnose two.pcapng | sed -n '1,/^  frame/p' | cut -c 1-60
restorescope diagnose --json two.pcapng > report
python3 - << 'END'
import json

with open("report", encoding="utf-8") as file:
    report = json.load(file)
for attempt in report["attempts"]:
    print(attempt["outcome"], attempt["root"] and attempt["root"]["cause"])
print(report["root"] == report["attempts"][1]["root"], report["root"]["attempt"])
END

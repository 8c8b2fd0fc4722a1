#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The restore program is started again while the phone stays, or after the cable was out for a
# moment: each run has its own verdict, and none of them the other's cause.
tests=$CAPTURES/../..
samples=$tests/../samples

join()
{
    out=$1
    shift
    for name; do
        set -- "$@" "$samples/$name/capture.pcapng"
        shift
    done
    "$tests/lib/joincap" "$out" 20 "$@"
}

attempts() # FILE
{
    restorescope diagnose --json "$1" | jq -r '"\(.outcome), by attempt \(.root.attempt)",
        (.attempts[] | "  \(.outcome) \(.root.rule) \(.root.frame)")'
}

join replugged.pcapng signing-refused-by-firewall dropped-in-filesystem healthy-short
join unsigned.pcapng unsigned-firmware-tls healthy-short
join upload.pcapng upload-stalled sep-missing
for file in "$samples/again-behind-firewall/capture.pcapng" \
    "$samples/again-then-dropped/capture.pcapng" replugged.pcapng unsigned.pcapng upload.pcapng; do
    attempts "$file"
done
restorescope diagnose "$samples/again-behind-firewall/capture.pcapng" |
    sed -n '/^  it caused/,/^  also seen/p' | sed '$d' | grep -o 'frame [0-9]*'

# SPDX-License-Identifier: GPL-2.0-or-later
# A folder below samples/ is a sample: a capture of at most 256 KiB, what it is, and its verdict.
# (demo and lab are not; all samples together stay below 4 MiB.)
. "${0%/*}/lib.sh"

looked_at=0
total=0
for folder in samples/*/; do
    folder=${folder%/}
    [ "$folder" != samples/lab ] || continue
    looked_at=$((looked_at + 1))
    for file in capture.pcapng about.md verdict.json; do
        [ -s "$folder/$file" ] || wrong "$folder: has no $file"
    done
    [ ! -f "$folder/capture.pcapng" ] || size=$(wc -c < "$folder/capture.pcapng")
    [ "${size:-0}" -le 262144 ] || wrong "$folder/capture.pcapng: has $size bytes"
    total=$((total + ${size:-0}))
    [ ! -f "$folder/verdict.json" ] ||
        jq -e '(.outcome | IN("completed", "failed", "cut-short", "no-restore")) and has("root")' \
            "$folder/verdict.json" > /dev/null || wrong "$folder/verdict.json: is no verdict"
    grep -qF "\`${folder#samples/}\`" samples/README.md ||
        wrong "samples/README.md: does not name ${folder#samples/}"
done
[ "$total" -le 4194304 ] || wrong "samples: have $total bytes"
lint_end $looked_at

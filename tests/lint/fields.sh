# SPDX-License-Identifier: GPL-2.0-or-later
# The filter names as tshark knows them: those of fields.txt are there and of our making, those the
# tracker asks for exist, and all of ours are lower case and below their protocol's name.
. "${0%/*}/lib.sh"
. tests/lib/tshark.sh
tshark_home "$build"
trap 'rm -rf "$work" "$found"' EXIT

# Lines of -G fields: F, name, filter name, type, protocol, ...
as_nobody tshark -G fields > "$work/with"
as_nobody env WIRESHARK_PLUGIN_DIR="$work/empty" tshark -G fields > "$work/without"
cut -f1-3 "$work/without" | sort > "$work/without.names"
cut -f1-3 "$work/with" | sort | comm -23 - "$work/without.names" > "$work/ours"
awk -F '\t' '$1 == "F" { print $3 }' "$work/ours" | sort -u > "$work/ours.names"
cut -f3 "$work/with" | sort -u > "$work/all.names"

grep -v '^#' tests/lint/fields.txt | tr -s ' ' '\n' | sort -u | comm -23 - "$work/ours.names" |
    sed 's/^/no field of ours: /' >> "$found"

sed -n 's/^ *X([A-Z0-9_]*, "[^"]*", "\([^"]*\)").*/\1/p' plugin/tracker/facts.h | sort -u \
    > "$work/facts"
[ -s "$work/facts" ] || wrong "plugin/tracker/facts.h: has no facts"
comm -23 "$work/facts" "$work/all.names" |
    sed 's,^,plugin/tracker/facts.h: no field ,' >> "$found"

protocols=$(awk -F '\t' '$1 == "P" { printf "%s ", $3 }' "$work/ours")
awk -v protocols="$protocols" '
    BEGIN { n = split(protocols, name, " ") }
    !/^[a-z0-9_.-]+$/ { print $0 ": is not lower case" }
    {
        for (i = 1; i <= n; i++)
            if (index($0, name[i] ".") == 1)
                next
        print $0 ": begins with no protocol of ours"
    }
' "$work/ours.names" >> "$found"

lint_end $(wc -l < "$work/ours.names")

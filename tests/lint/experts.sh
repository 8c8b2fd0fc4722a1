# SPDX-License-Identifier: GPL-2.0-or-later
# Each expert info of ours stands in the table of dissectors/README.md, with its severity, and the
# table has no other.
. "${0%/*}/lib.sh"

sources=$(files .c | grep -e '^dissectors/' -e '^plugin/[a-z-]*\.c$')
# { &ei_x, { "name", PI_GROUP, PI_SEVERITY, however it is broken into lines.
cat $sources | tr -s ' \n' '  ' | grep -oE '\{ &ei_[a-z0-9_]+, \{ "[^"]+", PI_[A-Z_]+, PI_[A-Z]+,' |
    sed -e 's/.*{ "//' -e 's/", PI_[A-Z_]*, PI_/ /' -e 's/,$//' |
    sed -e 's/ ERROR$/ error/' -e 's/ WARN$/ warning/' -e 's/ NOTE$/ note/' -e 's/ CHAT$/ chat/' |
    sort > "$found.made"
sed -n 's/^| `\([a-z0-9_.]*\)` | \([a-z]*\) | .*[a-z].* |$/\1 \2/p' dissectors/README.md |
    sort > "$found.told"
comm -23 "$found.made" "$found.told" | sed 's,^,dissectors/README.md: lacks ,' >> "$found"
comm -13 "$found.made" "$found.told" | sed 's,^,dissectors/README.md: no expert info of ours: ,' \
    >> "$found"
count=$(wc -l < "$found.made")
rm -f "$found.made" "$found.told"
lint_end "$count"

# SPDX-License-Identifier: GPL-2.0-or-later
# What the documents point to exists, they stay short, the man page is well-formed, and the verdict
# that README shows is what the program says.
. "${0%/*}/lib.sh"

documents=$(files .md)
for document in $documents; do
    # Links to files, and paths of ours in `...`.
    {
        grep -o '](\([^)#:]*\)' "$document" | sed 's/^](//' |
            while read -r link; do echo "$(dirname "$document")/$link"; done
        grep -oE '`(dissectors|plugin|samples|tests|capture|\.ci)/[A-Za-z0-9_./-]+`' "$document" |
            tr -d '`' | grep -v -e '/\(packet-\)\{0,1\}foo\.' -e '/RULE\.' # examples
    } | while read -r path; do
        [ -e "$path" ] || wrong "$document: points to $path, which is not there"
    done
done

# longest FILE LINES
longest() {
    [ "$(wc -l < "$1")" -le "$2" ] || wrong "$1: has more than $2 lines"
}
longest README.md 150
longest CONTRIBUTING.md 200
for lint in tests/lint/*; do
    longest "$lint" 150
done

for page in $(files .1); do
    mandoc -T lint -W warning "$page" >> "$found" || true
done

if [ -n "$build" ]; then
    command=$(sed -n 's/^\$ restorescope //p' README.md)
    # The block goes on to its closing fence; blanks at the end of a line are nobody's.
    awk '/^```/ { shown = 0 } shown; /^\$ restorescope / { shown = 1 }' README.md > "$found.shown"
    "$build/bin/restorescope" $command | sed 's/ *$//' | diff "$found.shown" - > "$found.diff" ||
        wrong "README.md: restorescope $command says something else:
$(cat "$found.diff")"
    rm -f "$found.shown" "$found.diff"
fi
lint_end $(echo "$documents" | wc -w)

# SPDX-License-Identifier: GPL-2.0-or-later
# What the documents point to exists, they stay short, and the man page is well-formed.
. "${0%/*}/lib.sh"

documents=$(files .md)
for document in $documents; do
    # Links to files, and paths of ours in `...`.
    {
        grep -o '](\([^)#:]*\)' "$document" | sed 's/^](//' |
            while read -r link; do echo "$(dirname "$document")/$link"; done
        grep -oE '`(dissectors|plugin|samples|tests|capture|\.ci)/[A-Za-z0-9_./-]+`' "$document" |
            tr -d '`' | grep -v '/\(packet-\)\{0,1\}foo\.' # the example
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
lint_end $(echo "$documents" | wc -w)

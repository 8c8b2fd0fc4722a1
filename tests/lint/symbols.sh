# SPDX-License-Identifier: GPL-2.0-or-later
# What is linked tells what a header does not: the libraries that are free of Wireshark have no
# undefined symbol that a Wireshark library defines, and core none of GLib either.
. "${0%/*}/lib.sh"

defined() {
    nm -D --defined-only "$@" 2> /dev/null | awk 'NF == 3 && $2 ~ /[TDBRV]/ { sub(/@.*/, "", $3); print $3 }'
}

undefined() {
    nm -u "$1" | awk '$1 == "U" { print $2 }'
}

library() {
    for folder in $(pkg-config --variable=libdir wireshark) /usr/lib/*-linux-gnu /usr/lib64 /usr/lib; do
        if [ -e "$folder/$1" ]; then
            echo "$folder/$1"
            return
        fi
    done
    wrong "cannot find $1"
}

names=$(mktemp -d)
trap 'rm -rf "$found" "$names"' EXIT
defined $(library libwireshark.so) $(library libwiretap.so) $(library libwsutil.so) |
    sort -u > "$names/wireshark"
defined $(library libglib-2.0.so) $(library libgobject-2.0.so) | sort -u > "$names/glib"
[ "$(wc -l < "$names/wireshark")" -gt 1000 ] || wrong "Wireshark's libraries define too little"
[ "$(wc -l < "$names/glib")" -gt 1000 ] || wrong "GLib defines too little"

# check NAME LIBRARY: lib<NAME>.a needs nothing of it.
looked_at=0
check() {
    archive=$(find "$build" -name "lib$1.a" | head -n 1)
    if [ -z "$archive" ]; then
        wrong "lib$1.a: is not built"
        return
    fi
    looked_at=$((looked_at + 1))
    undefined "$archive" | sort -u | comm -12 - "$names/$2" |
        sed "s,^,lib$1.a: needs $2's ," >> "$found"
}

check rs_core glib
for archive in rs_core rs_engine rs_tracker rs_knowledge rs_report rs_cli; do
    check $archive wireshark
done
lint_end $looked_at

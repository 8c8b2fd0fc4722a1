# SPDX-License-Identifier: GPL-2.0-or-later
# Dependencies point one way. Each line of layers.txt names a folder and the only things its files
# may include: beginnings of our own headers, and "wireshark", "json", "glib" for those libraries.
# What else stands in <> is the C library's, which everybody may use.
. "${0%/*}/lib.sh"

sources=$(files .c .h)
awk '
    FILENAME ~ /layers\.txt$/ {
        if (NF > 0 && $0 !~ /^#/) {
            folder[++folders] = $1
            allowed[$1] = $0
        }
        next
    }
    FNR == 1 {
        own = ""
        for (i = 1; i <= folders; i++)
            if (index(FILENAME, folder[i]) == 1 && length(folder[i]) > length(own))
                own = folder[i]
        if (own == "")
            print FILENAME ":1: is in no folder of layers.txt"
    }
    /^ *# *include *[<"]/ && own != "" {
        header = $0
        sub(/^[^<"]*[<"]/, "", header)
        sub(/[>"].*$/, "", header)
        what = header
        if ($0 ~ /</) {
            what = "libc"
            if (header ~ /^(epan|wsutil|wiretap)\// || header ~ /^(wireshark|ws_)/)
                what = "wireshark"
            if (header ~ /^(glib|gio|gmodule|gobject)/)
                what = "glib"
            if (header ~ /^json-glib\//)
                what = "json"
        }
        may = what == "libc" || what !~ /\// && $0 ~ /"/ # the latter: of the same folder
        n = split(allowed[own], names, " ")
        for (i = 1; i <= n; i++)
            may = may || index(what, names[i]) == 1
        if (!may)
            print FILENAME ":" FNR ": " own " must not include " header
    }
' tests/lint/layers.txt $sources >> "$found"
lint_end $(echo "$sources" | wc -w)

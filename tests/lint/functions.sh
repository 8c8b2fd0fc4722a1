# SPDX-License-Identifier: GPL-2.0-or-later
# A function has at most 70 lines; tables inside it do not count.
. "${0%/*}/lib.sh"

sources=$(files .c .h)
awk '
    FNR == 1 { start = 0 }
    /^\{/ { start = FNR; lines = 0; table = 0; next }
    start && /^\}/ {
        if (lines > 70)
            print FILENAME ":" start ": the function has " lines " lines"
        start = 0
    }
    /^ +static .*= \{$/ { table = 1 }
    !table { lines++ }
    /^ +\};/ { table = 0 }
' $sources >> "$found"
lint_end $(echo "$sources" | wc -w)

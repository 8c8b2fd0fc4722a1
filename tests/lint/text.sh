# SPDX-License-Identifier: GPL-2.0-or-later
# Plain text: SPDX line first, LF, no tabs, no blanks at an end, 100 columns but in tables that
# clang-format leaves alone, 600 lines a file, and no path of the machine it was written on.
. "${0%/*}/lib.sh"

sources=$(files .c .h .sh .rules CMakeLists.txt .1 .py .bash)
for file in $sources $(texts | grep -e /run$ -e /demo$ -e install-deps$); do
    head -n 2 "$file" | grep -q 'SPDX-License-Identifier: GPL-2.0-or-later' ||
        wrong "$file:1: no SPDX line"
done

awk '
    FNR == 1 { table = 0 }
    /\r$/ { print FILENAME ":" FNR ": ends with CR LF" }
    /\t/ { print FILENAME ":" FNR ": has a tab" }
    /[ ]$/ { print FILENAME ":" FNR ": ends with a blank" }
    FILENAME !~ /\.[ch]$/ { next }
    /clang-format on/ { table = 0 }
    {
        wide = $0
        gsub(/[\200-\277]/, "", wide) # the second and later bytes of a character
        if (!table && length(wide) > 100)
            print FILENAME ":" FNR ": is " length(wide) " columns wide"
    }
    /clang-format off/ { table = 1 }
    FNR == 601 { print FILENAME ":601: is longer than 600 lines" }
' $(texts | grep -v -e '\.exact$') /dev/null >> "$found"

# A path may start with these folders; any other is somebody's own. Names of unit tests and what the
# lints look for are no paths.
known='(usr|etc|dev|proc|sys|tmp|var|bin|run|lib|epan|nonexistent)'
grep -nE "(^|[[:space:]\"'=(])/[a-z]+/[A-Za-z0-9_.-]" $(files .c .h .sh .py .md .rules .txt .1 | grep -v '^tests/lint/') |
    grep -vE "(^|[[:space:]\"'=(])/$known/" | grep -v 'g_test_add' |
    sed 's/$/   <- path of a machine/' >> "$found" || true

lint_end $(texts | wc -l)

# SPDX-License-Identifier: GPL-2.0-or-later
# Functions nobody needs: unbounded, not reentrant, or running a shell. Core and the engine neither
# print nor end the process, and only the program's own files write to its streams.
. "${0%/*}/lib.sh"

# ban PATTERN FILE...: the names as calls, comments and strings aside.
ban() {
    pattern=$1
    shift
    awk -v pattern="(^|[^A-Za-z0-9_>.])($pattern)[ ]*\\\\(" '
        FNR == 1 { comment = 0 }
        {
            code = $0
            gsub(/"([^"\\]|\\.)*"/, "\"\"", code)
            if (comment) {
                if (code !~ /\*\//)
                    next
                sub(/^.*\*\//, "", code)
                comment = 0
            }
            gsub(/\/\*[^*]*\*\//, "", code)
            if (code ~ /\/\*/) {
                sub(/\/\*.*$/, "", code)
                comment = 1
            }
            if (match(code, pattern))
                print FILENAME ":" FNR ": calls " substr(code, RSTART, RLENGTH)
        }
    ' "$@" >> "$found"
}

sources=$(files .c .h)
ban 'strcpy|strcat|sprintf|vsprintf|strtok|atoi|atol|atof|alloca|g_alloca|system|popen|gets|tmpnam|mktemp' \
    $sources
ban 'v?f?printf|puts|putchar|fputs|g_print|g_printerr|exit|abort|malloc|calloc|realloc|free' \
    $(echo "$sources" | grep '^dissectors/core/')
ban 'v?f?printf|puts|putchar|fputs|g_print|g_printerr|exit' \
    $(echo "$sources" | grep -e '^dissectors/' -e '^plugin/engine/' -e '^plugin/tracker/' \
        -e '^plugin/report/' -e '^plugin/knowledge/')
lint_end $(echo "$sources" | wc -w)

# SPDX-License-Identifier: GPL-2.0-or-later
# Each field, subtree and expert info is declared, registered and used. What is only declared and
# registered would stand in the filter bar's list and never match.
. "${0%/*}/lib.sh"

sources=$(files .c | grep -e '^dissectors/' -e '^plugin/[a-z-]*\.c$')
awk '
    {
        line = $0
        while (match(line, /(hf|ett|ei)_[a-z0-9_]+/)) {
            before = RSTART > 1 ? substr(line, RSTART - 1, 1) : " "
            name = substr(line, RSTART, RLENGTH)
            if (before !~ /[A-Za-z0-9_.>]/)
                seen[FILENAME " " name]++
            line = substr(line, RSTART + RLENGTH)
        }
    }
    /^static (int|gint|expert_field) (hf|ett|ei)_[a-z0-9_]+( =.*)?;/ {
        name = $3
        sub(/;$/, "", name)
        declared[FILENAME " " name] = FNR
    }
    END {
        for (key in declared) {
            split(key, part, " ")
            if (seen[key] < 3)
                print part[1] ":" declared[key] ": " part[2] " is " \
                    (seen[key] < 2 ? "not registered" : "registered and not used")
            count++
        }
        if (count < 100)
            print "found " count + 0 " declarations only"
    }
' $sources | sort >> "$found"
lint_end $(echo "$sources" | wc -w)

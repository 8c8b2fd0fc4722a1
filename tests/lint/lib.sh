# SPDX-License-Identifier: GPL-2.0-or-later
# What every lint shares; sourced. A lint is called with the source folder, and those that look at
# what was built with the build folder too. It prints file:line: what is wrong, and ends with 1.

set -eu
export LC_ALL=C
cd "$1"
build=${2-}
found=$(mktemp)
trap 'rm -f "$found"' EXIT

# Says what is wrong; lint_end counts it.
wrong() {
    printf '%s\n' "$*" >> "$found"
}

# The files of the project with one of the given endings, as a user would have them: no build tree,
# nothing hidden.
files() {
    for ending in "$@"; do
        find . -name build -prune -o -name '.?*' -prune -o -type f -name "*$ending" -print
    done | sed 's,^\./,,' | sort
}

# All of the project's text.
texts() {
    files .c .h .sh .py .md .rules .json .txt .1 .bash .dict
    find . -name build -prune -o -name '.git' -prune -o -type f ! -name '*.*' -print |
        sed 's,^\./,,' | grep -v -e '^tests/fuzz/corpus/' -e '^LICENSE$' | sort
}

# Ends the lint: what it looked at must not be nothing.
lint_end() {
    looked_at=$1
    if [ "$looked_at" -eq 0 ]; then
        echo "nothing was looked at"
        exit 1
    fi
    if [ -s "$found" ]; then
        cat "$found"
        exit 1
    fi
    echo "$looked_at looked at, nothing to say"
}

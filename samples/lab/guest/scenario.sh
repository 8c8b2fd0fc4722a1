# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by scripts of the guest and of the host. $SCENARIO is the scenario's file.

# scenario GROUP KEY [FALLBACK]: the value of a key, as GKeyFile reads it.
scenario()
{
    awk -v group="[$1]" -v key="$2" -v value="${3-}" '
        /^[[:space:]]*(#|$)/ { next }
        /^[[:space:]]*\[/ { sub(/^[[:space:]]+/, ""); sub(/[[:space:]]+$/, ""); here = ($0 == group); next }
        here {
            name = $0; sub(/[[:space:]]*=.*/, "", name); sub(/^[[:space:]]+/, "", name)
            if (name == key) { value = $0; sub(/^[^=]*=[[:space:]]*/, "", value) }
        }
        END { print value }' "$SCENARIO"
}

# scenario_groups WORD: the names of the groups "WORD" and "WORD OTHER", one a line.
scenario_groups()
{
    sed -n "s/^[[:space:]]*\[\($1\( [^]]*\)\{0,1\}\)\][[:space:]]*\$/\1/p" "$SCENARIO"
}

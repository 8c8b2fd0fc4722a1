# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by scripts of the guest and of the host. $SCENARIO is the scenario's file. Without other
# programs: to start one takes a while in the guest, and there are many keys.

# scenario GROUP KEY [FALLBACK]: the value of a key, as GKeyFile reads it (but for escapes).
scenario()
{
    _here='' _value=${3-}
    while read -r _line || [ -n "$_line" ]; do
        case $_line in
        '#'* | '') ;;
        '['*) _here=$_line ;;
        *)
            if [ "$_here" = "[$1]" ] && [ "${_line%%[ =]*}" = "$2" ]; then
                _value=${_line#*=}
                _value=${_value#"${_value%%[! ]*}"}
            fi
            ;;
        esac
    done < "$SCENARIO"
    printf '%s\n' "$_value"
}

# scenario_groups WORD: the names of the groups "WORD" and "WORD OTHER", one a line.
scenario_groups()
{
    while read -r _line || [ -n "$_line" ]; do
        case $_line in
        "[$1]" | "[$1 "*"]")
            _line=${_line#"["}
            printf '%s\n' "${_line%"]"}"
            ;;
        esac
    done < "$SCENARIO"
}

# SPDX-License-Identifier: GPL-2.0-or-later
# bash completion for restorecap(1)

_restorecap()
{
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} i
    COMPREPLY=()

    # A command with its own completion comes after --
    for ((i = 1; i < COMP_CWORD; i++)); do
        if [[ ${COMP_WORDS[i]} == '--' ]]; then
            if declare -F _command_offset > /dev/null; then
                _command_offset $((i + 1))
            else
                mapfile -t COMPREPLY < <(compgen -c -- "$cur")
            fi
            return
        fi
    done

    # readline breaks words at "="
    [[ $cur == '=' ]] && cur=
    [[ $prev == '=' ]] && prev=${COMP_WORDS[COMP_CWORD-2]}
    case $prev in
        -i | --interface) mapfile -t COMPREPLY < <(compgen -W "$(restorecap -D 2> /dev/null |
            awk '{ print $2 }')" -- "$cur"); return ;;
        -w | --write | --keylog) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); compopt -o filenames; return ;;
        -a | --autostop | -b | --ring-buffer)
            # and at ":", so that nothing can follow it here
            mapfile -t COMPREPLY < <(compgen -W 'duration: filesize: packets: files:' -- "$cur")
            compopt -o nospace
            return ;;
        --usb-payload) mapfile -t COMPREPLY < <(compgen -W 'smart all 96' -- "$cur"); return ;;
        -f | --filter | -s | --snapshot-length | -B | --buffer-size) return ;;
    esac
    mapfile -t COMPREPLY < <(compgen -W '--interface --filter --snapshot-length --buffer-size --write
        --autostop --ring-buffer --usb-payload --keylog --list-interfaces --quiet --help --version --' -- "$cur")
}
complete -F _restorecap restorecap

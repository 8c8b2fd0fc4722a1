# SPDX-License-Identifier: GPL-2.0-or-later
# bash completion for restorescope(1)

_restorescope()
{
    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command=${COMP_WORDS[1]}
    local words files=
    COMPREPLY=()

    # readline breaks words at "="
    [[ $cur == '=' ]] && cur=
    [[ $prev == '=' ]] && prev=${COMP_WORDS[COMP_CWORD-2]}
    case $prev in
        --color) mapfile -t COMPREPLY < <(compgen -W 'auto always never' -- "$cur"); return ;;
        --rules) mapfile -t COMPREPLY < <(compgen -d -- "$cur"); compopt -o filenames; return ;;
        --key | --keylog | --good-keylog | --bad-keylog | --check | --html | --log | --resume | --write) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); compopt -o filenames; return ;;
    esac
    if ((COMP_CWORD == 1)); then
        mapfile -t COMPREPLY < <(compgen -W 'diagnose watch timeline compare redact explain rules --help --version' -- "$cur")
        return
    fi
    case $command in
        diagnose) words='--json --markdown --html --keylog --rules --code --log --jobs --unordered --summary --resume --exit-status --show-ids --color --help' files=1 ;;
        watch) words='--json --write --interface --keylog --rules --exit-status --show-ids --color --help' files=1 ;;
        timeline) words='--json --keylog --color --help' files=1 ;;
        compare) words='--json --times --good-keylog --bad-keylog --exit-status --color --help' files=1 ;;
        redact) words='--keylog --rules --key --force --color --help' files=1 ;;
        explain) words='--json --rules --color --help' ;;
        rules) words='--rules --check --color --help' ;;
        *) return ;;
    esac
    if [[ $cur == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
    elif [[ $files ]]; then
        mapfile -t COMPREPLY < <(compgen -f -- "$cur")
        compopt -o filenames
    elif [[ $command == explain ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(restorescope rules 2>/dev/null |
            awk 'NR > 1 { print $1; print $3 }')" -- "$cur")
    fi
}
complete -F _restorescope restorescope

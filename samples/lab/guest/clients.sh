# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by guest/record: the clients of a scenario, one after the other or side by side, and what
# they said, with the time of each line, in client.txt.
#   [scenario] client = restore; pair & info; ...
# restore, info, pair, wait SECONDS and run ACTION (of guest/actions); further words are arguments.
n_clients=0

run_clients()
{
    : > "$out/client.txt"
    scenario scenario client restore | tr ';' '\n' > "$run/clients"
    while read -r together <&3; do
        [ -z "$together" ] || run_together "$together"
    done 3< "$run/clients"
}

run_together() # ITEM & ITEM...
{
    first=$((n_clients + 1))
    echo "$1" | tr '&' '\n' > "$run/items"
    while read -r item <&4; do
        # shellcheck disable=SC2086
        run_item $item
    done 4< "$run/items"
    for number in $(seq $first $n_clients); do
        finish_client "$number"
    done
}

run_item() # NAME [ARGUMENT]...
{
    name=$1
    shift
    case $name in
    restore) run_restores "$@" $(scenario scenario args) ;;
    info) run_info "$@" ;;
    pair) start_client idevicepair "${@:-pair}" ;;
    wait) sleep "$1" ;;
    run) run_action "$@" ;;
    *) lab_failed "no client '$name'" ;;
    esac
}

run_action() # NAME [ARGUMENT]...
{
    action=$1
    shift
    sh "$LAB_DIR/guest/actions/$action" "$@" || lab_failed "the action '$action' failed"
    echo "lab: did $action $*"
}

run_info()
{
    case $(scenario scenario start recovery) in
    normal | restore) start_client ideviceinfo "$@" ;;
    *) start_client irecovery -q "$@" ;;
    esac
}

# One for each phone; they are told apart by their ECID.
run_restores()
{
    groups=$(scenario_groups device)
    if [ "$(echo "$groups" | wc -l)" -le 1 ]; then
        model=$(scenario "${groups:-device}" model d221)
        start_client idevicerestore -e -y "$@" "/firmware/$model"
        return
    fi
    echo "$groups" > "$run/phones"
    while read -r group <&5; do
        [ "$(scenario "$group" restore yes)" = yes ] || continue
        ecid=$(scenario "$group" ecid)
        [ -n "$ecid" ] || lab_failed "[$group] needs an ecid, since there are several phones"
        start_client idevicerestore -e -y -i "$ecid" "$@" \
            "/firmware/$(scenario "$group" model d221)"
    done 5< "$run/phones"
}

# start_client PROGRAM ARGUMENT...
start_client()
{
    command -v "$1" > /dev/null || lab_failed "no program '$1'"
    n_clients=$((n_clients + 1))
    echo "$*" > "$run/client.$n_clients.command"
    mkfifo "$run/client.$n_clients.fifo"
    perl "$LAB_DIR/guest/stamp" < "$run/client.$n_clients.fifo" > "$log/client.$n_clients.txt" &
    echo $! > "$run/stamp.$n_clients.pid"
    proxy=$(scenario network proxy)
    preload=$programs/keeplist.so
    spoil=$(scenario scenario spoil_chunk)
    [ -z "$spoil" ] || preload=$preload:$programs/spoil.so
    set -- stdbuf -oL "$@"
    if [ "$(scenario scenario newer no)" = yes ]; then
        preload=
        set -- sh "$LAB_DIR/guest/newer" "$@"
    fi
    [ -z "$preload" ] || set -- env LD_PRELOAD="$preload" "$@"
    [ "$RECORDER" != all ] || set -- "$programs/restorecap" -w "$run/wrapping.pcapng" -- "$@"
    # A shell's background jobs ignore SIGINT; the restore tool must not.
    ip netns exec client env --default-signal=INT ${proxy:+http_proxy="$proxy"} \
        ${proxy:+https_proxy="$proxy"} ${chunk:+LAB_SPOIL_CHUNK="$chunk"} \
        LAB_SPOIL_CHUNK="$spoil" "$@" < /dev/null > "$run/client.$n_clients.fifo" 2>&1 &
    echo $! > "$run/client.$n_clients.pid"
    perl "$LAB_DIR/guest/limit" "$(cat "$run/client.$n_clients.pid")" \
        "$(scenario scenario limit_s 150)" "$(cat "$run/vphone.pid")" \
        "$run/client.$n_clients.end" > /dev/null 2>&1 &
    echo $! > "$run/limit.$n_clients.pid"
}

# Waits for a client's end and adds what it said to client.txt.
finish_client() # NUMBER
{
    wait "$(cat "$run/client.$1.pid")"
    status=$?
    kill "$(cat "$run/limit.$1.pid")" 2> /dev/null
    wait "$(cat "$run/stamp.$1.pid")"
    end=exited
    [ $status -le 128 ] || [ $status -ge 192 ] || end="killed by signal $((status - 128))"
    [ ! -e "$run/client.$1.end" ] || end=$(cat "$run/client.$1.end")
    {
        echo "\$ $(cat "$run/client.$1.command")"
        cat "$log/client.$1.txt"
        printf '\n[exit code %s, %s]\n' "$status" "$end"
    } >> "$out/client.txt"
    echo "lab: $(cat "$run/client.$1.command"): $end, status $status"
    case $status in
    126 | 127) lab_failed "could not start: $(cat "$run/client.$1.command")" ;;
    esac
}

# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by tests: sets BUILD's plugin up in a home of its own, the same on every machine.
#
#   . tests/lib/tshark.sh
#   tshark_home BUILD          makes $work, removed at exit; bin and home in it are the build's
#   as_nobody COMMAND...       runs it as a user, never as root: Wireshark refuses root its plugins
#   run_tshark ARGUMENTS...    the plugin's tshark; keys off, names off, times in UTC
#   edit ARGUMENTS...          editcap
#
# A sanitizer's own variables pass through, so that an instrumented plugin can be tested.

die()
{
    echo "$*" >&2
    exit 1
}

tshark_home()
{
    command -v tshark >/dev/null || die "no program 'tshark'"
    work=$(mktemp -d "${TMPDIR:-/tmp}/restorescope-test.XXXXXX")
    trap 'rm -rf "$work"' EXIT
    trap 'exit 1' HUP INT TERM
    mkdir "$work/bin" "$work/in" "$work/empty"
    cp -R "$1/home" "$work"
    cp "$1/bin/restorescope" "$work/bin"
    chmod -R a+rX "$work"
}

# Puts a copy of a file where every user can read it, and prints where that is.
admit()
{
    cp "$1" "$work/in/"
    chmod a+r "$work/in/${1##*/}"
    echo "$work/in/${1##*/}"
}

# The build's plugin stands in for installed ones, so that none of these is loaded in its place.
hermetic()
{
    env -i PATH="$PATH" HOME="$work/empty" XDG_DATA_HOME="$work/home/.local/share" \
        WIRESHARK_PLUGIN_DIR="$work/home/.local/lib/wireshark/plugins" TZ=UTC LC_ALL=C \
        ${LD_PRELOAD:+LD_PRELOAD="$LD_PRELOAD"} ${ASAN_OPTIONS:+ASAN_OPTIONS="$ASAN_OPTIONS"} \
        ${UBSAN_OPTIONS:+UBSAN_OPTIONS="$UBSAN_OPTIONS"} \
        ${LSAN_OPTIONS:+LSAN_OPTIONS="$LSAN_OPTIONS"} "$@"
}

as_nobody()
{
    if [ "$(id -u)" -eq 0 ]; then
        hermetic setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
    else
        hermetic "$@"
    fi
}

run_tshark()
{
    as_nobody tshark -n "$@"
}

# Without a sanitizer's library, which editcap does not need and hangs with.
edit()
{
    env -u LD_PRELOAD editcap "$@"
}

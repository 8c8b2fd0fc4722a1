#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Temporary files are gone afterwards, and after an interruption too.
mkdir tmp
chmod 755 tmp
export TMPDIR="$PWD/tmp"
restorescope diagnose "$CAPTURES/signing-reset.pcapng" > /dev/null
ls tmp
mkfifo pipe
restorescope diagnose pipe 2> /dev/null &
child=$!
exec 9> pipe
kill -TERM $child
exec 2> /dev/null # the shell tells of the signal
wait $child || echo "ended with $?"
ls tmp

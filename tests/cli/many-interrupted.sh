#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A signal ends all that is under way, and nothing is left behind.
mkdir tmp
chmod 755 tmp
mkfifo one two
TMPDIR="$PWD/tmp" restorescope diagnose --json --summary -P 2 one two > out 2> err &
child=$!
exec 8> one 9> two
kill -TERM $child
exec 2> /dev/null # the shell tells of the signal
wait $child || echo "ended with $?"
ls tmp
cat out err

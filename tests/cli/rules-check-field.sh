#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# So is a field that an event would carry; rules of the user's folder count.
mkdir own
printf '[event own.syn]\nfilter = tcp.flags.syn == 1\nby = tcp.stream\n' > own/first.rules
cat > mine.rules << 'END'
[event mine.reset]
filter = tcp.flags.reset == 1
by     = tcp.stream
with   = ip.dst,
         ip.no_such

[rule mine-reset]
sequence = own.syn, mine.reset
cause    = router
END
restorescope rules --rules own --check mine.rules

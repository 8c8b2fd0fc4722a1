#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Rules of one's own are added, also from a folder that only we may read.
mkdir own
chmod 700 own
cat > own/mine.rules << 'END'
[event mine.reset]
filter = tcp.flags.reset == 1
by     = tcp.stream
says   = reset

[rule mine-reset]
sequence = mine.reset
cause    = router
severity = error
says     = somebody reset the connection
END
restorescope diagnose --json --rules own "$CAPTURES/signing-reset.pcapng" | grep -o '"rule":"mine-reset"' | head -n 1
restorescope explain --rules own mine-reset | head -n 1
restorescope rules --rules own | grep -c '^mine-reset '

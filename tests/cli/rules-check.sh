#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A file without mistakes.
cat > mine.rules << 'END'
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
restorescope rules --check mine.rules

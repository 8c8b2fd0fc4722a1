#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A rule: what it says, its cause, and where it is defined.
mkdir own
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
restorescope explain --rules own mine-reset

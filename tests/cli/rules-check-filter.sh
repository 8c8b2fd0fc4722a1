#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Wireshark compiles the filters: a field it does not know is told where it stands.
cat > mine.rules << 'END'
[event mine.reset]
filter = tcp.flags.reset == 1 &&
         # a comment between
         tcp.prot == 443
by     = tcp.stream

[rule mine-reset]
sequence = mine.reset
cause    = router
END
restorescope rules --check mine.rules

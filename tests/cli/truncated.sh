#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A file cut short is analysed up to the cut, with a warning in both places.
head -c 20000 "$CAPTURES/signing-reset.pcapng" > cut.pcapng
restorescope diagnose cut.pcapng | grep -E 'cut.pcapng|frame 153 |warning'
restorescope diagnose --json cut.pcapng 2> /dev/null |
    sed 's/.*"warnings":\[\(.*\)\]}$/\1/'

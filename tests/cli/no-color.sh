#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Colour on a terminal only, never with NO_COLOR or on a dumb one, always when told so.
seen() { if grep -q "$(printf '\033')"; then echo colour; else echo plain; fi; }
tty() { script -qec "$*" /dev/null; }
restorescope explain 9 | seen
restorescope explain 9 --color=always | seen
NO_COLOR=1 restorescope explain 9 --color=always | seen
tty restorescope explain 9 | seen
tty restorescope explain 9 --color=never | seen
NO_COLOR=1 tty restorescope explain 9 | seen
NO_COLOR= tty restorescope explain 9 | seen
TERM=dumb tty restorescope explain 9 | seen

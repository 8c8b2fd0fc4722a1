#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# With -e status 1; --times moves where they part.
made=$CAPTURES/../../golden/made
makecap "$made/completed.script" good.pcapng
makecap "$made/completed-with-hiccups.script" bad.pcapng
restorescope compare --times=100 good.pcapng bad.pcapng | grep 'they part  '
restorescope compare -e good.pcapng bad.pcapng

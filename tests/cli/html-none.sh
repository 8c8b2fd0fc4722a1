#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Without restore traffic there is no page.
restorescope diagnose --html=page.html "$CAPTURES/other.pcap" 2> err || echo $?
ls

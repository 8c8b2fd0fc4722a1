#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A capture where the page's name belongs is not overwritten; a page is.
cp "$CAPTURES/signing-reset.pcapng" a.pcapng
restorescope diagnose --html a.pcapng "$CAPTURES/signing-reset.pcapng" || echo $?
cmp a.pcapng "$CAPTURES/signing-reset.pcapng"
restorescope diagnose --html page "$CAPTURES/signing-reset.pcapng" > out
cp page first
restorescope diagnose --html page "$CAPTURES/signing-reset.pcapng" > out
cmp page first
: > empty
restorescope diagnose --html empty "$CAPTURES/signing-reset.pcapng" > out
cmp empty first

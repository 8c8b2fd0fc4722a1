#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# "-" is standard output, which then holds nothing but the page.
restorescope diagnose --html=- "$CAPTURES/signing-reset.pcapng" > page
sed -n '1p;$p' page
restorescope diagnose --html=/dev/stdout --json "$CAPTURES/signing-reset.pcapng" | grep -c -e '^<!DOCTYPE' -e '^{'

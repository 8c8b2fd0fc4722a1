#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A mistake in them is told before anything is analysed.
mkdir own
echo 'nonsense' > own/mine.rules
restorescope diagnose --rules own "$CAPTURES/signing-reset.pcapng"

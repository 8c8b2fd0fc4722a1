#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The status is that of what was analysed.
head -c 20000 "$CAPTURES/signing-reset.pcapng" > cut.pcapng
restorescope diagnose -e cut.pcapng > /dev/null 2>&1

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# With -e a fault has status 1.
restorescope diagnose -e "$CAPTURES/signing-reset.pcapng" > /dev/null

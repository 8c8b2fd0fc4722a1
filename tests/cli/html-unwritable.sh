#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A page that cannot be written is told, with the reason.
restorescope diagnose --html=/dev/full "$CAPTURES/signing-reset.pcapng" || echo $?
restorescope diagnose --html=missing/page.html "$CAPTURES/signing-reset.pcapng" || echo $?

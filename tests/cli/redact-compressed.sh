#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A compressed capture has to be unpacked first; nothing is left behind.
gzip < "$CAPTURES/signing-reset.pcapng" > in.pcapng.gz
restorescope redact in.pcapng.gz out.pcapng || status=$?
ls -A
exit "$status"

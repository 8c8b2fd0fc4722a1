#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The verdict for people.
cp "$CAPTURES/signing-reset.pcapng" .
restorescope diagnose signing-reset.pcapng

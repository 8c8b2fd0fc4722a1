#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The verdict for a bug report: without the folder, which may name a person, and masked.
mkdir -p home/jane
cp "$CAPTURES/signing-reset.pcapng" home/jane/
restorescope diagnose --markdown home/jane/signing-reset.pcapng

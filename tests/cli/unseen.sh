#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Where a capture ends before the restore and explains nothing, what no capture shows is said aloud.
head -c 60000 "$CAPTURES/../../../samples/healthy-short/capture.pcapng" > cut.pcapng
restorescope diagnose --color=never cut.pcapng 2> err | sed -n '1p;/^  warning/,$p'

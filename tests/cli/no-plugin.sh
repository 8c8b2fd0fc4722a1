#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The plugin missing is trouble of ours.
mkdir bin
cp "$(command -v restorescope)" bin/restorescope
bin/restorescope diagnose "$CAPTURES/other.pcap"

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A program reading JSON gets an object for it all the same.
cp "$CAPTURES/other.pcap" .
restorescope diagnose --json other.pcap

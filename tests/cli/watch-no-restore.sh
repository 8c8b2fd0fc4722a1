#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Nothing of a restore in it is told as `diagnose` does.
cp "$CAPTURES/other.pcap" .
restorescope watch other.pcap

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A capture of something else has status 4, and nothing to print.
restorescope diagnose "$CAPTURES/other.pcap"

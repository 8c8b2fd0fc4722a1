#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# So is tshark missing.
program=$(command -v restorescope)
PATH=/nonexistent "$program" diagnose "$CAPTURES/other.pcap"

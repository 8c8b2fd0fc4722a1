#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Rules and knowledge missing is trouble of ours.
RESTORESCOPE_DATA_DIR=/nonexistent restorescope diagnose "$CAPTURES/other.pcap"

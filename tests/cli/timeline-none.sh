#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# There is no timeline without a restore.
restorescope timeline "$CAPTURES/other.pcap"

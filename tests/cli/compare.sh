#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Where a pulled cable parts from a restore that completed, and nothing from itself.
made=$CAPTURES/../../golden/made
makecap "$made/completed.script" good.pcapng
makecap "$made/cable-pulled.script" bad.pcapng
restorescope compare good.pcapng bad.pcapng
restorescope compare -e good.pcapng good.pcapng | grep part

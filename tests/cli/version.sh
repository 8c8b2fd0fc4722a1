#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Both versions are told: ours and that of the tshark that would run.
restorescope --version
restorescope -V | wc -l

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A device could go on for ever.
restorescope diagnose /dev/zero

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Output that cannot be written is told.
restorescope explain 9 > /dev/full

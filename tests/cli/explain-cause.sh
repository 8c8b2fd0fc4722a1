#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A cause: what it looks like, what to do, under which numbers it is seen.
restorescope explain host-clock-wrong

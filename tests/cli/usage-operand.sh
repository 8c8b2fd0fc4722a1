#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A command without its operand is wrong usage.
restorescope diagnose --json

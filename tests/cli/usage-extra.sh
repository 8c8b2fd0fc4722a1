#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# So is one operand too many.
restorescope explain 9 4013

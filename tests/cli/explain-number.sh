#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A number is explained in every domain that has it, sums are taken apart.
restorescope explain 3194 | grep -E '^[^ ]'
restorescope explain -1 | grep -E '^[^ ]'
restorescope explain 0xE8000015 | grep -E '^[^ ]'
restorescope explain 3892314133 | grep -E '^[^ ]'
restorescope explain 3157

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Sums are taken apart even where nobody lists the number, and always with the domain.
restorescope explain 3128
restorescope explain 0xE80000F0
restorescope explain 3603 | grep -E '^[^ ]'
restorescope explain 9807 | grep -E '^[^ ]'

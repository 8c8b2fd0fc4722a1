#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The rules in force, one a line, with what they conclude and where they stand.
restorescope rules > table
head -n 1 table | tr -s ' '
grep -vcE '^[a-z0-9-]+ +(note|warning|error) +[a-z0-9-]+ +/.*\.rules:[0-9]+$' table
test "$(wc -l < table)" -gt 20

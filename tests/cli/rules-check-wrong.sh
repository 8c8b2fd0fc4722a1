#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A mistake is told with its place.
printf '[rule mine]\nsequence = no.such.event\ncause = router\nsays = x\n' > mine.rules
restorescope rules --check mine.rules

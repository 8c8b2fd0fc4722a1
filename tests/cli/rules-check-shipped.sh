#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Wireshark has nothing against any filter or field of the shipped rules, here as one file.
cat "$CAPTURES"/../../../plugin/rules/*.rules > all.rules
restorescope rules --check all.rules | grep -c ' events, .* rules, no mistakes$'

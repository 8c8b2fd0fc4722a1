#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A plugin that tshark cannot load is trouble of ours. (That it is missing could only be seen where
# none is installed.)
mkdir bin
cp "$(command -v restorescope)" bin
cp -R "$BUILD/home" .
find home -name restorescope.so -exec sh -c 'echo "no plugin" > "$1"' sh {} \;
bin/restorescope diagnose "$CAPTURES/other.pcap"

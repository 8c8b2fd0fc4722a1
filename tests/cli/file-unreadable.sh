#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A file without permission; root may read everything, so it becomes nobody.
cp "$CAPTURES/other.pcap" secret.pcap
chmod 000 secret.pcap
if [ "$(id -u)" = 0 ]; then
    setpriv --reuid=65534 --regid=65534 --clear-groups restorescope diagnose secret.pcap
else
    restorescope diagnose secret.pcap
fi

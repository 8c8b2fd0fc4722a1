#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A file without permission; root may read everything, so it becomes nobody, who may not see the
# folder of the build.
cp "$CAPTURES/other.pcap" secret.pcap
chmod 000 secret.pcap
if [ "$(id -u)" = 0 ]; then
    cp -R "$BUILD/bin/restorescope" "$BUILD/home" .
    mkdir bin
    mv restorescope bin
    chmod -R a+rX bin home
    setpriv --reuid=65534 --regid=65534 --clear-groups bin/restorescope diagnose secret.pcap
else
    restorescope diagnose secret.pcap
fi

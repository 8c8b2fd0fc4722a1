#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A key of one's own gives the same pseudonyms each time, chance gives others.
echo 'correct horse' > key
for name in a b
do
    restorescope redact --key=key "$CAPTURES/signing-reset.pcapng" "$name.pcapng" > /dev/null
done
cmp a.pcapng b.pcapng
restorescope redact "$CAPTURES/signing-reset.pcapng" c.pcapng > /dev/null
cmp a.pcapng c.pcapng > /dev/null && exit 1
cmp a.pcapng b.pcapng

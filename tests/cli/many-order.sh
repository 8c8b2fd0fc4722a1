#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A directory, however many at a time, is printed in the order of its names; bad files stop nothing.
mkdir -p in/b.d in/.hidden
cp "$CAPTURES/signing-reset.pcapng" in/b.d/two.PCAPNG
cp "$CAPTURES/signing-reset.pcapng" in/.hidden/never.pcapng
cp "$CAPTURES/recovery-info.pcapng" in/c.pcapng
gzip -c "$CAPTURES/signing-refused-tls.pcapng" > in/d.pcapng.gz
head -c 999 "$CAPTURES/signing-reset.pcapng" > in/e.pcapng
echo text > in/a.pcapng
echo text > in/notes.txt
ln -s .. in/b.d/loop
for jobs in 1 4; do
    status=0
    restorescope diagnose --json --summary --jobs=$jobs in > out.$jobs 2> err.$jobs || status=$?
    echo "$status"
done
cmp out.1 out.4
cmp err.1 err.4
cat err.4
grep -o '"file":"[^"]*"' out.4
restorescope diagnose --json --unordered -P 4 in 2> /dev/null | grep -v '"schema":"restorescope.summary' | sort > out.u || :
grep -v restorescope.summary out.4 | sort | cmp - out.u

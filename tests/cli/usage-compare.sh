#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# One capture is not enough, and a step cannot be slow by taking less time.
for times in 1 -3 nan inf 2x ''
do
    restorescope compare --times="$times" a b 2>> said && exit 1
done
cut -d: -f 2- said | head -n 1
grep -c 'is not a number above 1' said
restorescope compare a

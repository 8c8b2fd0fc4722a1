#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Where sources disagree, both readings are there: the constant's, and what people are told.
for code in 1002 1009; do
    restorescope explain $code | sed -n '/^[^ ]/p; /^  means/,/^  phase/p'
done
restorescope explain 1002 | grep -c 'restore-prep-timeout'
restorescope explain 1009 | grep -c 'baseband-ticket-failure\|corrupted-ipsw'

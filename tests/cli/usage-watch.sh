#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A file is watched, or something is recorded.
for words in 'x.pcapng -- true' '--' '-w y.pcapng x.pcapng' 'a b'; do
    # shellcheck disable=SC2086
    restorescope watch $words 2>&1 || echo "ended with $?"
done

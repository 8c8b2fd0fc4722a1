#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A log that speaks for something else, one that ended well, one of another device.
say() {
    echo "$1" > client.log
    restorescope diagnose --color=never --log client.log "$CAPTURES/signing-reset.pcapng" |
        sed -n '/^  warning/,$p'
    restorescope diagnose --json --log client.log "$CAPTURES/signing-reset.pcapng" |
        jq -c '.root.rule, .logs[0].fits, .logs[0].ended, .number.fits, .number.from'
}
say "This device isn't eligible for the requested build."
say "Status: Restore Finished"
say "Identified device as n71ap, iPhone8,1"
say "Status: Failed to recover FDR data."

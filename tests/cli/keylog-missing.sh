#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Secrets that cannot be read are told before anything is analysed.
restorescope diagnose --keylog missing.keys "$CAPTURES/signing-reset.pcapng"

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# -h is --help, and every command has its own.
restorescope -h | head -n 1
for command in diagnose timeline compare explain rules; do
    restorescope $command --help | head -n 1
done

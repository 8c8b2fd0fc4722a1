#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The ten worked examples of the language's reference: their filters compile, their causes are known.
awk '/^```rules$/ { on = 1; next } /^```$/ { on = 0 } on' "$CAPTURES/../../../plugin/rules/README.md" > readme.rules
restorescope rules --check readme.rules

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Names with escapes for the terminal are shown, not obeyed.
restorescope diagnose "$(printf 'a\033[31mb')"

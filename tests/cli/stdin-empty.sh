#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# An empty standard input is an empty file.
restorescope diagnose - < /dev/null

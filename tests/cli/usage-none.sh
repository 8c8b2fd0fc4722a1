#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# No command: one line and where help is.
restorescope

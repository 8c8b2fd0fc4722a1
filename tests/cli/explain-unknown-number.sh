#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# An unknown number likewise.
restorescope explain 123456789

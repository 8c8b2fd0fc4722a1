#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A directory without a capture is nothing to read.
mkdir folder
restorescope diagnose folder

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A directory is no capture.
mkdir folder
restorescope diagnose folder

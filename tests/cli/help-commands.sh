#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The options of every command.
restorescope diagnose --help
restorescope watch -h
restorescope timeline -h
restorescope compare --help
restorescope explain --help
restorescope rules --help

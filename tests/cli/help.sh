#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Help is made from the table of commands and goes to stdout.
restorescope --help

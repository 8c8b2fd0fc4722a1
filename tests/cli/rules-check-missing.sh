#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A file that is not there cannot be checked.
restorescope rules --check missing.rules

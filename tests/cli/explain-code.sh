#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# One code in full.
restorescope explain 0xE8000015

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Colour is auto, always or never.
restorescope explain 9 --color=sometimes

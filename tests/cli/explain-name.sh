#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A code by its name.
restorescope explain eproto

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# But a number near a known one is told which.
restorescope explain 20005

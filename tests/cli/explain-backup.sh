#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Advice that erases the device says so before.
restorescope explain unsigned-firmware | grep -n -A4 'what to do'
restorescope explain bad-cable | grep -c backup || true

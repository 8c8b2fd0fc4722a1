#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# An empty file is no capture.
: > empty.pcapng
restorescope diagnose empty.pcapng

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Commands that do not exist are wrong usage.
restorescope diagnosed x.pcapng

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Options that do not exist are wrong usage.
restorescope diagnose --jsonl x.pcapng

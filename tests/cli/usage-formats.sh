#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Standard output has one format; a page is of one capture.
restorescope diagnose --json --markdown x.pcapng || echo $?
restorescope diagnose --html=- --json x.pcapng || echo $?
restorescope diagnose --html=- -m x.pcapng || echo $?
restorescope diagnose --html=page.html a.pcapng b.pcapng || echo $?
restorescope diagnose --html=page.html || echo $?

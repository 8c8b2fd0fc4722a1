#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A text is no capture, whatever it is called.
echo 'this is no capture' > text.pcapng
restorescope diagnose text.pcapng

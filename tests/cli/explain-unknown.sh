#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# An unknown word is wrong usage, with what is close to it.
restorescope explain bad-usb-conection

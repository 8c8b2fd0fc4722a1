#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Both names must be files.
restorescope redact in.pcapng && exit 1
restorescope redact - out.pcapng

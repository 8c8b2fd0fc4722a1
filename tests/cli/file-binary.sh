#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Nor are bytes that mean nothing to tshark.
printf '\001\002\003\004\005\006\007\010garbage\000\001\002\003' > noise.pcapng
restorescope diagnose noise.pcapng

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Without tshark there is still a version of ours.
program=$(command -v restorescope)
PATH=/nonexistent "$program" --version

#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What cannot be: no number of jobs, pages of many, a number that is none.
restorescope diagnose -P 0 x || echo $?
restorescope diagnose --jobs=many x || echo $?
restorescope diagnose --summary -m x || echo $?
restorescope diagnose --html=- --summary x || echo $?
restorescope diagnose --code=five x || echo $?
restorescope diagnose --code=nowhere:5 x || echo $?

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""measure.py COMMAND...: runs it and prints "WALL_S CPU_S PEAK_MIB"; its output goes nowhere."""
import os
import subprocess
import sys
import time


def main(command):
    start = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    wall = time.monotonic() - start
    if status != 0:
        sys.exit(f"measure.py: {command[0]} ended with status {status}")
    print(f"{wall:.2f} {used.ru_utime + used.ru_stime:.2f} {used.ru_maxrss / 1024:.0f}")


if __name__ == "__main__":
    main(sys.argv[1:])

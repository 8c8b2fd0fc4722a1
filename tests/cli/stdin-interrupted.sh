#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Ctrl-C in `recorder | restorescope diagnose -` ends the recorder; what it still says is heard.
cat > interrupt.py << 'END'
import signal
import subprocess
import sys

with open(sys.argv[1], "rb") as file:
    data = file.read()
half = len(data) // 2  # more than a pipe holds: once it is written, the capture is being read
child = subprocess.Popen(
    ["restorescope", "diagnose", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
)
child.stdin.write(data[:half])
child.stdin.flush()
child.send_signal(signal.SIGINT)
child.stdin.write(data[half:])
child.stdin.close()
print(child.stdout.read().decode().splitlines()[0])
print(child.wait())
END
python3 interrupt.py "$CAPTURES/../../../samples/dropped-in-filesystem/capture.pcapng"

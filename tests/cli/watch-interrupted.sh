#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Ctrl-C ends a watch with the verdict on what was seen, and leaves nothing behind.
mkdir tmp
chmod 755 tmp
mkfifo pipe
cat > interrupt.py << 'END'
import os
import signal
import subprocess
import sys

child = subprocess.Popen(["restorescope", "watch", "pipe"], stdout=subprocess.PIPE, text=True)
with open("pipe", "wb") as pipe, open(sys.argv[1], "rb") as file:
    pipe.write(file.read())
    pipe.flush()
    for line in child.stdout:
        if "verdict so far" in line:
            break
    child.send_signal(signal.SIGINT)
    print(child.stdout.read().splitlines()[1])
    print(child.wait())
END
TMPDIR="$PWD/tmp" python3 interrupt.py \
    "$CAPTURES/../../../samples/dropped-in-filesystem/capture.pcapng"
ls tmp

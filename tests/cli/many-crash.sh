#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A file over which tshark comes to grief stops nothing.
mkdir bin
cat > bin/tshark << END
#!/bin/sh
[ "\$(stat -L -c %s /dev/stdin)" = 100 ] && kill -KILL \$\$
exec "$(command -v tshark)" "\$@"
END
chmod +x bin/tshark
head -c 100 "$CAPTURES/signing-reset.pcapng" > a.pcapng
cp "$CAPTURES/other.pcap" .
chmod 644 a.pcapng other.pcap
PATH="$PWD/bin:$PATH" restorescope diagnose --json a.pcapng other.pcap > out || echo $?
grep -c '"outcome":"no-restore"' out

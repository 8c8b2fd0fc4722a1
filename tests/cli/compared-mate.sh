#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The MATE files of the comparison load, and find what the page says, in the frames it says.
page=$CAPTURES/../../../plugin/rules/COMPARED.md
samples=$CAPTURES/../../../samples
awk '/^```mate$/ { on = 1; n++; next } /^```$/ { on = 0 } on { print > n ".mate" }' "$page"
# To MATE a flag is "1" or "0" in Wireshark 4.0; later "True" or "False".
flag=$(tshark -r "$samples/signing-server-silent/capture.pcapng" -Y tcp.flags.syn==1 -T fields \
    -e tcp.flags.syn 2> /dev/null | head -n 1)
if [ "$flag" = True ]; then
    sed -i -E 's/(syn|ack|response)=1/\1="True"/; s/(ack)=0/\1="False"/' 1.mate 2.mate
fi
ask() {
    tshark -o "mate.config:$PWD/$1.mate" -r "$samples/$2/capture.pcapng" -Y "$3" \
        -T fields -e frame.number 2> /dev/null | head -n 2 | tr '\n' ' '
    echo
}
ask 1 signing-server-silent 'mate.opening && !mate.opening.Time'
ask 1 unsigned-firmware-plain 'mate.opening.Time'
ask 2 signing-name-not-found 'mate.unknown_name.NumOfPdus >= 3'
ask 3 dropped-in-filesystem 'mate.dropped.Time'
ask 3 healthy-short mate.dropped

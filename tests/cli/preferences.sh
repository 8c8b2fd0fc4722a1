#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Nothing of the user's own Wireshark set-up has any influence.
mkdir -p "$HOME/.config/wireshark"
echo 'tcp.port: nonsense' > "$HOME/.config/wireshark/preferences"
echo 'tcp' > "$HOME/.config/wireshark/disabled_protos"
restorescope diagnose --json "$CAPTURES/signing-reset.pcapng" | grep -o '"root":{"rule":"[^"]*"' > with
rm -r "$HOME/.config"
restorescope diagnose --json "$CAPTURES/signing-reset.pcapng" | grep -o '"root":{"rule":"[^"]*"' > without
cmp with without

# SPDX-License-Identifier: GPL-2.0-or-later
# What Wireshark asks before it shows an interface.
restorecap --extcap-interfaces --extcap-version=4.0 | tail -n 1
restorecap --extcap-dlts --extcap-interface restorecap
restorecap --extcap-config --extcap-interface restorecap | grep -c '^arg '

# SPDX-License-Identifier: GPL-2.0-or-later
# What the recorder says when it cannot record reaches whoever watches, and so does its status.
restorescope watch -i nosuchthing -w file.pcapng || status=$?
test ! -e file.pcapng
exit "$status"

# SPDX-License-Identifier: GPL-2.0-or-later
# Nothing is left behind when there is nothing to record.
restorecap -i nosuchthing -w file.pcapng || status=$?
test ! -e file.pcapng
exit "$status"

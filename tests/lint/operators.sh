# SPDX-License-Identifier: GPL-2.0-or-later
# No word of the rule language is without a test: operators.py.
exec python3 "${0%/*}/operators.py" "$1"

# SPDX-License-Identifier: GPL-2.0-or-later
# plugin/knowledge/COVERAGE.md says of each cause who sees it, and that is true: coverage.py.
exec python3 "${0%/*}/coverage.py" "$1"

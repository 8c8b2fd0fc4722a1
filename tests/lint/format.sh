# SPDX-License-Identifier: GPL-2.0-or-later
# clang-format has the last word. Version 14, which Debian 12 has; others differ in details.
. "${0%/*}/lib.sh"

sources=$(files .c .h)
formatter=$(command -v clang-format-14 || command -v clang-format)
if ! $formatter --version | grep -q 'version 14\.'; then
    echo "skipped: $formatter is not version 14"
    exit 77
fi
for file in $sources; do
    $formatter --style=file "$file" | cmp -s - "$file" || wrong "$file: run clang-format -i on it"
done
lint_end $(echo "$sources" | wc -w)

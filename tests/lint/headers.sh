# SPDX-License-Identifier: GPL-2.0-or-later
# Each header compiles alone, without a warning.
. "${0%/*}/lib.sh"

flags="-std=gnu11 -fsyntax-only -Wall -Wextra -Werror -D_GNU_SOURCE -DHAVE_SSIZE_T -I."
flags="$flags $(pkg-config --cflags wireshark json-glib-1.0 gmodule-2.0)"
headers=$(files .h)
for header in $headers; do
    # Included rather than compiled, so that its #pragma once is no surprise.
    said=$(echo "#include \"$header\"" | gcc $flags -xc - 2>&1) || wrong "$header: does not compile alone
$said"
    grep -q '^#pragma once' "$header" || wrong "$header: has no #pragma once"
done
lint_end $(echo "$headers" | wc -w)

# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced after tests/lib/tshark.sh, by scripts whose folder is $here:
#
#   measured COMMAND...        as_nobody COMMAND, and prints "WALL_S CPU_S PEAK_MIB" of it
#
# The one who measures stays who he was: not every Python can be run by nobody.

python=$(python3 -c 'import sys; print(sys.executable)')

measured()
{
    if [ "$(id -u)" -eq 0 ]; then
        set -- setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
    fi
    hermetic "$python" "$here/../bench/measure.py" "$@"
}

# SPDX-License-Identifier: GPL-2.0-or-later
"""The table of statements in COVERAGE.md, for coverage.py: what people are told, and who of the rules
answers it."""
import re

SHOWN = 3  # rules of a cause that are named


def answers(causes, seen):
    """The last cell of a statement about these causes: id -> cells as derived() has them."""
    said = []
    for cause in causes:
        rules = re.findall(r"`([^`]+)`", seen[cause][0]) if cause in seen else []
        more = f" and {len(rules) - SHOWN} more" if len(rules) > SHOWN else ""
        said.append(", ".join(f"`{rule}`" for rule in rules[:SHOWN]) + more if rules else f"*unseen*: `{cause}`")
    return "; ".join(said)


def renew_statements(have, lines, seen):
    """have: line numbers and cells of the table."""
    for at, cells in have:
        cells[3] = answers(re.findall(r"`([^`]+)`", cells[2]), seen)
        lines[at] = f"| {' | '.join(cells)} |"


def check_statements(have, table, seen):
    """Each is about causes that are known, and says of each who names it or that nobody does."""
    wrong = []
    for at, cells in have:
        where = f"{table}:{at + 1}:"
        causes = re.findall(r"`([^`]+)`", cells[2]) if len(cells) == 4 else []
        wrong += [f"{where} there is no cause {cause}" for cause in causes if cause not in seen]
        if not causes or cells[1] not in ("cause", "advice"):
            wrong.append(f"{where} a statement has a kind and causes")
        elif cells[3] != answers(causes, seen):
            wrong.append(f"{where} is not what the rules say: "
                         "python3 tests/lint/coverage.py --write")
    return wrong if have else [f"{table}: Statements has no rows"]

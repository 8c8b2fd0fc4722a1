#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""coverage.py [--write] SOURCE: plugin/knowledge/COVERAGE.md says of each cause and signal of
errors.json who sees it, and that is true. --write renews what follows from the rules, scenarios and
samples, adds rows that are missing, and keeps the sentences, which people write."""
import json
import re
import sys
from pathlib import Path

sys.dont_write_bytecode = True
from statements import check_statements, renew_statements

TABLE = "plugin/knowledge/COVERAGE.md"
ARGUMENTS = [argument for argument in sys.argv[1:] if argument != "--write"]
SOURCE = Path(ARGUMENTS[0]) if ARGUMENTS else Path(__file__).resolve().parents[2]
SHOWN = 3  # of the scenarios in which a cause is accepted and not the first


def keys(text):
    """The key = value lines of one stanza; a line that begins with white space continues."""
    text = re.sub(r"^#.*\n", "", text, flags=re.M)
    text = re.sub(r"\n[ \t]+", " ", text)
    return dict(re.findall(r"^(\w+)[ \t]*=[ \t]*(.*)$", text, flags=re.M))


def read_rules():
    """Rules as name -> (cause, rivals), and the names of events."""
    rules, events = {}, set()
    for file in sorted(SOURCE.glob("plugin/rules/*.rules")):
        parts = re.split(r"^\[(event|rule) ([^\]]+)\]", file.read_text(), flags=re.M)
        for kind, name, body in zip(parts[1::3], parts[2::3], parts[3::3]):
            if kind == "event":
                events.add(name)
                continue
            rule = keys(body)
            rivals = re.sub(r'"(\\.|[^"\\])*"', "", rule.get("rivals", ""))
            rules[name] = rule["cause"], rivals.replace(";", " ").split()
    return rules, events


def read_scenarios():
    """Scenarios as name -> accepted causes, best first."""
    found = {}
    for file in sorted(SOURCE.glob("samples/lab/scenarios/*.scenario")):
        causes = re.search(r"^causes\s*=(.*)$", file.read_text(), flags=re.M)
        found[file.stem] = [c.strip() for c in causes.group(1).split(";")] if causes else []
    return found


def read_samples():
    """Samples, and captures made from scripts, as name -> cause of the root."""
    files = {file.parent.name: file for file in sorted(SOURCE.glob("samples/*/verdict.json"))}
    files |= {file.stem: file for file in sorted(SOURCE.glob("tests/golden/made/*.json"))}
    roots = {name: json.loads(file.read_text())["root"] for name, file in files.items()}
    return {name: root["cause"] for name, root in roots.items() if root}


def names(listed):
    return ", ".join(f"`{name}`" for name in listed) or "-"


def lab(cause, scenarios):
    first = [name for name, causes in scenarios.items() if causes[:1] == [cause]]
    also = [name for name, causes in scenarios.items() if cause in causes[1:]]
    shown = len(also) if len(also) <= SHOWN else 0 if first else SHOWN
    said = [names(first)] if first else []
    if also[:shown]:
        said.append("as another " + names(also[:shown]))
    if also[shown:]:
        said.append(f"{'as another ' if not shown else ''}in {len(also) - shown} more")
    return "; ".join(said) or "-"


def derived(cause, rules, scenarios, samples):
    return [names(name for name, rule in rules.items() if rule[0] == cause),
            names(name for name, rule in rules.items() if cause in rule[1]),
            lab(cause, scenarios),
            names(name for name, root in samples.items() if root == cause)]


def rows(lines, heading):
    """Line numbers and cells of the rows of the table below a heading, and the line after them."""
    at = lines.index(f"## {heading}") if f"## {heading}" in lines else len(lines)
    while at < len(lines) and not lines[at].startswith("|---"):
        at += 1
    end = at + 1
    while end < len(lines) and lines[end].startswith("|"):
        end += 1
    cells = [[c.strip() for c in line.strip("|").split("|")] for line in lines[at + 1:end]]
    return list(zip(range(at + 1, end), cells)), min(end, len(lines))


def renew(lines, heading, wanted, columns):
    """wanted: id -> derived cells. Rewrites the rows in place, adds those that are missing."""
    have, end = rows(lines, heading)
    for at, cells in have:
        if cells[0].strip("`") in wanted:
            text = wanted.pop(cells[0].strip("`"))
            lines[at] = f"| {' | '.join([cells[0], *text, *cells[len(text) + 1:]])} |"
    lines[end:end] = [f"| {' | '.join([f'`{key}`', *text] + [''] * (columns - 1 - len(text)))} |"
                      for key, text in wanted.items()]


def check(lines, heading, wanted, columns, known):
    """What is wrong with a table: its rows, what they derive, the names in it, empty sentences."""
    wrong, have, left = [], rows(lines, heading)[0], dict(wanted)
    for at, cells in have:
        where = f"{TABLE}:{at + 1}:"
        if len(cells) != columns or not cells[-1]:
            wrong.append(f"{where} has {len(cells)} cells of {columns}, or no sentence")
            continue
        key = cells[0].strip("`")
        for name in re.findall(r"`([^`]+)`", " ".join(cells[1:-1])):
            if name not in known:
                wrong.append(f"{where} there is no {name}")
        if wanted and key not in left:
            wrong.append(f"{where} {key} is in no knowledge base, or here twice")
        elif wanted and cells[1:1 + len(left[key])] != left.pop(key):
            wrong.append(f"{where} {key} is not what the rules, scenarios and samples say: "
                         "python3 tests/lint/coverage.py --write")
    wrong += [f"{TABLE}: {heading} has no row for {key}" for key in left]
    return wrong if have else wrong + [f"{TABLE}: {heading} has no rows"]


def main():
    knowledge = json.loads((SOURCE / "plugin/knowledge/errors.json").read_text())
    (rules, events), scenarios, samples = read_rules(), read_scenarios(), read_samples()
    causes = {cause["id"]: derived(cause["id"], rules, scenarios, samples)
              for cause in knowledge["causes"]}
    signals = {signal["id"]: [] for signal in knowledge["signals"]}
    lines = (SOURCE / TABLE).read_text().splitlines()
    if "--write" in sys.argv:
        renew(lines, "Causes", dict(causes), 6)
        renew(lines, "Signals", dict(signals), 3)
        renew_statements(rows(lines, "Statements")[0], lines, causes)
        (SOURCE / TABLE).write_text("\n".join(lines) + "\n")
    known = {*rules, *events, *scenarios, *samples}
    wrong = check(lines, "Causes", causes, 6, known) + check(lines, "Signals", signals, 3, known)
    wrong += check(lines, "Faults", {}, 4, known) + check_statements(rows(lines, "Statements")[0], TABLE, causes)
    wrong += [f"errors.json: {cause['id']}: no rule names it, so it has to say why it is unseen"
              for cause in knowledge["causes"]
              if causes[cause["id"]][0] == "-" and not cause.get("unseen")]
    wrong += [f"{name}: there is no cause {cause}" for name, (cause, _) in rules.items()
              if cause not in causes]
    print("\n".join(wrong) or f"{len(causes)} causes and {len(signals)} signals, nothing to say")
    return 1 if wrong else 0


sys.exit(main())

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""operators.py SOURCE: every word and sign of the rule language, as its parser has them, stands in
tests/unit/engine/operators.txt with tests that use it; and nothing else stands there."""
import re
import sys
from pathlib import Path

SOURCE = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2]
TABLE = "tests/unit/engine/operators.txt"


def words_of_parser():
    """What plugin/engine/ruleset_*.c compares a rule's text with."""
    text = "".join(file.read_text() for file in sorted(SOURCE.glob("plugin/engine/ruleset_*.c")))
    found = {f"{key} =" for key in re.findall(r'\{ "(\w+)", parse_\w+, (?:TRUE|FALSE) \}', text)}
    found |= set(re.findall(r'rs_scan_word\(scan, "(\w+)"\)', text))
    found |= set(re.findall(r"rs_scan_char\(scan, '(.)'\)", text))
    found |= set(re.findall(r"parse_event_refs\(scan, '(.)'", text))
    found |= {f"1{unit}" for unit in re.findall(r'\{ "(\w+)", G_TIME_SPAN', text)}
    for words in re.findall(r"words\[\] = \{(.*?)\}", text):
        found |= set(re.findall(r'"(\w+)"', words))
    found |= {"xN"} if "scan->at[0] != 'x'" in text else set()
    found |= {"prefix*"} if "RS_SCAN_STAR" in text else set()
    return found


def tests():
    """Body of each test function, by the name it is registered under."""
    bodies = {}
    for file in SOURCE.glob("tests/unit/engine/test_*.c"):
        text = file.read_text()
        for name, function in re.findall(r'g_test_add_func\("/engine/([^"]+)",\s*(\w+)\)', text):
            body = re.search(rf"^{function}\(void\)\n(.*?)^}}", text, flags=re.M | re.S)
            bodies[name] = body.group(1).replace("\\n", "\n") if body else ""
    return bodies


def pattern(word):
    """How a rule that uses it looks."""
    if word == "xN":
        return r"\bx[2-9]"
    if word == "prefix*":
        return r"-?\w*\*"
    if word[0] == "1" and len(word) > 1:
        return rf"\d{word[1:]}\b"
    if word.endswith(" ="):
        return rf"\b{word[:-2]}\s*="
    return rf"\b{word}\b" if word.isalpha() else re.escape(word)


def main():
    bodies, wrong, listed = tests(), [], {}
    for line in (SOURCE / TABLE).read_text().splitlines():
        if line.strip() and not line.startswith("#"):
            word, *names = (part.strip() for part in re.split(r"\s{2,}", line))
            listed[word] = names
    parsed = words_of_parser()
    wrong += [f"{TABLE}: no row for '{word}'" for word in sorted(parsed - set(listed))]
    wrong += [f"{TABLE}: the parser knows no '{word}'" for word in sorted(set(listed) - parsed)]
    for word, names in listed.items():
        if not names:
            wrong.append(f"{TABLE}: '{word}' has no test")
        for name in names:
            if name not in bodies:
                wrong.append(f"{TABLE}: '{word}': there is no test {name}")
            elif not re.search(pattern(word), bodies[name]):
                wrong.append(f"{TABLE}: '{word}': {name} does not use it")
    print("\n".join(wrong) or f"{len(listed)} operators, nothing to say")
    return 1 if wrong else 0


sys.exit(main())

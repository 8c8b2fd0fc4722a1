#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""check_schema.py SCHEMA PROGRAM [ARG...]: every line PROGRAM prints must satisfy SCHEMA, and the
schema must be strict enough to refuse an unknown or a missing key."""
import copy
import json
import subprocess
import sys

import jsonschema


def objects(node):
    """All objects in a tree, the tree itself first."""
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node:
        if isinstance(child, (dict, list)):
            yield from objects(child)


def refuses(validator, report):
    """Checks that one more key in any object makes the report wrong."""
    for index in range(len(list(objects(report)))):
        wrong = copy.deepcopy(report)
        list(objects(wrong))[index]["surprise"] = 1
        if validator.is_valid(wrong):
            sys.exit(f"object {index} takes an unknown key")
    for key in report:
        if validator.is_valid({k: v for k, v in report.items() if k != key}):
            sys.exit(f"the key '{key}' may be missing")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    order = schema["required"]
    lines = subprocess.run(sys.argv[2:], check=True, stdout=subprocess.PIPE).stdout.splitlines()
    for line in lines:
        report = json.loads(line)
        validator.validate(report)
        refuses(validator, report)
        if list(report) != order:
            sys.exit(f"keys are out of order: {list(report)}")
    if not lines:
        sys.exit("nothing was printed")
    print(f"{len(lines)} reports satisfy the schema")


main()

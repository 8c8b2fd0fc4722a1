#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""scenarios.py SOURCE [VPHONE]: nothing is wrong with the lab's scenarios and scripts.

A slip in one would cost a guest's time, or quietly make a healthy recording of it. With VPHONE that
program also reads each of them, as a session would.
"""
import configparser
import json
import re
import subprocess
import sys
from pathlib import Path

FAULTY, HEALTHY = 80, 30  # at least
LONGEST_S, LONGEST_TITLE = 300, 110
# What can go wrong without a [fault].
INJECTING = ("network", "signing", "firmware", "fdr", "proxy", "portal")
TELLING = (("device", "script"), ("scenario", "spoil_chunk"), ("truth", "frame"))


class Scenario:
    """A file, and what is wrong with it."""

    def __init__(self, path):
        self.name = path.stem
        self.path = path
        self.wrong = []
        text = path.read_text(encoding="utf-8")
        # As GKeyFile: no interpolation, keys are case-sensitive, "=" alone ends a key.
        self.file = configparser.RawConfigParser(delimiters=("=",), comment_prefixes=("#",))
        self.file.optionxform = str
        self.file.read_string(text)

    def get(self, group, key, fallback=""):
        return self.file.get(group, key, fallback=fallback)

    def groups(self, name):
        return [group for group in self.file.sections() if group.split(" ")[0] == name]

    def told(self):
        """The groups that say what goes wrong."""
        failed = [group for group in self.groups("attempt")
                  if self.get(group, "outcome") == "failed"]
        return (["truth"] if "truth" in self.file else []) + failed

    def faulty(self):
        return bool(self.told())

    def say(self, what):
        self.wrong.append(f"{self.path}: {what}")


def causes_of(scenario, group):
    return [cause.strip() for cause in scenario.get(group, "causes").split(";")]


def look_at_head(scenario):
    title, outcome = scenario.get("scenario", "title"), scenario.get("scenario", "outcome")
    if not title or len(title) > LONGEST_TITLE or title.endswith("."):
        scenario.say("[scenario] title: one sentence without a full stop is wanted")
    if int(scenario.get("scenario", "limit_s", "150")) > LONGEST_S:
        scenario.say(f"[scenario] limit_s: longer than {LONGEST_S} s")
    for group in scenario.groups("device"):
        if len(scenario.groups("device")) > 1 and not scenario.get(group, "ecid"):
            scenario.say(f"[{group}] ecid: missing, since there are several phones")
    if scenario.faulty() and outcome not in ("failed", "cut-short"):
        scenario.say(f"[scenario] outcome: '{outcome}', but there is a [truth]")
    if not scenario.faulty() and outcome not in ("completed", "no-restore"):
        scenario.say(f"[scenario] outcome: '{outcome}', but there is no [truth]")


def look_at_group(scenario, group, known_causes, known_phases):
    causes = causes_of(scenario, group)
    for cause in causes:
        if cause not in known_causes:
            scenario.say(f"[{group}] causes: '{cause}' is none of errors.json")
        if causes.count(cause) > 1:
            scenario.say(f"[{group}] causes: '{cause}' twice")
    if scenario.get(group, "phase") not in known_phases:
        scenario.say(f"[{group}] phase: '{scenario.get(group, 'phase')}' is none")


def look_at_attempts(scenario):
    groups = scenario.groups("attempt")
    if groups and "truth" in scenario.file:
        scenario.say("[truth] and [attempt] both say what is right")
    if groups and scenario.get("scenario", "client").count("restore") != len(groups):
        scenario.say("[attempt] is there another number of times than `restore` in `client`")


def look_at_truth(scenario, known_causes, known_phases):
    for group in scenario.told():
        look_at_group(scenario, group, known_causes, known_phases)
    if not scenario.groups("fault") and not any(scenario.groups(group) for group in INJECTING) \
            and not any(scenario.get(*key) for key in TELLING):
        scenario.say("nothing in it goes wrong")


def look_at_name(scenario):
    at_rest = scenario.name.startswith(("healthy-", "queries-"))
    if scenario.faulty() == at_rest:
        scenario.say("healthy-* and queries-* are those without a [truth]")
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", scenario.name):
        scenario.say("its name has more than small letters, digits and hyphens")


def look_at_parts(scenario, lab):
    """What it names is there."""
    for action in re.findall(r"(?:^|[;&])\s*run\s+([^\s;&]+)", scenario.get("scenario", "client")):
        if not (lab / "guest/actions" / action).exists():
            scenario.say(f"[scenario] client: no '{action}' in guest/actions")
    for group in scenario.groups("device"):
        script = scenario.get(group, "script")
        if script and not (lab / f"scenarios/scripts/{script}.restored").exists():
            scenario.say(f"[{group}] script: no '{script}' in scenarios/scripts")
    for group in scenario.groups("fault"):
        for action in re.findall(r"(?:^|;)\s*run\s+(\S+)", scenario.get(group, "do")):
            if not (lab / "guest/actions" / action.rstrip(";")).exists():
                scenario.say(f"[{group}] do: no '{action}' in guest/actions")


def read_by_phone(scenarios, vphone):
    """What the phone does not understand, a line each."""
    done = subprocess.run([vphone, "--check", *(scenario.path for scenario in scenarios)],
                          capture_output=True, text=True, check=False)
    lines = done.stderr.splitlines()
    return lines or [f"vphone --check ended with {done.returncode}"] if done.returncode else []


def main(source, vphone=None):
    lab = source / "samples/lab"
    knowledge = json.loads((source / "plugin/knowledge/errors.json").read_text(encoding="utf-8"))
    known_causes = {cause["id"] for cause in knowledge["causes"]}
    tracker = (source / "plugin/tracker/tracker.h").read_text(encoding="utf-8")
    known_phases = set(re.findall(r'X\([A-Z_]+, "([a-z-]+)"\)', tracker))
    scenarios = [Scenario(path) for path in sorted(lab.glob("scenarios/*.scenario"))]
    titles = {}
    for scenario in scenarios:
        look_at_name(scenario)
        look_at_head(scenario)
        look_at_parts(scenario, lab)
        look_at_attempts(scenario)
        if scenario.faulty():
            look_at_truth(scenario, known_causes, known_phases)
        title = scenario.get("scenario", "title")
        if title in titles:
            scenario.say(f"has the title of {titles[title]}")
        titles[title] = scenario.name

    wrong = [line for scenario in scenarios for line in scenario.wrong]
    if vphone:
        wrong += read_by_phone(scenarios, vphone)
    faulty = [scenario for scenario in scenarios if scenario.faulty()]
    healthy = len(scenarios) - len(faulty)
    if len(faulty) < FAULTY or healthy < HEALTHY:
        wrong.append(f"there are {len(faulty)} faulty and {healthy} healthy ones, "
                     f"{FAULTY} and {HEALTHY} are wanted")
    for line in wrong:
        print(line)
    named = {causes_of(scenario, group)[0] for scenario in faulty for group in scenario.told()}
    print(f"{len(faulty)} faulty scenarios, {healthy} healthy ones, {len(named)} causes as the best")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), *sys.argv[2:]))

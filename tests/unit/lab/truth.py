#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""truth.py SOURCE: a truth names the frame that a person would, and there is none when in doubt.

Asks samples/lab/truth/truth about a committed recording, with marks and client's words made up.
"""
import json
import subprocess
import sys
import tempfile
from pathlib import Path

SOURCE = Path(sys.argv[1])
SAMPLE = SOURCE / "samples/signing-name-not-found"
# Of the sample: gs.apple.com is unknown in frames 151 and 152 (and later ones); 149 and 150 ask.
ASKED, ANSWERED = 1795208834.4172, 1795208834.4289
NXDOMAIN = "dns.flags.rcode == 3"

FAILED = """$ idevicerestore -e -y firmware
1795208834.400000 Trying to fetch new SHSH blob
1795208834.410000 [==                                                ]   4.0%
1795208936.000000 ERROR: Unable to send TSS request

[exit code 255, exited]
"""
COMPLETED = """$ idevicerestore -e -y firmware
1795208936.000000 Status: Restore Finished
1795208936.000000 DONE

[exit code 0, exited]
"""
ASKED_ONLY = "$ irecovery -q\n1795208936.000000 CPID: 0x8015\n\n[exit code 0, exited]\n"
STOPPED = COMPLETED.replace("exited", "stopped after 150 s")
LATER = COMPLETED.replace("1795208936", "1795209936")
UNENDED = FAILED.split("[exit")[0]


def mark(**changed):
    whole = {"t": ANSWERED - 0.001, "who": "apple", "fault": "network.dns", "what": "nxdomain",
             "filter": NXDOMAIN, "pick": "first", "before_s": 0.0, "within_s": 5.0}
    return whole | changed


def scenario(outcome="failed", more="", truth="causes = dns-failure; no-internet\nphase = signing"):
    return f"[scenario]\ntitle = A name\noutcome = {outcome}\n{more}\n[truth]\n{truth}\n"


WITH = "causes = dns-failure\nphase = signing\n"
FAULT = "[fault]\nat = lockdown Pair\ndo = no-answer"

# name: scenario, client.txt, marks, culprit frames and near (None: no root)
ACCEPTED = {
    "the mark's frame": (scenario(), FAILED, [mark()], [151], [151, 151]),
    "the first mark's": (scenario(), FAILED,
                         [mark(t=ANSWERED + 20, within_s=60), mark()], [151], [151, 151]),
    "a note gives none": (scenario(), FAILED,
                          [mark(t=ASKED - 9, filter=None), mark()], [151], [151, 151]),
    "before the mark": (scenario(), FAILED, [mark(t=ANSWERED + 1, before_s=2)], [151], [151, 151]),
    "that fault's": (scenario(truth=WITH + "fault = b"), FAILED,
                     [mark(fault="a", filter="dns"), mark(fault="b")], [151], [151, 151]),
    "the scenario's": (scenario(truth=WITH + "frame = dns.flags.rcode == 3 && dns.qry.type == 28"),
                       FAILED, [mark(t=ASKED, filter=None)], [152], [152, 152]),
    "the scenario's, from the mark on": (scenario(truth=WITH + "frame = dns.flags.rcode == 3"),
                                         FAILED, [mark(t=ANSWERED + 1)], [163], [163, 163]),
    "the scenario's, from the start": (scenario(truth=WITH + "from = start\nframe = dns"), FAILED,
                                       [], [149], [149, 149]),
    "what is near": (scenario(truth=WITH + "near = dns"), FAILED, [mark()], [151], [149, 152]),
    "a fault struck": (scenario(more=FAULT), FAILED, [mark(fault="fault")], [151], [151, 151]),
    "nothing broke": (scenario("completed", truth=""), COMPLETED, [mark()], None, None),
    "only questions": (scenario("no-restore", truth=""), ASKED_ONLY, [], None, None),
    "the recording ended": (scenario("cut-short", truth=""), LATER, [], None, None),
}

# The same client twice: before any frame of the sample, or from its first questions on.
EARLIER = FAILED.replace("17952088", "17952079").replace("17952089", "17952079")
LATE = FAILED.replace("17952088", "17952098").replace("17952089", "17952099")


def attempts(first, second, outcome="failed"):
    groups = "".join(f"[attempt {number}]\n{text}\n" for number, text in ((1, first), (2, second)))
    return f"[scenario]\ntitle = A name\noutcome = {outcome}\n{groups}"


TOLD = "outcome = failed\ncauses = dns-failure\nphase = signing\n"
ASKS = TOLD + "from = start\nframe = dns"

# name: scenario, client.txt, marks, frame of each attempt's root (None: none), of the file's
ATTEMPTS = {
    "failed, then completed": (attempts(TOLD, "outcome = completed"), FAILED + COMPLETED, [mark()],
                               [151, None], 151),
    "failed twice, by its own mark": (attempts(ASKS, TOLD), FAILED.replace("936.0", "834.42") +
                                      LATE.replace("9834.4", "8834.42"), [mark()],
                                      [149, 151], 151),
    "completed, then failed": (attempts("outcome = completed", TOLD),
                               COMPLETED.replace("8936", "7936") + FAILED, [mark()],
                               [None, 151], 151),
}

# name: scenario, client.txt, marks, words of the reason
REFUSED = {
    "no outcome": (scenario("exploded"), FAILED, [mark()], "outcome is 'exploded'"),
    "no mark": (scenario(), FAILED, [], "no mark gives a frame"),
    "only notes": (scenario(), FAILED, [mark(filter=None)], "no mark gives a frame"),
    "another fault's": (scenario(truth=WITH + "fault = b"), FAILED, [mark()], "no mark of 'b'"),
    "no mark to search from": (scenario(truth=WITH + "frame = dns"), FAILED, [], "from where on"),
    "outside of its time": (scenario(), FAILED, [mark(t=ASKED - 20)], "no frame from"),
    "no such frame": (scenario(), FAILED, [mark(filter="icmp")], "is `icmp`"),
    "no filter at all": (scenario(), FAILED, [mark(filter="dns.flags.rcode ==")], "tshark"),
    "a field of the plugin": (scenario(), FAILED, [mark(filter="restore.finding")], "tshark"),
    "no causes": (scenario(truth="phase = signing"), FAILED, [mark()], "lacks its causes"),
    "no phase": (scenario(truth="causes = dns-failure"), FAILED, [mark()], "or its phase"),
    "completed against the plan": (scenario(), COMPLETED, [mark()], "every client did"),
    "failed against the plan": (scenario("completed"), FAILED, [], "ended with 255"),
    "stopped against the plan": (scenario("completed"), STOPPED, [], "stopped after 150 s"),
    "said nothing of an end": (scenario("completed"), COMPLETED.replace("Status: ", ""), [],
                               "ended with 0"),
    "restored against the plan": (scenario("no-restore"), COMPLETED, [], "ran"),
    "nothing restored": (scenario("completed"), ASKED_ONLY, [], "nothing was restored"),
    "not cut short": (scenario("cut-short"), COMPLETED.replace("936.", "836."), [],
                      "goes on to the end"),
    "no client": (scenario(), "", [mark()], "no client ran"),
    "a client without end": (scenario(), UNENDED, [mark()], "does not say how"),
    "an attempt too few": (attempts(TOLD, TOLD), FAILED, [mark()], "2 attempts are described"),
    "an attempt that completed": (attempts(TOLD, TOLD), FAILED + COMPLETED, [mark()],
                                  "[attempt 2] is to be failed"),
    "an attempt that failed": (attempts(TOLD, "outcome = completed"), FAILED + LATE, [mark()],
                               "[attempt 2] is to be completed"),
    "another outcome than the attempts'": (
        attempts("outcome = completed", "outcome = completed"), COMPLETED + COMPLETED, [mark()],
        "every client did"),
    "the other attempt's mark": (attempts(TOLD, TOLD), EARLIER + FAILED, [mark()],
                                 "and [attempt 1] has none"),
    "a fault that never struck": (scenario(more=FAULT), FAILED, [mark()], "[fault] never struck"),
}


def ask(text, client, marks):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "capture.pcapng").symlink_to(SAMPLE / "capture.pcapng")
        (folder / "scenario").write_text(text)
        (folder / "client.txt").write_text(client)
        (folder / "marks.jsonl").write_text("".join(
            one if isinstance(one, str) else json.dumps(one) + "\n" for one in marks))
        return subprocess.run([SOURCE / "samples/lab/truth/truth", folder, folder / "scenario"],
                              capture_output=True, text=True, check=False)


def check_accepted(name, text, client, marks, frames, near):
    done = ask(text, client, marks)
    assert done.returncode == 0, f"{name}: {done.stderr}"
    truth = json.loads(done.stdout)
    root = truth["root"] or {"culprit_frames": None, "near": None}
    assert root["culprit_frames"] == frames, f"{name}: {root}"
    assert root["near"] == near, f"{name}: {root}"
    assert truth["healthy"] == (frames is None), name
    assert len(truth["injections"]) == len(marks), name


def check_attempts(name, text, client, marks, roots, root):
    done = ask(text, client, marks)
    assert done.returncode == 0, f"{name}: {done.stderr}"
    truth = json.loads(done.stdout)
    frames = [one["root"] and one["root"]["culprit_frames"][0] for one in truth["attempts"]]
    assert frames == roots, f"{name}: {frames}"
    assert truth["root"]["culprit_frames"] == [root], f"{name}: {truth['root']}"
    assert [one["outcome"] for one in truth["attempts"]] == [
        "failed" if one else "completed" for one in roots], name


def check_refused(name, text, client, marks, reason):
    done = ask(text, client, marks)
    assert done.returncode == 1, f"{name}: ended with {done.returncode}: {done.stdout}"
    assert not done.stdout, f"{name}: printed something"
    assert reason in done.stderr and "Traceback" not in done.stderr, f"{name}: {done.stderr}"


def check_whole():
    """Every key, once."""
    done = ask(scenario(), FAILED, [mark()])
    truth = json.loads(done.stdout)
    how = truth["root"].pop("how_determined")
    assert how.startswith("apple: nxdomain") and NXDOMAIN in how, how
    assert truth == {
        "healthy": False, "outcome": "failed", "what_happened": "A name",
        "client": ["idevicerestore -e -y firmware"], "client_exit_codes": [255],
        "client_last_words": ["Trying to fetch new SHSH blob",
                              "ERROR: Unable to send TSS request", "[exit code 255, exited]"],
        "restore_completed": False,
        "root": {"causes": ["dns-failure", "no-internet"], "phase": "signing",
                 "culprit_frames": [151], "near": [151, 151]},
        "injections": [{"t": ANSWERED - 0.001, "what": "apple: nxdomain"}],
    }, truth


check_whole()
for case, given in ACCEPTED.items():
    check_accepted(case, *given)
for case, given in ATTEMPTS.items():
    check_attempts(case, *given)
for case, given in REFUSED.items():
    check_refused(case, *given)
check_refused("half a mark", scenario(), FAILED, ['{"t":17952'], "marks.jsonl:1: is no mark")

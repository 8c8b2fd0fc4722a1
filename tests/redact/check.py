#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""check.py BUILD SAMPLE...: redacts samples and looks whether anything is left.

Shares no code with what it tests: identifiers are read from what tshark shows of the original, and
searched in the redacted file as bytes, text, UTF-16, hexadecimal digits and base64, and in all that
tshark shows of it, decrypted and reassembled. Every packet must keep its protocols, length, time
and state of checksums, and the verdict must be the sample's."""
import base64
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

NOBODY = 65534
FAULTS_SHOWN = 20
SANITIZER = ("LD_PRELOAD", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS")
# Names of keys and tags, and what their values look like; written from the samples' own captures.
VALUES = {
    "ecid": r"ECID:([0-9A-F]{8,16})\b|(?:UniqueChipID|ECID): (\d{8,20})\b",
    "serial": r"SRNM:\[(\w+)\]|\bSerialNumber: (\w{8,})\b",
    "udid": r"UniqueDeviceID: ([0-9a-fA-F-]{24,40})\b",
    "nonce": r"(?:NONC|SNON):([0-9A-F]{40,})|Nonce: \d+ bytes: ([0-9a-f]{40,})",
    "imei": r"(?:IMEI:\[|EquipmentIdentity: )(\d{14,15})",
    "host": r"(?:HostID|SystemBUID|BUID|SessionID): ([0-9A-Fa-f-]{36})\b",
    "name": r"DeviceName: ([^\"<]{4,})",
    "mac": r"\b(?:Address: |\()((?:[0-9a-f]{2}:){5}[0-9a-f]{2})\b",
}
COMMON = {"iPhone", "ff:ff:ff:ff:ff:ff", "00:00:00:00:00:00"}
FRAME_FIELDS = (
    "frame.number", "frame.time_epoch", "frame.len", "frame.cap_len", "frame.protocols",
    "ip.checksum.status", "tcp.checksum.status", "udp.checksum.status", "icmp.checksum.status",
    "appledfu.suffix.crc_ok", "asr.chunk.sha1_ok", "_ws.expert.message",
)
CHECKS = ("ip.check_checksum:TRUE", "tcp.check_checksum:TRUE", "udp.check_checksum:TRUE")


class Tshark:
    """tshark with the plugin of a build, as a user: Wireshark refuses root its plugins."""

    def __init__(self, build, folder):
        home = os.path.join(folder, "home")
        shutil.copytree(os.path.join(build, "home"), home)
        self.env = {name: os.environ[name] for name in SANITIZER if name in os.environ}
        self.env.update(
            PATH=os.environ["PATH"], HOME=folder, TZ="UTC", LC_ALL="C",
            XDG_DATA_HOME=f"{home}/.local/share",
            WIRESHARK_PLUGIN_DIR=f"{home}/.local/lib/wireshark/plugins",
        )
        self.user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.getuid() == 0 else {}

    def run(self, path, *arguments):
        """What it prints about a file."""
        with open(path, "rb") as file:
            done = subprocess.run(
                ["tshark", "-n", "-r", "-", *arguments], stdin=file, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, check=True, env=self.env, **self.user,
            )
        return done.stdout.decode("utf-8", "replace")


def restorescope(build, *arguments):
    """Exit status, output and messages of the program."""
    done = subprocess.run(
        [os.path.join(build, "bin", "restorescope"), *arguments], stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, check=False,
    )
    return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode()


def identifiers(shown):
    """All values of the table in what tshark shows; (kind, value) pairs."""
    found = set()
    for kind, pattern in VALUES.items():
        for groups in re.findall(pattern, shown):
            values = [groups] if isinstance(groups, str) else groups
            found.update((kind, value) for value in values if value and value not in COMMON)
    return {
        (kind, value) for kind, value in found
        if not (kind == "mac" and (int(value[:2], 16) & 1 or value in COMMON))
    }


def raw_bytes(kind, value):
    """The bytes that an identifier stands for, if it does for any."""
    digits = re.sub("[-: ]", "", value)
    if kind == "ecid":
        number = int(value) if value.isdigit() and len(value) > 14 else int(value, 16)
        size = (number.bit_length() + 7) // 8
        return [number.to_bytes(size, "big"), number.to_bytes(size, "little")]
    if kind in ("udid", "nonce", "host", "mac") and re.fullmatch("(?:[0-9a-fA-F]{2})+", digits):
        return [bytes.fromhex(digits)]
    return []


def texts(kind, value):
    """All spellings as text."""
    spelled = {value, re.sub("[-:]", "", value)}
    for raw in raw_bytes(kind, value)[:1]:
        spelled.add(raw.hex())
        spelled.add(raw.hex(":"))
        if kind == "ecid":
            spelled.add(str(int.from_bytes(raw, "big")))
            spelled.add(f"{int.from_bytes(raw, 'big'):x}")
    return {text for one in spelled for text in (one, one.upper(), one.lower())}


def base64_cores(raw):
    """What is the same of its base64 whatever stands around, at all three places in a group."""
    for before in range(3):
        text = base64.b64encode(b"\0" * before + raw).decode().rstrip("=")
        yield text[-(-before * 8 // 6):(before + len(raw)) * 8 // 6]


def spellings(kind, value):
    """All byte strings to search for in the file."""
    wanted = set(raw_bytes(kind, value))
    for text in texts(kind, value):
        plain = text.encode()
        wanted.update((plain, text.encode("utf-16-le"), text.encode("utf-16-be")))
        wanted.update((plain.hex().encode(), plain.hex().upper().encode()))
    for raw in list(wanted):
        if len(raw) >= 8:
            wanted.update(core.encode() for core in base64_cores(raw) if len(core) >= 10)
    return {one for one in wanted if len(one) >= 6}


def leftovers(found, data, shown):
    """What is left of these identifiers in a file and in what tshark shows of it."""
    packed = re.sub(rb"[\r\n\t ]", b"", data)
    for kind, value in sorted(found):
        for one in spellings(kind, value):
            if one in data or one in packed:
                yield f"{kind} {value}: in the file as {one!r}"
        for text in texts(kind, value):
            if text in shown or text.encode().hex() in shown:
                yield f"{kind} {value}: tshark shows {text!r}"


def differences(before, after):
    """Frames that do not look the same."""
    first, second = before.splitlines(), after.splitlines()
    if len(first) != len(second):
        yield f"{len(first)} frames became {len(second)}"
    for one, other in zip(first, second):
        if one != other:
            yield f"a frame changed:\n      {one}\n      {other}"


def frames(tshark, path, keys):
    """A line per frame of all that must stay."""
    arguments = [word for field in FRAME_FIELDS for word in ("-e", field)]
    arguments += [word for check in CHECKS for word in ("-o", check)]
    shown = tshark.run(path, *keys, "-T", "fields", *arguments)
    # A checksum that was wrong stays so, but what it should be changed.
    return re.sub("should be 0x[0-9a-f]+", "", shown)


def verdict_problem(build, path, sample, keylog):
    """None when the verdict on the file is that of the sample."""
    status, said, complaint = restorescope(build, "diagnose", "--json", *keylog, path)
    with open(os.path.join(sample, "verdict.json"), encoding="utf-8") as file:
        wanted = json.load(file)
    if status not in (0, 4) or not said.startswith("{"):
        return f"diagnose ended with {status}: {complaint}"
    report = json.loads(said)
    root = report["root"] and {name: report["root"][name] for name in wanted["root"] or {}}
    if report["outcome"] == wanted["outcome"] and root == wanted["root"]:
        return None
    return f"the verdict is {report['outcome']} {root}"


def check(build, tshark, sample, folder):
    """The faults of one sample, and how many identifiers were looked for."""
    original, redacted = os.path.join(sample, "capture.pcapng"), os.path.join(folder, "out.pcapng")
    keys = os.path.join(sample, "tls.keys")
    keylog = [f"--keylog={keys}"] if os.path.exists(keys) else []
    options = ["-o", f"tls.keylog_file:{keys}"] if keylog else []
    status, _, complaint = restorescope(build, "redact", "--force", *keylog, original, redacted)
    if status != 0:
        return [f"redact ended with {status}: {complaint}"], 0
    found = identifiers(tshark.run(original, *options, "-V"))
    shown = tshark.run(redacted, *options, "-T", "pdml")
    with open(redacted, "rb") as file:
        faults = list(leftovers(found, file.read(), shown))
    faults += differences(frames(tshark, original, options), frames(tshark, redacted, options))
    faults += filter(None, [verdict_problem(build, redacted, sample, keylog)])
    faults += [] if found else ["no identifier in the original: nothing was tested"]
    return faults, len(found)


def main():
    build, *samples = sys.argv[1:]
    build = os.path.abspath(build)
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        tshark = Tshark(build, folder)
        for sample in samples:
            faults, n = check(build, tshark, sample, folder)
            failed += bool(faults)
            name = os.path.basename(os.path.normpath(sample))
            print(f"{'FAIL' if faults else 'ok'}  {name}: {n} identifiers")
            for fault in faults[:FAULTS_SHOWN]:
                print(f"    {fault}")
    sys.exit(1 if failed or not samples else 0)


main()

# SPDX-License-Identifier: GPL-2.0-or-later
"""What the cases of ./run share: a network of their own, a recorder, traffic."""
import fcntl
import os
import signal
import socket
import struct
import subprocess
import sys
import time

PATIENCE_S = 20
SKIPPED = 77
TUN_SET = 0x400454CA
TUN_PLAIN = 0x1001


def skip(why):
    """Ends the test: it cannot be done here."""
    print("skipped:", why)
    sys.exit(SKIPPED)


def enter_network():
    """Starts this program anew in a network namespace, as root of it: a user gets both at once."""
    if os.environ.get("RS_NETWORK"):
        return
    # The recorder has its sanitizer built in; Wireshark's tools hang with it.
    if os.environ.pop("LD_PRELOAD", None):
        os.environ["RS_SANITIZED"] = "yes"
    rights = [] if os.geteuid() == 0 else ["-r"]
    command = ["unshare", "-n", *rights]
    if subprocess.run([*command, "true"], capture_output=True, check=False).returncode != 0:
        skip("no network namespaces for this user")
    os.environ["RS_NETWORK"] = "real" if not rights else "user"
    os.execvp("unshare", [*command, sys.executable, *sys.argv])


def needs_root():
    """For what namespaces of a user do not have."""
    if os.environ["RS_NETWORK"] != "real":
        skip("needs root")


def ip(words):
    """ip(8)."""
    subprocess.run(["ip", *words.split()], check=True)


def make_links():
    """Loopback and a pair of Ethernet interfaces, v0 and v1."""
    ip("link set lo up")
    ip("link add v0 type veth peer name v1")
    ip("link set v0 up")
    ip("link set v1 up")


def make_tunnel():
    """An interface without a link layer, tun7; None where it cannot be had."""
    try:
        tunnel = os.open("/dev/net/tun", os.O_RDWR | os.O_CLOEXEC)
        fcntl.ioctl(tunnel, TUN_SET, struct.pack("16sH", b"tun7", TUN_PLAIN))
    except OSError:
        return None
    ip("addr add 10.77.0.1/24 dev tun7")
    ip("link set tun7 up")
    return tunnel


def wait_until(what, ask):
    """Asks until the answer is true, and gives it."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        answer = ask()
        if answer:
            return answer
        time.sleep(0.02)
    raise AssertionError(f"waited in vain for {what}")


def say_udp(text, port=4444, address="127.0.0.1"):
    """One datagram, to nobody."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as to:
        to.sendto(text.encode(), (address, port))


def say_frame(tags=b"", interface="v0"):
    """One UDP packet with these VLAN tags on an Ethernet interface."""
    header = bytes.fromhex("450000200001400040110000") + bytes((10, 5, 0, 1, 10, 5, 0, 2))
    udp = struct.pack(">HHHH", 4445, 4445, 12, 0) + b"vlan"
    with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as to:
        to.bind((interface, 0))
        to.send(b"\xff" * 6 + b"\x02\0\0\0\0\1" + tags + b"\x08\0" + header + udp)


class Recorder:
    """restorecap at work. What it says is in .said()."""

    def __init__(self, program, *arguments, wait=True, **more):
        self.log = f"said.{time.monotonic_ns()}"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen([program, *arguments], stderr=log, **more)
        if wait:
            wait_until("the recorder", lambda: "recording to" in self.said()
                       or self.process.poll() is not None)

    def said(self):
        """Its standard error, so far."""
        with open(self.log, encoding="utf-8") as log:
            return log.read()

    def has(self, interface, number):
        """Has it recorded so many of an interface?"""
        for line in reversed(self.ask()):
            if line.split()[:1] == [interface]:
                return int(line.split()[1]) >= number
        return False

    def ask(self):
        """The counts it prints when told to."""
        assert self.process.poll() is None, self.said()
        before = self.said().count("\n")
        self.process.send_signal(signal.SIGUSR1)
        return wait_until("counts", lambda: self.said().split("\n")[before:-1])

    def end(self, how=signal.SIGTERM):
        """Its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(PATIENCE_S)


def told(command, **more):
    """A command that has ended, with what it said."""
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, **more)


def fields(path, *names, only="frame"):
    """These fields of the packets of a file, a line each, with tabs between."""
    wanted = [word for name in names for word in ("-e", name)]
    done = told(["tshark", "-n", "-r", path, "-Y", only, "-T", "fields", *wanted])
    return done.stdout.splitlines()

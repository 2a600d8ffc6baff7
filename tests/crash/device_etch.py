# SPDX-License-Identifier: MIT
"""Etchers that go wrong: each kind of fault of keyline-sim(1) at the moments at which it can hurt."""
import collections
import re
import socket
import time

from bench_etch import EtchBench
from device_people import People
from factory import SRC

# Shorter waits than a real device needs, long enough for a host under load.
TIMING = {"heartbeat-ms": 100, "host-timeout-ms": 2500, "response-ms": 400, "late-window-ms": 450,
          "mirror-limit-ms": 800, "arm-expiry-ms": 4000, "busy-limit-ms": 2500, "erase-limit-ms": 800}
MEND = ("clear", "door closed", "estop released", "laser-source mended", "scanner mended", "freeze off",
        "other-device off", "part on")

# fault: lines for the simulator's control channel.  doubt: how many wallets it may and must cost: "none",
# "one", or "may" where it depends on the instant.  reasons: what a doubt is called.
# early: before the driver connects.  until: it lasts until people mend the machine.
# twice: the machine marks twice for one START, which no host can keep it from.  counter: the machine's counter lies.
Kind = collections.namedtuple("Kind", "fault doubt reasons early until twice counter errors",
                              defaults=("", False, False, False, False, False))

MACHINE = [
    Kind("door open", "none"),
    Kind("door open when=loading", "none"),
    Kind("door open when=loaded", "none"),
    Kind("door open when=armed", "none"),
    Kind("door open when=busy", "one", "door-open"),
    Kind("estop pressed", "none"),
    Kind("estop pressed when=loaded", "none"),
    Kind("estop pressed when=busy", "one", "e-stop"),
    Kind("part off", "none"),
    Kind("part off when=loading", "none"),
    Kind("part off when=busy", "one", "no-part"),
    Kind("reset", "none"),
    Kind("reset when=loading", "none"),
    Kind("reset when=loaded", "none"),
    Kind("reset when=armed", "none"),
    Kind("reset on=start", "one", "device-reset"),
    Kind("reset when=busy", "one", "device-reset"),
    Kind("reset when=done", "may", "device-reset"),
    Kind("power-off 700 when=loading", "none"),
    Kind("power-off 700 when=busy", "one", "device-reset"),
    Kind("power-off 700 when=done", "may", "device-reset"),
    Kind("laser-source broken when=busy", "one", "laser-source"),
    Kind("scanner broken when=busy", "one", "scanner"),
    Kind("break", "one", "laser-source"),
    Kind("freeze when=loading", "none"),
    Kind("freeze when=loaded", "none"),
    Kind("freeze when=busy", "one", "laser-off stalled"),
    Kind("counter-jump when=loading", "none", counter=True),
    Kind("counter-jump when=armed", "may", "counter", counter=True),
    Kind("counter-jump when=busy", "one", "counter", counter=True),
    Kind("counter-jump; counter-back when=busy", "one", "counter", counter=True),
    Kind("other-device", "none"),
    Kind("other-device when=loaded", "may", "wrong-device"),
    Kind("other-device", "none", early=True),
    Kind("other-device when=busy; mute on=marked-counter when=busy", "one", "wrong-device"),
]
PROGRAM = [
    Kind("lost-done", "one", "no-done"),
    Kind("lost-count", "one", "counter", counter=True),
    Kind("double-counter", "one", "counter", counter=True),
    Kind("double-mark", "one", "counter", twice=True),
    Kind("busy-forever", "one", "busy-limit", until=True, counter=True),
    Kind("slow-mark", "one", "busy-limit"),
    Kind("lost-start", "one", "no-mirror"),
    Kind("lost-mirror", "none", until=True),
    Kind("stuck-mirror", "none", until=True),
    Kind("short-arm", "none"),
    Kind("late-start", "none"),
    Kind("corrupt-chunk", "none"),
    Kind("drop-chunk", "none"),
    Kind("wrong-code", "none"),
    Kind("not-erased", "none", until=True),
    Kind("no-heartbeat", "none", until=True),
    Kind("no-heartbeat when=busy times=2", "none"),
    Kind("no-echo", "none", until=True),
    Kind("no-echo when=busy times=9", "none"),
    Kind("stale-job", "none", until=True),
    Kind("stale-job when=done", "may", "counter wrong-job no-done", until=True),
]
# What an answer can be, and whether the link counts an error for it.  A late one comes half a second behind the
# time limit, and so far before the end of the late window, however busy this machine is.
WIRE = {"mute": True, "deaf": True, "late 900": True, "dribble 60": False, "bad-frame": True, "wrong-unit": True,
        "short": True, "twice": False, "stale": True, "garbage": True, "refuse 4": True, "disconnect": True,
        "hang-up": True, "wrong-echo": True, "pretend": False, "wrong-value": False}
WRITES = ("job-id", "load-begin", "chunk-data", "load-commit", "readback-offset", "command-job", "arm", "start-token",
          "start", "host-heartbeat when=busy", "erase when=done")
READS = ("readback-data", "marked-counter when=loading", "marked-counter when=busy", "marked-counter when=done")
EARLY = ("magic", "map-version", "device-serial", "boot-echo")
# Where the start was not heard, nobody can know that it was not.
UNHEARD = ("deaf", "disconnect", "refuse 4", "pretend")


def wire_kind(wire, moment):
    """One of WIRE at one moment; None where it has no meaning."""
    reads = moment in READS or moment in EARLY[:3]
    if (wire in ("wrong-echo", "pretend") and reads) or (wire == "wrong-value" and not reads):
        return None
    doubt, reasons = "none", ""
    if moment == "start" and wire in UNHEARD:
        doubt, reasons = "one", "no-mirror"
    elif wire == "wrong-value" and moment == "marked-counter when=done":
        doubt, reasons = "may", "counter"
    # Before the first answer there is none that could be repeated.
    errors = WIRE[wire] and not (wire == "stale" and moment in EARLY[:3])
    return Kind(f"{wire} on={moment}", doubt, reasons, early=moment in EARLY, errors=errors)


def kinds():
    found = [wire_kind(wire, moment) for wire in WIRE for moment in WRITES + READS + EARLY]
    return MACHINE + PROGRAM + [k for k in found if k]


def access(wire, number):
    """A request like any other: whatever comes, a start that was not heard is the worst."""
    return Kind(f"{wire} after={number}", "may", "no-mirror link", errors=True)


# A few that differ, for each day.
SHORT = ("door open when=busy", "reset when=busy", "late 900 on=chunk-data", "deaf on=start", "lost-done", "slow-mark")


class FaultyEtcher(People, EtchBench):
    mark_ms = 150

    def __init__(self, kind, **more):
        self.row, self.mended, self.struck = kind, False, False
        self.begin()
        super().__init__(**more)

    def open_machine(self):
        text = (SRC / "conf" / "etch-profile.conf").read_text()
        for key, value in TIMING.items():
            text, n = re.subn(rf"(?m)^{key} = \d+", f"{key} = {value}", text)
            assert n == 1, key
        self.profile = self.run / "profile"
        self.profile.write_text(text)
        super().open_machine()
        if self.row.early:
            self.inject()
        else:
            self.on_work = self.inject

    def control(self, line):
        """The simulator's answer; it may just be coming up."""
        deadline = time.monotonic() + 20
        while True:
            try:
                with socket.socket(socket.AF_UNIX) as sock:
                    sock.settimeout(10)
                    sock.connect(str(self.run / "etcher"))
                    sock.sendall(line.encode() + b"\n")
                    return sock.makefile().readline().strip()
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.02)

    def inject(self):
        for line in self.row.fault.split("; "):
            answer = self.control(line)
            assert answer.startswith("ok"), (line, answer)

    def has_struck(self):
        """A fault with a moment has struck when none waits any more; one that lasts, when people are there."""
        self.struck = self.struck or self.row.until or " faults=0" in self.control("status")
        return self.struck

    def mend(self):
        if self.has_struck():
            self.mended = True
            for line in MEND:
                self.control(line)

    def act(self, states, station, quiet):
        self.watch(station)
        # What lasts and holds nothing is found when somebody wonders why nothing moves.
        if quiet > 8:
            self.mend()
        super().act(states, station, quiet)

    def await_errors(self):
        deadline = time.monotonic() + 10
        while self.row.errors and not self.errors and self.has_struck() and time.monotonic() < deadline:
            self.watch(self.look())
            time.sleep(0.05)

    def is_whole(self, serial):
        """A part that was marked twice is no good one."""
        return super().is_whole(serial) and not (self.row.twice and serial in self.doubts)

    def miscounts(self):
        """What a lying counter says, and lines drawn over lines, are not held against the ledger; the laser's log is."""
        lies = ("the device counts",) * self.row.counter + ("the device counts", "job ") * self.row.twice
        return [t for t in super().miscounts() if not t.startswith(lies)]

    def verdict(self, outcome):
        """(outcome, whether the fault struck, what is not as the table has it)."""
        told = list(self.told)
        struck = self.has_struck()
        if self.row.twice:
            if outcome.double != 1:
                told.append(f"{outcome.double} marked twice by the machine")
            outcome = outcome._replace(double=0)
        if struck:
            if self.row.doubt == "none" and outcome.doubt or self.row.doubt == "one" and outcome.doubt != 1:
                told.append(f"{outcome.doubt} in doubt ({', '.join(self.called)}); the table has {self.row.doubt}")
            if self.row.errors and not self.errors:
                told.append("the link counted no error")
        told += [f"a doubt is called {r}" for r in self.called if r not in self.row.reasons.split()]
        return outcome, struck, told

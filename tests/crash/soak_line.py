# SPDX-License-Identifier: MIT
"""The soak's factory, its people, and the trouble they have."""
import collections
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import sqlite3
import time

from factory import Etcher, Factory, Host, Process, Scanner, Trouble, program, settled_as, SRC, wait_for
from whole_line import PRODUCT, Line

TICK = 0.02
AGAIN = 0.6  # seconds until a person tries the same once more
STUCK = 300  # seconds without any progress: that is no soak, that is a fault
MEND = ("clear", "door closed", "estop released", "laser-source mended", "scanner mended", "freeze off",
        "other-device off", "part off", "part on")
FAULTS = ("door open when=loading", "door open when=loaded", "door open when=busy", "estop when=busy", "part off when=loaded",
          "laser-source when=busy", "break", "reset when=loading", "reset on=start", "reset when=busy",
          "power-off 600 when=busy", "other-device", "lost-done", "lost-count", "counter-jump when=busy",
          "counter-jump when=loaded", "lost-start", "lost-mirror", "short-arm", "corrupt-chunk", "drop-chunk", "wrong-code",
          "stale-job", "late 600 on=chunk-data", "wrong-echo on=chunk-data", "mute on=load-commit",
          "garbage on=readback-data", "wrong-value on=readback-data", "stale on=marked-counter", "mute on=start",
          "late 600 on=start", "twice on=start", "wrong-echo on=start", "hang-up on=start", "deaf on=start",
          "disconnect on=start", "hang-up on=marked-counter when=busy")


class Gone(Exception):
    """The daemon does not answer (any more)."""


def ask(host, command, **args):
    """The answers of one command; Gone where the daemon ended."""
    answers = []
    try:
        with socket.socket(socket.AF_UNIX) as sock:
            sock.settimeout(60)
            sock.connect(str(host.socket))
            sock.sendall(json.dumps({"schema": 1, "command": command, "args": args}).encode() + b"\n")
            for line in sock.makefile("rb"):
                answers.append(json.loads(line))
                if answers[-1]["type"] == "end":
                    return answers
    except (OSError, ValueError):
        pass
    raise Gone(command)


def children(host):
    pid = host.process.child.pid
    try:
        return [int(p) for p in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def memory_kib(host):
    """What of the daemon lies in memory now."""
    try:
        text = pathlib.Path(f"/proc/{host.process.child.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", text).group(1))
    except (OSError, AttributeError):
        return 0


class QuickEtcher(Etcher):
    """Nothing is drawn but lines."""

    def start(self):
        self.process = Process([program("keyline-sim"), "--profile", str(SRC / "conf" / "etch-profile.conf"), *self.link,
                                "--serial", self.serial, "--out", str(self.out), "--control", str(self.control),
                                "--mark-ms", str(self.mark_ms), "--auto-part=1", "--pictures", "svg", "--state", str(self.out / "state")],
                               self.out / "log")
        self.factory.processes.append(self.process)
        wait_for(f"{self.name} to listen", lambda: self.control.exists() and self.say("status", check=False))
        return self


class SoakLine(Line):
    """Four hosts, one printer, three etchers at one etching host."""

    def __init__(self, root=None, mark_ms=(1, 1, 1)):
        self.say, self.operators = lambda text: None, False
        self.factory = f = Factory(root)
        self.printer = f.printer()
        self.lasers = [QuickEtcher(f, f"laser{i}", link, f"SIM-000{i}", ms).start()
                       for i, (link, ms) in enumerate(zip(("tcp", "tcp", "rtu"), mark_ms), 1)]
        names = ("pair1", "ship1", "arrive1", "seal1", *(laser.name for laser in self.lasers))
        self.scanners = {n: Scanner(f.run / n) for n in names}
        self.disk, disk_config = f.secure_disk(megabytes=256)
        self.gen = Host(f, "us-gen", "usa", "generate", PRODUCT + "[route]\ncodes = cn-mint\npassphrases = us-etch\n")
        self.mint = Host(f, "cn-mint", "china", "mint",
                         disk_config + "[route]\nconfirmations = us-etch\nstickers = cn-print\n\n"
                         "[from]\ncodes = us-gen\nresults = us-etch\n\n")
        self.print = Host(f, "cn-print", "china", "print", disk_config + "[route]\nshipment = us-etch\n\n[from]\nstickers = cn-mint\nresults = us-etch\n\n"
                          + self.print_station() + self.scan_station("pair1", "pair") + self.scan_station("ship1", "ship"))
        self.etch = Host(f, "us-etch", "usa", "etch", "[route]\nresults = cn-mint\n\n[from]\npassphrases = us-gen\nconfirmations = cn-mint\nshipment = cn-print\n\n" + self.scan_station("arrive1", "arrive")
                         + self.scan_station("seal1", "seal") + "".join(map(self.etch_station, self.lasers)))
        self.etch.write_config = lambda: Host.write_config(self.etch, unsealed_max=10)
        self.hosts = (self.gen, self.mint, self.print, self.etch)

    def wait_known(self, host, batch, count):
        wait_for(f"{host.name} to know {batch}", lambda: len(wallets(host, batch)) == count, 60 + count)

    def generate_all(self, batch, count):
        self.gen.outgoing(f"{batch}.1.passphrases.cms", 60 + 2 * count)
        return self.generate(batch)

    def confirm_all(self, batch, count):
        self.factory.carry(self.mint, f"{batch}.1.confirmations.cms", self.etch)
        self.etch.wait_states(batch, ("confirmed", "spoiled"), 60 + 2 * count)

    def scan_all(self, host, station, serials, wanted, marks=("{}",)):
        for serial in serials:
            for mark in marks:
                self.scanners[station].scan(mark.format(serial))
            wait_for(f"{serial} to be {wanted}", lambda: wallet(host, serial)["state"] == wanted)

    def pair_and_ship_all(self, batch, serials):
        self.start_stations(self.print, "pair1", "ship1")
        self.scan_all(self.print, "pair1", serials, "paired", ("{}/L", "{}"))
        self.scan_all(self.print, "ship1", serials, "shipped")
        destroy_all(self.print, batch, "spoiled")
        self.print.ctl("batch", "ship", batch, "--yes")
        self.factory.carry(self.print, f"{batch}.1.shipment.cms", self.etch)

    def arrive_all(self, serials):
        self.start_stations(self.etch, "arrive1")
        self.scan_all(self.etch, "arrive1", serials, "arrived")


def wallet(host, serial):
    return next((a for a in ask(host, "wallet show", serial=serial) if a["type"] == "wallet"), {"state": "?"})


def wallets(host, batch, **args):
    return [a for a in ask(host, "wallet list", batch=batch, **args) if a["type"] == "wallet"]


def destroy_all(host, batch, state):
    for row in wallets(host, batch, state=state):
        if row.get("part") and not row.get("destroyed"):
            host.both("wallet", "destroyed", row["serial"], "--reason", "soak")


class Phase:
    """One host at work at stations that people keep going."""

    name = host = None
    stations = ()

    def __init__(self, line, batch, serials):
        self.line, self.batch, self.serials = line, batch, serials
        self.done, self.doubts, self.tried = 0, set(), collections.defaultdict(float)
        self.moved = time.monotonic()
        self.restarts = 0

    def may_try(self, what, seconds=AGAIN):
        now = time.monotonic()
        if now - self.tried[what] < seconds:
            return False
        self.tried[what] = now
        return True

    def is_over(self):
        return self.done >= len(self.serials)

    def is_calm(self):
        return self.host.process.child.poll() is None

    def revive(self):
        """A daemon that was killed is started again."""
        if self.host.process.child.poll() is not None:
            self.host.start()
            self.restarts += 1

    def step(self):
        """A glance at everything, and a hand where one is needed; how many wallets are done."""
        before = self.done
        try:
            self.revive()
            for station in ask(self.host, "station list"):
                if station["type"] == "station" and station["name"] in self.stations:
                    self.tend(station)
        except Gone:
            pass
        now = time.monotonic()
        if self.done != before:
            self.moved = now
        elif now - self.moved > STUCK:
            raise Trouble(f"{self.name}: stuck at {self.done}\n{self.host.ctl('status', check=False).stdout}\n"
                          + (self.host.root / "log").read_text()[-1500:])
        time.sleep(TICK)
        return self.done

    def tend(self, station):
        name, state = station["name"], station["state"]
        if state in ("Stopped", "Held", "Aborted") and self.may_try((name, state)):
            self.mend(name)
            if station.get("code") == "counter-unknown":
                self.rearm(name)
            verb = {"Stopped": "start", "Held": "unhold", "Aborted": "clear"}[state]
            ask(self.host, f"station {verb}", station=name)
        else:
            self.look(station)

    def mend(self, name):
        pass

    def rearm(self, name):
        """The machine's count jumped: two people have looked for the plates, and take it as it is."""
        try:
            self.host.both("station", "rearm", name, "--reason", "no plate is missing")
        except Trouble:
            pass  # it has jumped again, or the daemon was killed: at the next glance; what stays so is STUCK

    def settle(self, serial):
        """Two people look at the part."""
        if not self.may_try(("settle", serial), 2):
            return
        self.doubts.add(serial)
        words = settled_as(self.host.mode, self.is_whole(serial))
        try:
            self.host.both("wallet", "resolve", serial, *words)
        except Trouble:
            if self.host.process.child.poll() is None and self.host.alive() and wallet(self.host, serial)["state"] == "in-doubt":
                raise

    def intents(self):
        """{job: serial} by the ledger; of a copy, for the daemon holds its own."""
        copy = self.line.factory.root / "ledger-copy"
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir()
        for name in ("ledger.sqlite", "ledger.sqlite-wal"):
            if (self.host.state / name).exists():
                shutil.copyfile(self.host.state / name, copy / name)
        ledger = sqlite3.connect(copy / "ledger.sqlite")
        try:
            return dict(ledger.execute("SELECT job, serial FROM intent WHERE serial IS NOT NULL"))
        finally:
            ledger.close()

    def is_whole(self, serial):
        intents = self.intents()
        return sum(whole for job, whole in self.acts() if intents.get(job) == serial) == 1

    def judge(self):
        """The machines' own account against the ledger's: (double, lost, what is wrong)."""
        intents, states = self.intents(), {w["serial"]: w["state"] for w in wallets(self.host, self.batch)}
        began, whole, told = collections.Counter(), collections.Counter(), []
        for job, is_whole in self.acts():
            serial = intents.get(job, f"job {job}")
            began[serial] += 1
            whole[serial] += is_whole
        double = [s for s, n in began.items() if n > 1]
        lost = [s for s in began if s not in states]
        for serial in self.serials:
            state = states.get(serial)
            if not ((state == self.end and whole[serial] == 1) or (state == "spoiled" and serial in self.doubts)):
                lost.append(serial)
        told += [f"{s}: {states.get(s)}, began {began[s]}, whole {whole[s]}" for s in {*double, *lost}]
        if self.host.ctl("ledger", "verify", check=False).returncode:
            told.append("the ledger does not verify")
            lost.append("ledger")
        return len(double), len(lost), told

    def made_serials(self):
        return sorted(w["serial"] for w in wallets(self.host, self.batch, state=self.end))


class Printing(Phase):
    name, end, stations = "print", "printed", ("printer1",)

    def __init__(self, line, batch, serials):
        super().__init__(line, batch, serials)
        self.host = line.print
        self.suspended = None

    def look(self, station):
        batch = next(a for a in ask(self.host, "batch show", batch=self.batch) if a["type"] == "batch")
        counts = batch["counts"]
        done = counts.get("printed", 0) + counts.get("spoiled", 0)
        if done != self.done:
            self.suspended = None
        self.done = done
        if counts.get("in-doubt"):
            for row in wallets(self.host, self.batch, state="in-doubt"):
                self.settle(row["serial"])
        # A printer that nothing comes out of is switched off and on.
        self.suspended = self.suspended or time.monotonic()
        if not self.is_over() and time.monotonic() - self.suspended > 8:
            self.suspended = None
            self.power_cycle()

    def mend(self, name):
        for fault in ("faults", "fail", "hold"):
            pathlib.Path(self.line.printer.path(fault)).unlink(missing_ok=True)

    def power_cycle(self):
        self.mend("printer1")
        self.line.printer.stop()
        self.line.printer.start()

    def is_whole(self, serial):
        self.power_cycle()  # what still is in it comes out first
        return super().is_whole(serial)

    def acts(self):
        """[(job, whether both labels came out)]"""
        pages = collections.Counter()
        for path in pathlib.Path(self.line.printer.folder, "labels").glob("*.png"):
            found = re.match(r"\d+-.*?(\d+)-\d+\.png$", path.name)
            pages[int(found.group(1)) if found else path.name] += 1
        return [(job, n >= 2) for job, n in pages.items() for _ in range((n + 1) // 2)]

    def trouble(self, rng):
        kind = rng.choice(("media-empty", "fail", "power"))
        if kind == "power":
            self.line.printer.stop()
            self.line.printer.start()
        elif kind == "fail":
            self.line.printer.put("fail")
        else:
            self.line.printer.put("faults", "media-empty")


class Etching(Phase):
    name, end = "etch", "sealed"

    def __init__(self, line, batch, serials, addresses):
        super().__init__(line, batch, serials)
        self.host, self.addresses = line.etch, addresses
        self.waiting = collections.deque(serials)
        self.lasers = {laser.name: laser for laser in line.lasers}
        self.current = dict.fromkeys(self.lasers)
        self.stations = ("seal1", *self.lasers)

    def look(self, station):
        name = station["name"]
        if name not in self.lasers:
            return
        if self.current[name] is None:
            if not self.waiting:
                return
            self.current[name] = self.waiting.popleft()
        serial = self.current[name]
        state = wallet(self.host, serial)["state"]
        if state == "arrived" and station["state"] == "Execute" and self.may_try((name, serial)):
            self.line.scanners[name].scan(serial)
            self.line.scanners[name].scan(self.addresses[serial])
        elif state == "etched" and self.may_try(("seal", serial)):
            self.line.scanners["seal1"].scan(serial)
        elif state == "in-doubt":
            self.settle(serial)
        elif state in ("sealed", "spoiled"):
            self.current[name] = None
            self.done += 1

    def mend(self, name):
        for text in MEND if name in self.lasers else ():
            self.lasers[name].say(text, check=False)

    def acts(self):
        """[(job, whether the part is whole)] for each time that a laser went on."""
        acts = []
        for laser in self.lasers.values():
            log = laser.out / "marks.log"
            for words in map(str.split, log.read_text().splitlines() if log.exists() else ()):
                values = dict(w.split("=", 1) for w in words if "=" in w)
                if words[1] == "on":
                    acts.append([int(values["job"]), False])
                elif values.get("outcome") == "whole":
                    acts[-1][1] = True
        return acts

    def trouble(self, rng):
        rng.choice(list(self.lasers.values())).say(rng.choice(FAULTS), check=False)

    def release(self, batch):
        destroy_all(self.host, batch, "spoiled")
        self.host.both("batch", "release", batch)
        left = [w for w in wallets(self.host, batch) if w["state"] not in ("released", "spoiled")]
        if left:
            raise Trouble(f"released with open counts: {left[:3]}")


class Mischief:
    """Kills and faults, at random times between wallets and in the midst of them."""

    def __init__(self, rng, rate):
        self.rng, self.rate = rng, rate
        self.counts = collections.Counter()
        self.next = time.monotonic() + self.rng.uniform(0.2, 1)

    def __str__(self):
        return ", ".join(f"{n} {what}" for what, n in sorted(self.counts.items())) or "no trouble yet"

    def step(self, phase, may_kill_daemon):
        # Never so much that nothing goes on: a check takes its time.
        if time.monotonic() < self.next or sum(self.counts.values()) > 3 + 3 * phase.done:
            return
        self.next = time.monotonic() + self.rng.expovariate(self.rate)
        what = self.rng.choices(("daemon killed", "driver killed", "both killed", "device fault", "client gone"),
                                (2, 3, 1, 6, 2))[0]
        if what in ("daemon killed", "both killed") and not may_kill_daemon:
            return
        self.counts[what] += 1
        if what in ("driver killed", "both killed"):
            self.kill_driver(phase)
        if what in ("daemon killed", "both killed"):
            phase.host.process.child.kill()
            phase.host.process.child.wait()
        elif what == "device fault":
            phase.trouble(self.rng)
        elif what == "client gone":
            self.hang_up(phase)

    def kill_driver(self, phase):
        pids = children(phase.host)
        if pids:
            try:
                os.kill(self.rng.choice(pids), signal.SIGKILL)
            except ProcessLookupError:
                pass

    def hang_up(self, phase):
        """A client that goes in mid-command, or before its answer."""
        text = json.dumps({"schema": 1, "command": "wallet list", "args": {"batch": phase.batch}}).encode() + b"\n"
        try:
            with socket.socket(socket.AF_UNIX) as sock:
                sock.connect(str(phase.host.socket))
                sock.sendall(text[:self.rng.randrange(1, len(text) + 1)])
        except OSError:
            pass

    def end(self, phase):
        for name in phase.stations:
            phase.mend(name)

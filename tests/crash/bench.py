# SPDX-License-Identifier: MIT
"""One host, one machine and the people beside them, who go on until the batch of three is done.

    with EtchBench() as bench:          # bench_etch; or PrintBench of bench_print
        bench.points.arm(at=17, action="kill")
        bench.work()                    # daemon and drivers are started again as long as it takes
        outcome = bench.judge()         # the machine's own counts against the ledger

People do what the manual tells them: start the station, scan, look at a part that is in doubt
and settle it two of them, switch a machine off and on that no longer answers.
"""
import collections
import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "system" / "lib"), str(HERE)]
import fixture  # noqa: E402
import people  # noqa: E402
from ends_with_us import ends_with_us  # noqa: E402
from factory import ALICE, BOB, SUPERVISORS, VIEWERS, Trouble, program, settled_as  # noqa: E402
from points import Points  # noqa: E402

PATIENCE = float(os.environ.get("KEYLINE_PATIENCE", "180"))
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
# In seconds: between two looks, between two tries of the same, until people do something about a
# thing that does not move, until they start it again.  A machine that is busy with other things is slow.
GLANCE, AGAIN, QUIET, STUCK = 0.015, 0.1, 5, 40

# A daemon that tells one of these works no more until it is started again.
STOPPED = {"ledger", "ledger-full", "sync"}


# Libraries that end the process where they find no memory: OpenSSL's secure heap, and its X9.63 KDF, which writes to
# a context that it did not get; libuv, for its table of watchers.
DIES = r"^points: (SIGSEGV by a write to NULL in libcrypto|abort by libcrypto|abort by libuv)\b"


class Gone(Exception):
    """The daemon does not answer (any more)."""


class Outcome(collections.namedtuple("Outcome", "double lost doubt told why", defaults=((),))):
    """What one run came to; told: what is wrong, in words; why: the codes of the doubts."""


class Bench:
    kind = host = station = waiting = made = None

    def __init__(self, mutants=(), folder=None, stand_ins=None, **points):
        """stand_ins: a folder whose programs stand in for those that were built."""
        self.fixture = fixture.ready()
        self.addresses = fixture.wallets()
        self.serials = list(self.addresses)
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="keyline-crash-", dir=folder or MEMORY))
        self.run = pathlib.Path(tempfile.mkdtemp(prefix="kl-"))
        os.chmod(self.run, 0o755)
        self.ctl = shutil.copy(program("keylinectl"), self.run)
        for part in ("state", "spool", "highwater", "keys", "secure-disk"):
            if (self.fixture / self.kind / part).exists():
                shutil.copytree(self.fixture / self.kind / part, self.root / part)
        self.points = Points(self.run / "points", memo=self.fixture / "scrypt", mutants=mutants, **points)
        self.socket = self.run / "socket"
        self.daemon = None
        self.doubts, self.starts, self.keylined = set(), 0, program("keylined")
        self.drivers = fixture.BUILD / "drivers"
        if stand_ins:
            self.stand_in(pathlib.Path(stand_ins))
        # What is called once, before people first start the station.
        self.on_work = None
        self.log = open(self.root / "log", "ab")
        self.open_machine()
        self.write_config()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()
        self.close_machine()
        self.log.close()
        self.points.close()
        for folder in (self.root, self.run):
            shutil.rmtree(folder, ignore_errors=True)

    def stand_in(self, programs):
        if (programs / "keylined").exists():
            self.keylined = str(programs / "keylined")
        self.drivers = self.run / "drivers"
        self.drivers.mkdir()
        for name in ("etch-modbus", "print-ipp", "scan-serial"):
            mine = programs / name
            (self.drivers / name).symlink_to(mine if mine.exists() else program(name))

    # The daemon

    def write_config(self):
        mode, stage = ("usa", "etch") if self.kind == "etch" else ("china", "print")
        settings = dict(host=self.host, mode=mode, stages=stage, use="test", state=self.root / "state",
                        spool=self.root / "spool", socket=self.socket, viewers=VIEWERS, supervisors=SUPERVISORS,
                        highwater=self.root / "highwater", drivers=self.drivers, swap="allow")
        if self.kind == "etch":
            settings["unsealed_max"] = 10
        text = "[line]\n" + "".join(f"{k} = {v}\n" for k, v in settings.items())
        text += f"\n[keys]\nfolder = {self.root / 'keys'}\n\n" + self.machine_config()
        (self.root / "keyline.conf").write_text(text)

    def start(self, preload=True):
        self.starts += 1
        self.socket.unlink(missing_ok=True)
        environment = {**os.environ, **(self.points.environment() if preload else {})}
        self.daemon = subprocess.Popen([self.keylined, "-c", str(self.root / "keyline.conf")],
                                       stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
                                       env=environment, start_new_session=True, preexec_fn=ends_with_us())

    def is_running(self):
        return self.daemon is not None and self.daemon.poll() is None

    def kill(self):
        """Everything that runs on this host ends at once."""
        if self.daemon:
            try:
                os.killpg(self.daemon.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            self.daemon.wait()

    def end_well(self):
        """As its service manager ends it, and how it ended of itself: never by a fault of its own."""
        if self.is_running():
            self.daemon.terminate()
            try:
                self.daemon.wait(20)
            except subprocess.TimeoutExpired:
                raise Trouble("the daemon does not stop: " + self.tail())
        self.look_at_end()

    def look_at_end(self):
        """Killed by the campaign; or by itself, and then it has said why; or a library has ended it (DIES)."""
        if self.daemon is None or self.daemon.returncode in (0, -signal.SIGKILL):
            return
        if self.daemon.returncode in (-signal.SIGABRT, -signal.SIGSEGV) and re.search(DIES, self.tail(), re.M):
            return
        if self.daemon.returncode != 1 or not re.search(r"^(<[23]>.+: .+|keylined: .+)$", self.tail(), re.M):
            raise Trouble(f"the daemon ended by {self.daemon.returncode}, and said: {self.tail()}")

    def ask(self, command, **args):
        """The answers of one command, the end last."""
        answers = []
        try:
            with socket.socket(socket.AF_UNIX) as sock:
                sock.settimeout(10)
                sock.connect(str(self.socket))
                sock.sendall(json.dumps({"schema": 1, "command": command, "args": args}).encode() + b"\n")
                for line in sock.makefile("rb"):
                    answers.append(json.loads(line))
                    if answers[-1]["type"] == "end":
                        return answers
        except (OSError, ValueError):
            pass
        raise Gone(command)

    def objects(self, type_, command, **args):
        answers = self.ask(command, **args)
        if answers[-1]["exit"] not in (0, 6):
            raise Gone(f"{command}: {answers}")
        return [a for a in answers if a["type"] == type_]

    def both(self, *words):
        """One person asks and signs, another one approves; the daemon may be gone at any moment."""
        done = self.say(ALICE, *words)
        number = people.request_number(done.stderr)
        if number:
            done = self.say(BOB, "approve", number)
        if done.returncode not in (0, 3):
            raise Trouble(f"{words}: exit {done.returncode}: {done.stdout}{done.stderr}")

    def say(self, person, *words):
        return subprocess.run([self.ctl, "--socket", str(self.socket), *words, "--yes"], cwd="/",
                              stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              **people.as_person(self.run, person))

    def states(self):
        return {w["serial"]: w["state"] for w in self.objects("wallet", "wallet list", batch=fixture.BATCH)}

    def look(self):
        return next(s for s in self.objects("station", "station list") if s["name"] == self.station)

    # The people

    def is_over(self, states):
        if len(states) != len(self.serials):
            raise Trouble(f"the list of wallets is short, and said to be whole: {states}")
        return all(s in (self.made, "spoiled") for s in states.values())

    def work(self, patience=None):
        """Until no wallet waits any more."""
        deadline = time.monotonic() + (patience or PATIENCE)
        last, self.since, self.held = None, time.monotonic(), 0
        while time.monotonic() < deadline:
            if not self.is_running():
                if self.starts > 12:
                    raise Trouble("the daemon does not stay: " + self.tail())
                self.look_at_end()
                self.before_restart()
                self.start()
            try:
                states, station = self.states(), self.look()
                if self.is_over(states):
                    return
                seen = (states, station["state"], station.get("scans"), station.get("wallet"), self.starts)
                if seen != last:
                    last, self.since = seen, time.monotonic()
                self.act(states, station, time.monotonic() - self.since)
            except Gone:
                pass
            time.sleep(GLANCE)
        try:
            now = [self.look(), self.objects("fault", "status")]
        except Gone as gone:
            now = gone
        raise Trouble(f"not over in time: {last}\n{now}\n{self.tail()}")

    def begin_again(self):
        """What people do anew after a hold or a restart."""

    def before_restart(self):
        self.begin_again()

    def act(self, states, station, quiet):
        if quiet > 3 * AGAIN and self.needs_restart(quiet):
            self.since = time.monotonic()
            self.end_well()
            return
        doubtful = [s for s, state in states.items() if state == "in-doubt"]
        if doubtful:
            for serial in doubtful:
                self.doubts.add(serial)
                self.settle(serial)
        elif station["state"] == "Stopped":
            if self.on_work:
                self.on_work()
                self.on_work = None
            self.ask("station start", station=self.station)
        elif station["state"] == "Held" and time.monotonic() - self.held > AGAIN:
            self.held = time.monotonic()
            self.ask("station unhold", station=self.station)
            self.begin_again()
        elif station["state"] == "Aborted":
            self.ask("station clear", station=self.station)
        elif station["state"] == "Execute":
            self.feed(states, station, quiet)

    def needs_restart(self, quiet):
        """A daemon that has stopped its work tells so; that nothing moves at all is told too."""
        told = [f.get("code") for f in self.objects("fault", "status")]
        if quiet > STUCK and not told:
            raise Trouble(f"nothing moves and nothing is told\n{self.tail()}")
        if STOPPED & set(told) or quiet > STUCK:
            # What was broken is mended before it is started again.
            self.points.disarm()
            return True
        return False

    def settle(self, serial):
        """They look at the part and say what it is."""
        mode = "usa" if self.kind == "etch" else "china"
        self.both("wallet", "resolve", serial, *settled_as(mode, self.is_whole(serial)))

    # What came of it

    def ledger(self):
        """Of a copy, for the daemon holds its own."""
        copy = self.run / "ledger"
        copy.mkdir(exist_ok=True)
        for name in ("ledger.sqlite", "ledger.sqlite-wal"):
            (copy / name).unlink(missing_ok=True)
            if (self.root / "state" / name).exists():
                shutil.copyfile(self.root / "state" / name, copy / name)
        return contextlib.closing(sqlite3.connect(copy / "ledger.sqlite"))

    def intents(self):
        """{job: (serial, outcome)} as the ledger has them."""
        with self.ledger() as ledger:
            return {job: (serial, outcome) for job, serial, outcome in
                    ledger.execute("SELECT job, serial, outcome FROM intent WHERE serial IS NOT NULL")}

    def reasons(self):
        """Why each job that came into doubt did."""
        with self.ledger() as ledger:
            return tuple(detail.split(" ", 1)[-1] for detail, in ledger.execute(
                "SELECT detail FROM event WHERE kind = 'job' AND event = 'doubt' ORDER BY seq"))

    def judge(self):
        """Compares the machine's own account with the ledger's."""
        told, states = [], self.states()
        verified = self.ask("ledger verify")[-1]["exit"]
        if verified != 0:
            told.append(f"the ledger does not verify: {verified}")
        intents = self.intents()
        began, whole = collections.Counter(), collections.Counter()
        for job, is_whole in self.acts():
            serial = intents.get(job, ("?", ""))[0]
            began[serial] += 1
            whole[serial] += is_whole
        double = [s for s in self.serials if began[s] > 1]
        lost = [s for s in self.serials if (states[s] == self.made and whole[s] != 1)
                or (states[s] == "spoiled" and s not in self.doubts and (whole[s] or began[s]))
                or states[s] not in (self.made, "spoiled")]
        if began["?"]:
            lost.append("?")
            told.append(f"{began['?']} acts that no intent tells of")
        told += [f"{s}: {states.get(s)}, began {began[s]}, whole {whole[s]}" for s in {*double, *lost}]
        wrong = self.miscounts()
        return Outcome(len(double), len(lost) + len(wrong), len(self.doubts), told + wrong, self.reasons())

    def miscounts(self):
        return []

    def tail(self):
        """The last lines of its log; what it said again and again once."""
        lines = (self.root / "log").read_text(errors="replace").splitlines()[-40:]
        lines = list(dict.fromkeys(reversed(lines)))[11::-1]
        return "\n".join(lines) + "".join(f"\n{p}" for p in sorted(self.root.glob("core*")))

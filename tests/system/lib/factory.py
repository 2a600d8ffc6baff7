# SPDX-License-Identifier: MIT
"""A whole factory on one machine: hosts, printer, etchers, scanners, couriers and people.

The demo and the system tests build on it.  Everything real is real: keylined, the drivers,
ippeveprinter over TLS, Modbus, ptys.  What people do by hand (carry files, scan, press a
switch) is a method here.
"""
import atexit
import glob
import json
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import tty

sys.path.insert(0, os.path.dirname(__file__))
import people  # noqa: E402
from ctl_run import Terminal  # noqa: E402
from ends_with_us import ends_with_us  # noqa: E402
from people import ALICE, BOB, SUPERVISORS, VIEWERS  # noqa: E402, F401
from ports import take_port  # noqa: E402
from printer import Printer  # noqa: E402
from where import BUILD, SRC  # noqa: E402

# Reading commands, and the arguments that keylinectl gives them by their place.
READS = {"status": (), "batch list": (), "batch show": ("batch",), "wallet list": ("batch",), "wallet show": ("serial",),
         "station list": (), "key list": (), "request list": (), "person list": (), "ledger head": ()}
PATIENCE = float(os.environ.get("KEYLINE_PATIENCE", "60"))


class Trouble(Exception):
    pass


def wait_for(what, probe, patience=None):
    """Polls probe() until it gives something true; names what it waited for when it never does."""
    deadline = time.monotonic() + (patience or PATIENCE)
    while True:
        value = probe()
        if value:
            return value
        if time.monotonic() > deadline:
            raise Trouble(f"waited in vain for {what}")
        select.select([], [], [], 0.02)


def program(name):
    for place in ("daemon", "drivers", "ctl", "qa", "sim", "tests/tools"):
        path = BUILD / place / name
        if path.exists():
            return str(path)
    raise Trouble(f"{name} is not built in {BUILD}")


def settled_as(mode, good):
    """What two people say of a wallet in doubt whose part they have looked at."""
    code = ("marked-" if mode == "usa" else "printed-") + ("whole" if good else "part")
    return "--good" if good else "--spoiled", "--reason", code


class Scanner:
    """A pty whose other end scan-serial opens as if it were a USB scanner."""

    def __init__(self, link):
        self.master, slave = pty.openpty()
        tty.setraw(slave)
        self.slave = slave  # kept open: no hang-up while the driver reopens
        self.path = str(link)
        if os.path.islink(self.path):
            os.unlink(self.path)
        os.symlink(os.ttyname(slave), self.path)

    def scan(self, text):
        os.write(self.master, text.encode() + b"\r\n")


class Process:
    def __init__(self, argv, log, **more):
        self.log = open(log, "ab")
        self.argv = argv
        self.child = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
                                      start_new_session=True, preexec_fn=ends_with_us(), **more)

    def stop(self, how=signal.SIGTERM, patience=10):
        """The process alone is told, as its service manager would; what it leaves behind is killed."""
        if self.child.poll() is None:
            self.child.send_signal(how)
            try:
                self.child.wait(patience)
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()
        try:
            os.killpg(self.child.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.log.close()  # it may lie on a disk that is to be unmounted
        return self.child.returncode


class Host:
    """One keylined with its folders, and the people who work at it."""

    def __init__(self, factory, name, mode, stages, extra=""):
        self.factory, self.name, self.mode, self.stages = factory, name, mode, stages
        self.root = factory.root / "hosts" / name
        self.state, self.spool = self.root / "state", self.root / "spool"
        for d in (self.state, self.spool, self.root / "highwater"):
            d.mkdir(parents=True, exist_ok=True)
            os.chmod(d, 0o700)
        if os.geteuid() == 0:
            # As an installed spool: its people's group goes to whatever is made in it.
            os.chown(self.spool, -1, VIEWERS)
            os.chmod(self.spool, 0o2750)
        os.chmod(self.root, 0o755)
        self.socket = factory.run / f"{name}.sock"
        self.config = self.root / "keyline.conf"
        self.extra = extra
        self.process = None

    def write_config(self, **line):
        settings = dict(host=self.name, mode=self.mode, stages=self.stages, use="test", state=self.state,
                        spool=self.spool, socket=self.socket, viewers=VIEWERS, supervisors=SUPERVISORS,
                        highwater=self.root / "highwater", drivers=BUILD / "drivers", swap="allow")
        settings.update(line)
        text = "[line]\n" + "".join(f"{k} = {v}\n" for k, v in settings.items())
        text += f"\n[keys]\nfolder = {self.root / 'keys'}\n\n" + self.extra
        self.config.write_text(text)

    def start(self, wrapper=(), env=None):
        self.process = Process([*wrapper, program("keylined"), "-c", str(self.config)], self.root / "log",
                               env={**os.environ, **(env or {})})
        self.factory.processes.append(self.process)
        wait_for(f"{self.name} to answer", lambda: self.process.child.poll() is not None or self.alive())
        if self.process.child.poll() is not None:
            raise Trouble(f"{self.name} ended at once:\n" + (self.root / "log").read_text()[-2000:])
        if os.geteuid() == 0 and not self.ask("person", "list"):
            self.enroll(ALICE, BOB)
        return self

    def enroll(self, *uids):
        """The administrator lets their keys count: he may for the first two."""
        for uid in uids:
            self.ctl("person", "enroll", uid, f"{people.key_file(self.factory.run, uid)}.pub", "--yes")

    def alive(self):
        try:
            return self.answers("status")[-1]["exit"] in (0, 6)
        except OSError:
            return False

    def stop(self, how=signal.SIGTERM):
        return self.process.stop(how) if self.process else 0

    def ctl(self, *words, check=True, uid=0, quiet=False, json_lines=False):
        """Runs keylinectl as a person (uid 0 is the machine's administrator, who is no person)."""
        person = {} if uid == 0 else people.as_person(self.factory.run, uid)
        argv = [str(self.factory.keylinectl), "--socket", str(self.socket)]
        argv += (["--json"] if json_lines else []) + [str(w) for w in words]
        done = subprocess.run(argv, capture_output=True, text=True, stdin=subprocess.DEVNULL, cwd="/", **person)
        if check and done.returncode:
            raise Trouble(f"{self.name}: keylinectl {' '.join(map(str, words))}: exit {done.returncode}\n"
                          f"{done.stdout}{done.stderr}")
        return done

    def ask(self, *words):
        """The objects that a reading command answers.  No keylinectl stands between: it is asked all the time."""
        command, names = next(((c, names) for c, names in READS.items() if " ".join(words).startswith(c)), (None, ()))
        given = words[len(command.split()):] if command else words
        if not command or len(given) > len(names):
            return [json.loads(line) for line in self.ctl(*words, json_lines=True).stdout.splitlines()]
        try:
            *answers, end = self.answers(command, **dict(zip(names, map(str, given))))
        except OSError as e:
            raise Trouble(f"{self.name}: {command}: {e}")
        if end["exit"]:
            raise Trouble(f"{self.name}: {words}: exit {end['exit']}\n{answers}")
        return answers

    def answers(self, command, **args):
        """What the daemon's socket gives, the end last; OSError: there is none, or it is gone."""
        with socket.socket(socket.AF_UNIX) as sock:
            sock.settimeout(PATIENCE)
            sock.connect(str(self.socket))
            sock.sendall(json.dumps({"schema": 1, "command": command, "args": args}).encode() + b"\n")
            answers = []
            with sock.makefile("rb") as lines:
                for line in lines:
                    answers.append(json.loads(line))
                    if answers[-1]["type"] == "end":
                        return answers
        raise ConnectionResetError("no end")

    def first(self, *words, uid=ALICE):
        """One person asks for what takes two, and signs it; the number of his request."""
        done = self.ctl(*words, "--yes", uid=uid, check=False)
        number = people.request_number(done.stderr) if done.returncode == 5 else None
        if not number:
            raise Trouble(f"{self.name}: {words}: one person was enough, or it failed otherwise: "
                          f"{done.returncode} {done.stdout}{done.stderr}")
        return number

    def typed(self, *words, answers=()):
        """keylinectl at a terminal where secrets are typed: answers are (prompt, text); (exit, what the screen had)."""
        screen = Terminal([*map(str, words), "--socket", str(self.socket)])
        for prompt, text in answers:
            screen.text = ""
            try:
                screen.read_until(prompt)
            except EOFError:
                break  # refused before it asked
            screen.type(text + "\n")
        before = screen.text
        code = screen.end()
        return code, screen.text or before

    def enroll_operator(self, name, code):
        """A badge or a PIN; gives the exit and what was told."""
        pin = () if code.startswith("KLB-") else ("--pin",)
        return self.typed("operator", "enroll", name, *pin, answers=[
            ("New PIN: " if pin else "Scan the badge: ", code), ("The same again: ", code)])

    def sign_on(self, station, name, code):
        """At a terminal beside a station."""
        return self.typed("station", "signon", station, name, answers=[("PIN or badge: ", code)])

    def both(self, *words, people=None):
        """One person asks and signs, another one reads it and approves."""
        people = people or (ALICE, BOB)
        return self.ctl("approve", self.first(*words, uid=people[0]), "--yes", uid=people[1])

    def readable(self, path):
        """A copy of a file where all people can read it."""
        copy = self.factory.run / pathlib.Path(path).name
        shutil.copyfile(path, copy)
        copy.chmod(0o644)
        return copy

    def trust(self, certificate, fingerprint):
        """Two people trust another host's site, each having its fingerprint read out."""
        return self.both("key", "trust", self.readable(certificate), *fingerprint.split())

    def states(self, batch):
        return {w["serial"]: w["state"] for w in self.ask("wallet", "list", batch)
                if w["type"] == "wallet"}

    def put_wallets(self, batch, states, draws=0, serials=()):
        """Wallets straight into the tables of a ledger that nobody has open; their serials (none of the pattern)."""
        serials = serials or [f"{batch}-{n}" for n in range(1, len(states) + 1)]
        self.stop()
        base = sqlite3.connect(self.state / "ledger.sqlite")
        with base:
            base.execute("INSERT INTO batch VALUES (?,'CARD','BTC','test','',?,?,0,'running',0,'',0,0)",
                         (batch, len(states), draws))
            base.executemany("INSERT INTO wallet VALUES (?,?,?,?,0,'',0,1,0,0,0)",
                             [(serial, batch, n, state) for n, (serial, state) in enumerate(zip(serials, states), 1)])
        base.close()
        self.start()
        return serials

    def wait_states(self, batch, wanted, patience=None):
        def look():
            states = self.states(batch)
            return states if states and all(s in wanted for s in states.values()) else None
        try:
            return wait_for(f"{self.name}: all of {batch} in {wanted}", look, patience)
        except Trouble as trouble:
            raise Trouble(f"{trouble}\n{self.states(batch)}\n{self.ctl('status', check=False).stdout}\n"
                          + self.log_text())

    def wait_wallet(self, serial, wanted, patience=None):
        wanted = (wanted,) if isinstance(wanted, str) else wanted

        def look():
            state = next((w["state"] for w in self.ask("wallet", "show", serial) if w["type"] == "wallet"), None)
            return state if state in wanted else None
        try:
            return wait_for(f"{self.name}: {serial} to be {wanted}", look, patience)
        except Trouble as trouble:
            raise Trouble(f"{trouble}\n{self.ctl('status', check=False).stdout}\n"
                          + self.log_text())

    def log_text(self):
        return (self.root / "log").read_text()[-1500:]

    def station(self, name):
        return next(s for s in self.ask("station", "list") if s["type"] == "station" and s["name"] == name)

    def wait_station(self, station, wanted, patience=None):
        wanted = (wanted,) if isinstance(wanted, str) else wanted

        def look():
            return self.station(station)["state"] in wanted
        try:
            wait_for(f"{self.name}: station {station} to be {wanted}", look, patience)
        except Trouble as trouble:
            raise Trouble(f"{trouble}\n{self.ctl('status', check=False).stdout}\n"
                          + self.log_text())

    def wait_up(self, station):
        """The station's device is there again, whatever state the station is in."""
        wait_for(f"{self.name}: the device of {station}", lambda: not any(
            f["type"] == "fault" and f.get("about") == station and f["code"] != "doubt-settled" for f in self.ask("status")))

    def drop(self, source, name=None):
        """Puts a copy of a file into incoming/, the way a careful person does: hidden first."""
        source = pathlib.Path(source)
        name = name or source.name
        hidden = self.spool / "incoming" / f".{name}.part"
        shutil.copyfile(source, hidden)
        os.rename(hidden, self.spool / "incoming" / name)
        return name

    def write(self, name, text):
        hidden = self.spool / "incoming" / f".{name}.part"
        hidden.write_bytes(text if isinstance(text, bytes) else text.encode())
        os.rename(hidden, self.spool / "incoming" / name)
        return name

    def result(self, name, patience=None):
        """Waits for the result file of a dropped file; gives (folder, text)."""
        def look():
            for folder in ("done", "failed", "duplicate"):
                for found in sorted((self.spool / folder).glob(f"{name}*.result.txt")):
                    return folder, found.read_text()
            return None
        return wait_for(f"{self.name}: the result of {name}", look, patience)

    def outgoing(self, pattern, patience=None):
        def look():
            return sorted((self.spool / "outgoing").glob(pattern))
        return wait_for(f"{self.name}: {pattern} in outgoing/", look, patience)


class Etcher:
    """keyline-sim on TCP or on a pty."""

    def __init__(self, factory, name, link, serial, mark_ms=200):
        self.factory, self.name, self.serial = factory, name, serial
        self.out = factory.root / "etchers" / name
        self.out.mkdir(parents=True, exist_ok=True)
        self.control = factory.run / f"{name}.ctl"
        if link == "tcp":
            self.port = take_port()
            self.device = f"tcp:127.0.0.1:{self.port}"
            self.link = ["--tcp", f"127.0.0.1:{self.port}"]
        else:
            self.path = factory.run / f"{name}.tty"
            self.device = f"rtu:{self.path}:115200:8N1"
            self.link = ["--rtu", str(self.path)]
        self.mark_ms = mark_ms
        self.process = None

    def start(self):
        self.process = Process([program("keyline-sim"), "--profile", str(SRC / "conf" / "etch-profile.conf"), *self.link,
                                "--serial", self.serial, "--out", str(self.out), "--control", str(self.control),
                                "--mark-ms", str(self.mark_ms), "--auto-part", "--state", str(self.out / "state")],
                               self.out / "log")
        self.factory.processes.append(self.process)
        wait_for(f"{self.name} to listen", lambda: self.control.exists() and self.say("status", check=False))
        return self

    def say(self, text, check=True):
        """One line to the simulator's control socket; its answer."""
        try:
            with socket.socket(socket.AF_UNIX) as s:
                s.connect(str(self.control))
                s.sendall(text.encode() + b"\n")
                answer = s.makefile().readline().strip()
        except OSError as e:
            if check:
                raise Trouble(f"{self.name}: {text}: {e}")
            return None
        if check and not answer.startswith("ok"):
            raise Trouble(f"{self.name}: {text}: {answer}")
        return answer

    def marks(self):
        """How often the laser went on, by the device's own log: [(job, counter before)]."""
        log = self.out / "marks.log"
        lines = log.read_text().splitlines() if log.exists() else []
        return [tuple(int(re.search(key + r"=(\d+)", line).group(1)) for key in ("job", "counter"))
                for line in lines if line.split()[1] == "on"]

    def whole_marks(self):
        log = self.out / "marks.log"
        return log.read_text().count(" outcome=whole ") if log.exists() else 0

    def stop(self, how=signal.SIGTERM):
        self.process.stop(how)


class Factory:
    def __init__(self, root=None):
        # Tests need no disk that survives a power cut; in memory their syncs cost nothing.
        memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        self.root = pathlib.Path(root or tempfile.mkdtemp(prefix="keyline-factory-", dir=memory))
        self.is_ours = root is None
        self.root.mkdir(parents=True, exist_ok=True)
        self.run = pathlib.Path(tempfile.mkdtemp(prefix="keyline-run-"))  # short paths, open to all users
        os.chmod(self.run, 0o755)
        # A copy that other users can run, wherever the build lies.
        self.keylinectl = pathlib.Path(shutil.copy(program("keylinectl"), self.run))
        self.processes, self.mounts, self.printers = [], [], []
        atexit.register(self.close)

    def printer(self, name="printer", **more):
        printer = Printer(str(self.root / name), **more).start()
        self.printers.append(printer)
        return printer

    def close(self):
        for printer in self.printers:
            printer.stop()
        self.printers.clear()
        for process in reversed(self.processes):
            process.stop()
        self.processes.clear()
        for mount in reversed(self.mounts):
            subprocess.run(["umount", mount], stderr=subprocess.DEVNULL)
        self.mounts.clear()
        shutil.rmtree(self.run, ignore_errors=True)
        if self.is_ours:
            shutil.rmtree(self.root, ignore_errors=True)

    def secure_disk(self, name="secure-disk", megabytes=32):
        """A file system of its own on a loop device; where that cannot be had, a folder.  Gives (path, config)."""
        image, path = self.root / f"{name}.img", self.root / name
        path.mkdir(exist_ok=True)
        with open(image, "wb") as f:
            f.truncate(megabytes << 20)
        made = subprocess.run(["mkfs.ext4", "-q", "-O", "^has_journal,^inline_data", str(image)], capture_output=True)
        if made.returncode == 0 and subprocess.run(["mount", "-o", "loop", str(image), str(path)],
                                                   capture_output=True).returncode == 0:
            self.mounts.append(str(path))
            os.chmod(path, 0o700)
            uuid = subprocess.run(["blkid", "-o", "value", "-s", "UUID", str(image)], capture_output=True,
                                  text=True).stdout.strip()
            return path, f"[secure-disk]\npath = {path}\nuuid = {uuid}\nserial = loop:{image}\nmedium = disk\n\n"
        image.unlink()
        return path, f"[secure-disk]\npath = {path}\nmedium = directory\n\n"

    def introduce(self, *hosts):
        """Each host makes its site key; people read the fingerprints to each other and trust."""
        for host in hosts:
            host.ctl("key", "new", "site", "--yes")
        for host in hosts:
            certificate = host.outgoing(f"{host.name}.site.crt")[0]
            finger = next(k["fingerprint"] for k in host.ask("key", "list")
                          if k["type"] == "key" and k["kind"] == "site" and k["host"] == host.name)
            for other in hosts:
                if other is not host:
                    other.trust(certificate, finger)

    def carry(self, source, pattern, *targets):
        """A courier takes what matches from one host's outgoing/ to the others' incoming/; all must take it."""
        for path in source.outgoing(pattern):
            for target in targets:
                name = target.drop(path)
                folder, text = target.result(name)
                if folder != "done":
                    raise Trouble(f"{target.name} refused {name}:\n{text}")


def serial_of(text):
    """A serial with its check character: ISO/IEC 7064, MOD 37,36."""
    sum_ = 36
    for c in text:
        sum_ = ((sum_ + int(c, 36)) % 36 or 36) * 2 % 37
    return text + "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[(37 - sum_) % 36]


def read_label(picture):
    """What a phone reads on one layer: the texts of its symbols."""
    found = subprocess.run(["zbarimg", "-q", "--raw", "--nodbus", picture], capture_output=True, text=True)
    return found.stdout.split()


def qa_decrypt(epk, passphrase, *options):
    done = subprocess.run([program("keyline-qa"), "decrypt", *options], input=f"{epk}\n{passphrase}\n",
                          capture_output=True, text=True)
    return done.returncode, done.stdout.split()

# SPDX-License-Identifier: MIT
"""The bench of an etching host: a simulated etcher, a scanner, three parts."""
import os
import re
import socket
import subprocess
import time

from bench import QUIET, Bench
from ends_with_us import ends_with_us
from factory import SRC, Scanner, program
from ports import take_port


class EtchBench(Bench):
    kind, host, station, waiting, made = "etch", "us-etch", "laser1", "arrived", "etched"
    profile, mark_ms = SRC / "conf" / "etch-profile.conf", 1

    def open_machine(self):
        self.out = self.root / "etcher"
        self.out.mkdir()
        self.port = take_port()
        self.scanner = Scanner(self.run / "scanner")
        self.sim = self.scanned = None
        self.scanned_at = 0
        self.switch_on()

    def switch_on(self):
        self.sim = subprocess.Popen(
            [program("keyline-sim"), "--profile", str(self.profile), "--tcp",
             f"127.0.0.1:{self.port}", "--serial", "SIM-0001", "--out", str(self.out), "--state",
             str(self.out / "state"), "--mark-ms", str(self.mark_ms), "--auto-part=1", "--pictures", "svg",
             "--control", str(self.run / "etcher")],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, preexec_fn=ends_with_us())

    def close_machine(self):
        self.sim.kill()
        self.sim.wait()
        os.close(self.scanner.master)
        os.close(self.scanner.slave)

    def machine_config(self):
        return ("[route]\nresults = cn-mint\n\n[from]\npassphrases = us-gen\nconfirmations = cn-mint\nshipment = cn-print\n\n"
                f"[station {self.station}]\nkind = etch\ndevice = tcp:127.0.0.1:{self.port}\nunit = 1\n"
                f"profile = {self.profile}\ndevice_serial = SIM-0001\n"
                f"scanner = {self.scanner.path}\n\n")

    def feed(self, states, station, quiet):
        """The next part in the fixture is scanned, and again when nothing comes of it."""
        claimed = [s for s, state in states.items() if state in ("claimed", "etching")]
        waiting = [s for s, state in states.items() if state == self.waiting]
        if claimed or not waiting:
            return
        # Never faster than a hand: what no driver reads stands in the line, until it takes no more.
        now = time.monotonic()
        if waiting[0] != self.scanned or (quiet > QUIET and now - self.scanned_at > QUIET):
            self.scanned, self.scanned_at = waiting[0], now
            self.scanner.scan(waiting[0])
            self.scanner.scan(self.addresses[waiting[0]])

    def begin_again(self):
        self.scanned = None

    def lines(self):
        log = self.out / "marks.log"
        return [line.split() for line in log.read_text().splitlines()] if log.exists() else []

    def acts(self):
        """[(job, whether the part is whole)] for each time that the laser went on."""
        acts = []
        for words in self.lines():
            values = dict(w.split("=", 1) for w in words if "=" in w)
            if words[1] == "on":
                acts.append([int(values["job"]), False])
            elif values.get("outcome") == "whole":
                acts[-1][1] = True
        return acts

    def is_whole(self, serial):
        intents = self.intents()
        return any(is_whole and intents.get(job, ("",))[0] == serial for job, is_whole in self.acts())

    def miscounts(self):
        """The device's own counter and its drawings against its laser's log."""
        with socket.socket(socket.AF_UNIX) as sock:
            sock.connect(str(self.run / "etcher"))
            sock.sendall(b"status\n")
            status = sock.makefile().readline()
        counter, starts = (int(re.search(f" {word}=(\\d+)", status).group(1)) for word in ("counter", "starts"))
        acts, told, jobs = self.acts(), [], self.intents()
        drawings = sorted(self.out.glob("plate-*.svg"), key=lambda p: int(p.stem.split("-")[1]))
        whole = sum(is_whole for _, is_whole in acts)
        if counter != whole or len(drawings) != len(acts):
            told.append(f"the device counts {counter}, its log {whole} of {len(acts)}, drawings {len(drawings)}")
        if starts > len(jobs):
            told.append(f"START came {starts} times for {len(jobs)} jobs")
        for (job, is_whole), drawing in zip(acts, drawings):
            if is_whole and jobs.get(job, ("?",))[0] not in self.read_plate(drawing):
                told.append(f"job {job} of {jobs.get(job)} marked something else")
        return told

    def read_plate(self, drawing):
        return subprocess.run([program("read_plate"), str(drawing)], capture_output=True, text=True).stdout.split()

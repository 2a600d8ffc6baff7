# SPDX-License-Identifier: MIT
"""etch-modbus as a child, spoken to in driver lines."""
import atexit
import hashlib
import os
import signal
import struct
import subprocess
import sys
import time
import urllib.parse

import etcher_host as eh
from ends_with_us import ends_with_us

DRIVER = os.path.join(os.environ["builddir"], "drivers", "etch-modbus")
PASSPHRASE = "7QK2-9FXM-41TB-ZC8H-0O1I"
SERIAL = "AA000001K"
NONCE = "00112233aabbccdd"
REPLUGGED = 4
children = []


def end_children():
    """A test that fails leaves nothing behind."""
    for child in children:
        if child.poll() is None:
            child.kill()


atexit.register(end_children)
signal.signal(signal.SIGALRM, lambda number, frame: sys.exit("took too long"))


class Sim(eh.Sim):
    def start(self):
        super().start()
        children.append(self.process)


def digest(kind, serial=None, text=None, nonce=NONCE, test="0"):
    """As keyline-driver(7) has it, written anew."""
    h = hashlib.sha256(b"keyline-digest-1")
    for value in (kind, serial, text, None, None, nonce, test):
        if value is None:
            h.update(b"\xff\xff\xff\xff")
        else:
            h.update(struct.pack(">I", len(value)) + value.encode())
    return h.hexdigest()


class Line:
    def __init__(self, text):
        words = text.split(" ")
        self.text, self.verb, self.job = text, words[0], words[1]
        self.values = {}
        for word in words[2:]:
            key, value = word.split("=", 1)
            self.values[key] = urllib.parse.unquote(value)

    def __getitem__(self, key):
        return self.values.get(key)

    def __repr__(self):
        return self.text


class Driver:
    # the boot id that was ready for a job of a device, as an intent keeps it
    boots = {}

    def __init__(self, folder, device, serial="SIM-0001", profile=None, unit="1",
                 lock=None, **more):
        self.args = [DRIVER, "--device", device, "--unit", unit, "--profile",
                     profile or os.path.join(os.environ["srcdir"], "conf",
                                             "etch-profile.conf"),
                     "--serial", serial, "--lock", lock or folder + "/lock"]
        self.status = None
        self.process = subprocess.Popen(self.args, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        preexec_fn=ends_with_us(), **more)
        children.append(self.process)
        self.pipe = eh.Pipe(self.process.stdout.fileno())

    @staticmethod
    def for_sim(sim, **more):
        device = ("rtu:%s/line:115200:8N1" % sim.folder if sim.rtu
                  else "tcp:127.0.0.1:%s" % sim.port.rsplit(":", 1)[-1])
        driver = Driver(sim.folder, device, profile=sim.profile_path, **more)
        driver.hello()
        return driver

    def hello(self):
        line = self.line()
        assert line.verb == "hello" and line["kind"] == "etch", line

    def line(self):
        """The next line of any kind."""
        line = Line(self.pipe.next())
        if line.verb == "ready":
            assert int(line["boot"]) > 0, line
            self.boots[self.args[2], line.job] = line["boot"]
        return line

    def next(self):
        """The next line that is not information."""
        while True:
            line = self.line()
            if line.verb == "status":
                self.status = line
            elif line.verb not in ("started", "progress"):
                return line

    def until_status(self, condition):
        end = time.monotonic() + eh.LIMIT
        while not (self.status and condition(self.status)):
            assert time.monotonic() < end, self.status
            line = self.line()
            assert line.verb == "status", line
            self.status = line
        return self.status

    def until_ready(self):
        return self.until_status(lambda s: s["state"] == "ready" and s["code"] == "none")

    def acknowledge(self):
        """What a person says at the station: a latched fault whose cause is gone may go."""
        self.say("acknowledge -")
        line = self.next()
        assert (line.verb, line.job) == ("acknowledged", "-"), line

    def say(self, text):
        self.process.stdin.write(text.encode() + b"\n")
        self.process.stdin.flush()

    def load(self, job, text=PASSPHRASE, serial=SERIAL, nonce=NONCE, test="0"):
        try:
            self.say("load %d kind=plate serial=%s text=%s nonce=%s test=%s"
                     % (job, serial, text, nonce, test))
            line = self.next()
        except (eh.Ended, BrokenPipeError):
            # before the start: for the daemon that is a refusal
            self.leaves_as_replugged()
            line = Line("refused %d code=device-replugged" % job)
        assert int(line.job) == job, line
        return line

    def start(self, job):
        self.say("start %d" % job)
        return self.outcome(job)

    def outcome(self, job):
        """The line that ends the job; `lost JOB' when the driver leaves for the next one to ask."""
        try:
            line = self.next()
        except eh.Ended:
            self.leaves_as_replugged()
            line = Line("lost %d" % job)
        assert int(line.job) == job, line
        return line

    def leaves_as_replugged(self):
        """Its serial line came anew, which another process must open."""
        assert self.args[2].startswith("rtu:"), self.args
        got = self.process.wait(eh.LIMIT)
        assert got == REPLUGGED, got

    def mark(self, job, **more):
        ready = self.load(job, **more)
        assert ready.verb == "ready", ready
        done = self.start(job)
        assert done.verb == "done" and int(done["counter"]) == int(ready["counter"]) + 1, done
        return done

    def query(self, job, counter, boot=None):
        """Asks with the boot id that was ready for the job, or another."""
        boot = boot or self.boots.get((self.args[2], str(job)))
        self.say("query %d counter=%s nonce=%s serial=%s%s"
                 % (job, counter, NONCE, SERIAL, " boot=%s" % boot if boot else ""))
        return self.next()

    def kill(self):
        self.process.kill()
        self.close()

    def end(self, code=0):
        """End of file: it makes the device safe and leaves."""
        self.process.stdin.close()
        got = self.process.wait(eh.LIMIT)
        assert got == code, got
        self.close()

    def close(self):
        self.process.wait(eh.LIMIT)
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.stderr.close()

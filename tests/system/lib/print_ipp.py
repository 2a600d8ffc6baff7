# SPDX-License-Identifier: MIT
"""What the tests of print-ipp share: a daemon's side of the driver lines."""
import hashlib
import os
import re
import select
import shutil
import struct
import subprocess
import sys
import tempfile
import time

import printer
from ends_with_us import ends_with_us

LIMIT = 30.0
NONCE = "0123456789abcdef"
EPK = "6PnTTnPTwVZEWeggP4hi2j5hpGXb5Ya3tDGeuNrxhSN9e7ZmzjGdDWhSrV"
ADDRESS = "bc1qxy2kgdygjrsqtzq2n0yrf2493p83kkfjhx0wlh"
SERIAL = "AA000001K"


class Driver:
    """A print-ipp child; line() gives its lines, say() sends it one."""

    # which start of its printer the last ready told of
    boot = 0

    def __init__(self, folder, uri, pin, lock="lock", *options):
        self.process = subprocess.Popen(
            [os.environ["builddir"] + "/drivers/print-ipp", "--uri", uri, "--pin", pin,
             "--host", "cn-print", "--lock", os.path.join(folder, lock)] +
            (list(options) if "--media" in options else ["--media", "40x40", *options]),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=ends_with_us())
        self.rest = b""

    def line(self):
        """The next line, or None at the end."""
        end = time.monotonic() + LIMIT
        fd = self.process.stdout.fileno()
        while b"\n" not in self.rest:
            left = end - time.monotonic()
            assert left > 0, "no line in time; have %r" % self.rest
            if not select.select([fd], [], [], left)[0]:
                continue
            got = os.read(fd, 65536)
            if not got:
                assert not self.rest, "cut: %r" % self.rest
                return None
            self.rest += got
        line, self.rest = self.rest.split(b"\n", 1)
        line = line.decode("ascii")
        boot = re.search(r"^ready .* boot=(\d+)", line)
        if boot:
            Driver.boot = int(boot.group(1))
        return line

    def say(self, line):
        self.process.stdin.write(line.encode("ascii") + b"\n")
        self.process.stdin.flush()

    def expect(self, *lines):
        """The next lines are these; `...` at the end of one stands for anything."""
        for wish in lines:
            got = self.line()
            same = got is not None and (
                got.startswith(wish[:-3]) if wish.endswith("...") else got == wish)
            assert same, "expected %r, got %r" % (wish, got)
        return got

    def expect_hello(self, status="status - state=ready"):
        self.expect("hello - protocol=1 name=print-ipp version=...", status)

    def until(self, *beginnings):
        """Passes over status and progress lines up to one that begins so."""
        while True:
            got = self.line()
            assert got is not None, "it ended before %r" % (beginnings,)
            if got.startswith(beginnings):
                return got
            assert got.startswith(("status ", "progress ", "started ")), got

    def end(self, code=0):
        """Closes its stdin, drains it, and checks how it ended."""
        self.process.stdin.close()
        while self.line() is not None:
            pass
        got = self.process.wait(LIMIT)
        assert got == code, "exit code %d" % got

    def ended(self, code=0):
        """It ends by itself."""
        assert self.line() is None
        got = self.process.wait(LIMIT)
        assert got == code, "exit code %d" % got

    def kill(self):
        self.process.kill()
        self.process.wait()


def load(job, serial=SERIAL, epk=EPK, address=ADDRESS, test=1):
    return "load %d kind=sticker serial=%s epk=%s address=%s nonce=%s test=%d" % (
        job, serial, epk, address, NONCE, test)


def digest(kind="sticker", serial=SERIAL, epk=EPK, address=ADDRESS, test=1):
    """What ready must say: keyline-driver(7), by our own reckoning."""
    text = b"keyline-digest-1"
    for value in (kind, serial, None, epk, address, NONCE, str(test)):
        if value is None:
            text += struct.pack(">I", 0xffffffff)
        else:
            text += struct.pack(">I", len(value)) + value.encode("ascii")
    return hashlib.sha256(text).hexdigest()


def query(job, nonce=NONCE, counter=0, boot=None):
    """boot: as an intent keeps it; without one that of the last ready."""
    return "query %d counter=%d boot=%d nonce=%s serial=%s" % (
        job, counter, Driver.boot if boot is None else boot, nonce, SERIAL)


def read_label(picture):
    """All that a scanner reads from a label, sorted."""
    got = subprocess.run(["zbarimg", "-q", "--raw", "--nodbus", picture], check=True,
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    return sorted(got.decode("ascii").split())


def run(tests):
    """Runs each test with a folder of its own; the exit code of the script."""
    lack = printer.missing() or ("zbarimg" if not printer.find("zbarimg") else None)
    if lack:
        print("skipped: no %s here" % lack)
        sys.exit(77)
    for test in tests:
        folder = tempfile.mkdtemp(prefix="keyline-print.")
        things = Things(folder)
        begun = time.monotonic()
        try:
            test(things)
            print("ok %s (%.1f s)" % (test.__name__, time.monotonic() - begun), flush=True)
        except BaseException:
            print("FAILED", test.__name__, flush=True)
            things.show()
            raise
        finally:
            things.close()
            shutil.rmtree(folder)


class Things:
    """The printers and drivers of one test, ended with it."""

    def __init__(self, folder):
        self.folder, self.printers, self.drivers = folder, [], []

    def printer(self, name="printer", **options):
        made = printer.Printer(os.path.join(self.folder, name), **options)
        self.printers.append(made)
        return made.start()

    def driver(self, to, lock="lock", *options, pin=None):
        made = Driver(self.folder, to.uri, pin or to.pin, lock, *options)
        self.drivers.append(made)
        return made

    def show(self):
        for made in self.drivers:
            if made.process.poll() is None:
                made.kill()
            print("driver's stderr:", made.process.stderr.read())
        for made in self.printers:
            with open(made.path("log"), encoding="utf-8", errors="replace") as log:
                print("".join(log.readlines()[-40:]))

    def close(self):
        for made in self.drivers:
            if made.process.poll() is None:
                made.kill()
            for pipe in (made.process.stdin, made.process.stdout, made.process.stderr):
                try:
                    pipe.close()
                except BrokenPipeError:
                    pass
        for made in self.printers:
            made.stop()


def wait_for(condition, what):
    """For what shows in the file system alone, made by other programs."""
    end = time.monotonic() + LIMIT
    while not condition():
        assert time.monotonic() < end, "waited in vain for " + what
        time.sleep(0.02)

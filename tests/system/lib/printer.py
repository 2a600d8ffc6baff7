#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""An IPP Everywhere label printer over TLS: ippeveprinter, which others wrote.

As a module: Printer(folder).start(), .uri, .pin, .labels(), .stop().  As a program:

    printer.py --folder DIR [--port N] [--attributes FILE]

runs it in the foreground and prints `ready URI PIN` when it answers; the labels that
come out lie in DIR/labels as pictures.  Needs $srcdir and $builddir (keyline-label).
"""
import argparse
import glob
import hashlib
import os
import signal
import ssl
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from ends_with_us import ends_with_us  # noqa: E402
from ports import take_port  # noqa: E402
from where import SRC  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))
LIMIT = 30.0


def missing():
    """What this machine lacks to run the printer, or None."""
    for program in ("ippeveprinter", "dbus-daemon"):
        if not find(program):
            return program
    return None


def find(program):
    for folder in os.environ.get("PATH", "").split(":") + ["/usr/sbin", "/usr/bin"]:
        path = os.path.join(folder, program)
        if os.access(path, os.X_OK):
            return path
    return None


class Printer:
    """One printer; its folder holds keys/, spool/, labels/ and the engine's files."""

    def __init__(self, folder, port=None, attributes=None, change=None, name="Label", host="localhost"):
        """change: attribute -> its new value as the file has it, or None to drop it.  It listens on the
        addresses of host alone, of which there must be one of IPv4 and one of IPv6."""
        self.folder, self.name, self.host = folder, name, host
        self.port = port or take_port()
        self.attributes = attributes or os.path.join(
            SRC, "conf", "label-printer.conf")
        self.bus = self.process = self.pin = None
        for part in ("keys", "spool", "labels"):
            os.makedirs(os.path.join(folder, part), mode=0o700, exist_ok=True)
        if change:
            self.attributes = self.changed(change)

    def changed(self, change):
        """A copy of the attributes file with those changes."""
        with open(self.attributes, encoding="ascii") as file:
            lines = file.read().splitlines()
        with open(self.path("attributes"), "w", encoding="ascii") as file:
            for line in lines:
                word = line.split()
                name = word[2] if len(word) > 3 and word[0] == "ATTR" else None
                if name not in change:
                    print(line, file=file)
                elif change[name] is not None:
                    print(*word[:3], change[name], file=file)
        return self.path("attributes")

    @property
    def uri(self):
        return "ipps://%s:%d/ipp/print" % (self.host, self.port)

    def start(self):
        """Starts it and waits until it answers over TLS."""
        # It asks for a D-Bus system bus even with discovery off; a private one will do.
        self.bus = subprocess.Popen(
            [find("dbus-daemon"), "--session", "--nofork", "--print-address=1"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, preexec_fn=ends_with_us())
        address = self.bus.stdout.readline().decode("ascii").strip()
        environment = dict(
            os.environ, DBUS_SYSTEM_BUS_ADDRESS=address, KEYLINE_PRINTER=self.folder,
            KEYLINE_LABEL=os.environ["builddir"] + "/sim/keyline-label")
        with open(os.path.join(self.folder, "log"), "ab") as log:
            self.process = subprocess.Popen(
                [find("ippeveprinter"), "-vvv", "-p", str(self.port), "-r", "off",
                 "-n", self.host, "-K", os.path.join(self.folder, "keys"),
                 "-d", os.path.join(self.folder, "spool"), "-k", "-a", self.attributes,
                 "-c", os.path.join(HERE, "print-engine"), self.name],
                env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                preexec_fn=ends_with_us())
        self.wait_ready()
        return self

    def wait_ready(self):
        end = time.monotonic() + LIMIT
        while True:
            try:
                pem = ssl.get_server_certificate((self.host, self.port))
                break
            except OSError as error:
                if self.process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError("the printer does not start") from error
                time.sleep(0.05)
        self.pin = hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()

    def path(self, name):
        return os.path.join(self.folder, name)

    def put(self, name, text=""):
        """Makes one of the engine's files, see print-engine."""
        with open(self.path(name + ".new"), "w", encoding="ascii") as file:
            file.write(text)
        os.rename(self.path(name + ".new"), self.path(name))

    def take(self, name):
        os.unlink(self.path(name))

    def labels(self):
        """The pictures of the labels that came out, in order of job and page."""
        def order(path):
            stem = os.path.basename(path)[:-len(".png")]
            return int(stem.split("-")[0]), int(stem.split("-")[-1])
        return sorted(glob.glob(self.path("labels/*.png")), key=order)

    def kill(self):
        """The power cord."""
        if self.process:
            self.process.kill()
            self.process.wait()

    def stop(self):
        for process in (self.process, self.bus):
            if process and process.poll() is None:
                process.terminate()
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()
        self.process = self.bus = None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", required=True)
    parser.add_argument("--port", type=int)
    parser.add_argument("--attributes")
    options = parser.parse_args()
    lack = missing()
    if lack:
        print("no %s here" % lack, file=sys.stderr)
        return 77
    printer = Printer(os.path.abspath(options.folder), options.port, options.attributes)
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(0))
    try:
        printer.start()
        print("ready", printer.uri, printer.pin, flush=True)
        return printer.process.wait()
    finally:
        printer.stop()


if __name__ == "__main__":
    sys.exit(main())

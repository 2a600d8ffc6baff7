# SPDX-License-Identifier: MIT
"""What system tests of the daemon share: a config, a running keylined, its socket."""
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time

from ends_with_us import ends_with_us
from where import BUILD, SRC  # noqa: F401

KEYLINED = os.path.join(BUILD, "daemon", "keylined")

ROUTES = {
    "generate": "codes = cn-mint\npassphrases = us-etch\n",
    "etch": "results = cn-print, cn-mint\n",
    "mint": "confirmations = us-etch\nstickers = cn-print\n",
    "print": "shipment = us-etch\n",
}

FROM = {
    "generate": "",
    "etch": "passphrases = us-gen\nconfirmations = cn-mint\nshipment = cn-print\n",
    "mint": "codes = us-gen\nresults = us-etch\n",
    "print": "stickers = cn-mint\n",
}


def wait_for(what, seconds=20):
    """Polls a condition; the wait is for slow machines, no test measures time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = what()
        if value:
            return value
        time.sleep(0.01)
    raise AssertionError("waited in vain for %s" % getattr(what, "__name__", what))


class Line:
    """One daemon in a folder of its own; to be used in a `with`."""

    def __init__(self, mode="usa", stages="generate", more="", host="host-1", **line):
        self.dir = tempfile.mkdtemp(prefix="keyline.")
        self.socket = os.path.join(self.dir, "ctl")
        self.conf = os.path.join(self.dir, "keyline.conf")
        # Not the daemon's to make: mounts of their own in earnest.
        for name in ("high", "keys", "spool", "disk"):
            os.mkdir(os.path.join(self.dir, name), 0o700)
        # People drop files there (keyline(7)).
        os.chmod(self.dir + "/spool", 0o2755)
        self.process = None
        self.log = ""
        values = dict(host=host, mode=mode, stages=stages, use="test",
                      state=self.dir + "/state", spool=self.dir + "/spool",
                      socket=self.socket, highwater=self.dir + "/high",
                      viewers=str(os.getgid()), supervisors=str(os.getgid()),
                      swap="allow")
        values.update(line)
        text = "[line]\n" + "".join("%s = %s\n" % pair for pair in values.items())
        text += "[keys]\nfolder = %s/keys\n[route]\n" % self.dir
        text += "".join(ROUTES[stage.strip()] for stage in stages.split(","))
        text += "[from]\n" + "".join(FROM[stage.strip()] for stage in stages.split(","))
        if stages.strip() == "print":
            text += "results = us-etch\n"
        if mode == "china":
            text += "[secure-disk]\npath = %s/disk\nmedium = directory\n" % self.dir
        if "generate" in stages:
            text += "[product CARD]\ncoins = BTC,ETH\n"
        with open(self.conf, "w") as file:
            file.write(text + more)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.dir)

    def start(self, pass_fds=(), **env):
        """Starts the daemon and waits for READY=1 on a notify socket of our own.

        RuntimeError, with its log, when it ends instead."""
        notify = os.path.join(self.dir, "notify")
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
            sock.bind(notify)
            sock.settimeout(0.05)
            with open(self.dir + "/log", "w") as log:
                self.process = subprocess.Popen(
                    [KEYLINED, "-c", self.conf], stderr=log, pass_fds=pass_fds, preexec_fn=ends_with_us(),
                    env=dict(os.environ, NOTIFY_SOCKET=notify, **env))
            ready = wait_for(lambda: self._is_ready(sock))
        os.unlink(notify)
        if ready != "ready":
            raise RuntimeError(self.read_log())
        return self

    def _is_ready(self, sock):
        try:
            while b"READY=1" not in sock.recv(4096).split(b"\n"):
                pass
            return "ready"
        except TimeoutError:
            return "ended" if self.process.poll() is not None else None

    def stop(self, signal=15):
        """Asks for a clean stop; the exit code."""
        self.process.send_signal(signal)
        return self.process.wait(20)

    def read_log(self):
        with open(self.dir + "/log") as file:
            return file.read()

    def connect(self):
        sock = socket.socket(socket.AF_UNIX)
        sock.settimeout(20)
        sock.connect(self.socket)
        return sock

    def ask(self, command, dry_run=None, **args):
        """One command on a connection of its own: (exit, answers)."""
        with self.connect() as sock:
            return ask_on(sock.makefile("rwb"), command, dry_run, **args)

    def one(self, type_, command="status", **args):
        return [a for a in self.ask(command, **args)[1] if a["type"] == type_]


def ask_on(stream, command, dry_run=None, **args):
    request = {"schema": 1, "command": command, "args": args}
    if dry_run is not None:
        request["dry_run"] = dry_run
    stream.write(json.dumps(request).encode() + b"\n")
    stream.flush()
    return answers(stream)


def answers(stream):
    """The answers up to the end: (exit, answers)."""
    got = []
    while True:
        line = stream.readline()
        if not line:
            raise EOFError("no end")
        answer = json.loads(line)
        if answer["type"] == "end":
            return answer["exit"], got
        got.append(answer)

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""A real driver, between whose pipes and the daemon's a hand can be laid.

It stands in a folder under the driver's name, with `real', the folder of the true ones.  Files in that folder:

    stop-at-start     the driver is stopped (SIGSTOP), then gets its `start', and `stopped' has its process id
    kill-at-query     a number: so many times the driver is killed before it gets its `query'
"""
import os
import pathlib
import signal
import subprocess
import sys
import threading

place = pathlib.Path(sys.argv[0])
stop, kill, stopped = (place.parent / name for name in ("stop-at-start", "kill-at-query", "stopped"))
child = subprocess.Popen([place.parent / "real" / place.name, *sys.argv[1:]], stdin=subprocess.PIPE,
                         stdout=subprocess.PIPE)


def pass_on(fd, data):
    """To somebody who may be gone."""
    try:
        os.write(fd, data)
    except OSError:
        pass


def answers():
    while data := os.read(child.stdout.fileno(), 65536):
        pass_on(1, data)
    os._exit(child.wait() & 0xff)


def lay_hand(line):
    if line.startswith(b"start ") and stop.exists():
        stop.unlink()
        child.send_signal(signal.SIGSTOP)
        new = stopped.with_suffix(".new")
        new.write_text(str(child.pid))
        new.rename(stopped)
    if line.startswith(b"query ") and kill.exists() and int(kill.read_text()) > 0:
        kill.write_text(str(int(kill.read_text()) - 1))
        child.kill()


signal.signal(signal.SIGPIPE, signal.SIG_IGN)
threading.Thread(target=answers, daemon=True).start()
rest = b""
while data := os.read(0, 65536):
    *lines, rest = (rest + data).split(b"\n")
    for one in lines:
        lay_hand(one)
        pass_on(child.stdin.fileno(), one + b"\n")
os.close(child.stdin.fileno())
# The daemon asks louder for the end of what it thinks is the driver.
signal.signal(signal.SIGTERM, signal.SIG_IGN)
threading.Event().wait()

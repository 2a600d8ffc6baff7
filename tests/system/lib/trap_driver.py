#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Stands between keylined and a driver, and kills one of them at a chosen line.

Its name is a driver's, its folder holds `real` (a link to the folder of the true drivers) and
perhaps `trap`: WHO MOMENT VERB, where WHO is daemon, driver or orphan (the daemon is killed and
the driver doesn't see its end for as long as `orphan` exists), and MOMENT is before or after the
line with VERB is passed on.  A trap works once.
"""
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time

folder = pathlib.Path(__file__).absolute().parent
name = pathlib.Path(__file__).name
parent = os.getppid()
keep = threading.Event()


def sprung(moment, verb):
    try:
        who, when, word = (folder / "trap").read_text(encoding="ascii").split()
    except (FileNotFoundError, ValueError):
        return None
    if (when, word) != (moment, verb):
        return None
    (folder / "trap").rename(folder / "sprung")
    return who


def spring(child, moment, line):
    """True when the line must go no further."""
    who = sprung(moment, line.split(None, 1)[0].decode("ascii") if line.strip() else "")
    if who == "driver":
        child.kill()
        child.wait()
    elif who:
        if who == "orphan":
            (folder / "orphan").touch()
        os.kill(parent, signal.SIGKILL)
    return who is not None and moment == "before"


def pump(child, source, sink, at_end):
    """Lines from source to sink; the end of one is the end of the other."""
    while True:
        line = source.readline()
        if not line:
            break
        if spring(child, "before", line):
            continue
        try:
            sink.write(line)
        except OSError:
            pass  # nobody listens any more; what still comes is read, so that nothing blocks
        spring(child, "after", line)
    at_end()


def hang_up(child):
    while (folder / "orphan").exists():
        time.sleep(0.02)
    try:
        child.stdin.close()
    except OSError:
        pass


def main():
    child = subprocess.Popen([str(folder / "real" / name), *sys.argv[1:]], bufsize=0, stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE)
    threading.Thread(target=pump, daemon=True, args=(
        child, open(0, "rb", buffering=0), child.stdin, lambda: hang_up(child))).start()
    pump(child, child.stdout, open(1, "wb", buffering=0), lambda: None)
    code = child.wait()
    return code if code >= 0 else 1


os._exit(main())

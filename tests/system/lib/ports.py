# SPDX-License-Identifier: MIT
"""TCP ports for devices of tests, which may end and come back at the same port.

The kernel gives a port of its own range to any connection as soon as nobody listens there, and
tests run side by side: a port is taken below that range, and is this process's until it ends.
"""
import fcntl
import os
import pathlib
import random
import socket

FIRST = 15000
taken = set()
lock = None


def local_range_begins():
    return int(pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])


def is_free(port):
    with socket.socket() as s:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            s.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def take_port():
    """A port that no other process takes while this one lives: a lock on a byte of a file each."""
    global lock
    if lock is None:
        lock = os.open(f"/tmp/keyline-test-ports-{os.getuid()}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    ports = [p for p in range(FIRST, local_range_begins()) if p not in taken]
    random.shuffle(ports)
    for port in ports:
        try:
            fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, port)
        except (BlockingIOError, PermissionError):
            continue
        taken.add(port)
        if is_free(port):
            return port
    raise RuntimeError("no port is free")

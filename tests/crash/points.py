# SPDX-License-Identifier: MIT
"""The shared file of a crash campaign, as points.h lays it out.

    with Points(path) as points:
        host.start(env=points.environment())    # keylined, and each driver it starts
        points.arm(at=17, action="kill", who="both")
        ...
        points.count, points.fired, points.records()

Actions: kill (SIGKILL to who: caller, daemon, driver, both), error:EIO and error:ENOSPC (the
call is not made), lost:EIO (it is made, then said to have failed), shutdown:MOUNTPOINT (the
file system goes down without its log, then as kill), orphan (the daemon is killed, the driver
that called stands still), torn (half of a write, then as kill).
"""
import ctypes
import errno
import fcntl
import mmap
import os
import pathlib
import signal
import struct
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system" / "lib"))
from where import BUILD  # noqa: E402

MAGIC, RECORDS, PROCESSES, TEXT, MOUNT, SITES = 0x4B4C5031, 16384, 64, 40, 256, 32768
TARGETS = 16
NO_ASLR = 0x0040000
MEMO_BYTES = 1 << 18
# XFS_IOC_GOINGDOWN and EXT4_IOC_SHUTDOWN are one number; 2: no flush of the log.
GOING_DOWN, NO_LOG_FLUSH = 0x8004587D, 2
KINDS = ("none", "write", "pwrite", "pwritev", "writev", "send", "sendto", "sendmsg", "fsync", "fdatasync",
         "rename", "unlink", "ftruncate", "log", "flock", "answer")
PROGRAMS = ("other", "daemon", "etch", "print", "scan")
ACTIONS = ("none", "kill", "error", "lost", "shutdown", "orphan", "torn")
WHO = ("caller", "daemon", "driver", "both")
MUTANTS = {"no-file-fsync": 1, "no-directory-fsync": 2, "no-flock": 4}
ALL_KINDS = KINDS[1:13]
ALL_PROGRAMS = PROGRAMS[1:]


class Record(ctypes.Structure):
    _fields_ = [("number", ctypes.c_uint64), ("pid", ctypes.c_uint32), ("kind_", ctypes.c_uint8),
                ("program_", ctypes.c_uint8), ("failed", ctypes.c_uint8), ("type_", ctypes.c_char),
                ("device", ctypes.c_uint64), ("inode", ctypes.c_uint64), ("from_folder", ctypes.c_uint64),
                ("to_folder", ctypes.c_uint64), ("len", ctypes.c_uint64), ("text_", ctypes.c_char * TEXT)]

    kind = property(lambda self: KINDS[self.kind_])
    program = property(lambda self: PROGRAMS[self.program_])
    type = property(lambda self: self.type_.decode("ascii"))
    text = property(lambda self: self.text_.decode("utf-8", "replace"))

    def __str__(self):
        return f"{self.number:5} {self.program:6} {self.kind:9} {self.type} {self.inode} {self.len:5} {self.text}"


class Process(ctypes.Structure):
    _fields_ = [("pid", ctypes.c_uint32), ("program", ctypes.c_uint32)]


class Site(ctypes.Structure):
    """One way to an allocation, and how often it was gone."""
    _fields_ = [("hash", ctypes.c_uint64), ("caller", ctypes.c_uint64), ("count", ctypes.c_uint64)]


class Target(ctypes.Structure):
    _fields_ = [(n, ctypes.c_uint64) for n in ("hash", "caller", "nth", "seen", "fired")]


class Layout(ctypes.Structure):
    _fields_ = ([(n, ctypes.c_uint32) for n in ("magic", "enabled", "kinds", "programs", "action", "error", "who",
                                                "mutants", "begun", "unused")]
                + [(n, ctypes.c_uint64) for n in ("at", "until", "count", "fired")]
                + [(n, ctypes.c_uint32) for n in ("fired_pid", "fired_kind", "fired_program", "fired_tid", "asked",
                                                "served")]
                + [("counts", ctypes.c_uint64 * 16)]
                + [(n, ctypes.c_uint32) for n in ("alloc_enabled", "alloc_programs")]
                + [(n, ctypes.c_uint64) for n in ("alloc_at", "alloc_until", "alloc_count", "alloc_fired",
                                                  "alloc_caller")]
                + [(n, ctypes.c_uint32) for n in ("site_record", "site_overflow")]
                + [("target_count", ctypes.c_uint64), ("targets", Target * TARGETS), ("recorded", ctypes.c_uint64),
                   ("after", ctypes.c_char * TEXT), ("mount", ctypes.c_char * MOUNT), ("memo", ctypes.c_char * MOUNT),
                   ("processes", Process * PROCESSES), ("records", Record * RECORDS), ("sites", Site * SITES)])


def mask(names, table):
    return sum(1 << table.index(name) for name in names)


NAMES = {"keylined": "daemon", "etch-modbus": "etch", "print-ipp": "print", "scan-serial": "scan"}


def same_addresses():
    """What is started from here on has its code at the same addresses in each run."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.personality(ctypes.c_ulong(libc.personality(ctypes.c_ulong(0xFFFFFFFF)) | NO_ASLR)) < 0:
        raise OSError(ctypes.get_errno(), "personality")


def program_of(pid):
    """What runs as that process now: a number may long be another's."""
    try:
        return NAMES.get(os.path.basename(os.readlink(f"/proc/{pid}/exe")))
    except OSError:
        return None


def shut_down(mount):
    """The file system goes down without its log, as in a power cut."""
    folder = os.open(mount, os.O_RDONLY)
    try:
        fcntl.ioctl(folder, GOING_DOWN, struct.pack("I", NO_LOG_FLUSH))
    finally:
        os.close(folder)


class Points:
    """One file; lay it where it survives what the campaign does (never on the file system that goes down)."""

    def __init__(self, path, memo=None, programs=ALL_PROGRAMS, kinds=ALL_KINDS, mutants=(), after=""):
        """after: a line, as `start 1', before which nothing is counted."""
        self.path = pathlib.Path(path)
        with open(self.path, "wb") as file:
            file.truncate(ctypes.sizeof(Layout))
        with open(self.path, "r+b") as file:
            self.map = mmap.mmap(file.fileno(), 0)
        self.shared = Layout.from_buffer(self.map)
        self.shared.programs, self.shared.kinds = mask(programs, PROGRAMS), mask(kinds, KINDS)
        self.shared.alloc_programs = 1 << PROGRAMS.index("daemon")
        self.shared.mutants = sum(MUTANTS[m] for m in mutants)
        self.shared.after = after.encode()
        if memo:
            self.shared.memo = os.fsencode(memo)
        self.shared.magic = MAGIC
        self.closing = threading.Event()
        self.helper = threading.Thread(target=self.help, daemon=True)
        self.helper.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self.shared is not None:
            self.closing.set()
            self.helper.join()
            self.shared = None
            self.map.close()
            self.path.unlink(missing_ok=True)

    def environment(self):
        return {"LD_PRELOAD": str((BUILD / "tests/crash/interpose.so").resolve()), "KEYLINE_POINTS": str(self.path)}

    def help(self):
        """Does what a program that stands at its point cannot do from its sandbox."""
        while not self.closing.wait(0.0005):
            if self.shared.asked:
                self.shared.asked = 0
                self.hand(ACTIONS[self.shared.action], WHO[self.shared.who], self.shared.fired_pid)
                self.shared.served = 1

    def hand(self, action, who, caller):
        if action == "shutdown":
            shut_down(self.shared.mount)
        if action == "orphan" and program_of(caller) != "daemon":
            os.kill(caller, signal.SIGSTOP)
            who = "daemon"
        victims = {"caller": lambda p, pid: pid == caller, "daemon": lambda p, pid: p == "daemon",
                   "driver": lambda p, pid: p in ("etch", "print"), "both": lambda p, pid: True}[who]
        for pid in self.pids():
            if victims(program_of(pid), pid):
                os.kill(pid, signal.SIGKILL)

    def pids(self):
        """The processes of this campaign that still run."""
        known = [(p.pid, p.program) for p in self.shared.processes]
        return [pid for pid, program in known if pid and program_of(pid) == PROGRAMS[program]]

    def arm(self, at=0, action="none", who="caller", until=0, programs=None):
        """Counts from here on, the calls of some programs; at point `at` (to `until`) does the action.  0: counts only."""
        name, _, what = action.partition(":")
        s = self.shared
        if programs:
            s.programs = mask(programs, PROGRAMS)
        s.action, s.who = ACTIONS.index(name), WHO.index(who)
        if name in ("error", "lost"):
            s.error = getattr(errno, what or "EIO")
        elif name == "shutdown":
            s.mount = os.fsencode(what)
        s.count = s.fired = s.asked = s.served = 0
        s.at, s.until = at, until
        s.enabled = 1

    def disarm(self):
        """From here on nothing is done; what was counted can be read."""
        self.shared.at = self.shared.alloc_at = self.shared.alloc_enabled = 0

    def arm_allocation(self, at, until=0, programs=("daemon",)):
        s = self.shared
        s.alloc_programs = mask(programs, PROGRAMS)
        s.alloc_count = s.alloc_fired = 0
        s.alloc_at, s.alloc_until = at, until
        s.alloc_enabled = 1

    def record_sites(self, programs=("daemon",)):
        """Counts each allocation by the way to it."""
        self.shared.site_record = 1
        self.arm_allocation(0, programs=programs)

    def sites(self):
        if self.shared.site_overflow:
            raise OverflowError("more ways to an allocation than there is room for")
        copies = [Site.from_buffer_copy(self.shared.sites[i]) for i in range(SITES)]
        return sorted((site for site in copies if site.hash), key=lambda site: site.hash)

    def arm_ways(self, uses, programs):
        """Of each (way, n) the nth allocation fails, once; at most TARGETS of them."""
        s = self.shared
        for target, (site, nth) in zip(s.targets, uses):
            target.hash, target.caller, target.nth, target.seen, target.fired = site.hash, site.caller, nth, 0, 0
        s.target_count = len(uses)
        self.arm_allocation(0, programs=programs)

    def ways_fired(self):
        """For each of arm_ways() whether it failed."""
        s = self.shared
        return [bool(s.targets[i].fired) for i in range(s.target_count)]

    count = property(lambda self: self.shared.count)
    fired = property(lambda self: self.shared.fired)
    fired_by = property(lambda self: (PROGRAMS[self.shared.fired_program], KINDS[self.shared.fired_kind]))

    def before(self):
        """The last line in a pipe before the point, or the name of the point's own file."""
        records = self.records()
        i = next(i for i, r in enumerate(records) if r.number == self.fired)
        texts = [r.text for r in records[:i + 1] if r.text]
        return f"after `{texts[-1]}'" if texts else ""

    def counts(self):
        return {kind: n for kind, n in zip(KINDS, self.shared.counts) if n}

    def records(self):
        """Copies of what was recorded, in order; everything that was called, counted or not."""
        n = min(self.shared.recorded, RECORDS)
        return [Record.from_buffer_copy(self.shared.records[i]) for i in range(n)]


def memo(path):
    """A file that remembers scrypt for all runs of a campaign."""
    with open(path, "ab") as file:
        file.truncate(MEMO_BYTES)
    return path

# SPDX-License-Identifier: MIT
"""Places of a machine where secrets have been found in other programs, each made for one test: a journal, a
spooler's folders, swap, cores.  All in a mount namespace of the test's own; swap alone is the whole machine's,
for some seconds."""
import ctypes
import os
import pathlib
import resource
import shutil
import signal
import subprocess

from ends_with_us import ends_with_us
from factory import Trouble, wait_for
from ports import take_port

JOURNALD = "/lib/systemd/systemd-journald"
PIDFD_OPEN, PROCESS_MADVISE, MADV_PAGEOUT = 434, 440, 21
libc = ctypes.CDLL(None, use_errno=True)


def lacks():
    for name in ("unshare", "mount", "losetup", "mkfs.ext4", "mkswap", "swapon", "systemd-cat", "cupsd", "lpadmin", "lp"):
        if not shutil.which(name, path="/usr/sbin:/sbin:/usr/bin:/bin"):
            return f"no {name} here"
    return None if os.access(JOURNALD, os.X_OK) else "no systemd-journald here"


def run(*words, **more):
    done = subprocess.run([str(w) for w in words], capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False, **more)
    if done.returncode:
        raise Trouble(f"{' '.join(map(str, words))}: {done.stdout}{done.stderr}")
    return done.stdout


class Journal:
    """A journald whose folders nobody else sees."""

    # What a service gets from its manager: the journal as stderr, and which one that is.
    WRAPPER = ("systemd-cat", "-t", "keylined", "sh", "-c",
               'JOURNAL_STREAM=$(stat -L -c %d:%i /proc/self/fd/2) exec "$@"', "sh")

    def __init__(self, factory):
        config = factory.root / "journald.conf"
        config.write_text("[Journal]\nStorage=volatile\nCompress=no\nSeal=no\nReadKMsg=no\nAudit=no\nForwardToWall=no\n"
                          "RateLimitBurst=0\n")
        run("mount", "--bind", config, "/etc/systemd/journald.conf")
        self.folder = pathlib.Path("/run/log/journal")
        for folder in "/run/systemd", "/run/log":
            run("mount", "-t", "tmpfs", "none", folder)
        pathlib.Path("/run/systemd/journal").mkdir()
        self.folder.mkdir()
        self.process = subprocess.Popen([JOURNALD], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL, preexec_fn=ends_with_us())
        wait_for("the journal", lambda: os.path.exists("/run/systemd/journal/stdout"))

    def plant(self, text):
        run("systemd-cat", "-t", "planted", "echo", text)
        wait_for("the planted entry", lambda: self.has(text))

    def has(self, text):
        return any(text.encode() in path.read_bytes() for path in self.folder.rglob("*.journal"))

    def close(self):
        self.process.terminate()
        self.process.wait()


class Spooler:
    """A cupsd of the test's own with a queue to the printer."""

    FILES = """User lp
Group lp
SystemGroup root
ServerRoot {at}/etc
RequestRoot {at}/spool
TempDir {at}/spool/tmp
CacheDir {at}/cache
StateDir {at}/run
ServerKeychain {at}/etc/ssl
AccessLog {at}/log/access_log
ErrorLog {at}/log/error_log
PageLog {at}/log/page_log
"""
    CONFIG = """LogLevel debug2
Listen {at}/run/cups.sock
Listen localhost:{port}
Browsing Off
WebInterface No
DefaultAuthType None
PreserveJobFiles Yes
<Location />
  Order allow,deny
  Allow all
</Location>
<Policy default>
  <Limit All>
    Order allow,deny
    Allow all
  </Limit>
</Policy>
"""

    def __init__(self, factory, uri):
        self.at, self.port = factory.root / "cups", take_port()
        for folder in ("etc/ssl", "etc/ppd", "spool/tmp", "cache", "run", "log"):
            (self.at / folder).mkdir(parents=True)
        run("chown", "-R", "lp:lp", self.at)
        for name, text in ("cups-files.conf", self.FILES), ("cupsd.conf", self.CONFIG):
            (self.at / "etc" / name).write_text(text.format(at=self.at, port=self.port))
        with open(self.at / "log" / "out", "wb") as log:
            self.process = subprocess.Popen(["cupsd", "-f", "-c", self.at / "etc/cupsd.conf", "-s", self.at / "etc/cups-files.conf"],
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=ends_with_us())
        self.socket = self.at / "run" / "cups.sock"
        wait_for("cupsd", self.socket.exists)
        run("lpadmin", "-h", self.socket, "-p", "Label", "-E", "-v", uri)

    def plant(self, text):
        """A job that waits: what a spooler is given lies on its disk."""
        path = self.at.parent / "document"
        path.write_text(text)
        run("lp", "-h", self.socket, "-d", "Label", "-H", "hold", path)
        path.unlink()

    def close(self):
        self.process.terminate()
        self.process.wait()


class Swap:
    """Swap on a loop device, into which single processes are pushed."""

    def __init__(self, factory):
        if len(pathlib.Path("/proc/swaps").read_text().splitlines()) > 1:
            raise Trouble("swap is on already")
        self.image = factory.root / "swap.img"
        with open(self.image, "wb") as file:
            file.truncate(1 << 30)
        self.device = run("losetup", "-f", "--show", self.image).strip()
        run("mkswap", self.device)
        run("swapon", self.device)

    def push_out(self, pid):
        """How much of it went out: what is locked may not."""
        before = self.swapped(pid)
        handle = libc.syscall(PIDFD_OPEN, pid, 0)
        if handle < 0:
            raise Trouble(f"pidfd_open: {os.strerror(ctypes.get_errno())}")
        for line in pathlib.Path(f"/proc/{pid}/maps").read_text().splitlines():
            span, rights = line.split()[:2]
            if not rights.startswith("rw-p"):
                continue
            low, high = (int(word, 16) for word in span.split("-"))
            vector = (ctypes.c_size_t * 2)(low, high - low)
            libc.syscall(PROCESS_MADVISE, handle, vector, ctypes.c_size_t(1), MADV_PAGEOUT, 0)
        os.close(handle)
        return self.swapped(pid) - before

    @staticmethod
    def swapped(pid):
        text = pathlib.Path(f"/proc/{pid}/status").read_text()
        return int(next(line for line in text.splitlines() if line.startswith("VmSwap:")).split()[1])

    def close(self):
        run("swapoff", self.device)
        run("losetup", "-d", self.device)


class Holder:
    """A process of our own that has something in plain memory."""

    # The text comes by a pipe, so that it is in this process alone.
    PROGRAM = "import sys\nkept = bytearray(sys.stdin.buffer.readline() * 4096)\nprint('ready', flush=True)\nsys.stdin.read()\n"

    def __init__(self, folder, text):
        self.process = subprocess.Popen(["python3", "-c", self.PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        cwd=folder, preexec_fn=ends_with_us())
        self.pid = self.process.pid
        self.process.stdin.write(text.encode() + b"\n")
        self.process.stdin.flush()
        self.process.stdout.readline()

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()


def abort(process):
    """As if it had failed in its midst, with all the room for a core that root can give it; where it would lie."""
    try:
        resource.prlimit(process.pid, resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    except PermissionError:
        print(f"root may not raise the limit of cores of {process.pid} on this machine", flush=True)
    folder = os.readlink(f"/proc/{process.pid}/cwd")
    process.send_signal(signal.SIGABRT)
    code = process.wait()
    if code != -signal.SIGABRT:
        raise Trouble(f"it did not abort: {code}")
    return pathlib.Path(folder)

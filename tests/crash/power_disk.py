# SPDX-License-Identifier: MIT
"""A host whose folders lie on a file system of their own, and a power cut for it."""
import ctypes
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

from bench import MEMORY, Gone
from bench_etch import EtchBench
from bench_print import PrintBench
from factory import Trouble

# How it is made, its megabytes, and how it is mounted: of itself ext4 would write out its log after five seconds,
# which on a busy machine is before the cut.
MKFS = {"xfs": (["mkfs.xfs", "-q", "-f"], 320, "loop"), "ext4": (["mkfs.ext4", "-q", "-F"], 64, "loop,commit=600")}
NEW_MOUNTS = 0x20000
PARTS = ("state", "spool", "highwater", "keys")


def run(*words):
    done = subprocess.run([str(w) for w in words], capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise Trouble(f"{' '.join(map(str, words))}: {done.stdout}{done.stderr}")


def own_mounts():
    """What this process mounts from here on nobody else sees, and it ends with the last process that has it.  Disks of
    other campaigns are let go: what is mounted in one place stays alive in all."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(NEW_MOUNTS) != 0:
        raise Trouble(f"no mounts of one's own: {os.strerror(ctypes.get_errno())}")
    run("mount", "--make-rprivate", "/")
    for line in pathlib.Path("/proc/self/mountinfo").read_text().splitlines():
        if "/keyline-crash-" in line.split()[4]:
            run("umount", "-l", line.split()[4])


def lacks(kind):
    """What a file system of this kind needs and this machine has not; or None."""
    if os.geteuid() != 0:
        return "loop mounts take root"
    for name in (MKFS[kind][0][0], "mount", "umount"):
        if not shutil.which(name, path="/usr/sbin:/sbin:/usr/bin:/bin"):
            return f"no {name} here"
    folder = pathlib.Path(tempfile.mkdtemp(prefix="kl-disk-", dir=MEMORY))
    try:
        disk = Disk(kind, folder / "disk")
        disk.close()
    except Trouble as trouble:
        return f"no loop mount of {kind}: {str(trouble).strip().splitlines()[-1]}"
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return None


class Disk:
    """A small file system in a file, mounted by a loop device."""

    def __init__(self, kind, path):
        self.kind, self.path, self.image = kind, path, path.with_suffix(".img")
        make, megabytes, self.options = MKFS[kind]
        with open(self.image, "wb") as file:
            file.truncate(megabytes << 20)
        run(*make, self.image)
        path.mkdir()
        self.mount()

    def mount(self):
        run("mount", "-o", self.options, self.image, self.path)

    def sync(self):
        """This one alone: sync(2) is one of all disks, and would save what another run is about to lose."""
        run("sync", "-f", self.path)

    def unmount(self):
        """Those who worked on it are dead; the kernel may need a moment to know."""
        deadline = time.monotonic() + 10
        while True:
            try:
                return run("umount", self.path)
            except Trouble:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.02)

    def cut(self):
        """What is not in its log is gone; what is, is replayed.  Not so while a mount namespace that was made
        meanwhile has the old mount still: then the dead file system is what is mounted again."""
        deadline = time.monotonic() + 60
        while True:
            self.unmount()
            self.mount()
            try:
                return self.try_it()
            except OSError as error:
                if time.monotonic() > deadline:
                    raise Trouble(f"{self.path} stays dead: {error}") from error

    def try_it(self):
        probe = self.path / ".probe"
        with open(probe, "wb") as file:
            os.fsync(file.fileno())
        probe.unlink()

    def close(self):
        if os.path.ismount(self.path):
            subprocess.run(["umount", "-l", self.path], check=False, stderr=subprocess.DEVNULL)
        self.image.unlink(missing_ok=True)


class OnDisk:
    """Mixed into a bench: its host's folders lie on a disk whose power can be cut."""

    file_system = "xfs"

    def open_machine(self):
        self.disk = Disk(self.file_system, self.root / "disk")
        self.is_cut = False
        for part in PARTS:
            shutil.move(self.root / part, self.disk.path / part)
            (self.root / part).symlink_to(self.disk.path / part)
        self.disk.sync()
        super().open_machine()

    def write_config(self):
        super().write_config()
        config = self.root / "keyline.conf"
        text = config.read_text()
        for part in PARTS:
            text = text.replace(f"= {self.root / part}\n", f"= {self.disk.path / part}\n")
        config.write_text(text)

    def close_machine(self):
        super().close_machine()
        self.disk.close()

    def arm_cut(self, case):
        self.points.arm(at=case.number, programs=(case.program,), action=f"shutdown:{self.disk.path}", who="both")

    def judge(self):
        """The power may have gone while people were already looking."""
        try:
            return super().judge()
        except OSError as error:
            if self.points.fired and not self.is_cut:
                raise Gone("power") from error
            raise

    def before_restart(self):
        super().before_restart()
        if self.points.fired and not self.is_cut:
            self.is_cut = True
            self.kill()
            self.wait_all_dead()
            self.disk.cut()

    def is_over(self, states):
        """A daemon that cannot read its ledger any more tells of no wallets."""
        return bool(states) and super().is_over(states)

    def intents(self):
        """Not while the disk is without power: then nobody is there any more to act on it."""
        if self.points.fired and not self.is_cut:
            raise Gone("power")
        return super().intents()

    def wait_all_dead(self):
        deadline = time.monotonic() + 10
        while self.points.pids() and time.monotonic() < deadline:
            time.sleep(0.005)


class EtchOnDisk(OnDisk, EtchBench):
    pass


class PrintOnDisk(OnDisk, PrintBench):
    pass

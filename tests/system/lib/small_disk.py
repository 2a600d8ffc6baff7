# SPDX-License-Identifier: MIT
"""Small file systems of their own on loop devices, to be filled, made read-only, and broken."""
import os
import pathlib
import shutil
import subprocess

from factory import Trouble

MKFS = {"ext4": ["mkfs.ext4", "-q", "-F", "-m", "0"], "xfs": ["mkfs.xfs", "-q", "-f"]}


def run(*words):
    done = subprocess.run([str(w) for w in words], capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    if done.returncode:
        raise Trouble(f"{' '.join(map(str, words))}: {done.stdout}{done.stderr}")
    return done.stdout


def lacks(*kinds):
    """What such disks need and this machine has not; or None."""
    if os.geteuid() != 0:
        return "loop mounts take root"
    for name in ("mount", "umount", "losetup", *(MKFS[kind][0] for kind in kinds)):
        if not shutil.which(name, path="/usr/sbin:/sbin:/usr/bin:/bin"):
            return f"no {name} here"
    probe = subprocess.run("set -e; d=$(mktemp -d); truncate -s 8M $d/i; mkfs.ext4 -q -F $d/i; mkdir $d/m; "
                           "mount -o loop $d/i $d/m; umount $d/m; rm -r $d", shell=True, capture_output=True, check=False)
    return None if probe.returncode == 0 else "no loop mount here"


class SmallDisk:
    """Mounted over a folder; what the folder held is moved onto it."""

    def __init__(self, factory, folder, kind="ext4", megabytes=24, options=""):
        self.folder, self.options = pathlib.Path(folder), options
        self.image = factory.root / f"{self.folder.parent.name}-{self.folder.name}.img"
        with open(self.image, "wb") as file:
            file.truncate(megabytes << 20)
        run(*MKFS[kind], self.image)
        status = self.folder.stat()
        aside = self.folder.with_name(self.folder.name + ".before")
        self.folder.rename(aside)
        self.folder.mkdir()
        self.mount()
        factory.mounts.append(str(self.folder))
        shutil.copytree(aside, self.folder, dirs_exist_ok=True)
        shutil.rmtree(aside)
        os.chown(self.folder, status.st_uid, status.st_gid)
        self.folder.chmod(status.st_mode & 0o7777)
        shutil.rmtree(self.folder / "lost+found", ignore_errors=True)

    def mount(self):
        run("mount", "-o", "loop" + ("," + self.options if self.options else ""), self.image, self.folder)

    def remount(self, how):
        run("mount", "-o", f"remount,{how}", self.folder)

    def cut(self):
        """Unmounts, has it checked, mounts again; nobody may work on it."""
        run("umount", self.folder)
        subprocess.run(["fsck", "-y", str(self.image)], capture_output=True, check=False)
        self.mount()

    def break_down(self):
        """The file system finds an error in itself; with errors=remount-ro it becomes read-only."""
        loop = run("findmnt", "-n", "-o", "SOURCE", self.folder).strip()
        pathlib.Path("/sys/fs/ext4", pathlib.Path(loop).name, "trigger_fs_error").write_text("1")

    def room(self):
        st = os.statvfs(self.folder)
        return st.f_bavail * st.f_frsize

    def fill(self, leave=0):
        """Other data takes all but so many bytes."""
        with open(self.folder / "ballast", "ab", buffering=0) as file:
            try:
                while self.room() > leave:
                    file.write(bytes(min(1 << 20, max(4096, self.room() - leave))))
            except OSError:
                pass
            os.fsync(file.fileno())

    def empty(self):
        (self.folder / "ballast").unlink()
        os.sync()

# SPDX-License-Identifier: MIT
"""What the figures were measured on: machine, disk, build, and the peers' versions."""
import os
import pathlib
import platform
import re
import shutil
import subprocess

PEERS = ("libssl3", "libsodium23", "libscrypt-kdf1", "libsecp256k1-1", "libqrencode4", "libzbar0", "libmodbus5",
         "libsqlite3-0", "cups-ipp-utils")


def text_of(*argv):
    """What a program says, or "" where it is not there or fails."""
    if not shutil.which(argv[0]):
        return ""
    return subprocess.run(argv, capture_output=True, text=True).stdout.strip()


def cpu_field(name):
    found = re.search(rf"^{name}\s*:\s*(.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.M)
    return found.group(1) if found else ""


def vectors():
    """The widest vectors that the product has a kernel for."""
    flags = cpu_field("flags").split()
    if {"avx512f", "avx512bw", "avx512vl"} <= set(flags):
        return "AVX-512"
    return "AVX2" if "avx2" in flags else "none"


def memory_gib():
    found = re.search(r"MemTotal:\s+(\d+)", pathlib.Path("/proc/meminfo").read_text())
    return round(int(found.group(1)) / 2 ** 20, 1)


def disk_of(folder):
    """The kind of file system under a folder."""
    device = os.stat(folder).st_dev
    for line in pathlib.Path("/proc/self/mountinfo").read_text().splitlines():
        words = line.split()
        if words[2] == f"{os.major(device)}:{os.minor(device)}":
            return words[words.index("-") + 1]
    return "unknown"


def machine(folder):
    name = cpu_field("model name")
    return {"cpu": f"{name}, family {cpu_field('cpu family')} model {cpu_field('model')}", "vectors": vectors(),
            "cores": os.cpu_count(), "memory_gib": memory_gib(), "kernel": platform.release().split("-")[0], "disk": disk_of(folder),
            "load": os.getloadavg()[0]}


def make_variable(makefile, name):
    found = re.search(rf"^{name} = (.*)$", makefile, re.M)
    return found.group(1).strip() if found else ""


def commit(source):
    told = text_of("git", "-C", str(source), "describe", "--always", "--dirty")
    if told:
        return told
    file = source / "COMMIT"
    return file.read_text().split()[0][:12] if file.exists() else "unknown"


def build(source, folder):
    makefile = (folder / "Makefile").read_text()
    compiler = make_variable(makefile, "CC")
    version = text_of(*compiler.split(), "--version").splitlines()[:1]
    return {"commit": commit(source), "version": make_variable(makefile, "VERSION"),
            "compiler": version[0] if version else compiler,
            "flags": make_variable(makefile, "CFLAGS")}


def peers():
    """Versions of the packages that peers come from."""
    found = {}
    for package in PEERS:
        version = text_of("dpkg-query", "-W", "-f=${Version}", package)
        if version:
            found[package] = version
    return found

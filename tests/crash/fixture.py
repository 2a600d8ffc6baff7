# SPDX-License-Identifier: MIT
"""What every point of a campaign begins with: two hosts that have a batch of three before them.

The fixture is made once a build, by a whole line, and kept in $builddir/tests/crash/fixture:
  etch/     us-etch: three wallets arrived, to be etched        wallets.json  serials and addresses
  print/    cn-print: three wallets minted, to be printed       scrypt        what scrypt gave for them
  printer/  the printer's key, so that its pin stays
"""
import fcntl
import json
import os
import pathlib
import shutil
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "system" / "lib"))
import whole_line  # noqa: E402
from factory import BUILD, Factory, program, wait_for  # noqa: E402
from points import Points, memo  # noqa: E402

BATCH, COUNT = "CRASH-1", 3
FOLDER = BUILD / "tests" / "crash" / "fixture"


class Folders(Factory):
    """A secure disk that is a folder: it is copied with the rest."""

    def secure_disk(self, name="secure-disk", megabytes=32):
        path = self.root / name
        path.mkdir(mode=0o700)
        return path, f"[secure-disk]\npath = {path}\nmedium = directory\n\n"


def copy_host(host, target, more=()):
    host.stop()
    target.mkdir(parents=True)
    for name in ("state", "spool", "highwater", "keys"):
        if (host.root / name).exists():
            shutil.copytree(host.root / name, target / name, symlinks=True)
    for path in more:
        shutil.copytree(path, target / path.name)
    for lock in target.rglob("*.lock"):
        lock.unlink()


def make(target):
    """Runs the line as far as the batch stands before printing, and before etching."""
    whole_line.Factory = Folders
    line = whole_line.Line()
    try:
        target.mkdir(parents=True)
        remembers = memo(target / "scrypt")
        with Points(line.factory.root / "points", memo=remembers) as points:
            os.environ.update(points.environment())
            line.open()
            line.keys(BATCH)
            line.order(BATCH, COUNT)
            serials = line.generate(BATCH)
            line.mint.wait_states(BATCH, ("minted",))
            wait_for("the print host to know them", lambda: len(line.print.states(BATCH)) == len(serials))
            copy_host(line.print, target / "print", [line.disk])
            shutil.copytree(pathlib.Path(line.printer.folder) / "keys", target / "printer" / "keys")
            line.print.start()
            line.mint_and_print(BATCH, serials)
            stickers = line.stickers()
            line.pair_and_ship(BATCH, serials)
            line.confirm(BATCH)
            line.arrive(serials)
            copy_host(line.etch, target / "etch")
        for name in points.environment():
            os.environ.pop(name)
        (target / "wallets.json").write_text(json.dumps({s: stickers[s][1] for s in serials}))
    finally:
        root = line.factory.root
        line.close()
        shutil.rmtree(root, ignore_errors=True)


def newest():
    programs = [program(n) for n in ("keylined", "etch-modbus", "print-ipp", "scan-serial", "keyline-sim")]
    return max(os.stat(p).st_mtime for p in (*programs, __file__))


def ready():
    """The folder of a fixture that is not older than the programs."""
    FOLDER.parent.mkdir(parents=True, exist_ok=True)
    with open(FOLDER.parent / "fixture.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp = FOLDER / "wallets.json"
        if not stamp.exists() or stamp.stat().st_mtime < newest():
            shutil.rmtree(FOLDER, ignore_errors=True)
            new = pathlib.Path(tempfile.mkdtemp(prefix="fixture-", dir=FOLDER.parent))
            try:
                make(new / "fixture")
                (new / "fixture").rename(FOLDER)
            finally:
                shutil.rmtree(new, ignore_errors=True)
    return FOLDER


def wallets():
    return json.loads((FOLDER / "wallets.json").read_text())

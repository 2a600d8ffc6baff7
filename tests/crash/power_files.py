# SPDX-License-Identifier: MIT
"""A generating host from its first start to the files that a courier takes; its mark is on a disk of its own, its
keys on another.

What the courier has seen in outgoing/, and the fingerprint that a person was told, are out in the world: after a
power cut they must still be so, and the ledger must know it; a host that has begun a ledger must find its mark.
Where keys or mark are on the ledger's disk, its commits sync their names with it; the mark's bytes are synced before
each commit, and the name before with them.  So it is the keys alone that a missing fsync of their folder loses.
"""
import hashlib
import os
import pathlib
import shutil
import sqlite3
import tempfile
import time

import fixture
import power_disk
import whole_line
from bench import PATIENCE, Bench, Gone, Outcome
from factory import Trouble
from points import shut_down

BATCH, COUNT = "POWER-1", 3
ORDER = f"batch,product,count,first_serial,lot,sequence,draws,spares\r\n{BATCH},CARD,{COUNT},next,,,0,0\r\n"


def ready():
    """A host that has its keys and those of the others, beside the common fixture."""
    target = fixture.ready() / "gen"
    if target.exists():
        return
    whole_line.Factory = fixture.Folders
    line = whole_line.Line()
    new = pathlib.Path(tempfile.mkdtemp(prefix="gen-", dir=target.parent))
    try:
        line.open()
        line.keys(BATCH)
        fixture.copy_host(line.gen, new / "gen")
        (new / "gen").rename(target)
    finally:
        root = line.factory.root
        line.close()
        shutil.rmtree(root, ignore_errors=True)
        shutil.rmtree(new, ignore_errors=True)


class NoMachine(Bench):
    def open_machine(self):
        pass

    def close_machine(self):
        pass


class FilesOnDisk(power_disk.OnDisk, NoMachine):
    kind, host, station = "gen", "us-gen", ""

    def __init__(self, **more):
        ready()
        self.seen, self.fingerprint, self.looked_at, self.is_dropped = {}, None, 0, False
        super().__init__(**more)

    def open_machine(self):
        super().open_machine()
        self.others = [power_disk.Disk(self.file_system, self.root / name) for name in ("disk2", "disk3")]
        mark, keys = (disk.path for disk in self.others)
        for folder in (self.disk.path / "state", mark / "mark"):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(mode=0o700)
        shutil.move(self.disk.path / "keys", keys / "keys")
        for path in (*(keys / "keys" / "own").glob("site.*"), *(self.disk.path / "spool").glob("*/us-gen.site.crt")):
            path.unlink()
        for disk in (self.disk, *self.others):
            disk.sync()
        one = self.points.hand

        def hand(action, who, caller):
            """All disks hang on the same wire."""
            if action == "shutdown":
                for disk in self.others:
                    shut_down(os.fsencode(disk.path))
            one(action, who, caller)
        self.points.hand = hand

    def close_machine(self):
        for disk in self.others:
            disk.close()
        super().close_machine()

    def machine_config(self):
        return whole_line.PRODUCT + "[route]\ncodes = cn-mint\npassphrases = us-etch\n"

    def write_config(self):
        super().write_config()
        config = self.root / "keyline.conf"
        text = config.read_text().replace("mode = china\nstages = print", "mode = usa\nstages = generate")
        mark, keys = (disk.path for disk in self.others)
        text = text.replace(f"= {self.disk.path}/highwater\n", f"= {mark}/mark\n")
        config.write_text(text.replace(f"= {self.disk.path}/keys\n", f"= {keys}/keys\n"))

    def drop(self):
        """A careful person: the file is on the disk before its name is."""
        incoming = self.disk.path / "spool" / "incoming"
        hidden = incoming / ".order.part"
        try:
            with open(hidden, "w", encoding="ascii") as file:
                file.write(ORDER)
                os.fsync(file.fileno())
            hidden.rename(incoming / f"{BATCH}.order.csv")
            self.disk.sync()
        except (OSError, Trouble) as error:
            raise Gone("power") from error

    def has_order(self):
        spool = self.disk.path / "spool"
        return (any((spool / folder / f"{BATCH}.order.csv").exists() for folder in ("incoming", "done"))
                or self.ask("batch show", batch=BATCH)[-1]["exit"] == 0)

    def site(self):
        """The fingerprint of the host's own site key; None: it has none."""
        return next((k["fingerprint"] for k in self.objects("key", "key list") if k["own"] and k["kind"] == "site"), None)

    def take_steps(self):
        """Somebody has the host make its key and tells the fingerprint to others; then the order is dropped."""
        if not self.fingerprint:
            if not self.site():
                self.ask("key new", name="site")
            self.fingerprint = self.site()
        elif self.looked_at != self.starts:
            if self.site() != self.fingerprint:
                raise Trouble(f"the host's key was {self.fingerprint} and is {self.site()}")
            self.looked_at = self.starts
        elif not self.is_dropped:
            if not self.has_order():
                self.drop()
            self.is_dropped = True

    def before_restart(self):
        cut = self.is_cut
        super().before_restart()
        if self.is_cut and not cut:
            for disk in self.others:
                disk.cut()

    def outgoing(self):
        """{name: hash} of what a courier finds."""
        found = {}
        for path in (self.disk.path / "spool" / "outgoing").glob(f"{BATCH}.*.cms"):
            found[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()
        return found

    def look_around(self):
        try:
            for name, digest in self.outgoing().items():
                self.seen.setdefault(name, digest)
        except OSError:
            pass  # no power

    def is_done(self):
        """Nothing is left to do: no point of the work is missed."""
        return (len(self.outgoing()) == 2 and list((self.disk.path / "spool" / "done").glob("*.result.txt"))
                and not list((self.disk.path / "state" / "staged").glob("*")))

    def work(self, patience=None):
        deadline = time.monotonic() + (patience or PATIENCE)
        while time.monotonic() < deadline:
            if not self.is_running():
                if self.starts > 12:
                    raise Trouble("the daemon does not stay: " + self.tail())
                self.before_restart()
                self.start()
            self.look_around()
            try:
                self.take_steps()
                if self.is_done() and (self.is_cut or not self.points.fired) and self.ask("status"):
                    return
            except (OSError, Gone):
                pass
            time.sleep(0.005)
        raise Trouble(f"not over in time: {self.tail()}")

    def files(self):
        """{name: hash} as the ledger has them, which tells what keys were made, too: at once, before a sync(2) of
        somebody else could save what a person is told of later."""
        copy = self.run / "ledger"
        copy.mkdir(exist_ok=True)
        for name in ("ledger.sqlite", "ledger.sqlite-wal"):
            (copy / name).unlink(missing_ok=True)
            if (self.disk.path / "state" / name).exists():
                shutil.copyfile(self.disk.path / "state" / name, copy / name)
        ledger = sqlite3.connect(copy / "ledger.sqlite")
        try:
            self.made = {detail for detail, in ledger.execute(
                "SELECT detail FROM event WHERE kind = 'key' AND event = 'made'")}
            return {pathlib.Path(path).name: digest.hex() for path, digest in ledger.execute(
                "SELECT path, sha256 FROM file WHERE direction = 'out' AND batch = ? AND kind IN ('codes', 'passphrases')",
                (BATCH,))}
        finally:
            ledger.close()

    def judge(self):
        """Without power there is nothing to be seen."""
        if not self.is_running():
            raise Gone("judge")
        try:
            return self.judge_files()
        except OSError as error:
            if self.points.fired and not self.is_cut:
                raise Gone("power") from error
            raise

    def judge_files(self):
        told, found = [], self.outgoing()
        known = self.files()
        wallets = [w for w in self.ask("wallet list", batch=BATCH) if w["type"] == "wallet"]
        changed = [n for n, digest in self.seen.items() if found.get(n) != digest]
        lost = [n for n, digest in known.items() if found.get(n) != digest]
        if changed or lost:
            told.append(f"seen {self.seen}\nfound {found}\nthe ledger's {known}")
        if len(wallets) != COUNT or len(known) != 2:
            lost.append(BATCH)
            told.append(f"{len(wallets)} wallets, {len(known)} files in the ledger")
        if self.site() != self.fingerprint or self.made != {self.fingerprint.replace(" ", "")}:
            lost.append("key")
            told.append(f"the host's key was {self.fingerprint}, {self.made} in the ledger, and is {self.site()}")
        if self.ask("ledger verify")[-1]["exit"] != 0:
            lost.append("ledger")
        return Outcome(len(changed), len(lost), 0, told)

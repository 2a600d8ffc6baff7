# SPDX-License-Identifier: MIT
"""Two hosts in two countries without a device: what they exchange and what their ledgers say."""
import os
import shutil
import sqlite3
import subprocess
import tempfile

from factory import Factory, Host, Trouble

PRODUCT = "[product CARD]\ncoins = BTC\n\n"


class Sites:
    """us (generate, etch) and cn (mint, print), introduced, their lasting keys exchanged."""

    def __init__(self):
        self.factory = f = Factory()
        self.disk, disk = f.secure_disk()
        self.us = Host(f, "us-1", "usa", "generate, etch", PRODUCT
                       + "[route]\ncodes = cn-1\npassphrases = us-1\nresults = cn-1\n\n[from]\npassphrases = us-1\nconfirmations = cn-1\nshipment = cn-1\n\n")
        self.cn = Host(f, "cn-1", "china", "mint, print", disk
                       + "[route]\nconfirmations = us-1\nstickers = cn-1\nshipment = us-1\n\n[from]\ncodes = us-1\nstickers = cn-1\nresults = us-1\n\n")
        self.hosts = (self.us, self.cn)

    def open(self):
        for host in self.hosts:
            host.write_config()
            host.start()
        self.factory.introduce(*self.hosts)
        for host, kind, other in ((self.cn, "codes", self.us), (self.us, "confirmations", self.cn)):
            host.ctl("key", "new", kind, "--yes")
            self.factory.carry(host, f"{host.name}.{kind}.crt", other)
        return self

    def order(self, batch, count, more="", values=""):
        for host in self.hosts:
            host.ctl("key", "new", batch, "--yes")
        self.us.write(f"{batch}.order.csv", f"batch,product,count{more}\n{batch},CARD,{count}{values}\n")
        folder, text = self.us.result(f"{batch}.order.csv")
        if folder != "done":
            raise Trouble(text)
        return self.us.outgoing(f"{batch}.1.codes.cms")[0]

    def exchange(self, batch):
        """Codes go, confirmations come back, and so do the receipts."""
        self.factory.carry(self.us, f"{batch}.1.codes.cms", self.cn)
        self.factory.carry(self.cn, f"{batch}.1.codes.receipt.cms", self.us)
        self.factory.carry(self.cn, f"{batch}.1.confirmations.cms", self.us)
        self.factory.carry(self.us, f"{batch}.1.confirmations.receipt.cms", self.cn)

    def make(self, batch, count, **order):
        """A batch of confirmed wallets."""
        self.order(batch, count, **order)
        self.exchange(batch)
        self.us.wait_states(batch, ("confirmed",))
        return sorted(self.us.states(batch))

    def close(self):
        for host in self.hosts:
            if host.process:
                host.stop()
        self.factory.close()


def events(host, where="1"):
    """The events of a host's ledger, from a copy: the daemon alone has it open."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("ledger.sqlite", "ledger.sqlite-wal"):
            if (host.state / name).exists():
                shutil.copy(host.state / name, folder)
        base = sqlite3.connect(os.path.join(folder, "ledger.sqlite"))
        rows = base.execute("SELECT seq, kind, object, event, detail, lower(hex(hash)) FROM event"
                            f" WHERE {where} ORDER BY seq").fetchall()
        base.close()
    return rows


def content(host, path):
    """What a signed file says, read by openssl: the header's lines by their first word, and the rows."""
    done = subprocess.run(["openssl", "cms", "-verify", "-inform", "DER", "-in", str(path), "-purpose", "any",
                           "-CAfile", str(host.root / "keys" / "own" / "site.crt")],
                          capture_output=True, text=True, check=True, env={**os.environ, "OPENSSL_CONF": "/dev/null"})
    lines = done.stdout.splitlines()
    head = next(i for i, line in enumerate(lines) if line.startswith("count,")) + 1
    return dict(line.split(",", 1) for line in lines[:head]), lines[head + 1:]

# SPDX-License-Identifier: MIT
"""Two hosts that do all four stages between them, with no device: what tests of their disks work on."""
from factory import Factory, Host

PRODUCT = "[product CARD]\ncoins = BTC\n\n"


class Pair:
    """us-1 generates and etches, cn-1 mints and prints; each trusts the other."""

    def __init__(self, batches=("B-1",), us_extra="", cn_extra=""):
        self.factory = f = Factory()
        self.batches = batches
        self.disk = f.root / "secure-disk"
        self.disk.mkdir(mode=0o700)
        disk = f"[secure-disk]\npath = {self.disk}\nmedium = directory\n\n"
        self.us = Host(f, "us-1", "usa", "generate, etch",
                       PRODUCT + "[route]\ncodes = cn-1\npassphrases = us-1\nresults = cn-1\n\n"
                       "[from]\npassphrases = us-1\nconfirmations = cn-1\nshipment = cn-1\n\n" + us_extra)
        self.cn = Host(f, "cn-1", "china", "mint, print",
                       disk + "[route]\nconfirmations = us-1\nstickers = cn-1\nshipment = us-1\n\n"
                       "[from]\ncodes = us-1\nstickers = cn-1\nresults = us-1\n\n" + cn_extra)

    def __enter__(self):
        for host in (self.us, self.cn):
            host.write_config()
            host.start()
        self.factory.introduce(self.us, self.cn)
        for host, name, target in ((self.cn, "codes", self.us), (self.us, "confirmations", self.cn)):
            host.ctl("key", "new", name, "--yes")
            self.factory.carry(host, f"{host.name}.{name}.crt", target)
        for batch in self.batches:
            self.us.ctl("key", "new", batch, "--yes")
            self.cn.ctl("key", "new", batch, "--yes")
        return self

    def __exit__(self, *_):
        for host in (self.us, self.cn):
            if host.process:
                host.stop()
        self.factory.close()

    def order(self, batch, count=2):
        return self.us.write(f"{batch}.order.csv", f"batch,product,count\n{batch},CARD,{count}\n")

    def generated(self, batch):
        """us-1 has made the batch; the path of its codes."""
        self.us.result(f"{batch}.order.csv")
        self.us.wait_states(batch, ("expected",))
        return self.us.outgoing(f"{batch}.1.codes.cms")[0]

    def minted(self, batch):
        """cn-1 has minted what us-1 has made; the path of its confirmations."""
        self.factory.carry(self.us, f"{batch}.1.codes.cms", self.cn)
        return self.cn.outgoing(f"{batch}.1.confirmations.cms")[0]

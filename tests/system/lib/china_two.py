# SPDX-License-Identifier: MIT
"""One host in the USA, and two in China that a secure disk goes between: one mints, one prints."""
from factory import Factory, Host, wait_for

PRODUCT = "[product CARD]\ncoins = BTC\n\n"


class China:
    def __init__(self):
        self.factory = f = Factory()
        self.disk, disk = f.secure_disk()
        self.us = Host(f, "us-1", "usa", "generate, etch", PRODUCT
                       + "[route]\ncodes = cn-mint\npassphrases = us-1\nresults = cn-print, cn-mint\n\n"
                       "[from]\npassphrases = us-1\nconfirmations = cn-mint\nshipment = cn-print\n\n")
        self.mint = Host(f, "cn-mint", "china", "mint", disk + "[route]\nconfirmations = us-1\nstickers = cn-print\n\n"
                         "[from]\ncodes = us-1\nresults = us-1\n\n")
        self.print = Host(f, "cn-print", "china", "print", disk + "[route]\nshipment = us-1\n\n"
                          "[from]\nstickers = cn-mint\nresults = us-1\n\n")
        self.hosts = (self.us, self.mint, self.print)

    def open(self):
        for host in self.hosts:
            host.write_config()
            host.start()
        self.factory.introduce(*self.hosts)
        for host, kind, other in ((self.mint, "codes", self.us), (self.us, "confirmations", self.mint)):
            host.ctl("key", "new", kind, "--yes")
            self.factory.carry(host, f"{host.name}.{kind}.crt", other)
        return self

    def keys(self, *batches):
        """What is needed of the print host before anything is minted."""
        for batch in batches:
            for host in (self.us, self.print):
                host.ctl("key", "new", batch, "--yes")
            self.factory.carry(self.print, f"cn-print.stickers.{batch}.crt", self.mint)

    def make(self, batch, count=2):
        """Ordered, generated and minted.  Gives the path of its stickers."""
        self.us.write(f"{batch}.order.csv", f"batch,product,count\n{batch},CARD,{count}\n")
        self.factory.carry(self.us, f"{batch}.1.codes.cms", self.mint)
        self.mint.wait_states(batch, ("minted",))
        path = self.disk / f"{batch}.1.stickers.cms"
        wait_for(f"the stickers of {batch}", path.exists)
        return path

    def taken(self, batch):
        """The print host takes the batch's stickers in where they lie."""
        wait_for(f"cn-print to know {batch}", lambda: [b for b in self.print.ask("batch", "list")
                                                      if b["type"] == "batch" and b["batch"] == batch and b["counts"]])

    def close(self):
        for host in self.hosts:
            if host.process:
                host.stop()
        self.factory.close()


def faults(host, code):
    return sorted(f["about"] for f in host.ask("status") if f["type"] == "fault" and f["code"] == code)

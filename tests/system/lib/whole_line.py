# SPDX-License-Identifier: MIT
"""One production run, step by step, as the people at the line do it."""
import subprocess

from factory import (SRC, Etcher, Factory, Host, Scanner, Trouble, program, qa_decrypt, read_label, wait_for)

OPERATOR, PIN = "olga", "204951"
PRODUCT = "[product CARD]\ncoins = BTC, ETH, LTC\n\n"


class Line:
    """Four hosts in two countries, a printer, two etchers, and the scanners."""

    def __init__(self, root=None, say=lambda text: None, mark_ms=200, operators=False):
        """operators: as in production, no station works without one."""
        self.say = say
        self.operators = operators
        self.badges = {}
        self.factory = f = Factory(root)
        self.printer = f.printer()
        self.lasers = [Etcher(f, "laser1", "tcp", "SIM-0001", mark_ms).start(),
                       Etcher(f, "laser2", "rtu", "SIM-0002", mark_ms).start()]
        self.scanners = {n: Scanner(f.run / n) for n in ("pair1", "ship1", "arrive1", "seal1", "laser1", "laser2")}
        self.disk, disk_config = f.secure_disk()
        self.gen = Host(f, "us-gen", "usa", "generate", PRODUCT + "[route]\ncodes = cn-mint\npassphrases = us-etch\n")
        self.mint = Host(f, "cn-mint", "china", "mint",
                         disk_config + "[route]\nconfirmations = us-etch\nstickers = cn-print\n\n"
                         "[from]\ncodes = us-gen\nresults = us-etch\n\n")
        self.print = Host(f, "cn-print", "china", "print", disk_config + "[route]\nshipment = us-etch\n\n[from]\nstickers = cn-mint\nresults = us-etch\n\n"
                          + self.print_station() + self.scan_station("pair1", "pair") + self.scan_station("ship1", "ship"))
        self.etch = Host(f, "us-etch", "usa", "etch", "[route]\nresults = cn-print, cn-mint\n\n[from]\npassphrases = us-gen\nconfirmations = cn-mint\nshipment = cn-print\n\n" + self.scan_station("arrive1", "arrive")
                         + self.scan_station("seal1", "seal") + "".join(map(self.etch_station, self.lasers)))
        self.hosts = (self.gen, self.mint, self.print, self.etch)

    def print_station(self):
        return (f"[station printer1]\nkind = print\nuri = {self.printer.uri}\npin = {self.printer.pin}\n"
                f"media = 40x40\ndpi = 300\n\n")

    def scan_station(self, name, kind):
        return f"[station {name}]\nkind = {kind}\nscanner = {self.scanners[name].path}\n\n"

    def etch_station(self, laser):
        return (f"[station {laser.name}]\nkind = etch\ndevice = {laser.device}\nunit = 1\n"
                f"profile = {SRC}/conf/etch-profile.conf\ndevice_serial = {laser.serial}\n"
                f"scanner = {self.scanners[laser.name].path}\n\n")

    def open(self):
        for host in self.hosts:
            host.write_config(**({"operators": "required"} if self.operators else {}))
            host.start()
        self.factory.introduce(*self.hosts)
        if self.operators:
            for host in self.hosts:
                self.enroll(host, OPERATOR)
        self.say("Four hosts run; their people have read their fingerprints to each other.")
        return self

    def enroll(self, host, name):
        """An operator is known at a host by a badge of his own and by a PIN."""
        if name not in self.badges:
            self.badges[name] = host.ctl("operator", "badge").stdout.strip()
        for code in (self.badges[name], PIN):
            exit_code, told = host.enroll_operator(name, code)
            if exit_code:
                raise Trouble(f"{host.name}: {name} is not enrolled: {exit_code} {told}")

    def sign_on(self, host, station, name):
        """By badge where there is a scanner, else by PIN at a terminal."""
        if station in self.scanners:
            self.scanners[station].scan(self.badges[name])
        else:
            exit_code, told = host.sign_on(station, name, PIN)
            if exit_code:
                raise Trouble(f"{host.name}: {name} cannot sign on at {station}: {exit_code} {told}")
        wait_for(f"{name} to stand at {station}", lambda: host.station(station)["operator"] == name)

    def start_stations(self, host, *names):
        working = ("Execute", "Suspended")
        for name in names:
            if self.operators and not host.station(name)["operator"]:
                self.sign_on(host, name, OPERATOR)
            if host.station(name)["state"] not in working:
                host.ctl("station", "start", name)
            host.wait_station(name, working)

    def keys(self, batch):
        """The receiving hosts make their keys, and the certificates travel."""
        for host, name, target in ((self.mint, "codes", self.gen), (self.etch, "confirmations", self.mint)):
            if not list((host.spool / "outgoing").glob(f"{host.name}.{name}.crt")):
                host.ctl("key", "new", name, "--yes")
                self.factory.carry(host, f"{host.name}.{name}.crt", target)
        for host, kind, target in ((self.etch, "passphrases", self.gen), (self.print, "stickers", self.mint)):
            host.ctl("key", "new", batch, "--yes")
            self.factory.carry(host, f"{host.name}.{kind}.{batch}.crt", target)

    def order(self, batch, count, draws=0, spares=0):
        self.gen.write(f"{batch}.order.csv", f"batch,product,count,first_serial,lot,sequence,draws,spares\r\n"
                       f"{batch},CARD,{count},next,,,{draws},{spares}\r\n")
        folder, text = self.gen.result(f"{batch}.order.csv")
        if folder != "done":
            raise Trouble(text)

    def generate(self, batch):
        self.factory.carry(self.gen, f"{batch}.1.codes.cms", self.mint)
        self.factory.carry(self.gen, f"{batch}.1.passphrases.cms", self.etch)
        return sorted(self.gen.states(batch))

    def mint_and_print(self, batch, serials):
        self.mint.wait_states(batch, ("minted",))
        wait_for(f"the print host to know {batch}", lambda: len(self.print.states(batch)) == len(serials))
        self.start_stations(self.print, "printer1")
        self.print.wait_states(batch, ("printed",), 120)

    def stickers(self):
        """What a phone reads from each printed sticker: {serial: (epk, address, pages)}."""
        found, labels = {}, self.printer.labels()
        for bottom, top in zip(labels[::2], labels[1::2]):
            below, above = read_label(bottom), read_label(top)
            serial = next(s for s in below if s.endswith("/L")).removesuffix("/L")
            if serial not in above:
                raise Trouble(f"{bottom}: the layers carry different serials: {below} {above}")
            found[serial] = (next(s for s in below if s.startswith("6P")),
                             next(s for s in above if s != serial), (bottom, top))
        return found

    def marks(self, serials):
        """What is scanned to pair each: read from the pictures of its labels, where this printer made them."""
        read = [text for label in self.printer.labels() for text in read_label(label)]
        found = {s: [text for text in read if text.partition("/")[0] == s] or [f"{s}/L", s] for s in serials}
        if any(len(set(texts)) != 2 for texts in found.values()):
            raise Trouble(f"not each layer has a mark of its own: {found}")
        return found

    def pair_and_ship(self, batch, serials):
        self.start_stations(self.print, "pair1", "ship1")
        marks = self.marks(serials)
        for turn, serial in enumerate(serials):
            # Either layer may come first.
            for text in marks[serial][::-1 if turn % 2 else 1]:
                self.scanners["pair1"].scan(text)
            self.print.wait_wallet(serial, "paired")
            self.scanners["ship1"].scan(serial)
            self.print.wait_wallet(serial, "shipped")
        self.print.ctl("batch", "ship", batch, "--yes")
        self.factory.carry(self.print, f"{batch}.1.shipment.cms", self.etch)

    def confirm(self, batch, rejected=()):
        self.factory.carry(self.mint, f"{batch}.1.confirmations.cms", self.etch)
        return self.etch.wait_states(batch, ("confirmed", "rejected"), 120)

    def forge_confirmations(self, batch, one, other):
        """The confirmations file of a dishonest minting host that swaps two wallets' rows."""
        name = f"{batch}.1.confirmations.cms"
        forged = self.factory.root / name
        subprocess.run([program("forge_confirmations"), str(self.mint.root / "keys"), str(self.etch.root / "keys"),
                        str(self.mint.outgoing(name)[0]), one, other, str(forged)], check=True)
        return forged

    def arrive(self, serials):
        self.start_stations(self.etch, "arrive1")
        for serial in serials:
            self.scanners["arrive1"].scan(serial)
            self.etch.wait_wallet(serial, "arrived")

    def etch_one(self, laser, serial, address, wanted="sealed"):
        scanner = self.scanners[laser]
        scanner.scan(serial)
        scanner.scan(address)
        self.etch.wait_wallet(serial, "etched")
        if wanted == "sealed":
            self.scanners["seal1"].scan(serial)
            self.etch.wait_wallet(serial, "sealed")

    def open_drawn(self, batch, stickers, passphrase_of):
        """QA peels and scratches the drawn wallets and decrypts them offline."""
        drawn = [w["serial"] for w in self.etch.ask("wallet", "list", batch) if w.get("drawn")]
        for serial in drawn:
            epk, address, _ = stickers[serial]
            code, words = qa_decrypt(epk, passphrase_of(serial))
            good = code == 0 and address in words
            self.etch.ctl("wallet", "opened", serial, "good" if good else "bad", "--yes")
            self.etch.both("wallet", "destroyed", serial, "--reason", "opened")
        return drawn

    def carry_receipts(self, batch):
        """What each host says it took goes home to whose file it was."""
        home = {"codes": self.gen, "passphrases": self.gen, "confirmations": self.mint, "stickers": self.mint,
                "shipment": self.print, "results": self.etch}
        for host in self.hosts:
            for receipt in sorted((host.spool / "outgoing").glob(f"{batch}.*.receipt.cms")):
                self.factory.carry(host, receipt.name, home[receipt.name.split(".")[2]])

    def finish(self, batch):
        self.etch.both("batch", "release", batch)
        for host in (self.print, self.mint):
            self.factory.carry(self.etch, f"{batch}.1.results.{host.name}.cms", host)
            host.outgoing(f"{batch}.1.results.{host.name}.receipt.cms")
        self.carry_receipts(batch)
        self.etch.both("batch", "destroy", batch)
        self.print.both("batch", "destroy", batch)

    def close(self):
        for host in reversed(self.hosts):
            host.stop()
        self.factory.close()

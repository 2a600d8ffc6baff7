# SPDX-License-Identifier: MIT
"""A line whose secrets are known to its test, and the places where they must not be.

Secrets: a batch's passphrases and EPKs, read with the batch keys before these are destroyed; all that lies
between them and the private key; the batch keys themselves.  Each kind of place is shown to be searched: by
what must be there (a program's own arguments, a key that is in use), or by a piece that is planted there.
"""
import base64
import os
import pathlib
import re
import secrets
import subprocess

from bip38_secrets import open_epk
from ctl_run import Terminal
from exit_stop import ExitStop, run_to_the_end
from factory import BUILD, Trouble, people, program, wait_for
from needles import Needles, tree, windows
from printer import missing

SHOWN, PLANTED = 12, "planted"


def lacks():
    """Why memory cannot be searched here, or None."""
    if os.geteuid() != 0:
        return "only root may look into the memory of a protected process"
    if missing():
        return f"no {missing()} here"
    config = (BUILD / "config.h").read_text()
    if "#define KEYLINE_SECRET_MALLOC 1" in config:
        return "in this build secrets lie on the ordinary heap"
    return None


def openssl(*words, text=None):
    done = subprocess.run(["openssl", *map(str, words)], input=text, capture_output=True, check=False)
    if done.returncode:
        raise Trouble(f"openssl {words}: {done.stderr.decode()}")
    return done.stdout


def opened_rows(file, key):
    """The fields of each row of a sealed file, by serial."""
    content = openssl("cms", "-verify", "-inform", "DER", "-in", file, "-noverify").decode()
    rows = content.partition("\nserial,sealed\n")[2].splitlines()
    found = {}
    for serial, sealed in (row.split(",") for row in rows):
        plain = openssl("cms", "-decrypt", "-inform", "DER", "-recip", key.with_suffix(".crt"), "-inkey", key,
                        text=base64.b64decode(sealed))
        found[serial] = plain.decode().split(",")
    return found


def scalar(key):
    """The number that a private key is."""
    text = openssl("pkey", "-in", key, "-noout", "-text").decode()
    digits = re.search(r"priv:\s*([0-9a-f:\s]+?)\n\S", text)[1]
    return bytes.fromhex(re.sub(r"[\s:]", "", digits))[-32:].rjust(32, b"\0")


def children(pid):
    """The programs that a process has started: {pid: name}."""
    found = {}
    for path in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if int((path / "stat").read_text().rpartition(")")[2].split()[1]) == pid:
                found[int(path.name)] = os.path.basename(os.readlink(path / "exe"))
        except OSError:
            pass  # it has ended
    return found


def piece_of_arguments(pid):
    """Some bytes that are in a process as long as it runs; None: it has ended."""
    try:
        longest = max(pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0"), key=len)
    except OSError:
        return None
    return min(windows(longest, 16), default=None)


class Planted:
    """What is known, and what was found of it; expect_nothing() at the end of each step."""

    def __init__(self, line, batch, say=print):
        self.line, self.batch, self.say = line, batch, say
        self.needles, self.passphrases = Needles(), {}
        # What is planted by the test itself, and must be found wherever it was planted.
        self.planted = secrets.token_hex(16).translate(str.maketrans("0123456789", "ghijklmnop"))
        self.needles.text(PLANTED, self.planted)
        self.places, self.bytes, self.hits, self.unread = {}, 0, [], set()
        self.keys = {"key-passphrases": line.etch.root / f"keys/own/passphrases.{batch}.key",
                     "key-stickers": line.print.root / f"keys/own/stickers.{batch}.key"}

    # What is known.

    def learn_passphrases(self):
        for name, key in self.keys.items():
            self.needles.number(name, scalar(key))
        file = self.line.gen.outgoing(f"{self.batch}.1.passphrases.cms")[0]
        for serial, fields in opened_rows(file, self.keys["key-passphrases"]).items():
            self.passphrases[serial] = fields[3]
            self.needles.text(f"passphrase-{serial}", fields[3])

    def learn_epks(self):
        file = wait_for("the stickers", lambda: list(self.line.disk.glob(f"{self.batch}.1.stickers.cms")))[0]
        for serial, fields in opened_rows(file, self.keys["key-stickers"]).items():
            self.needles.epk(f"EPK-{serial}", fields[3])
            opened = open_epk(fields[3], self.passphrases[serial])
            for name, data in opened._asdict().items():
                (self.needles.text if name == "wif" else self.needles.number)(f"{name}-{serial}", data)
            self.check_reckoning(fields[3], self.passphrases[serial], opened.wif)

    @staticmethod
    def check_reckoning(epk, passphrase, wif):
        """keyline-qa says the same of the wallet: what is looked for is what there is."""
        told = subprocess.run([program("keyline-qa"), "decrypt", "--show-key"], input=f"{epk}\n{passphrase}\n",
                              capture_output=True, text=True, check=False).stdout
        if wif not in told.split():
            raise Trouble("the secrets are reckoned wrongly")

    # Where it is looked for.

    def note(self, kind, result, may_have=lambda hit: False):
        """Counts a search; gives the hits that may be."""
        hits, searched, unread = result
        hits = [hit for hit in hits if not hit.label.startswith(PLANTED)]
        self.places[kind] = self.places.get(kind, 0) + len(searched)
        self.bytes += sum(searched.values())
        self.unread |= {f"{kind}: {re.sub('[0-9]+', 'N', what)}" for what in unread}
        allowed = [hit for hit in hits if may_have(hit)]
        self.hits += [(kind, hit) for hit in hits if not may_have(hit)]
        return allowed

    def processes(self, kinds, may_have=lambda hit: False):
        """All readable memory of processes {pid: kind}, in each of which its own arguments are found, too."""
        controls = {}
        for pid in list(kinds):
            piece = piece_of_arguments(pid)
            if piece:
                controls[f"{PLANTED}-{pid}"] = piece
            else:
                del kinds[pid]
        hits, searched, unread = self.needles.look(*(f"pid:{pid}" for pid in kinds),
                                                   more=[(label, piece) for label, piece in controls.items()])
        kept = []
        for pid, kind in kinds.items():
            place = f"pid:{pid}"
            own = [hit for hit in hits if hit.place == place]
            if not any(hit.label == f"{PLANTED}-{pid}" for hit in own):
                if not piece_of_arguments(pid):
                    continue  # it has ended meanwhile
                raise Trouble(f"{kind}: the search does not see {controls[f'{PLANTED}-{pid}']}")
            kept += self.note(kind, (own, {place: searched[place]}, [what for what in unread if what.startswith(f"{place} ")]),
                              may_have)
        return kept

    def process(self, kind, pid):
        return self.processes({pid: kind})

    def host(self, host):
        """A daemon and the drivers that it has.  The keys of a batch, while they are there, lie in its locked memory."""
        pid = host.process.child.pid

        def may_have(hit):
            name = hit.label.split("/")[0]
            return hit.place == f"pid:{pid}" and hit.where.endswith(":locked") and name in self.keys \
                and self.keys[name].exists() and host.root in self.keys[name].parents
        return self.processes({pid: f"memory of keylined ({host.name})", **{
            child: f"memory of {name}" for child, name in sorted(children(pid).items())}}, may_have)

    def note_files(self, kind, paths):
        """In one of these files something is planted."""
        result = self.needles.files(*paths)
        if not any(hit.label.startswith(PLANTED) for hit in result[0]):
            raise Trouble(f"{kind}: what is planted there is not found")
        return self.note(kind, result)

    def files(self, kind, folder, but=()):
        path = pathlib.Path(folder, "planted.piece")
        path.write_text(5000 * "-" + self.planted + 5000 * "-")
        self.note_files(kind, [path for path in tree(folder) if path not in but])
        path.unlink()

    def hosts_files(self):
        """State, spool, keys, marks, configuration and logs of each host."""
        keys = [path for path in self.keys.values() if path.exists()]
        for host in self.line.hosts:
            self.files("files of hosts", host.root, keys)

    def image(self, kind, image, folder):
        """A raw disk, with what nobody refers to any more: what is planted is a file that was removed."""
        path = pathlib.Path(folder, "planted.piece")
        with open(path, "w", encoding="ascii") as file:
            file.write(5000 * "-" + self.planted)
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
        os.sync()
        self.note_files(kind, [image])

    def everything(self, *hosts):
        for host in hosts or self.line.hosts:
            self.host(host)
        self.hosts_files()

    def expect_nothing(self, when):
        if self.hits:
            shown = "\n".join(f"  {kind}: {hit.where} at {hit.offset}: {hit.label}" for kind, hit in self.hits[:SHOWN])
            raise Trouble(f"{when}: {len(self.hits)} pieces of secrets are left:\n{shown}")
        self.say(f"ok: {when}: nothing of {len(self.needles.names()) - 1} secrets ({len(self.needles.pieces)} pieces)")

    # Programs that end: they are stopped there.

    def printed(self, serials):
        """The first label's driver is held while it prints, and searched when it has told that all is done."""
        line = self.line
        line.printer.put("hold")
        line.start_stations(line.print, "printer1")
        wait_for("a label that is printed", lambda: "printing" in line.print.states(self.batch).values())
        pid = next(pid for pid, name in children(line.print.process.child.pid).items() if name == "print-ipp")
        stop = ExitStop(pid)
        line.printer.take("hold")
        stop.wait()
        self.process("memory of print-ipp at its end", pid)
        stop.reap()
        line.print.wait_states(self.batch, ("printed",), 120)
        if len(line.printer.labels()) != 2 * len(serials):
            raise Trouble("not each sticker has its two labels")

    def at_the_end(self, name, argv, text, **more):
        code, told, _ = run_to_the_end(argv, text, lambda pid: self.process(f"memory of {name} at its end", pid), **more)
        return code, told

    def opened_by_qa(self, serial, epk, address):
        """keyline-qa has had passphrase, EPK and private key."""
        code, told = self.at_the_end("keyline-qa", [program("keyline-qa"), "decrypt"], f"{epk}\n{self.passphrases[serial]}\n")
        if code or address not in told.split():
            raise Trouble(f"keyline-qa: {code} {told}")

    def approved(self, host, *words):
        """An act of two persons; the second one's keylinectl has had his key."""
        request, uid = host.first(*words), people.BOB
        person = people.as_person(self.line.factory.run, uid)
        name = "key-of-a-person"
        self.needles.number(name, scalar(people.key_file(self.line.factory.run, uid)))
        code, told = self.at_the_end("keylinectl", [self.line.factory.keylinectl, "--socket", host.socket, "approve", request,
                                                    "--yes"], "", cwd="/", **person)
        if code:
            raise Trouble(f"{words}: {code} {told}")
        self.expect_nothing(f"{' '.join(words)} approved by {uid}")
        self.needles = self.needles.without(name)

    def enrolled(self):
        """keylinectl has had the badge that was scanned at its terminal."""
        host = self.line.etch
        badge = host.ctl("operator", "badge").stdout.strip()
        self.needles.text("badge-nora", badge)
        screen = Terminal(["operator", "enroll", "nora", "--socket", str(host.socket)])
        screen.read_until("Scan the badge: ")
        stop = ExitStop(screen.pid)
        screen.type(badge + "\n")
        screen.read_until("The same again: ")
        screen.type(badge + "\n")
        stop.wait()
        self.process("memory of keylinectl at its end", screen.pid)
        stop.go()
        code = screen.end()
        if code:
            raise Trouble(f"nora is not enrolled: {code} {screen.text}")
        self.host(host)
        self.expect_nothing("an operator is enrolled")

    # The whole of it.

    def from_order_to_destruction(self, count, draws):
        line, batch = self.line, self.batch
        line.keys(batch)
        line.order(batch, count, draws)
        serials = line.generate(batch)
        self.learn_passphrases()
        self.host(line.gen)
        self.expect_nothing("passphrases are made")
        line.mint.wait_states(batch, ("minted",))
        self.learn_epks()
        self.host(line.mint)
        self.expect_nothing("EPKs are made")
        wait_for("the stickers' way", lambda: len(line.print.states(batch)) == len(serials))
        self.printed(serials)
        stickers = line.stickers()
        if not self.host(line.print):
            raise Trouble("a batch key that is in use is not found: the search sees nothing")
        self.expect_nothing("stickers are printed")
        line.pair_and_ship(batch, serials)
        line.confirm(batch)
        line.arrive(serials)
        line.etch.ctl("batch", "draw", batch, "--yes")
        line.start_stations(line.etch, *(laser.name for laser in line.lasers), "seal1")
        for turn, serial in enumerate(serials):
            line.etch_one(line.lasers[turn % len(line.lasers)].name, serial, stickers[serial][1])
            self.host(line.etch)
            self.expect_nothing(f"{serial} is etched")
        self.opened_by_qa(serials[0], *stickers[serials[0]][:2])
        self.expect_nothing("a wallet is opened")
        line.open_drawn(batch, stickers, self.passphrases.get)
        self.hosts_files()
        self.expect_nothing("all is made")
        self.enrolled()
        self.destroyed()

    def destroyed(self):
        """The line's end, each act of two persons looked at; then all places again."""
        line, batch = self.line, self.batch
        self.approved(line.etch, "batch", "release", batch)
        for host in (line.print, line.mint):
            line.factory.carry(line.etch, f"{batch}.1.results.{host.name}.cms", host)
            host.outgoing(f"{batch}.1.results.{host.name}.receipt.cms")
        line.carry_receipts(batch)
        for host in line.etch, line.print, line.gen:
            host.both("batch", "destroy", batch)
        if any(path.exists() for path in self.keys.values()):
            raise Trouble("a batch key is still there")
        self.everything()
        self.files("secure disk", line.disk)
        self.expect_nothing("all is destroyed")
        self.summary()

    def summary(self):
        for kind, count in sorted(self.places.items()):
            self.say(f"searched: {kind}: {count}")
        self.say(f"{self.bytes >> 20} MiB in all")
        for what in sorted(self.unread):
            self.say(f"could not be read: {what}")

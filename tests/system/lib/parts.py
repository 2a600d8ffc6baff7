# SPDX-License-Identifier: MIT
"""Four hosts whose files of codes and passphrases come in two parts."""
import hashlib
import subprocess

from factory import ALICE, Host, Trouble

WHY = ("--reason", "a look", "--yes")
HOSTS = {
    "us-gen": ("usa", "generate", "[product CARD]\ncoins = BTC\n\n[route]\ncodes = cn-mint\npassphrases = us-etch\n"),
    "us-etch": ("usa", "etch", "[route]\nresults = cn-mint, cn-print\n\n[from]\npassphrases = us-gen\n"
                "confirmations = cn-mint\nshipment = cn-print\n\n[station arrive1]\nkind = arrive\n"),
    "cn-mint": ("china", "mint", "[route]\nconfirmations = us-etch\nstickers = cn-print\n\n"
                "[from]\ncodes = us-gen\nresults = us-etch\n"),
    "cn-print": ("china", "print", "[route]\nshipment = us-etch\n\n[from]\nstickers = cn-mint\nresults = us-etch\n"),
}


def expect(what, truth, got=""):
    if not truth:
        raise Trouble(f"{what}: {got}")
    print(f"ok: {what}", flush=True)


def refused(host, words, *texts):
    done = host.ctl(*words, uid=ALICE, check=False)
    expect(f"{host.name}: {' '.join(words[:6])} is refused", done.returncode != 0 and
           "need-second-person" not in done.stderr and all(t in done.stderr for t in texts), done.stderr)


def take(host, path, folder="done", *texts, name=None):
    got, text = host.result(host.drop(path, name))
    expect(f"{host.name}: {name or path.name} ends in {folder}/", got == folder and all(t in text for t in texts), f"{got} {text}")


def state(host, batch):
    return next(b["state"] for b in host.ask("batch", "show", batch) if b["type"] == "batch")


def content(path):
    return subprocess.run(["openssl", "cms", "-verify", "-inform", "DER", "-in", path, "-noverify", "-binary"],
                          capture_output=True, check=True, text=True).stdout


def sign(signer, text, out):
    own, source = signer.root / "keys" / "own", signer.root / "part.csv"
    source.write_text(text)
    while True:
        subprocess.run(["openssl", "cms", "-sign", "-binary", "-nodetach", "-nosmimecap", "-md", "sha256", "-in", source,
                        "-outform", "DER", "-out", out, "-signer", own / "site.crt", "-inkey", own / "site.key"],
                       capture_output=True, check=True)
        der = out.read_bytes()
        # Of the two forms of a signature only the one with the low s is taken.
        if der[-34:-32] == b"\x02\x20" and der[-32] < 0x7f:
            return out


class Sequence:
    """A host's files of a kind, each in two parts, as they follow one another."""

    def __init__(self, host, kind, folder):
        self.host, self.kind, self.folder = host, kind, folder
        self.number, self.previous = 1, "none"

    def part(self, batch, part, parts=2):
        """Part 1 has the first half of the rows, or third."""
        whole = self.host.outgoing(f"{batch}.1.{self.kind}.cms")[0]
        rows = content(whole).splitlines()
        at = rows.index("serial,sealed") + 1
        size = (len(rows) - at) // parts
        first = at + (part - 1) * size
        body = rows[first:first + size] if part < parts else rows[first:]
        lines = dict(part=f"{part},{parts}", sequence=self.number, previous=self.previous, count=len(body))
        head = [f"{w},{lines[w]}" if (w := row.split(",")[0]) in lines else row for row in rows[:at]]
        out = sign(self.host, "\n".join(head + body) + "\n", self.folder / f"{batch}.{part}.{self.kind}.cms")
        self.number, self.previous = self.number + 1, hashlib.sha256(out.read_bytes()).hexdigest()
        return out


class Line:
    def __init__(self, factory):
        self.factory = factory
        self.disk, disk = factory.secure_disk()
        for name, (mode, stages, config) in HOSTS.items():
            host = Host(factory, name, mode, stages, (disk if mode == "china" else "") + config)
            host.write_config()
            setattr(self, name[3:], host.start())
        factory.introduce(self.gen, self.etch, self.mint, self.print)
        for host, kind, target in ((self.mint, "codes", self.gen), (self.etch, "confirmations", self.mint)):
            host.ctl("key", "new", kind, "--yes")
            factory.carry(host, f"{host.name}.{kind}.crt", target)
        self.codes = Sequence(self.gen, "codes", factory.run)
        self.passphrases = Sequence(self.gen, "passphrases", factory.run)

    def order(self, batch, count, draws):
        for host, kind, target in ((self.etch, "passphrases", self.gen), (self.print, "stickers", self.mint)):
            host.ctl("key", "new", batch, "--yes")
            self.factory.carry(host, f"{host.name}.{kind}.{batch}.crt", target)
        self.gen.write(f"{batch}.order.csv", f"batch,product,count,draws\n{batch},CARD,{count},{draws}\n")
        self.gen.outgoing(f"{batch}.1.codes.cms")
        return sorted(self.gen.states(batch))

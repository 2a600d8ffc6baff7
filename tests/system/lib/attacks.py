# SPDX-License-Identifier: MIT
"""What the attack tables share: a row, how a refusal is seen, and the judge.

A row is an attempt and the named refusal that it gets.  The judge performs it against the programs and looks for three
things: that it is refused by that name, with a next step, where a person sees it; that nothing was made, lost or begun by
it; and, at the end, that DESIGN.md tells an auditor the same table.
"""
import collections
import hashlib
import json
import os
import re
import socket
import subprocess
import textwrap

from factory import SRC, Trouble, wait_for

# what: in words.  host: who refuses.  seen: where it is seen, of SEEN.  name: the refusal's.  attempt: the function.
# costs: a batch that the refusal itself rejects or holds; all else stays as it is.
Attack = collections.namedtuple("Attack", "what host seen name attempt costs", defaults=("",))
SEEN = {
    "file": "NAME.result.txt beside the file",
    "alarm": "keylinectl status",
    "command": "the answer to the command",
    "start": "the log, and the daemon's exit",
}
Refusal = collections.namedtuple("Refusal", "name words step")


def talk(host, command, **args):
    """One command over the socket, as root, without a process for it: the objects before the end."""
    with socket.socket(socket.AF_UNIX) as sock:
        sock.settimeout(60)
        sock.connect(str(host.socket))
        sock.sendall(json.dumps({"schema": 1, "command": command, "args": args}).encode() + b"\n")
        answers = []
        for line in sock.makefile():
            answers.append(json.loads(line))
            if answers[-1]["type"] == "end":
                return answers[:-1]
    raise Trouble(f"{host.name}: {command}: no end")


def of(answers, kind):
    return [a for a in answers if a["type"] == kind]


def content(path):
    """What a signed file says, whoever signed it."""
    return subprocess.run(["openssl", "cms", "-verify", "-inform", "DER", "-in", path, "-noverify", "-binary"],
                          capture_output=True, check=True).stdout.decode()


def with_lines(text, **lines):
    """The content with other values in its header."""
    rows = text.splitlines()
    for at, row in enumerate(rows):
        word = row.split(",")[0]
        if word in lines:
            rows[at] = f"{word},{lines.pop(word)}"
    if lines:
        raise Trouble(f"the header has no {lines}")
    return "\n".join(rows) + "\n"


def with_row(text, serial, sealed):
    """The content with another sealed text in a wallet's row."""
    changed, n = re.subn(rf"(?m)^{serial},.*$", f"{serial},{sealed}", text)
    if n != 1:
        raise Trouble(f"no row of {serial}")
    return changed


def row(text, serial):
    return re.search(rf"(?m)^{serial},(.*)$", text).group(1)


def openssl(*words, given=None):
    done = subprocess.run(["openssl", *map(str, words)], input=given, capture_output=True)
    if done.returncode:
        raise Trouble(f"openssl {words}: {done.stderr.decode()}")
    return done.stdout


def open_sealed(sealed, folder, name):
    """A row's content, by whoever has that key folder."""
    own, der = folder / "own", folder.parent / "row.der"
    der.write_bytes(openssl("base64", "-d", "-A", given=sealed.encode()))
    return openssl("cms", "-decrypt", "-binary", "-inform", "DER", "-in", der, "-recip", own / f"{name}.crt",
                   "-inkey", own / f"{name}.key").decode()


def seal(text, certificate):
    der = openssl("cms", "-encrypt", "-binary", "-aes-256-gcm", "-outform", "DER", "-recip", certificate, "-keyid",
                  "-keyopt", "ecdh_kdf_md:sha256", given=text.encode())
    return openssl("base64", "-A", given=der).decode().strip()


def sign(text, certificate, key, out):
    """A file as a host signs it: of the two forms of a signature the one with the low s alone is taken."""
    source = out.with_suffix(".csv")
    source.write_text(text)
    while True:
        der = openssl("cms", "-sign", "-binary", "-nodetach", "-nosmimecap", "-md", "sha256", "-in", source,
                      "-outform", "DER", "-signer", certificate, "-inkey", key)
        if der[-34:-32] == b"\x02\x20" and der[-32] < 0x7f:
            out.write_bytes(der)
            return out


def signed_by(host, text, name):
    """A content signed with a host's own site key, by whoever has that host."""
    own = host.root / "keys" / "own"
    return sign(text, own / "site.crt", own / "site.key", host.factory.root / name)


def state_of(host):
    """What a host has: none of it may change by an attempt.  Without events: a refusal may be one."""
    batches = {b["batch"]: (b["state"], b["total"], b.get("held"), b.get("reason"))
               for b in of(talk(host, "batch list"), "batch")}
    wallets = {(b, w["serial"]): (w["state"], w.get("held"), w.get("destroyed"))
               for b in batches for w in of(talk(host, "wallet list", batch=b), "wallet")}
    files = {(b, f["direction"], f["kind"], f["part"] if "part" in f else 0, f["sender"], f["sequence"]): f.get("receipt")
             for b in batches for f in of(talk(host, "batch show", batch=b), "file")}
    keys = {(k["host"], k["kind"], k["batch"], k["fingerprint"]) for k in of(talk(host, "key list"), "key")}
    persons = {(p["person"], p["state"], p["fingerprint"]) for p in of(talk(host, "person list"), "person")}
    return {"batches": batches, "wallets": wallets, "files": files, "keys": keys, "persons": persons}


def tree(folder):
    """Whatever lies there, by its bytes."""
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest()
            for p in sorted(folder.rglob("*")) if p.is_file() and not p.is_symlink()}


class Bench:
    """Hosts under attack, and what people there see."""

    def __init__(self, hosts, machines=dict, folders=()):
        """machines: gives what each device has made; folders: with sealed files, beside the hosts' own."""
        self.hosts, self.machines, self.folders = hosts, machines, folders
        self.row = self.before = None

    def host(self, name):
        return next(h for h in self.hosts if h.name == name)

    def snapshot(self):
        seen = {host.name: state_of(host) for host in self.hosts}
        for host in self.hosts:
            for folder in (host.spool / "outgoing", host.spool / "done", host.state / "store", host.state / "staged"):
                seen[host.name][folder.name] = tree(folder) if folder.is_dir() else {}
        seen["machines"] = self.machines()
        seen["folders"] = {str(folder): tree(folder) for folder in self.folders}
        return seen

    def lawful(self):
        """What an attempt has done so far was no attempt yet, and may stay."""
        self.before = self.snapshot()

    # How a refusal is seen; each gives a Refusal.

    def results(self, host, name):
        return {path for folder in ("done", "failed", "duplicate")
                for path in (host.spool / folder).glob(f"{name}*.result.txt")}

    def result(self, host, put, name):
        """Puts a file into incoming/; gives the folder where that very one ends, and its result."""
        before = self.results(host, name)
        put()
        new = wait_for(f"{host.name}: the result of {name}", lambda: self.results(host, name) - before).pop()
        return new.parent.name, new.read_text()

    def dropped(self, host, path, name=None):
        """A file that ends in failed/ or duplicate/ with its reason."""
        name = name or path.name
        return self.refused(host, name, *self.result(host, lambda: host.drop(path, name), name))

    def refused(self, host, name, folder, text):
        if folder == "done":
            raise Trouble(f"{host.name} took {name}:\n{text}")
        lines = [line for line in text.splitlines() if line.rstrip().endswith(f"[{self.row.name}]")]
        state, action = (re.search(rf"{word}: ([^\n]*(?:\n {{9,}}\S[^\n]*)*)", text) for word in ("state", "action"))
        if not lines and state.group(1) != self.row.name:
            raise Trouble(f"{self.row.what}: not {self.row.name}: {text}")
        words = " ".join(lines[0].split()).removesuffix(f" [{self.row.name}]") if lines else f"{name} is a duplicate."
        return Refusal(self.row.name, words, " ".join(action.group(1).split()) if action else "")

    def faults(self, host, about=None):
        return [f for f in of(talk(host, "status"), "fault") if f["code"] == self.row.name and about in (None, f["about"])]

    def told(self, host, about=None):
        """An alarm of the row's name."""
        try:
            fault = wait_for(f"{host.name}: the alarm {self.row.name}", lambda: self.faults(host, about))[0]
        except Trouble as trouble:
            raise Trouble(f"{trouble}\n{host.ctl('status', check=False).stdout}\n"
                          + (host.root / "log").read_text()[-1500:]) from None
        return Refusal(fault["code"], fault["status"], fault["action"])

    @staticmethod
    def answered(answers):
        """What a command over the socket got: an error and nothing else, or the end of the attempt."""
        error = next((a for a in answers if a["type"] == "error"), None)
        if not error:
            raise Trouble(f"it was not refused by a name: {answers}")
        return Refusal(error["name"], error["status"], error.get("action", ""))

    @staticmethod
    def said(host, *words, uid=0):
        """What keylinectl says of a command."""
        done = host.ctl(*words, uid=uid, check=False, json_lines=True)
        if not done.stdout:
            raise Trouble(f"{words}: exit {done.returncode}: {done.stderr}")
        return Bench.answered([json.loads(line) for line in done.stdout.splitlines()])

    def said_by(self, uid, groups, *words):
        """The same as a user whom nobody put into a group."""
        host = self.hosts[0]
        done = subprocess.run([str(host.factory.keylinectl), "--socket", str(host.socket), "--json", *words],
                              capture_output=True, text=True, stdin=subprocess.DEVNULL, cwd="/", user=uid, group=groups[0],
                              extra_groups=groups)
        return self.answered([json.loads(line) for line in done.stdout.splitlines()])

    @staticmethod
    def cannot_start(text):
        """The daemon's own words."""
        told = re.search(r"the line cannot start: (\S+) \((.*)\)\. Next: (.*)", text)
        if not told:
            raise Trouble(f"no word of why it does not start: {text}")
        return Refusal(*told.groups())

    @staticmethod
    def no_start(host):
        """A daemon that does not come up; it is stopped before, and not up after."""
        log = host.root / "log"
        before = log.stat().st_size
        try:
            host.start()
        except Trouble:
            return Bench.cannot_start(log.read_bytes()[before:].decode())
        raise Trouble(f"{host.name} started")


def without(seen, batch):
    """What was seen, but of one batch and of the store, whose names tell no batch."""
    def keep(key):
        return batch not in (key if isinstance(key, tuple) else (key.partition(".")[0],))
    return {name: {part: {k: v for k, v in value.items() if keep(k)} if isinstance(value, dict) else value
                   for part, value in parts.items() if part != "store"} for name, parts in seen.items()}


def differences(before, after):
    return [f"{name}, {part}: {before[name].get(part)} became {value}"
            for name, parts in after.items() for part, value in parts.items() if before[name].get(part) != value]


def judge(bench, attack):
    """One row; gives what was told."""
    bench.row = attack
    try:
        refusal = attack.attempt(bench)
    except Trouble as trouble:
        raise Trouble(f"{attack.what}: {trouble}") from None
    if refusal.name != attack.name:
        raise Trouble(f"{attack.what}: refused as {refusal.name}, not {attack.name}: {refusal.words}")
    if not refusal.words or not refusal.step:
        raise Trouble(f"{attack.what}: {attack.name} without words or a next step: {refusal}")

    def unchanged():
        after = bench.snapshot()
        same = [without(s, attack.costs) if attack.costs else s for s in (bench.before, after)]
        return after if same[0] == same[1] else None
    try:
        bench.before = wait_for("nothing to be changed", unchanged)
    except Trouble:
        told = differences(bench.before, bench.snapshot())
        raise Trouble(f"{attack.what}: it changed something:\n" + "\n".join(told)) from None
    print(f"ok: {attack.what}: {attack.name}", flush=True)
    return refusal


def lines_of(attacks):
    """The rows as DESIGN.md has them."""
    return [f"| {a.what} | {a.host} | {a.seen} | `{a.name}` |" for a in attacks]


def documented(title, attacks):
    """The table of that title in DESIGN.md is this one, row by row."""
    text = (SRC / "DESIGN.md").read_text()
    found = re.search(rf"(?m)^\*\*{re.escape(title)}\*\*[^\n]*\n\n\|[^\n]*\n\|[-|]+\n((?:\|[^\n]*\n)*)", text)
    there = found.group(1).splitlines() if found else []
    wanted = lines_of(attacks)
    if there != wanted:
        missing = [line for line in wanted if line not in there]
        left = [line for line in there if line not in wanted]
        raise Trouble(f"DESIGN.md, {title}: the table is not what was tried; it lacks\n" + "\n".join(missing)
                      + "\nand has\n" + "\n".join(left))
    print(f"ok: DESIGN.md has this table, {len(wanted)} rows", flush=True)


def report(attacks, refusals):
    """For a person who audits: what was tried, and what he who tries it gets to read."""
    print()
    for attack, refusal in zip(attacks, refusals):
        print(f"{attack.what}\n    refused by {attack.host}, {SEEN[attack.seen]}: {attack.name}")
        for word, text in (("says", refusal.words), ("next", refusal.step)):
            print(textwrap.fill(text, 110, initial_indent=f"    {word}: ", subsequent_indent=" " * 10))
    print(f"\n{len(attacks)} attempts, {len(refusals)} refused; nothing made, nothing lost.", flush=True)


def chosen(attacks):
    """All of them, or those that ATTACKS in the environment matches, for who works on one."""
    words = os.environ.get("ATTACKS")
    return [a for a in attacks if not words or re.search(words, a.what)]


def run(bench, attacks):
    """Performs the table; gives its rows and what each was told."""
    bench.lawful()
    rows = chosen(attacks)
    return rows, [judge(bench, attack) for attack in rows]

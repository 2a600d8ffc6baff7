# SPDX-License-Identifier: MIT
"""A host whose acts take two persons, clocks that can be moved, and the plainest ways to have an act done by fewer."""
import os
import pathlib

from factory import BUILD, Host, Trouble
from people import ALICE, BOB, CAROL, VIEWERS, ask_as, key_file, sign

LIFE = 3600
STRANGER = 64209  # a supervisor without a key


def public_text(key):
    pem = pathlib.Path(f"{key}.pub").read_text()
    return "".join(pem.splitlines()[1:-1])


class Bench:
    """A host with parts that are to be destroyed, and clocks that can be moved."""

    def __init__(self, factory, name="us-etch", stations="", **line):
        self.host = host = Host(factory, name, "usa", "etch", "[route]\nresults = cn-mint\n\n"
                    "[from]\npassphrases = us-gen\nconfirmations = cn-mint\nshipment = cn-print\n\n" + stations)
        self.clocks = factory.root / f"{name}.clocks"
        self.env = {"LD_PRELOAD": str((BUILD / "tests/tools/clocks.so").resolve()), "KEYLINE_CLOCKS": str(self.clocks)}
        self.move()
        self.key = {who: key_file(factory.run, who) for who in (ALICE, BOB, CAROL)}
        host.write_config(**line)
        host.start()
        self.serials = iter(host.put_wallets("ALL", ["spoiled"] * 120))
        self.restart()

    def move(self, wall=0, boot=0):
        new = pathlib.Path(f"{self.clocks}.new")
        new.write_text(f"{wall} {boot}\n")
        new.rename(self.clocks)

    def restart(self):
        self.host.stop()
        self.host.start(env=self.env)

    def ask(self, uid, command, **args):
        return ask_as(uid, self.host.socket, command, **args)

    def draft(self, uid=ALICE):
        """What the daemon gives that person to sign: (number, text)."""
        code, answers = self.ask(uid, "wallet destroyed", serial=next(self.serials))
        approval = next((a for a in answers if a["type"] == "approval"), None)
        if code != 0 or not approval:
            raise Trouble(f"no text to sign: {answers}")
        return str(approval["request"]), approval["text"]

    def request(self, uid=ALICE):
        """One that this person has signed; its number."""
        number, text = self.draft(uid)
        code, answers = self.approve(uid, number, sign(self.key[uid], text))
        if code != 5 or answers[-1]["name"] != "need-second-person":
            raise Trouble(f"not recorded: {answers}")
        return number

    def text(self, uid, number):
        code, answers = self.ask(uid, "request text", request=number)
        if code != 0:
            raise Trouble(f"request {number}: {answers}")
        return next(a["text"] for a in answers if a["type"] == "approval")

    def approve(self, uid, number, signature, **more):
        return self.ask(uid, "approve", request=number, signature=signature, **more)

    def exchange(self, uid, name):
        """That person has another key; gives where the old one is now."""
        folder = self.host.factory.run
        new, old = key_file(folder, uid, name), folder / f"{name}.old"
        self.host.both("person", "enroll", uid, f"{new}.pub")
        os.rename(self.key[uid], old)
        os.rename(new, self.key[uid])
        return old

    def done(self):
        return sum(w.get("destroyed", False) for w in self.host.ask("wallet", "list", "ALL"))


# Each gives what the last of its commands was answered: (exit, answers).

def same_person_twice(b):
    number, text = b.draft()
    b.approve(ALICE, number, sign(b.key[ALICE], text))
    return b.approve(ALICE, number, sign(b.key[ALICE], text))


def root(b):
    number = b.request()
    return ask_as(0, b.host.socket, "approve", request=number, signature=sign(b.key[BOB], b.text(BOB, number)))


def root_asks(b):
    return ask_as(0, b.host.socket, "wallet destroyed", serial=next(b.serials))


def viewer(b):
    number = b.request()
    return b.ask(BOB, "approve", groups=(VIEWERS,), request=number, signature=sign(b.key[BOB], b.text(BOB, number)))


def forged(b):
    number = b.request()
    return b.approve(BOB, number, sign(key_file(b.host.factory.run, 0, "mallory"), b.text(BOB, number)))


def other_persons_key(b):
    """Bob's session, and the key of Carol, who is enrolled."""
    number = b.request()
    return b.approve(BOB, number, sign(b.key[CAROL], b.text(BOB, number)))


def first_persons_signature(b):
    """What Alice signed, handed in by Bob."""
    number, text = b.draft()
    signature = sign(b.key[ALICE], text)
    b.approve(ALICE, number, signature)
    return b.approve(BOB, number, signature)


def replayed(b):
    """The same approval once more, when it is done."""
    number = b.request()
    signature = sign(b.key[BOB], b.text(BOB, number))
    code, answers = b.approve(BOB, number, signature)
    if code != 0:
        raise Trouble(f"two persons were not enough: {answers}")
    return b.approve(BOB, number, signature)


def expired(b):
    number = b.request()
    signature = sign(b.key[BOB], b.text(BOB, number))
    b.move(wall=LIFE, boot=LIFE)
    return b.approve(BOB, number, signature)


def not_enrolled(b):
    number = b.request()
    return b.approve(STRANGER, number, sign(key_file(b.host.factory.run, STRANGER), b.text(BOB, number)))


def root_enrolls(b):
    """Two are enrolled: root may not add a third."""
    return ask_as(0, b.host.socket, "person enroll", user="64210", key=public_text(key_file(b.host.factory.run, 64210)))


def hidden_reason(b):
    """A reason that shows another text than is signed."""
    return b.ask(ALICE, "wallet destroyed", serial=next(b.serials), reason="not \u202edeyortsed")

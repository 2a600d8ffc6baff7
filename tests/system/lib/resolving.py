# SPDX-License-Identifier: MIT
"""A wallet in doubt that fewer than two supervisors try to settle, or two without a reason: over the socket,
where no keylinectl stands between."""
from factory import ALICE, BOB, SUPERVISORS, VIEWERS, Trouble
from people import ask_as, key_file, sign

OTHERS = 64302
GOOD = {"outcome": "good", "reason": "marked-whole", "note": "clean"}
ROOT = "root is not a person"


def refused(what, host, serial, name, words, answered):
    """It is refused by this name and in these words, and nothing is settled."""
    code, answers = answered
    error = next((a for a in answers if a["type"] == "error"), {})
    told = f"{error.get('status', '')} {error.get('action', '')}"
    if code == 0 or error.get("name") != name or words not in told:
        raise Trouble(f"{what}: not {name} ({words}): exit {code} {answers}")
    state = next(w["state"] for w in host.ask("wallet", "show", serial) if w["type"] == "wallet")
    if state != "in-doubt":
        raise Trouble(f"{what}: it is {state}")
    print(f"ok: {what}: {name}", flush=True)


def nobody_asks(host, serial):
    """Who may not ask for it, and what is no reason."""
    def ask(uid, groups=(SUPERVISORS, VIEWERS), **other):
        args = {k: v for k, v in {**GOOD, **other}.items() if v is not None}
        return ask_as(uid, host.socket, "wallet resolve", groups=groups, serial=serial, **args)
    for what, name, words, answered in (
            ("a viewer asks", "not-permitted", "for supervisors", ask(ALICE, (VIEWERS,))),
            ("root asks", "not-permitted", ROOT, ask(0)),
            ("root asks, of no group", "not-permitted", ROOT, ask(0, (OTHERS,))),
            ("without a reason", "bad-message", "reason", ask(ALICE, reason=None)),
            ("an empty reason", "bad-message", "is empty", ask(ALICE, reason="")),
            ("a reason that is none", "bad-argument", "no reason", ask(ALICE, reason="because")),
            ("a reason for the other outcome", "bad-argument", "no reason", ask(ALICE, reason="marked-part"))):
        refused(what, host, serial, name, words, answered)
    if host.ask("request", "list"):
        raise Trouble(f"a request came of it: {host.ask('request', 'list')}")


def nobody_approves(host, serial, number):
    """Alice has asked in this request; who is no second person."""
    def approve(uid, signature, groups=(SUPERVISORS, VIEWERS)):
        return ask_as(uid, host.socket, "approve", groups=groups, request=number, signature=signature)

    def text(uid):
        return ask_as(uid, host.socket, "request text", request=number)

    own = text(ALICE)
    mine = next((a["text"] for a in own[1] if a["type"] == "approval"), "")
    refused("her own is not read to her to be signed", host, serial, "need-second-person", "Another supervisor", own)
    refused("she signs it twice", host, serial, "need-second-person", "Another supervisor",
            approve(ALICE, sign(key_file(host.factory.run, ALICE), mine)))
    his = sign(key_file(host.factory.run, BOB), next(a["text"] for a in text(BOB)[1] if a["type"] == "approval"))
    refused("she hands in what he signed", host, serial, "need-second-person", "Another supervisor", approve(ALICE, his))
    for what, words, uid, groups in (
            ("root hands in what he signed", ROOT, 0, (SUPERVISORS, VIEWERS)),
            ("root does, of no group", ROOT, 0, (OTHERS,)),
            ("he is a viewer now", "for supervisors", BOB, (VIEWERS,))):
        refused(what, host, serial, "not-permitted", words, approve(uid, his, groups))

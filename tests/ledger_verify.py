#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Verifies a ledger by what keyline-ledger(5) says, and nothing else: another author's view of it.

    ledger_verify.py LEDGER MARK [SEQ:HASH ...]     heads that others have seen
Prints `good SEQ HASH' or `bad SEQ REASON'; the lowest bad event, at a cut end the first that is missing.
"""
import hashlib
import re
import sqlite3
import struct
import sys


def event_hash(seq, time_ms, texts, previous):
    body = b"keyline ledger event 1" + struct.pack(">Qq", seq, time_ms)
    for text in texts:
        body += struct.pack(">I", len(text.encode())) + text.encode()
    return hashlib.sha256(body + previous).digest()


def walk(rows):
    """The hashes by number, and the first fault of the chain."""
    hashes, previous, states = {}, bytes(32), {}
    for seq, time_ms, *texts, stored_previous, stored in rows:
        if seq != len(hashes) + 1:
            return hashes, (len(hashes) + 1, "missing")
        if stored_previous != previous:
            return hashes, (seq, "does not follow")
        if stored != event_hash(seq, time_ms, texts, previous):
            return hashes, (seq, "changed")
        _, kind, thing, _, was, becomes, _ = texts
        if kind == "wallet" and becomes:
            if states.get(thing, "none") != was:
                return hashes, (seq, "step from another state")
            states[thing] = becomes
        hashes[seq] = previous = stored
    return hashes, None


def main(ledger, mark, *heads):
    base = sqlite3.connect(ledger)
    hashes, fault = walk(base.execute("SELECT seq, time_ms, actor, kind, object, event, from_state, to_state, detail,"
                                      " prev_hash, hash FROM event ORDER BY seq"))
    text = re.fullmatch(r"keyline-mark 1\nseq (\d+)\nhash ([0-9a-f]{64})\n", open(mark).read())
    seen = [("mark", *text.groups())] if text else []
    seen += [("head", *head.split(":")) for head in heads]
    faults = [fault] if fault else [] if text else [(len(hashes), "no mark")]
    for what, seq, digest in () if fault else seen:
        if hashes.get(int(seq), b"").hex() != digest:
            faults.append((min(int(seq), len(hashes) + 1), f"not as in the {what}"))
    print("bad %d %s" % min(faults) if faults else f"good {len(hashes)} {hashes[len(hashes)].hex()}")
    return 1 if faults else 0


sys.exit(main(*sys.argv[1:]))

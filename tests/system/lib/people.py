# SPDX-License-Identifier: MIT
"""The persons of the tests: their keys, and how they are enrolled and approve.

A key follows from its person's number, so that a state that was kept knows it again.
"""
import base64
import hashlib
import json
import os
import pathlib
import re
import subprocess

VIEWERS, SUPERVISORS = 64101, 64102  # numeric groups; no entry in /etc/group is needed
ALICE, BOB = 64201, 64202  # two people of the supervisors' group
CAROL = 64203  # a third one
# An EC private key (RFC 5915) of P-256 round its number; the tool adds the public half.
BEFORE, BEHIND = bytes.fromhex("30310201010420"), bytes.fromhex("a00a06082a8648ce3d030107")

TALK = """
import json, socket, sys
with socket.socket(socket.AF_UNIX) as s:
    s.settimeout(60)
    s.connect(sys.argv[1])
    s.sendall(sys.stdin.buffer.read())
    for line in s.makefile():
        sys.stdout.write(line)
        if json.loads(line)["type"] == "end":
            break
"""


def key_pem(name):
    number = hashlib.sha256(f"keyline test person {name}".encode()).digest()
    whole = subprocess.run(["openssl", "ec", "-inform", "DER"], input=BEFORE + number + BEHIND,
                           capture_output=True, check=True).stdout
    return subprocess.run(["openssl", "pkcs8", "-topk8", "-nocrypt"], input=whole, capture_output=True, check=True).stdout


def key_file(folder, uid, name=None):
    """That person's private key, which he alone may read, with its public half beside it."""
    path = pathlib.Path(folder) / f"{name or uid}.key"
    if not path.exists():
        path.write_bytes(key_pem(name or uid))
        public = subprocess.run(["openssl", "pkey", "-in", str(path), "-pubout"], capture_output=True, check=True).stdout
        pathlib.Path(f"{path}.pub").write_bytes(public)
        os.chmod(path, 0o600)
        if os.geteuid() == 0:
            os.chown(path, uid, -1)
    return path


def as_person(folder, uid, groups=None):
    """What subprocess takes to run something as that person, a supervisor if not told otherwise, with his key."""
    groups = groups or (SUPERVISORS, VIEWERS)
    return dict(user=uid, group=groups[0], extra_groups=sorted(groups),
                env={**os.environ, "KEYLINE_KEY": str(key_file(folder, uid))})


def request_number(stderr):
    """Of the request that a first person's command has recorded; None: it has not."""
    found = re.search(r"keylinectl approve (\d+)", stderr)
    return found.group(1) if found and "need-second-person" in stderr else None


def ask_as(uid, socket_path, command, dry_run=False, groups=(SUPERVISORS, VIEWERS), **args):
    """One command over the socket as that user: (exit, answers).  No keylinectl stands between."""
    request = json.dumps({"schema": 1, "command": command, "args": args, "dry_run": dry_run})
    request = request.replace(', "dry_run": false', "")
    done = subprocess.run(["python3", "-c", TALK, str(socket_path)], input=request + "\n", capture_output=True, text=True,
                          check=True, cwd="/", user=uid, group=groups[0], extra_groups=sorted(groups))
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    return answers[-1]["exit"], answers[:-1]


def sign(key, text):
    """The signature of a text as keylinectl sends it, made with the openssl tool."""
    done = subprocess.run(["openssl", "dgst", "-sha256", "-sign", str(key)], input=text.encode(), capture_output=True, check=True)
    return base64.b64encode(done.stdout).decode()

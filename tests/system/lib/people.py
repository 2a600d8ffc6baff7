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
import socket
import subprocess

VIEWERS, SUPERVISORS = 64101, 64102  # numeric groups; no entry in /etc/group is needed
ALICE, BOB = 64201, 64202  # two people of the supervisors' group
CAROL = 64203  # a third one
# An EC private key (RFC 5915) of P-256 round its number; the tool adds the public half.
BEFORE, BEHIND = bytes.fromhex("30310201010420"), bytes.fromhex("a00a06082a8648ce3d030107")



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


def talk(socket_path, request, out):
    """One request; every line of the answer, its end the last."""
    with socket.socket(socket.AF_UNIX) as sock:
        sock.settimeout(60)
        sock.connect(str(socket_path))
        sock.sendall(request.encode() + b"\n")
        for line in sock.makefile("rb"):
            out.write(line)
            if json.loads(line)["type"] == "end":
                return
    raise ConnectionResetError("no end")


def ask_as(uid, socket_path, command, dry_run=False, groups=(SUPERVISORS, VIEWERS), **args):
    """One command over the socket as that user: (exit, answers).  No keylinectl stands between."""
    request = json.dumps({"schema": 1, "command": command, "args": args, "dry_run": dry_run})
    request = request.replace(', "dry_run": false', "")
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.setgroups(sorted(groups))
            os.setgid(groups[0])
            os.setuid(uid)
            with open(writer, "wb") as out:
                talk(socket_path, request, out)
            status = 0
        finally:
            os._exit(status)
    os.close(writer)
    with open(reader, encoding="utf-8") as told:
        answers = [json.loads(line) for line in told]
    if os.waitpid(child, 0)[1] != 0:
        raise ChildProcessError(f"{command}, asked as {uid}: {answers}")
    return answers[-1]["exit"], answers[:-1]


def sign(key, text):
    """The signature of a text as keylinectl sends it, made with the openssl tool."""
    done = subprocess.run(["openssl", "dgst", "-sha256", "-sign", str(key)], input=text.encode(), capture_output=True, check=True)
    return base64.b64encode(done.stdout).decode()

# SPDX-License-Identifier: MIT
"""A printer with a memory that does one thing wrong, for what no honest one can be made to do.

    printer = FalsePrinter(folder, plan={"send": ["done-hang-up"]})

plan: for each operation what happens to its next requests, one word a request; without a word it is honest.

    hang-up mute busy error 401 garbage   not done; no answer, or that one
    done-hang-up done-mute done-error     done, and the answer is that one
    forget                                the job is not known (any more)
    imposter                              done and answered; the next connection ends at another's certificate

Labels come out into FOLDER/labels, named as the honest printer's are.
"""
import hashlib
import os
import socket
import ssl
import struct
import subprocess
import threading

from bad_printer import ENUM, INTEGER, JOB_GROUP, NAME, BadPrinter, answer, attribute, make_keys, printer
from factory import program

OK, NOT_FOUND, INTERNAL, BUSY = 0x0000, 0x0406, 0x0500, 0x0507
PENDING, HELD, STOPPED, CANCELED, ABORTED, COMPLETED = 3, 4, 6, 7, 8, 9
STATUS = {"busy": BUSY, "error": INTERNAL, "done-error": INTERNAL}


def read_request(body):
    """(attributes by name, the document) of an IPP request."""
    at, found = 8, {}
    while body[at] != 0x03:
        tag, at = body[at], at + 1
        if tag < 0x10:
            continue
        length, = struct.unpack_from(">H", body, at)
        name, at = body[at + 2:at + 2 + length], at + 2 + length
        length, = struct.unpack_from(">H", body, at)
        found.setdefault(name.decode(), body[at + 2:at + 2 + length])
        at += 2 + length
    return found, body[at + 1:]


class Job:
    def __init__(self, number, name):
        self.number, self.name = number, name
        self.state, self.impressions = PENDING, 0
        self.ends = []

    def look(self):
        """One who asks sees the next of its ends; the last one stays."""
        if self.ends:
            self.state, self.impressions = self.ends.pop(0)

    def group(self):
        group = bytes([JOB_GROUP]) + attribute(INTEGER, "job-id", self.number) + attribute(ENUM, "job-state", self.state)
        group += attribute(NAME, "job-name", self.name)
        if self.impressions is not None:
            group += attribute(INTEGER, "job-impressions-completed", self.impressions)
        return group


class FalsePrinter(BadPrinter):
    """ends: (state, impressions) as they are told of the first job that was printed, one a look, the last for all
    that follow.  copies: how often its document comes out.  loses: nothing comes out of it, all jobs are forgotten, and
    another's job, which is printed, gets its number.  All other jobs come out as they should."""

    def __init__(self, folder, plan=None, ends=(), copies=1, loses=False):
        self.folder, self.plan = folder, {op: list(words) for op, words in (plan or {}).items()}
        self.ends, self.copies, self.loses = list(ends), copies, loses
        self.jobs, self.leaked, self.planned = {}, [], bool(plan)
        self.own, self.other = make_keys(folder, "own"), make_keys(folder, "other")
        self.pin = hashlib.sha256(self.own[1]).hexdigest()
        self.is_imposter, self.has_begun = False, False
        for part in ("spool", "labels"):
            os.makedirs(os.path.join(folder, part), exist_ok=True)
        super().__init__([self.own[0]])

    def has_struck(self):
        return (self.has_begun or not self.planned) and not (any(self.plan.values()) or self.ends or self.copies > 1 or self.loses)

    def serve(self):
        while True:
            try:
                peer, _ = self.server.accept()
            except OSError:
                return
            imposter, self.is_imposter = self.is_imposter, False
            threading.Thread(target=self.serve_as, args=(peer, imposter), daemon=True).start()

    def serve_as(self, peer, imposter):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        path = (self.other if imposter else self.own)[0]
        context.load_cert_chain(path + ".crt", path + ".key")
        before = dict(self.bodies)
        self.serve_one(peer, context)
        if imposter:
            self.leaked += [op for op, body in self.bodies.items() if body is not before.get(op) and b"RaS2" in body]

    def reply(self, tls, operation, request_id):
        words = self.plan.get(operation)
        how = words.pop(0) if words else ""
        self.has_begun = self.has_begun or bool(how)
        if how == "401":
            tls.sendall(b"HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n")
            return True
        if how == "garbage":
            tls.sendall(b"\x9d\xd2\x07\x3c" * 16)
            return False
        if how in ("hang-up", "mute", "busy", "error"):
            status, group = STATUS.get(how), b""
        else:
            status, group = self.do(operation, how)
        if how.endswith("hang-up"):
            return False
        if how.endswith("mute"):
            return threading.Event().wait(60)
        body = answer(request_id, STATUS.get(how, status), group)
        close = b"Connection: close\r\n" if how == "imposter" else b""
        self.is_imposter = how == "imposter"
        tls.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\n" + close +
                    b"Content-Length: %d\r\n\r\n" % len(body) + body)
        return how != "imposter"

    def do(self, operation, how):
        """(status, group) of a request that is served."""
        attributes, document = read_request(self.bodies[operation])
        job = self.jobs.get(struct.unpack(">i", attributes["job-id"])[0]) if "job-id" in attributes else None
        if operation == "printer":
            return OK, printer()
        if operation == "create":
            job = Job(len(self.jobs) + 1, attributes["job-name"].decode())
            self.jobs[job.number] = job
            return OK, job.group()
        if operation in ("send", "job", "cancel") and (job is None or how == "forget"):
            return NOT_FOUND, b""
        if operation == "send":
            self.make(job, document)
        if operation == "cancel":
            job.state = CANCELED
        if operation == "job":
            job.look()
        if operation == "jobs":
            is_over = attributes.get("which-jobs") == b"completed"
            return OK, b"".join(j.group() for j in self.jobs.values() if (j.state >= CANCELED) == is_over)
        return OK, job.group() if job else b""

    def make(self, job, document):
        """The labels come out."""
        if self.loses:
            self.loses, other = False, Job(job.number, "somebody's monthly report")
            other.state, other.impressions = COMPLETED, 2
            self.jobs = {other.number: other}
            return
        path = os.path.join(self.folder, "spool", f"{job.number}-{job.name}.pwg")
        with open(path, "wb") as file:
            file.write(document)
        copies, self.copies = self.copies, 1
        for copy in range(copies):
            # The second copy's pages have numbers of their own.
            prefix = os.path.join(self.folder, "labels", f"{job.number}-{'copy-' * copy}{job.name}")
            subprocess.run([program("keyline-label"), path, prefix], check=True, stdout=subprocess.DEVNULL)
        job.state, job.impressions = COMPLETED, 2 * copies
        job.ends, self.ends = self.ends, []

    def close(self):
        try:
            self.server.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.server.close()
        self.thread.join(10)

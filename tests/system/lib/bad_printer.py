# SPDX-License-Identifier: MIT
"""A printer that lies, for what no honest one will do: it answers IPP over TLS from a
table of answers, changes its certificate, asks for passwords, hangs up."""
import os
import socket
import ssl
import struct
import subprocess
import threading
import time

OPERATIONS = {0x0004: "validate", 0x0005: "create", 0x0006: "send", 0x0008: "cancel",
              0x0009: "job", 0x000a: "jobs", 0x000b: "printer"}

INTEGER, BOOLEAN, ENUM, RESOLUTION, COLLECTION, NAME = 0x21, 0x22, 0x23, 0x32, 0x34, 0x42
KEYWORD, CHARSET, LANGUAGE, MIME = 0x44, 0x47, 0x48, 0x49
OPERATION_GROUP, JOB_GROUP, END, PRINTER_GROUP = 0x01, 0x02, 0x03, 0x04


def attribute(tag, name, *values):
    out = b""
    for number, value in enumerate(values):
        key = name.encode("ascii") if number == 0 else b""
        if isinstance(value, bool):
            data = struct.pack(">B", value)
        elif isinstance(value, int):
            data = struct.pack(">i", value)
        elif isinstance(value, tuple):
            data = struct.pack(">iib", *value)
        else:
            data = value.encode("ascii")
        out += struct.pack(">BH", tag, len(key)) + key
        out += struct.pack(">H", len(data)) + data
    return out


def answer(request_id, status, group=b""):
    return (struct.pack(">BBHI", 2, 0, status, request_id) + bytes([OPERATION_GROUP]) +
            attribute(CHARSET, "attributes-charset", "utf-8") +
            attribute(LANGUAGE, "attributes-natural-language", "en") + group +
            bytes([END]))


PRINTER = bytes([PRINTER_GROUP]) + b"".join((
    attribute(MIME, "document-format-supported", "image/pwg-raster"),
    attribute(KEYWORD, "media-ready", "custom_40x40mm_40x40mm"),
    attribute(ENUM, "operations-supported", 4, 5, 6, 8, 9, 10, 11),
    attribute(KEYWORD, "pwg-raster-document-type-supported", "black_1"),
    attribute(RESOLUTION, "pwg-raster-document-resolution-supported", (300, 300, 3)),
    attribute(RESOLUTION, "printer-resolution-default", (300, 300, 3)),
    attribute(BOOLEAN, "printer-is-accepting-jobs", True),
    attribute(ENUM, "printer-state", 3),
    attribute(KEYWORD, "printer-state-reasons", "none")))


def printer(group=PRINTER, started=0):
    """What it says of itself: it has been up since this host was, or since later by so many seconds."""
    return group + attribute(INTEGER, "printer-up-time", max(int(time.monotonic()) + 1000 - started, 1))


def job(state, impressions=None, name="keyline-cn-print-0123456789abcdef-7"):
    """A job of number 1, by its name that of print_ipp.load(7)."""
    group = bytes([JOB_GROUP]) + attribute(INTEGER, "job-id", 1)
    group += attribute(ENUM, "job-state", state) + attribute(NAME, "job-name", name)
    if impressions is not None:
        group += attribute(INTEGER, "job-impressions-completed", impressions)
    return group


def make_keys(folder, name):
    """A self-signed certificate; its path and its pin."""
    path = os.path.join(folder, name)
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost",
                    "-keyout", path + ".key", "-out", path + ".crt", "-days", "2"],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return path, der_of(path)


def der_of(path):
    return subprocess.run(["openssl", "x509", "-in", path + ".crt", "-outform", "DER"],
                          check=True, stdout=subprocess.PIPE).stdout


def reissue(path, days):
    """Another certificate of the same name for the same key; with days below 0 it is over.  Its pin."""
    subprocess.run(["openssl", "x509", "-in", path + ".crt", "-signkey", path + ".key", "-days", str(days),
                    "-out", path + ".new"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.rename(path + ".new", path + ".crt")
    return der_of(path)


class BadPrinter:
    """answers: operation -> (status, group), or a string: "401", "hang-up", "mute".

    keys: one certificate a connection, the last for all that follow.  close_after:
    operations whose answer says that the connection ends there.  bodies: all that came,
    by operation."""

    def __init__(self, keys, answers=None, close_after=()):
        self.answers = {"printer": lambda: (0, printer()), "validate": (0, b""),
                        "create": (0, job(3)), "send": (0, job(5)), "cancel": (0, b""),
                        "jobs": (0, b""), "job": (0, job(9, 2))}
        self.answers.update(answers or {})
        self.close_after, self.bodies, self.order = close_after, {}, []
        self.contexts = []
        for path in keys:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(path + ".crt", path + ".key")
            self.contexts.append(context)
        self.server = socket.socket()
        self.server.bind(("127.0.0.1", 0))
        self.server.listen()
        self.uri = "ipps://localhost:%d/ipp/print" % self.server.getsockname()[1]
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def close(self):
        self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()
        self.thread.join(10)

    def serve(self):
        number = 0
        while True:
            try:
                peer, _ = self.server.accept()
            except OSError:
                return
            context = self.contexts[min(number, len(self.contexts) - 1)]
            number += 1
            threading.Thread(target=self.serve_one, args=(peer, context),
                             daemon=True).start()

    def serve_one(self, peer, context):
        try:
            with context.wrap_socket(peer, server_side=True) as tls:
                with tls.makefile("rb") as stream:
                    while self.serve_request(tls, stream):
                        pass
        except (OSError, ValueError, struct.error):
            pass

    def serve_request(self, tls, stream):
        if not stream.readline():
            return False
        headers = {}
        while True:
            line = stream.readline().decode("latin-1").strip()
            if not line:
                break
            key, _, value = line.partition(":")
            headers[key.lower()] = value.strip()
        if "expect" in headers:
            tls.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        # Taken down as it comes: a client that stops half-way shows how far it came.
        self.order.append("?")
        body = self.read_body(stream, headers)
        operation = OPERATIONS[struct.unpack(">H", body[2:4])[0]]
        return self.reply(tls, operation, struct.unpack(">I", body[4:8])[0])

    def read_body(self, stream, headers):
        body, name = b"", None
        chunked = headers.get("transfer-encoding") == "chunked"
        left = int(headers.get("content-length", "0"))
        while True:
            size = int(stream.readline(), 16) if chunked else left
            part = stream.read(size)
            body += part
            if chunked:
                stream.readline()
            if len(body) >= 4:
                name = OPERATIONS[struct.unpack(">H", body[2:4])[0]]
                self.bodies[name] = body
                self.order[-1] = name
            if size == 0 or not chunked:
                return body
            if len(part) < size:
                raise OSError("cut")

    def reply(self, tls, operation, request_id):
        how = self.answers[operation]
        if how == "hang-up":
            return False
        if how == "mute":
            return threading.Event().wait(60)
        if how == "401":
            tls.sendall(b"HTTP/1.1 401 Unauthorized\r\n"
                        b"WWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n")
            return True
        if callable(how):
            how = how()
        body = answer(request_id, how[0], how[1])
        close = b"Connection: close\r\n" if operation in self.close_after else b""
        tls.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\n" + close +
                    b"Content-Length: %d\r\n\r\n" % len(body) + body)
        return True

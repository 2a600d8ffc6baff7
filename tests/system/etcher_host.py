# SPDX-License-Identifier: MIT
"""An etcher's host for tests, written from keyline-etch-profile(5) alone: it shares no
code with etch-modbus or keyline-sim.  Registers go through pymodbus or a bare socket."""
import hashlib
import os
import random
import re
import select
import signal
import socket
import struct
import subprocess
import sys
import time

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), "lib"))
from ends_with_us import ends_with_us  # noqa: E402

LIMIT = 20.0
REGISTERS = {  # items that are neither a bit nor one register
    "magic": 2, "device-serial": 8, "firmware": 4, "boot-id": 2, "loaded-job": 2,
    "arm-token": 2, "marked-counter": 2, "last-marked-job": 2, "last-started-job": 2,
    "last-started-nonce": 4, "code": 8, "readback-job": 2, "boot-echo": 2,
    "command-job": 2, "start-token": 2, "job-id": 2, "job-nonce": 4, "chunk-job": 2}
TEXTS = {"device-serial", "firmware", "last-started-nonce", "code", "job-nonce"}
SECTIONS = ("identity", "status", "readback", "command", "job", "chunk")
REASONS = """none door-open e-stop no-part laser-off laser-source scanner heartbeat-lost
power-lost cancelled 10 11 12 13 14 15 not-ready busy fault-latched not-erased bad-length
incomplete bad-data not-loaded wrong-job job-used not-armed arm-expired wrong-token
cause-present""".split()


class Profile:
    def __init__(self, path):
        self.items, self.numbers, section = {}, {}, None
        self.low_first = False
        for line in open(path):
            line = re.split("[#;]", line)[0].strip()
            if line.startswith("["):
                section = line.strip("[]")
            elif line:
                key, value = (part.strip() for part in line.split("=", 1))
                if section in SECTIONS:
                    words = value.split()
                    self.items[key] = (words[0], int(words[1]),
                                       int(words[3]) if len(words) > 2 else None, section)
                elif key == "word-order":
                    self.low_first = value == "low-first"
                else:
                    self.numbers[key] = int(value)

    def width(self, name):
        return {"readback-data": self.numbers["readback-registers"],
                "chunk-data": self.numbers["chunk-registers"]}.get(
                    name, REGISTERS.get(name, 1))

    def span(self, section):
        """First address and length of a section's registers."""
        of = [(a, a + (1 if bit is not None else self.width(n)))
              for n, (t, a, bit, s) in self.items.items()
              if s == section and t in ("holding", "input") and n != "readback-offset"]
        low = min(a for a, b in of)
        return low, max(b for a, b in of) - low

    def decode(self, name, registers, base):
        table, address, bit, section = self.items[name]
        words = registers[address - base:address - base + self.width(name)]
        if bit is not None:
            return words[0] >> bit & 1
        if name in TEXTS or name.endswith("-data"):
            return struct.pack(">%dH" % len(words), *words)
        if len(words) == 2:
            return words[1] << 16 | words[0] if self.low_first else words[0] << 16 | words[1]
        return words[0]

    def encode(self, name, value):
        if isinstance(value, bytes):
            value = value + b"\0" * (2 * self.width(name) - len(value))
            return list(struct.unpack(">%dH" % (len(value) // 2), value))
        if self.width(name) == 2:
            words = [value >> 16, value & 0xffff]
            return words[::-1] if self.low_first else words
        return [value]


class Ended(AssertionError):
    """The other end was closed."""


class Pipe:
    """Lines from a descriptor, none waited for longer than LIMIT."""

    def __init__(self, fd):
        self.fd, self.rest = fd, b""

    def next(self):
        end = time.monotonic() + LIMIT
        while b"\n" not in self.rest:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.fd], [], [], left)[0]:
                raise AssertionError("no line in time; have %r" % self.rest)
            got = os.read(self.fd, 65536)
            if not got:
                raise Ended("it ended; have %r" % self.rest)
            self.rest += got
        line, self.rest = self.rest.split(b"\n", 1)
        return line.decode("ascii")


def deadline(seconds):
    """Ends the test and its simulators when it takes too long; drivers end with us."""
    def give_up(number, frame):
        for sim in Sim.running:
            sim.process.kill()
        os.write(2, b"the test took too long\n")
        os._exit(1)

    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(seconds)


class Sim:
    """A running keyline-sim."""
    running = set()

    def __init__(self, folder, *options, rtu=False, serial="SIM-0001", profile=None):
        self.folder, self.rtu = folder, rtu
        self.out, self.socket = folder + "/out", folder + "/control"
        self.profile_path = profile or os.path.join(
            os.environ["srcdir"], "conf", "etch-profile.conf")
        self.profile = Profile(self.profile_path)
        where = ["--rtu", folder + "/line"] if rtu else ["--tcp", "127.0.0.1:0"]
        self.args = [os.path.join(os.environ["builddir"], "sim", "keyline-sim"),
                     "--profile", self.profile_path, "--serial", serial, "--out", self.out,
                     "--control", self.socket] + where + list(options)
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.args, stdout=subprocess.PIPE, preexec_fn=ends_with_us())
        Sim.running.add(self)
        lines = Pipe(self.process.stdout.fileno())
        self.port = None
        for line in iter(lines.next, "ready"):
            if line.startswith("port "):
                self.port = line.split()[2]
        if not self.rtu:
            # the same port again after a restart
            self.args[self.args.index("--tcp") + 1] = self.port

    def control(self, *lines, check=True):
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(LIMIT)
            s.connect(self.socket)
            answers = []
            for line in lines:
                s.sendall(line.encode() + b"\n")
                got = b""
                while not got.endswith(b"\n"):
                    more = s.recv(4096)
                    assert more, "the control channel ended"
                    got += more
                answers.append(got.decode().strip())
                assert not check or answers[-1].startswith("ok"), (line, answers[-1])
        return answers[-1]

    def status(self):
        return dict(word.split("=") for word in self.control("status").split()[1:])

    def marks(self):
        """marks.log as a list of dicts; what: on or off."""
        acts = []
        for line in open(self.out + "/marks.log"):
            words = line.split()
            acts.append(dict([w.split("=") for w in words[2:]], what=words[1]))
        return acts

    def whole(self):
        return [int(a["job"]) for a in self.marks() if a.get("outcome") == "whole"]

    def kill(self):
        Sim.running.discard(self)
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
        Sim.running.discard(self)
        assert self.process.wait(LIMIT) == 0, self.process.returncode
        self.process.stdout.close()


def job_data(profile, lines):
    """Records for lines [(x0, y0, x1, y1) in counts]."""
    n = profile.numbers
    records = [struct.pack(">HHH", 0x0300 | n["passes"], n["speed-mm-s"], n["power-class"])]
    for x0, y0, x1, y1 in lines:
        records.append(struct.pack(">HHH", 0x0100, x0, y0))
        records.append(struct.pack(">HHH", 0x0200, x1, y1))
    head = struct.pack(">HHHIIH", 0x4b56, 1, n["scale-um"], n["width-um"], n["height-um"],
                       len(records))
    return head + b"".join(records)


def zigzag(count=60):
    return [(200 + 200 * i, 300, 300 + 200 * i, 2800) for i in range(count)]


class Refused(Exception):
    """A command was refused, by reason."""


class LinkError(Exception):
    """The link failed: no answer, a wrong one, an exception."""


class Host:
    """The host's side over registers: read(table, address, count), write(address, values)."""

    def __init__(self, profile, read, write):
        self.p, self.read, self.write = profile, read, write
        self.heartbeat = random.randrange(1, 60000)
        self.word = 0

    def section(self, name):
        base, count = self.p.span(name)
        table = next(t for n, (t, a, b, s) in self.p.items.items()
                     if s == name and n != "readback-offset")
        registers = self.read(table, base, count)
        return {n: self.p.decode(n, registers, base)
                for n, (t, a, bit, s) in self.p.items.items()
                if s == name and n != "readback-offset"}

    def put(self, name, value):
        self.write(self.p.items[name][1], self.p.encode(name, value))

    def get(self, name):
        table, address, bit, section = self.p.items[name]
        return self.p.decode(name, self.read(table, address, self.p.width(name)), address)

    def beat(self):
        """A new heartbeat, and the status that belongs to it."""
        self.heartbeat = self.heartbeat % 65000 + 1
        self.put("host-heartbeat", self.heartbeat)
        return self.until(lambda s: s["heartbeat-echo"] == self.heartbeat, beat=False)

    def until(self, condition, beat=True):
        end = time.monotonic() + LIMIT
        while time.monotonic() < end:
            status = self.beat() if beat else self.section("status")
            if condition(status):
                return status
        raise AssertionError("never came: %r" % status)

    def boot(self):
        base, count = self.p.span("command")
        self.write(base, [0] * count)
        before = self.section("status")["heartbeat"]
        self.until(lambda s: (s["heartbeat"] - before) % 65536 >= 2, beat=False)
        identity = self.section("identity")
        self.put("boot-echo", identity["boot-id"])
        self.until(lambda s: not s["waiting"], beat=False)
        self.beat()
        return identity

    def raise_bit(self, name):
        table, address, bit, section = self.p.items[name]
        self.write(address, [1 << bit])

    def drop_bits(self):
        self.write(self.p.items["start"][1], [0])

    def command(self, name, job=None, token=None):
        if job is not None:
            self.put("command-job", job)
        if token is not None:
            self.put("start-token", token)
        self.raise_bit(name)
        status = self.until(lambda s: s["mirror-" + name])
        self.drop_bits()
        self.until(lambda s: not s["mirror-" + name])
        if status["result"]:
            raise Refused(REASONS[status["result"]])
        return self.beat()

    def send(self, job, nonce, data):
        """load-begin and the chunks."""
        n = self.p.numbers["chunk-registers"]
        self.write(self.p.items["job-id"][1], self.p.encode("job-id", job)
                   + self.p.encode("job-nonce", nonce) + [len(data) // 2])
        self.command("load-begin")
        for sequence in range(1, (len(data) + 2 * n - 1) // (2 * n) + 1):
            part = data[2 * n * (sequence - 1):2 * n * sequence]
            words = list(struct.unpack(">%dH" % (len(part) // 2), part))
            self.write(self.p.items["chunk-job"][1], self.p.encode("chunk-job", job)
                       + [sequence, len(words)] + words)
            self.until(lambda s: s["accepted-sequence"] == sequence)

    def readback(self, length):
        data, at = b"", 0
        while at < length:
            self.put("readback-offset", at)
            while True:
                self.beat()
                window = self.section("readback")
                if window["readback-at"] == at:
                    break
            data += window["readback-data"][:2 * min(window["readback-count"], length - at)]
            at += window["readback-count"]
        return data

    def load(self, job, nonce, data):
        self.command("erase")
        self.send(job, nonce, data)
        self.command("load-commit")
        assert self.readback(len(data) // 2) == data, "readback"
        status = self.beat()
        assert status["code"] == code(job, nonce, data), "code"
        return status

    def arm(self, job):
        return self.command("arm", job=job)["arm-token"]

    def erase(self, length):
        for first, last in (("job-id", "job-length"), ("chunk-job", "chunk-data")):
            start = self.p.items[first][1]
            end = self.p.items[last][1] + self.p.width(last)
            self.write(start, [0] * (end - start))
        self.command("erase")
        assert self.readback(length) == bytes(2 * length), "not erased"

    def mark(self, job, nonce, data):
        """One whole mark; the status with done."""
        before = self.load(job, nonce, data)["marked-counter"]
        token = self.arm(job)
        self.put("command-job", job)
        self.put("start-token", token)
        self.raise_bit("start")
        status = self.until(lambda s: s["mirror-start"])
        assert status["result"] == 0, REASONS[status["result"]]
        self.drop_bits()
        status = self.until(lambda s: not s["busy"])
        assert status["done"] and not status["fault"], status
        assert status["marked-counter"] == before + 1
        assert status["last-marked-job"] == job
        self.erase(len(data) // 2)
        return status


def code(job, nonce, data):
    return hashlib.sha256(struct.pack(">I", job) + nonce
                          + struct.pack(">I", len(data)) + data).digest()[:16]


def pymodbus_link(sim):
    """(read, write, close) over pymodbus, a peer that others wrote."""
    import logging
    logging.getLogger("pymodbus").setLevel(logging.CRITICAL)
    from pymodbus.client import ModbusSerialClient, ModbusTcpClient
    if sim.rtu:
        client = ModbusSerialClient(sim.port, baudrate=115200, parity="N", timeout=1)
    else:
        host, port = sim.port.rsplit(":", 1)
        client = ModbusTcpClient(host, port=int(port), timeout=1)
    from pymodbus.exceptions import ModbusException
    if not client.connect():
        raise LinkError("no connection")

    def call(function, *args):
        try:
            answer = function(*args, slave=1)
        except ModbusException as e:
            raise LinkError(str(e))
        if answer.isError():
            raise LinkError(str(answer))
        return answer

    def read(table, address, count):
        function = {"input": client.read_input_registers,
                    "holding": client.read_holding_registers}[table]
        return call(function, address, count).registers

    def write(address, values):
        if len(values) == 1:
            call(client.write_register, address, values[0])
        else:
            call(client.write_registers, address, values)

    return read, write, client.close


def mbpoll_link(sim):
    """(read, write, close) over mbpoll, which is libmodbus; a process each time."""
    host, port = ("127.0.0.1", None) if sim.rtu else sim.port.rsplit(":", 1)
    where = (["-m", "rtu", "-b", "115200", "-P", "none", "-a", "1", sim.port] if sim.rtu
             else ["-m", "tcp", "-p", port, "-a", "1", host])

    def run(args, values=()):
        done = subprocess.run(["mbpoll", "-0", "-1", "-q", "-o", "2"] + args + where
                              + ["--"] + [str(v) for v in values],
                              capture_output=True, text=True, timeout=LIMIT)
        if done.returncode != 0:
            raise LinkError(done.stderr)
        return done.stdout

    def read(table, address, count):
        out = run(["-t", {"input": "3", "holding": "4"}[table], "-r", str(address),
                   "-c", str(count)])
        # negative numbers are shown in brackets behind
        got = [int(n) for n in re.findall(r"^\[\d+\]:\s+(-?\d+)", out, re.M)]
        assert len(got) == count, out
        return got

    def write(address, values):
        run(["-t", "4", "-r", str(address)], values)

    return read, write, lambda: None

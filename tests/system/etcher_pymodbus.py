#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""An etcher on pymodbus, written from keyline-etch-profile(5): a controller with a scan
cycle, so that what the host writes shows a little later.  No code of etch-modbus or keyline-sim.

	etcher_pymodbus.py PROFILE tcp PORT | rtu PATH  [SCAN]

with a scan cycle of SCAN seconds.  Prints `ready`, then a line for each mark: `on JOB`, `off JOB`; `part` and `reset` come
on standard input."""
import asyncio
import logging
import os
import random
import struct
import sys
import threading
import time

from pymodbus.datastore import (ModbusSequentialDataBlock, ModbusServerContext,
                                ModbusSlaveContext)
from pymodbus.framer.rtu_framer import ModbusRtuFramer
from pymodbus.server import StartAsyncSerialServer, StartAsyncTcpServer

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import etcher_host as eh  # noqa: E402

logging.disable(logging.CRITICAL)
SCAN = 0.015
MARK = 0.3
COMMANDS = ["load-begin", "load-commit", "arm", "start", "erase", "ack-fault", "cancel"]
REASON = {name: number for number, name in enumerate(eh.REASONS)}
TABLES = {"holding": 3, "input": 4, "coil": 1, "discrete": 2}  # by function


class Etcher:
    def __init__(self, profile):
        self.p = profile
        self.store = ModbusSlaveContext(
            di=ModbusSequentialDataBlock(0, [0] * 512),
            co=ModbusSequentialDataBlock(0, [0] * 512),
            hr=ModbusSequentialDataBlock(0, [0] * 2048),
            ir=ModbusSequentialDataBlock(0, [0] * 2048), zero_mode=True)
        self.counter = self.marked = self.started = 0
        self.started_nonce = bytes(8)
        self.part = True
        self.boot()

    def boot(self):
        self.put("magic", 0x4b4c4554)
        self.put("map-version", 1)
        self.put("device-serial", b"PLC-7")
        self.put("firmware", b"py 1")
        self.boot_id = random.randrange(1, 1 << 32)
        self.put("boot-id", self.boot_id)
        self.state, self.zero_seen, self.fault = "boot", False, 0
        self.beat = self.echo = self.echo_at = 0
        self.up = dict.fromkeys(COMMANDS, False)
        self.mirror = dict(self.up)
        self.token = self.armed_until = self.result = 0
        self.clear()

    def clear(self):
        self.buffer = bytearray(2 * self.p.numbers["job-registers"])
        self.job, self.nonce, self.length = 0, bytes(8), 0
        self.sequence = self.accepted = self.progress = 0
        self.code, self.token = bytes(16), 0

    def get(self, name):
        table, address, bit, section = self.p.items[name]
        width = self.p.width(name)
        values = self.store.getValues(TABLES[table], address, width)
        return self.p.decode(name, values, address) if bit is not None or table in (
            "holding", "input") else int(values[0])

    def put(self, name, value):
        table, address, bit, section = self.p.items[name]
        if bit is not None:
            word = self.store.getValues(TABLES[table], address, 1)[0]
            values = [word | 1 << bit if value else word & ~(1 << bit)]
        elif table in ("coil", "discrete"):
            values = [bool(value)]
        else:
            values = self.p.encode(name, value)
        self.store.setValues(TABLES[table], address, values)

    def interlock(self):
        return 0 if self.part else REASON["no-part"]

    def load_begin(self):
        if self.state != "idle":
            return "fault-latched" if self.state == "fault" else "not-ready"
        if any(self.buffer):
            return "not-erased"
        self.job, self.nonce = self.get("job-id"), self.get("job-nonce")
        self.length = self.get("job-length")
        if (self.job, self.nonce) == (self.started, self.started_nonce):
            return "job-used"
        self.state = "loading"

    def load_commit(self):
        if self.state != "loading":
            return "not-ready"
        if self.accepted != self.length:
            return "incomplete"
        self.code = eh.code(self.job, self.nonce, bytes(self.buffer[:2 * self.length]))
        self.state = "loaded"

    def arm(self):
        if self.state not in ("loaded", "armed"):
            return "not-loaded"
        if self.get("command-job") != self.job:
            return "wrong-job"
        if self.interlock():
            return eh.REASONS[self.interlock()]
        self.token = random.randrange(1, 1 << 32)
        self.armed_until = time.monotonic() + self.p.numbers["arm-expiry-ms"] / 1000
        self.state = "armed"

    def start(self):
        if self.state != "armed":
            return "not-armed"
        if self.get("command-job") != self.job:
            return "wrong-job"
        if self.get("start-token") != self.token:
            return "wrong-token"
        self.token, self.state = 0, "busy"
        self.started, self.started_nonce = self.job, self.nonce
        self.until = time.monotonic() + MARK
        print("on %d" % self.job, flush=True)

    def erase(self):
        if self.state == "busy":
            return "busy"
        self.clear()
        if self.state not in ("fault", "boot"):
            self.state = "idle"

    def ack_fault(self):
        self.fault = 0
        if self.state == "fault":
            self.state = "idle"

    def cancel(self):
        if self.state == "busy":
            self.stop("cancelled")
        elif self.state in ("loading", "loaded", "armed"):
            self.clear()
            self.state = "idle"

    def stop(self, why):
        self.state, self.fault = "fault", REASON[why]

    def commands(self):
        up = {name: bool(self.get(name)) for name in COMMANDS}
        rising = [name for name in COMMANDS if up[name] and not self.up[name]]
        if rising and self.state != "boot" and not any(self.mirror.values()):
            why = getattr(self, rising[0].replace("-", "_"))()
            self.result = REASON[why] if why else 0
            self.mirror[rising[0]] = True
        for name in COMMANDS:
            self.mirror[name] = self.mirror[name] and up[name]
        self.up = up

    def chunk(self):
        sequence, count = self.get("chunk-sequence"), self.get("chunk-count")
        if (self.state == "loading" and self.get("chunk-job") == self.job
                and sequence == self.sequence + 1
                and 1 <= count <= min(self.p.numbers["chunk-registers"],
                                      self.length - self.accepted)):
            data = self.get("chunk-data")[:2 * count]
            self.buffer[2 * self.accepted:2 * (self.accepted + count)] = data
            self.accepted, self.sequence = self.accepted + count, sequence

    def handshake(self):
        names = [n for n, item in self.p.items.items() if item[3] == "command"]
        if not any(self.get(n) for n in names):
            self.zero_seen = True
        elif self.zero_seen and self.get("boot-echo") == self.boot_id:
            self.state = "idle"

    def host(self):
        seen, now = self.get("host-heartbeat"), time.monotonic()
        if seen != self.echo:
            self.echo, self.echo_at = seen, now
        alive = seen and now - self.echo_at < self.p.numbers["host-timeout-ms"] / 1000
        if not alive and self.state == "busy":
            self.stop("heartbeat-lost")
        elif not alive and self.state in ("loading", "loaded", "armed"):
            self.clear()
            self.state = "idle"
        return alive

    def marking(self):
        now = time.monotonic()
        if self.state == "armed" and (now > self.armed_until or self.interlock()):
            self.state, self.token = "loaded", 0
        if self.state == "busy" and self.interlock():
            self.stop(eh.REASONS[self.interlock()])
        if self.state == "busy" and now > self.until:
            self.counter, self.marked, self.state = self.counter + 1, self.job, "done"
            print("off %d" % self.job, flush=True)

    def publish(self, alive):
        state, at = self.state, self.get("readback-offset")
        window = self.p.numbers["readback-registers"]
        bits = {"waiting": state == "boot", "ready": state == "idle",
                "loading": state == "loading", "loaded": state in ("loaded", "armed"),
                "armed": state == "armed", "busy": state == "busy", "done": state == "done",
                "fault": state == "fault", "erased": not any(self.buffer),
                "door-closed": True, "estop-ok": True, "part-present": self.part,
                "laser-enabled": bool(alive) and state != "boot"}
        bits.update(("mirror-" + name, self.mirror[name]) for name in COMMANDS)
        values = {"heartbeat": self.beat, "heartbeat-echo": self.echo,
                  "result": self.result, "fault-code": self.fault,
                  "accepted-sequence": self.sequence, "accepted-registers": self.accepted,
                  "loaded-job": self.job if state in ("loading", "loaded", "armed") else 0,
                  "arm-token": self.token, "marked-counter": self.counter,
                  "last-marked-job": self.marked, "last-started-job": self.started,
                  "last-started-nonce": self.started_nonce,
                  "code": self.code if state in ("loaded", "armed") else bytes(16),
                  "readback-job": self.job, "readback-at": at, "readback-count": window,
                  "readback-data": bytes(self.buffer[2 * at:2 * (at + window)])}
        for name, value in list(values.items()) + list(bits.items()):
            self.put(name, value)

    def scan(self):
        self.beat = (self.beat + 1) & 0xffff
        alive = self.host()
        if self.state == "boot":
            self.handshake()
        self.commands()
        self.chunk()
        self.marking()
        self.publish(alive)


async def cycle(etcher, scan):
    while True:
        etcher.scan()
        await asyncio.sleep(scan)


def orders(etcher):
    for line in sys.stdin:
        if line.strip() == "reset":
            etcher.boot()
        else:
            etcher.part = line.strip() == "part"


async def main(path, how, where, scan=SCAN):
    etcher = Etcher(eh.Profile(path))
    etcher.scan()
    asyncio.get_running_loop().create_task(cycle(etcher, float(scan)))
    threading.Thread(target=orders, args=(etcher,), daemon=True).start()
    context = ModbusServerContext(slaves=etcher.store, single=True)
    print("ready", flush=True)
    if how == "tcp":
        await StartAsyncTcpServer(context=context, address=("127.0.0.1", int(where)))
    else:
        await StartAsyncSerialServer(context=context, framer=ModbusRtuFramer, port=where,
                                     baudrate=115200, parity="N", timeout=0.005)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))

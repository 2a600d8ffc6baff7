# SPDX-License-Identifier: MIT
"""The whole line beside its devices alone: how long a wallet takes from codes to sticker, and from scan to mark; and
from scan to mark while the host verifies another batch on both cores.

Devices, daemons, people and couriers are those of the system tests.
"""
import os
import pathlib
import statistics
import sys
import threading
import time

SRC = pathlib.Path(__file__).resolve().parent.parent
for part in ("system/lib", "system", "crash"):
    sys.path.insert(0, str(SRC / "tests" / part))
os.environ.setdefault("srcdir", str(SRC))
os.environ.setdefault("builddir", os.getcwd())

ALONE_MAX = 40
PLACE_MAX = 42  # keyline.conf(5) has 64 for a disk's serial, here "loop:" and its image in the place
BATCH, OTHER = "BENCH-1", "BENCH-2"
# A second of laser time, of which real plates take ten and more; so many wallets are etched so, and so many of another
# batch are verified in the time of each: more than a machine of this kind can.
LASER_MS, BESIDE, VERIFIED_EACH = 1000, 10, 150


def missing():
    """What this machine lacks, or None."""
    import printer
    return printer.missing()


def seconds(work):
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def print_alone(line, place, count):
    """The printer by its driver, a process for each job as in the line, one job after the other."""
    from print_ipp import Driver, load

    def work():
        for job in range(1, count + 1):
            driver = Driver(place, line.printer.uri, line.printer.pin, "lock", "--media", "40x40", "--dpi", "300")
            driver.expect_hello("status - state=ready...")
            driver.say(load(job))
            driver.until("ready ")
            driver.say(f"start {job}")
            driver.until("done ")
            driver.end()
    return seconds(work) * 1e3 / count


class Light(threading.Thread):
    """When the laser of a simulator went on: seconds of time.perf_counter(), to half a millisecond."""

    def __init__(self, laser):
        super().__init__(daemon=True)
        self.log, self.times, self.is_over = laser.out / "marks.log", [], False
        self.seen = self.log.stat().st_size if self.log.exists() else 0
        self.start()

    def look(self):
        if not self.log.exists() or self.log.stat().st_size == self.seen:
            return
        now = time.perf_counter()
        with open(self.log, "rb") as file:
            file.seek(self.seen)
            new = file.read()
        # What is being written is looked at when it is whole.
        new = new[:new.rfind(b"\n") + 1]
        self.seen += len(new)
        self.times += [now] * new.count(b" on ")

    def run(self):
        while not self.is_over:
            self.look()
            time.sleep(0.0005)

    def since(self, begins):
        """The median of the milliseconds from each of these to its light."""
        self.is_over = True
        self.join()
        self.look()
        if len(self.times) != len(begins):
            raise RuntimeError(f"{len(self.times)} marks of {len(begins)}")
        return statistics.median((on - begin) * 1e3 for begin, on in zip(begins, self.times))


def etch_alone(laser, place, count):
    """The etcher by its driver: milliseconds each, and from load to light."""
    from etch_driver import Driver
    driver = Driver(place, laser.device, laser.serial)
    driver.hello()
    driver.until_ready()
    light, begins = Light(laser), []

    def work():
        for job in range(1, count + 1):
            driver.until_status(lambda s: s["state"] == "ready" and s["code"] == "none" and s["part"] == "1")
            begins.append(time.perf_counter())
            driver.mark(job)
            driver.status = None
    took = seconds(work) * 1e3 / count
    driver.end()
    return took, light.since(begins)


def print_all(line, serials):
    """From the codes' arrival at the minting host until the last one is printed."""
    from soak_line import ask
    line.start_stations(line.print, "printer1")

    def printed():
        batch = [a for a in ask(line.print, "batch show", batch=BATCH) if a["type"] == "batch"]
        return batch and batch[0]["counts"].get("printed", 0) == len(serials)

    def work():
        line.factory.carry(line.gen, f"{BATCH}.1.codes.cms", line.mint)
        line_wait(printed, 120 + 5 * len(serials), 0.05)
    return seconds(work) * 1e3 / len(serials)


def line_wait(ready, limit, pause=0.002):
    """For one wallet closer than people look, for it is measured."""
    end = time.monotonic() + limit
    while not ready():
        if time.monotonic() > end:
            raise RuntimeError("the line stands still")
        time.sleep(pause)


def etch_all(line, laser, serials, addresses):
    """One station: each wallet is scanned as soon as the one before it is etched; its strip comes at once.  Milliseconds
    each, and from the second scan to the light."""
    from soak_line import wallet
    line.start_stations(line.etch, laser.name, "seal1")
    scanner = line.scanners[laser.name]
    light, begins = Light(laser), []

    def work(serial):
        scanner.scan(serial)
        begins.append(time.perf_counter())
        scanner.scan(addresses[serial])
        line_wait(lambda: wallet(line.etch, serial)["state"] == "etched", 60)
        line.scanners["seal1"].scan(serial)
    took = [seconds(lambda s=serial: work(s)) * 1e3 for serial in serials]
    return took, light.since(begins)


def verified(line):
    """How many of the other batch are."""
    return sum(state == "confirmed" for state in line.etch.states(OTHER).values())


def order_other(line, count):
    """Another batch comes as far as its confirmations, and is printed by nobody."""
    line.keys(OTHER)
    line.order(OTHER, count)
    line.gen.outgoing(f"{OTHER}.1.passphrases.cms", 60 + count)
    line.factory.carry(line.gen, f"{OTHER}.1.passphrases.cms", line.etch)
    line.factory.carry(line.gen, f"{OTHER}.1.codes.cms", line.mint)
    line.mint.outgoing(f"{OTHER}.1.confirmations.cms", 60 + count)


def etch_beside(line, laser, serials, addresses):
    """Medians at a laser that takes its time: while nothing else is done, and while the other batch is verified."""
    alone, _ = etch_all(line, laser, serials[::2], addresses)
    line.factory.carry(line.mint, f"{OTHER}.1.confirmations.cms", line.etch)
    line_wait(lambda: verified(line) > 0, 60)
    beside, _ = etch_all(line, laser, serials[1::2], addresses)
    if verified(line) == len(line.etch.states(OTHER)):
        raise RuntimeError("the other batch was verified before the last wallet was etched")
    return {"alone_ms": statistics.median(alone), "line_ms": statistics.median(beside)}


def addresses_of(line, count):
    """What the stickers say, as a phone reads it."""
    found = {serial: address for serial, (_, address, _) in line.stickers().items()}
    if len(found) != count:
        raise RuntimeError(f"{len(found)} stickers of {count}")
    return found


def measure(place, count):
    """{print, etch, light, beside: {line_ms, alone_ms}}: for each wallet its time in the line and that of the device alone;
    light: from scan, or load, to the laser's light; beside: while a batch is verified, and while none is."""
    from soak_line import SoakLine
    line = SoakLine(pathlib.Path(place), mark_ms=(1, LASER_MS, 1))
    try:
        line.open()
        line.keys(BATCH)
        line.order(BATCH, count)
        line.gen.outgoing(f"{BATCH}.1.passphrases.cms", 60 + 2 * count)
        serials = sorted(line.gen.states(BATCH))
        line.factory.carry(line.gen, f"{BATCH}.1.passphrases.cms", line.etch)
        printed = print_all(line, serials)
        addresses = addresses_of(line, count)
        line.confirm_all(BATCH, count)
        line.pair_and_ship_all(BATCH, serials)
        line.arrive_all(serials)
        line.print.ctl("station", "stop", "printer1")
        last = count - 2 * min(count // 4, BESIDE)
        etched, light = etch_all(line, line.lasers[0], serials[:last], addresses)
        order_other(line, VERIFIED_EACH * (count - last) // 2)
        beside = etch_beside(line, line.lasers[1], serials[last:], addresses)
        for host in line.hosts:
            host.stop()
        alone = min(count, ALONE_MAX)
        etch_ms, light_ms = etch_alone(line.lasers[0], place, alone)
        return {"print": {"line_ms": printed, "alone_ms": print_alone(line, place, alone)},
                "etch": {"line_ms": statistics.fmean(etched), "alone_ms": etch_ms},
                "light": {"line_ms": light, "alone_ms": light_ms},
                "beside": beside}
    finally:
        line.close()

# SPDX-License-Identifier: MIT
"""The whole line beside its devices alone: how long a wallet takes from codes to sticker, and from scan to mark.

Devices, daemons, people and couriers are those of the system tests.
"""
import os
import pathlib
import sys
import time

SRC = pathlib.Path(__file__).resolve().parent.parent
for part in ("system/lib", "system", "crash"):
    sys.path.insert(0, str(SRC / "tests" / part))
os.environ.setdefault("srcdir", str(SRC))
os.environ.setdefault("builddir", os.getcwd())

ALONE_MAX = 40
PLACE_MAX = 42  # keyline.conf(5) has 64 for a disk's serial, here "loop:" and its image in the place
BATCH = "BENCH-1"


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


def etch_alone(laser, place, count):
    """The etcher by its driver."""
    from etch_driver import Driver
    driver = Driver(place, laser.device, laser.serial)
    driver.hello()
    driver.until_ready()

    def work():
        for job in range(1, count + 1):
            driver.until_status(lambda s: s["state"] == "ready" and s["code"] == "none" and s["part"] == "1")
            driver.mark(job)
            driver.status = None
    took = seconds(work) * 1e3 / count
    driver.end()
    return took


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
    """One station: each wallet is scanned as soon as the one before it is etched; its strip comes at once."""
    from soak_line import wallet
    line.start_stations(line.etch, laser.name, "seal1")
    scanner = line.scanners[laser.name]

    def work():
        for serial in serials:
            scanner.scan(serial)
            scanner.scan(addresses[serial])
            line_wait(lambda: wallet(line.etch, serial)["state"] == "etched", 60)
            line.scanners["seal1"].scan(serial)
    return seconds(work) * 1e3 / len(serials)


def addresses_of(line, count):
    """What the stickers say, as a phone reads it."""
    found = {serial: address for serial, (_, address, _) in line.stickers().items()}
    if len(found) != count:
        raise RuntimeError(f"{len(found)} stickers of {count}")
    return found


def measure(place, count):
    """{print, etch: {line_ms, alone_ms}} for each wallet."""
    from soak_line import SoakLine
    line = SoakLine(pathlib.Path(place))
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
        etched = etch_all(line, line.lasers[0], serials, addresses)
        for host in line.hosts:
            host.stop()
        alone = min(count, ALONE_MAX)
        return {"print": {"line_ms": printed, "alone_ms": print_alone(line, place, alone)},
                "etch": {"line_ms": etched, "alone_ms": etch_alone(line.lasers[0], place, alone)}}
    finally:
        line.close()

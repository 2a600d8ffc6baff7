# SPDX-License-Identifier: MIT
"""No memory, once, on each way to an allocation: in a start of the daemon, and while three wallets are made.

A way is all the callers of an allocation, up to main: the same in each run, for the programs lie at
the same addresses.  Many ways fail in one run, each at its chosen use.  A run that comes to no good
is taken apart, so that the way is found.
"""
import time

from bench import Gone
from factory import Trouble
from points import TARGETS
from sweep import BENCHES, Total, say, spread, sweep

# So many ways at a time where each failure takes the next one's place in the same work.
AT_ONCE = 6


def wait_up(b):
    """The daemon answers; False: it has ended."""
    deadline = time.monotonic() + 20
    while b.is_running() and time.monotonic() < deadline:
        try:
            return bool(b.states())
        except Gone:
            time.sleep(0.003)
    if b.is_running():
        raise Trouble("it neither starts nor ends: " + b.tail())
    return False


class Ways:
    """What fails where: name, of which program, so many of them in one run."""

    def __init__(self, kind, program):
        self.kind, self.program, self.fired = kind, program, set()

    def find(self):
        """Records a run in which nothing fails."""
        with BENCHES[self.kind]() as b:
            b.points.arm()
            self.record(b)
            b.points.disarm()
            self.sites, self.calls = b.points.sites(), b.points.shared.alloc_count

    def uses(self, again):
        """The first use of each way, and each K-th."""
        return [(s, n) for s in self.sites for n in (1, *(range(1 + again, s.count + 1, again) if again else ()))]

    def note(self, b, group):
        self.fired.update((site.hash, n) for (site, n), fired in zip(group, b.points.ways_fired()) if fired)


class Start(Ways):
    """A start: the line is up, or says why not, and the next start finds all as it was."""

    name, size = "a start", 3 * TARGETS

    def record(self, b):
        b.points.record_sites(programs=(self.program,))
        b.start()
        wait_up(b)

    def run(self, b):
        for use in b.group:
            b.points.arm_ways([use], programs=(self.program,))
            b.start()
            if wait_up(b) and set(b.states().values()) != {b.waiting}:
                raise Trouble("it does not find what was there: " + b.tail())
            self.note(b, [use])
            b.points.disarm()
            b.end_well()
        b.starts = 0
        b.work()


class Work(Ways):
    """Three wallets, from the moment that people start the station."""

    name, size = "three wallets", AT_ONCE

    def record(self, b):
        b.on_work = lambda: b.points.record_sites(programs=(self.program,))
        b.work()

    def run(self, b):
        b.on_work = lambda: b.points.arm_ways(b.group, programs=(self.program,))
        b.work()
        self.note(b, b.group)


class Whole(Ways):
    """From the start of the daemon on: a scanner's driver has done all of its allocations before people come."""

    name, size = "a start and three wallets", AT_ONCE

    def record(self, b):
        b.points.record_sites(programs=(self.program,))
        b.work()

    def run(self, b):
        b.points.arm_ways(b.group, programs=(self.program,))
        b.work()
        self.note(b, b.group)


def groups_of(cases, size):
    return [cases[i::len(cases) // size + 1] for i in range(len(cases) // size + 1) if cases[i:]]


def sweep_ways(ways, chosen):
    """True when all is well; the summary line tells how many ways there are and were tried."""
    ways.find()
    say(f"{ways.kind}: {ways.calls} allocations of the {ways.program} in {ways.name}, {len(ways.sites)} ways")
    cases, total, guilty = spread(chosen, ways.uses(chosen.again)), Total(), 0

    def run_groups(name, groups):
        bad = []

        def arm(b, i):
            b.points.arm()
            b.group = groups[i]

        found = sweep(f"{ways.kind} {ways.name}, no memory for the {ways.program}: {name}", ways.kind,
                      range(len(groups)), arm, run=ways.run, jobs=chosen.jobs, bad=bad)
        return found, [groups[i] for i in bad]

    found, bad = run_groups("group", groups_of(cases, ways.size))
    total.join(found)
    # Once more alone: what another's failure has hidden, and the parts of what went wrong.
    alone = [[use] for group in bad for use in group]
    alone += [[use] for use in cases if (use[0].hash, use[1]) not in ways.fired and [use] not in alone]
    if alone:
        found, bad = run_groups("alone", alone)
        guilty = len(bad)
        total.join(found)
        for (site, n), in bad:
            say(f"the way {site.hash:#x}, use {n}, allocation called at {site.caller:#x}")
    total.tried, total.missed = len(ways.fired), len(cases) - len(ways.fired)
    say(f"error-sweep {ways.kind} {ways.name}, no memory for the {ways.program} "
        f"(calls {ways.calls} ways {len(ways.sites)}): {total}" + (f" guilty {guilty}" if guilty else ""))
    return total.is_good()


OF = ("start", "work", "driver", "scan")


def sweep_all(kind, chosen):
    sweeps = {"start": Start(kind, "daemon"), "work": Work(kind, "daemon"), "driver": Work(kind, kind)}
    if kind == "etch":
        sweeps["scan"] = Whole(kind, "scan")
    good = True
    for of in chosen.of.split(","):
        good = (of not in sweeps or sweep_ways(sweeps[of], chosen)) and good
    return good

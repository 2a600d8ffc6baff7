# SPDX-License-Identifier: MIT
"""One run a point, many points: what the campaigns share."""
import argparse
import collections
import concurrent.futures
import contextlib
import os
import signal
import subprocess
import sys
import threading
import time

from bench import Gone, Outcome
from bench_etch import EtchBench
from bench_print import PrintBench
from factory import BUILD, Trouble, program

INTERPOSER = (BUILD / "tests/crash/interpose.so").resolve()
BENCHES = {"etch": EtchBench, "print": PrintBench}
telling = threading.Lock()


def say(*words):
    with telling:
        print(*words, flush=True)


class Case(collections.namedtuple("Case", "program number")):
    """A point: the nth call of one program, which has nearly the same number in each run."""

    def __str__(self):
        return f"{self.program} {self.number}"


def clean_points(kind, **bench):
    """The points of a run in which nothing goes wrong."""
    with BENCHES[kind](**bench) as b:
        b.points.arm()
        b.work()
        outcome = b.judge()
        if outcome[:4] != (0, 0, 0, []):
            raise Trouble(f"a clean run is not clean: {outcome}\n{b.tail()}")
        count = collections.Counter(r.program for r in b.points.records() if r.number)
    if not count:
        raise Trouble(f"{kind}: no point in a clean run: {INTERPOSER} was not loaded")
    say(f"{kind}: {sum(count.values())} points in a clean run:",
        ", ".join(f"{p} {n}" for p, n in sorted(count.items())))
    return [Case(p, n) for p in sorted(count) for n in range(1, count[p] + 1)]


def at_least_one(text):
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text}: at least 1")
    return int(text)


def add_options(parser, jobs=2):
    """Which points of all, and how many runs at a time."""
    parser.add_argument("--every", type=at_least_one, default=1, metavar="K", help="each K-th point")
    parser.add_argument("--from", type=at_least_one, default=1, dest="first", metavar="N", help="the first point")
    parser.add_argument("--tries", type=at_least_one, metavar="N", help="N points, spread evenly, in place of --every")
    parser.add_argument("--jobs", type=at_least_one, default=jobs, metavar="J", help="so many runs at a time")


def spread(chosen, cases):
    """Those that the options --every, --from and --tries choose."""
    cases = cases[chosen.first - 1:]
    if not chosen.tries:
        return cases[::chosen.every]
    tries = min(chosen.tries, len(cases))
    return [cases[n * len(cases) // tries] for n in range(tries)]


class Total:
    """What all runs came to."""

    def __init__(self):
        self.tried = self.missed = self.double = self.lost = self.doubt = 0
        self.why = collections.Counter()

    def add(self, outcome, fired):
        self.tried += bool(fired)
        self.missed += not fired
        self.double += outcome.double
        self.lost += outcome.lost
        self.doubt += outcome.doubt
        self.why.update(outcome.why)

    def join(self, other):
        for name in ("tried", "missed", "double", "lost", "doubt"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.why.update(other.why)

    def is_good(self):
        return self.tried > 0 and self.double == self.lost == 0

    def __str__(self):
        missed = f" not-reached {self.missed}" if self.missed else ""
        why = ", ".join(f"{code} {n}" for code, n in self.why.most_common())
        return (f"points {self.tried} double {self.double} lost {self.lost} in-doubt {self.doubt}"
                + (f" ({why})" if why else "") + missed)


def run_one(kind, arm, run, bench):
    """One run; a run that never ends has lost what it should have made."""
    with BENCHES[kind](**bench) as b:
        arm(b)
        try:
            (run or type(b).work)(b)
            # Whatever strikes, strikes the work and not the look at it.
            b.points.disarm()
            outcome = judge(b)
        except (Trouble, OSError) as trouble:
            outcome = Outcome(0, 1, len(b.doubts), [str(trouble)])
        fired = b.points.fired or b.points.shared.alloc_fired
        by = " ".join((*b.points.fired_by, b.points.before())) if b.points.fired else "nobody"
        if (outcome.double or outcome.lost) and b.tail() not in "".join(outcome.told):
            outcome.told.append(b.tail())
        return outcome, fired, by


def judge(b):
    """The daemon may have to be started once more to say how it ended."""
    for _ in range(3):
        try:
            return b.judge()
        except Gone:
            b.work()
    raise Trouble("the daemon does not stay to be asked")


def orphan(b):
    """The daemon is gone and its driver stands still with the device; it goes on under the next daemon."""
    b.start()
    deadline = time.monotonic() + 20
    while not b.points.fired and time.monotonic() < deadline:
        try:
            states, station = b.states(), b.look()
            if b.is_over(states):
                return
            b.act(states, station, 0)
        except Gone:
            pass
        time.sleep(0.01)
    if b.points.fired_by[0] not in ("etch", "print"):
        return b.work()
    b.daemon.wait(5)
    b.points.disarm()
    b.start()
    is_settled = wait_told(b, 8)
    os.kill(b.points.shared.fired_pid, signal.SIGCONT)
    b.work()
    if is_settled:
        raise Trouble("a device was driven while another driver held it")


def wait_told(b, patience):
    """Until the new daemon tells that the device is held: False; True when it has asked the device all the same."""
    deadline, was_open = time.monotonic() + patience, False
    while time.monotonic() < deadline:
        try:
            is_open = bool({"etching", "printing"} & set(b.states().values()))
            was_open = was_open or is_open
            told = [f.get("code") for f in b.objects("fault", "status")]
            if "lock-held" in told:
                return False
            if not is_open:
                return was_open
        except Gone:
            pass
        time.sleep(0.02)
    return False


@contextlib.contextmanager
def campaign_pool(jobs):
    """Where it is left early, also because it is ended from outside, what runs ends its run, and nothing new begins."""
    pool = concurrent.futures.ThreadPoolExecutor(jobs, thread_name_prefix="campaign")
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def sweep(name, kind, cases, arm, run=None, jobs=1, stop_at_first=False, tell_doubts=False, bad=None, **bench):
    """arm(bench, case) before each run; run(bench) in place of bench.work(); bad: gets the cases that went wrong."""
    total, began, done = Total(), time.monotonic(), 0
    cases = list(cases)
    with campaign_pool(jobs) as pool:
        futures = {pool.submit(run_one, kind, lambda b, c=case: arm(b, c), run, bench): case for case in cases}
        for future in concurrent.futures.as_completed(futures):
            outcome, fired, by = future.result()
            total.add(outcome, fired)
            done += 1
            if outcome.double or outcome.lost:
                say(f"{name} {futures[future]} (by {by}): double {outcome.double} lost {outcome.lost}:",
                    "\n  ".join(outcome.told))
                if bad is not None:
                    bad.append(futures[future])
                if stop_at_first:
                    break
            if tell_doubts and outcome.why:
                say(f"{name} {futures[future]} (by {by}): in doubt: {', '.join(outcome.why)}")
            if done % 50 == 0:
                say(f"[{time.monotonic() - began:6.0f} s] {name} {done} of {len(cases)}: {total}")
    return total


def lacks():
    """What this machine has not, or None."""
    from printer import missing
    if os.geteuid() != 0:
        return "two persons take root to play them"
    loads = subprocess.run([program("keylined"), "--version"], capture_output=True,
                           env={**os.environ, "LD_PRELOAD": str(INTERPOSER)})
    # The dynamic linker goes on without what it cannot load, and says so.
    if b"cannot be preloaded" in loads.stderr:
        raise Trouble(f"{INTERPOSER} does not load: {loads.stderr.decode(errors='replace').strip()}")
    if loads.returncode:
        return "a program with sanitizers cannot be interposed"
    return f"no {missing()} here" if missing() else None


def main(run):
    """0, 1 or 77 for a script; run() gives whether all was well."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended from outside"))
    try:
        asks = {"-h", "--help"} & set(sys.argv)
        if not asks and not INTERPOSER.exists():
            raise Trouble(f"{INTERPOSER} is not built: make check TESTS=")
        lack = None if asks else lacks()
        if lack:
            print(lack)
            return 77
        return 0 if run() else 1
    except Trouble as trouble:
        print(trouble)
        return 1


def finish(run):
    sys.exit(main(run))

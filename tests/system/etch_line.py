# SPDX-License-Identifier: MIT
"""The etching line without the daemon: one etch-modbus and one keyline-sim make wallet
after wallet, and on the way everything happens that can.  Each wallet's answer is the
expected one, the line recovers by itself (or after a person's hand), and in the end the
answers are held against the machine's own log, as the ledger is."""
import collections
import concurrent.futures
import os
import re
import signal
import tempfile
import time

import etcher_host as eh
import etch_driver as ed

TIMING = {"heartbeat-ms": 100, "host-timeout-ms": 2000, "response-ms": 400,
          "late-window-ms": 450, "mirror-limit-ms": 800, "arm-expiry-ms": 4000,
          "busy-limit-ms": 2500, "erase-limit-ms": 800}
# Nothing here is about a disk that is slow to sync.
FAST = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None

# What happens; how the wallet must end ("|": either is right); how often the laser went on, and
# how often to the end; what a new process is told that asks afterwards.
#   done      marked; the ledger says etched
#   refused   before start; the wallet can be tried again
#   failed    after ready, certainly nothing was marked
#   doubt     not known but to the log, and to people with eyes
# at: the fault comes before the load, when the driver has seen it ("seen"), after ready
# ("ready"), or the one of the row before is still there ("still").
Row = collections.namedtuple("Row", "fault answer on whole asked at",
                             defaults=("load",))
MACHINE = [
    Row("", "done", 1, 1, "done"),
    Row("door open", "refused door-open", 0, 0, "never"),
    Row("estop", "refused e-stop", 0, 0, "never"),
    Row("part off", "refused no-part", 0, 0, "never"),
    Row("door open when=loaded", "refused door-open|failed door-open", 0, 0, "never"),
    Row("door open when=armed", "failed not-armed|failed door-open", 0, 0, "never"),
    Row("door open", "failed door-open", 0, 0, "never", "ready"),
    Row("part off", "failed no-part", 0, 0, "never", "ready"),
    Row("door open when=busy", "doubt door-open", 1, 0, "unknown"),
    Row("estop when=busy", "doubt e-stop", 1, 0, "unknown"),
    Row("part off when=busy", "doubt no-part", 1, 0, "unknown"),
    Row("laser-source when=busy", "doubt laser-source", 1, 0, "unknown"),
    Row("scanner when=busy", "doubt scanner", 1, 0, "unknown"),
    Row("break", "doubt laser-source", 1, 0, "unknown"),
    Row("reset when=loading", "refused device-reset", 0, 0, "never"),
    Row("reset", "failed device-reset", 0, 0, "unknown", "ready"),
    Row("reset on=start", "doubt device-reset", 1, 0, "unknown"),
    Row("reset when=busy", "doubt device-reset", 1, 0, "unknown"),
    Row("power-off 600 when=busy", "doubt device-reset", 1, 0, "unknown"),
    Row("freeze", "refused stalled", 0, 0, "never"),
    Row("freeze when=busy", "doubt stalled", 1, 0, "unknown"),
    Row("other-device", "failed wrong-device", 0, 0, "never", "ready"),
    Row("", "done", 1, 1, "done"),
]
PROGRAM = [
    Row("lost-done", "doubt no-done", 1, 1, "done"),
    Row("lost-count", "doubt counter", 1, 1, "unknown"),
    Row("double-counter", "doubt counter", 1, 1, "unknown"),
    Row("double-mark", "doubt counter", 2, 2, "unknown"),
    Row("counter-jump when=busy", "doubt counter", 1, 1, "unknown"),
    Row("counter-jump when=loaded", "done", 1, 1, "done"),
    Row("counter-jump", "failed counter", 0, 0, "unknown", "ready"),
    Row("busy-forever", "doubt busy-limit", 1, 1, "unknown"),
    Row("slow-mark", "doubt busy-limit", 1, 0, "unknown"),
    Row("lost-start", "doubt no-mirror", 0, 0, "never"),
    Row("lost-mirror", "done", 1, 1, "done"),
    Row("late-start", "failed arm-expired", 0, 0, "never"),
    Row("short-arm", "failed not-armed|failed arm-expired", 0, 0, "never"),
    Row("corrupt-chunk", "refused readback", 0, 0, "never"),
    Row("drop-chunk", "refused bad-data", 0, 0, "never"),
    Row("wrong-code", "refused code-mismatch", 0, 0, "never"),
    Row("not-erased", "done", 1, 1, None),
    Row("", "refused readback|refused device", 0, 0, "never", "still"),
    Row("no-heartbeat", "refused stalled", 0, 0, "never", "seen"),
    Row("stale-job when=done", "doubt wrong-job", 1, 1, "done"),
    Row("wrong-value on=code when=loaded times=0", "failed code-mismatch", 0, 0, "never", "ready"),
    Row("no-echo", "refused stalled", 0, 0, "never", "seen"),
    Row("stale-job", "refused not-loading", 0, 0, "never"),
    Row("", "done", 1, 1, "done"),
]
WIRE = [
    Row("late 600 on=chunk-data", "done", 1, 1, "done"),
    Row("dribble 60 on=chunk-data", "done", 1, 1, "done"),
    Row("wrong-echo on=chunk-data", "done", 1, 1, "done"),
    Row("mute on=load-commit", "done", 1, 1, "done"),
    Row("garbage on=readback-data", "done", 1, 1, "done"),
    Row("wrong-value on=readback-data", "refused readback", 0, 0, "never"),
    Row("bad-frame on=marked-counter", "done", 1, 1, "done"),
    Row("stale on=marked-counter", "done", 1, 1, "done"),
    Row("mute on=start", "done", 1, 1, "done"),
    Row("late 600 on=start", "done", 1, 1, "done"),
    Row("twice on=start", "done", 1, 1, "done"),
    Row("wrong-echo on=start", "done", 1, 1, "done"),
    Row("garbage on=start", "done", 1, 1, "done"),
    Row("hang-up on=start", "done", 1, 1, "done"),
    Row("deaf on=start", "doubt no-mirror", 0, 0, "never"),
    Row("disconnect on=start", "doubt no-mirror", 0, 0, "never"),
    Row("refuse 4 on=start", "doubt no-mirror", 0, 0, "never"),
    Row("hang-up on=marked-counter when=busy", "done", 1, 1, "done"),
    Row("pretend on=job-id", "refused readback", 0, 0, "never"),
    Row("pretend on=chunk-data", "done", 1, 1, "done"),
    Row("pretend on=readback-offset after=2", "refused readback", 0, 0, "never"),
    Row("pretend on=command-job", "failed readback", 0, 0, "never"),
    Row("pretend on=start-token", "failed readback", 0, 0, "never"),
    Row("pretend on=start", "doubt no-mirror", 0, 0, "never"),
    Row("mute on=marked-counter when=busy times=2", "done", 1, 1, "done"),
    Row("", "done", 1, 1, "done"),
]
# Each access of a job in turn may be hit by one of these.
SWEEP = ["disconnect", "hang-up", "mute", "deaf", "late 600", "garbage", "reset"]


def quick_profile(folder, timing):
    """The shipped map with shorter times."""
    with open(os.path.join(os.environ["srcdir"], "conf", "etch-profile.conf")) as file:
        text = file.read()
    for key, value in timing.items():
        text, n = re.subn(r"(?m)^%s = \d+" % key, "%s = %d" % (key, value), text)
        assert n == 1, key
    with open(folder + "/profile", "w") as file:
        file.write(text)
    return folder + "/profile"


class Bench:
    """A machine, its driver, and a hand that clears up between wallets."""

    def __init__(self, folder, rtu, mark_ms=250, timing=TIMING):
        self.sim = eh.Sim(folder, "--mark-ms", str(mark_ms), "--pictures", "svg", rtu=rtu,
                          profile=quick_profile(folder, timing))
        self.job, self.answers = 0, {}
        self.driver = ed.Driver.for_sim(self.sim)

    def clear_up(self):
        """What a person does: mends the machine, takes the part out, puts a blank in."""
        self.sim.control("clear", "door closed", "estop released", "laser-source mended",
                         "scanner mended", "freeze off", "other-device off", "part off", "part on")

    @staticmethod
    def until(condition):
        end = time.monotonic() + eh.LIMIT
        while not condition():
            assert time.monotonic() < end, "it never came"
            time.sleep(0.02)

    def lit(self, job):
        acts = [a for a in self.sim.marks() if int(a["job"]) == job]
        return (sum(a["what"] == "on" for a in acts),
                sum(a.get("outcome") == "whole" for a in acts))

    def wait_for(self, *states):
        """Until the driver sees closed interlocks; a latched fault goes when a person says so."""
        try:
            self.driver.until_status(lambda s: s["state"] in states and all(
                s[k] == "1" for k in ("door", "estop", "part", "laser")))
        except eh.Ended:
            self.driver.leaves_as_replugged()
            self.again()
            self.wait_for(*states)
            return
        self.driver.acknowledge()

    def wallet(self, fault="", at="load"):
        """Makes a wallet: (the line that ended it, the counter at ready or None)."""
        self.job += 1
        serial, text = "AA%06dK" % self.job, "PASS-%04d-ABCD" % self.job
        counter = None
        if fault and at != "ready":
            self.sim.control(fault)
        if at == "seen":
            self.driver.until_status(lambda s: s["state"] not in ("ready", "busy"))
        line = self.driver.load(self.job, text=text, serial=serial, test="1")
        if line.verb == "ready":
            want = ed.digest("plate", serial, text, test="1")
            assert line["digest"] == want, (fault, line)
            counter = int(line["counter"])
            if at == "ready":
                self.sim.control(fault)
            line = self.driver.start(self.job)
        self.answers[self.job] = line.verb
        return line, counter

    def again(self):
        """Another process in the driver's place."""
        self.driver.kill()
        self.driver = ed.Driver.for_sim(self.sim)

    def query(self, counter):
        """What a new process is told about the last job."""
        boot = None
        if counter is None:
            # it was ready for nothing: asked as if it had been now
            counter, boot = (self.sim.status()[key] for key in ("counter", "boot"))
        self.again()
        return self.driver.query(self.job, counter, boot).verb

    def check(self, line):
        """What must hold whatever happened."""
        on, whole = self.lit(self.job)
        assert on <= 1, (line, on)
        if line.verb == "done":
            assert whole == 1, line
        elif line.verb in ("refused", "failed"):
            assert on == 0, line
        else:
            assert line.verb in ("doubt", "lost"), line
        return on, whole

    def close(self):
        if self.driver.process.poll() is None:
            self.driver.kill()
        if self.sim.process.poll() is None:
            self.sim.stop()

    def account(self):
        """All answers against the machine's log: wallets, whole marks, parts marked twice."""
        whole = self.sim.whole()
        for job, answer in self.answers.items():
            if answer == "done":
                assert whole.count(job) == 1, (job, answer)
            if answer in ("refused", "failed"):
                assert self.lit(job) == (0, 0), (job, answer)
        parts = [a["part"] for a in self.sim.marks() if a["what"] == "on"]
        return len(self.answers), len(whole), sum(parts.count(p) > 1 for p in set(parts))


def case(bench, row):
    """One row; a line about it."""
    if row.at != "still":
        bench.clear_up()
    else:
        bench.sim.control("part off", "part on")
    bench.wait_for("ready", "fault")
    starts = int(bench.sim.status()["starts"])
    line, counter = bench.wallet(row.fault, row.at)
    answer = line.verb if line["code"] is None else line.verb + " " + line["code"]
    if answer == "lost":
        # the mark goes on; the next driver is asked in the midst of it
        assert bench.sim.rtu and row.fault.startswith(("hang-up", "disconnect")), (row, answer)
        answer = bench.query(counter)
        assert answer == row.asked, (row, answer)
    else:
        assert answer in row.answer.split("|"), (row, answer)
    assert bench.lit(bench.job) == (row.on, row.whole), (row, answer, bench.lit(bench.job))
    said = "-"
    if row.asked:
        bench.clear_up()
        said = bench.query(counter)
        assert said == row.asked, (row, answer, said)
    # whatever was said, and whoever asked
    assert int(bench.sim.status()["starts"]) <= starts + 1, (row, answer, said)
    return ("%-42s %-24s laser on %d, whole %d; asked: %s"
            % (row.fault or "nothing", answer, row.on, row.whole, said))


def in_bench(work, rtu, **more):
    """Does the work on a bench of its own; what it has to say, and the account."""
    with tempfile.TemporaryDirectory(dir=FAST) as folder:
        bench = Bench(folder, rtu, **more)
        try:
            text = work(bench)
            account = bench.account()
            bench.driver.end()
            return text, account
        finally:
            bench.close()


def rows(table):
    return lambda bench: "\n".join(case(bench, row) for row in table)


def begin(bench):
    """A wallet loaded and its mark begun; the counter before."""
    bench.clear_up()
    bench.wait_for("ready", "fault")
    bench.job += 1
    ready = bench.driver.load(bench.job)
    assert ready.verb == "ready", ready
    bench.driver.say("start %d" % bench.job)
    while bench.driver.line().verb != "started":
        pass
    return int(ready["counter"])


def deaths(bench):
    """Processes die in the middle of a mark that is longer than the machine waits for us."""
    # the driver: the machine misses its heart and stops; the part is for people
    counter = begin(bench)
    bench.driver.kill()
    bench.until(lambda: bench.sim.status()["state"] == "fault")
    assert bench.sim.status()["fault"] == "heartbeat-lost"
    bench.driver = ed.Driver.for_sim(bench.sim)
    assert bench.driver.query(bench.job, counter).verb == "unknown"
    assert bench.lit(bench.job) == (1, 0), bench.sim.marks()[-2:]
    # another one is there in time, and follows the mark to its end
    counter = begin(bench)
    assert bench.query(counter) == "done"
    assert bench.lit(bench.job) == (1, 1)
    # the daemon: its driver brings the mark to the end, and leaves
    counter = begin(bench)
    bench.driver.end()
    bench.driver = ed.Driver.for_sim(bench.sim)
    assert bench.driver.query(bench.job, counter).verb == "done"
    assert bench.lit(bench.job) == (1, 1)
    # the machine's power
    counter = begin(bench)
    bench.sim.kill()
    bench.sim.start()
    line = bench.driver.outcome(bench.job)
    assert line.verb == ("lost" if bench.sim.rtu else "doubt"), line
    assert bench.query(counter) == "unknown"
    assert bench.lit(bench.job) == (1, 0)
    # the driver is stopped for longer than the machine waits, then goes on
    counter = begin(bench)
    bench.driver.process.send_signal(signal.SIGSTOP)
    bench.until(lambda: bench.sim.status()["state"] == "fault")
    bench.driver.process.send_signal(signal.SIGCONT)
    line = bench.driver.next()
    assert (line.verb, line["code"]) == ("doubt", "heartbeat-lost"), line
    assert bench.lit(bench.job) == (1, 0)
    # and all goes well again
    case(bench, Row("", "done", 1, 1, "done"))
    return "deaths of driver, daemon, machine: as expected"


def sweep(kind, after, step):
    """Each step-th access of a job, hit by the kind, until a job gets through untouched."""
    def work(bench):
        at, tried, struck = after, 0, True
        while struck:
            bench.clear_up()
            bench.wait_for("ready", "fault")
            line, counter = bench.wallet("%s after=%d" % (kind, at))
            struck = bench.sim.status()["faults"] == "0"
            on, whole = bench.check(line)
            bench.clear_up()
            asked = bench.query(counter)
            on, whole = bench.lit(bench.job)
            assert asked != "done" or whole == 1, (kind, at, line, asked)
            assert asked != "never" or on == 0, (kind, at, line, asked)
            tried += struck
            at += step
        return "%s: %d of about %d accesses" % (kind, tried, at - step)
    return work


def work_of(rtu, whole_sweep):
    """(work, options of its bench)"""
    if whole_sweep:
        return [(sweep(kind, 1, 1), {}) for kind in SWEEP]
    tables = [WIRE] if rtu else [MACHINE, PROGRAM, WIRE]
    slow = {"mark_ms": 3000, "timing": dict(TIMING, **{"busy-limit-ms": 9000})}
    return ([(rows(table), {}) for table in tables] + [(deaths, slow)]
            + [(sweep(kind, 1 + 9 * i, 37), {}) for i, kind in enumerate(SWEEP[rtu::2])])


def main(argv):
    """--rtu: over a serial line; --sweep: hits each access of a job, which takes minutes."""
    rtu, whole_sweep = "--rtu" in argv, "--sweep" in argv
    if not whole_sweep:
        eh.deadline(115)
    work = work_of(rtu, whole_sweep)
    total = [0, 0, 0]
    with concurrent.futures.ThreadPoolExecutor(len(work)) as pool:
        for future in [pool.submit(in_bench, w, rtu, **more) for w, more in work]:
            text, account = future.result()
            total = [a + b for a, b in zip(total, account)]
            print(text, flush=True)
    # only double-mark marks a part twice
    assert total[2] == (not rtu and not whole_sweep), total
    print("%d wallets, %d whole marks, %d parts marked twice" % tuple(total))

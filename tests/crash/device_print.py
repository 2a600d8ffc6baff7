# SPDX-License-Identifier: MIT
"""Printers that go wrong: a real one whose labels run out, whose power fails, whose jobs are cancelled; and false
ones, for what a real one cannot be made to do."""
import collections
import os
import pathlib
import signal
import subprocess

import false_printer as fp
from bench import Bench
from bench_print import PrintBench
from device_people import People
from printer import Printer

CANCEL = """{
	OPERATION Cancel-Job
	GROUP operation-attributes-tag
	ATTR charset attributes-charset utf-8
	ATTR naturalLanguage attributes-natural-language en
	ATTR uri printer-uri $uri
	ATTR integer job-id %d
	ATTR name requesting-user-name somebody
	STATUS successful-ok
}
"""

# fault: its name.  doubt, reasons: as in device_etch.py.  steps: for the real printer, (when, what) one after
# another.  false: options of a false printer in its place.
# twice: the printer prints a document twice, which no host can keep it from.
Kind = collections.namedtuple("Kind", "fault doubt reasons steps false twice", defaults=("", (), None, False))


# When

def at_once(bench, states, station):
    return True


def document(bench, states, station):
    """The document is in the printer, whole, and its engine has begun."""
    return "printing" in states.values() and bench.has_document()


def came(bench, states, station):
    """A document was begun; its job may be over.  The states were asked for earlier: they must know of it, too."""
    return bench.has_document() and any(s in states.values() for s in ("printing", "printed", "in-doubt", "spoiled"))


def held(bench, states, station):
    return station["state"] == "Held"


def told(code):
    def is_told(bench, states, station):
        return any(f["code"] == code for f in bench.objects("fault", "status"))
    return is_told


def not_printing(bench, states, station):
    return "printing" not in states.values()


def waits(bench, states, station):
    return station["code"] == "busy"


def a_while(bench, states, station):
    """Two seconds by the printer's own slowness."""
    return document(bench, states, station) and bench.quiet > 2


# What

def put(name, text=""):
    return lambda bench: bench.printer.put(name, text)


def take(name):
    return lambda bench: bench.printer.take(name)


def nothing(bench):
    pass


def cut_power(bench):
    bench.printer.kill()


def power_on(bench):
    """The engine that was at work has lost its power, too."""
    for name in ("hold", "faults"):
        pathlib.Path(bench.printer.path(name)).unlink(missing_ok=True)
    bench.printer.stop()
    bench.printer.start()


def off_and_on(bench):
    cut_power(bench)
    power_on(bench)


def cancel(bench):
    """Somebody cancels it at the printer's panel."""
    script = bench.run / "cancel.test"
    script.write_text(CANCEL % bench.job_number())
    subprocess.run(["ipptool", "-q", bench.printer.uri, str(script)], check=True)


def imposter_comes(bench):
    """Another device in the printer's place, of the same name."""
    bench.printer.stop()
    folder = bench.root / "imposter"
    folder.mkdir(exist_ok=True)
    bench.imposter = Printer(str(folder), port=bench.printer.port).start()


def imposter_goes(bench):
    if os.listdir(bench.imposter.path("spool")):
        bench.told.append("the imposter got a document")
    bench.imposter.kill()
    bench.imposter.stop()
    bench.imposter = None
    power_on(bench)


def others_print(bench):
    """Somebody else's document is in the printer."""
    bench.printer.put("hold")
    document = bench.root / "others.pwg"
    document.write_bytes(b"RaS2, and no more")
    subprocess.run(["ipptool", "-q", "-f", str(document), bench.printer.uri, "print-job.test"], check=True,
                   stdout=subprocess.DEVNULL)


def kill_driver(bench):
    pid = bench.daemon.pid
    for child in pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        if pathlib.Path(f"/proc/{child}/comm").read_text().strip() == "print-ipp":
            os.kill(int(child), signal.SIGKILL)


def shows(word):
    """A fault while it prints, until somebody sees to it."""
    return ((at_once, put("faults", word)), (told(CODES[word]), take("faults")))


CODES = {"media-empty": "media-empty", "cover-open": "cover-open", "media-jam": "media-jam",
         "marker-supply-empty": "ribbon-empty"}

REAL = [
    Kind("killed in mid-job", "one", "printer-missing link timeout",
         ((at_once, put("hold")), (document, cut_power), (not_printing, power_on))),
    Kind("off and on in mid-job, all forgotten", "one", "not-found printer-missing",
         ((at_once, put("hold")), (document, off_and_on))),
    Kind("driver killed and all forgotten", "one", "not-found printer-missing",
         ((at_once, put("hold")), (document, kill_driver), (at_once, off_and_on))),
    Kind("driver killed in mid-job", "none", "",
         ((at_once, put("hold")), (document, kill_driver), (at_once, take("hold")))),
    Kind("media-empty in mid-job", "none", "", shows("media-empty")),
    Kind("cover-open in mid-job", "none", "", shows("cover-open")),
    Kind("media-jam in mid-job", "none", "", shows("media-jam")),
    Kind("ribbon-empty in mid-job", "none", "", shows("marker-supply-empty")),
    Kind("media-empty after a job", "none", "",
         ((at_once, put("faults-stay", "media-empty")), (held, take("faults-stay")), (at_once, off_and_on))),
    Kind("slow", "none", "", ((at_once, put("hold")), (a_while, take("hold")))),
    Kind("cancelled yet printed", "one", "job-canceled",
         ((at_once, put("faults", "cover-open")), (document, cancel), (at_once, take("faults")))),
    Kind("aborted after one layer", "one", "job-aborted", 
         ((at_once, put("fail")), (came, nothing), (not_printing, take("fail")))),
    Kind("one impression told of two", "one", "impressions",
         ((at_once, put("impressions", "1")), (came, nothing), (not_printing, take("impressions")))),
    Kind("busy with others' work", "none", "", ((at_once, others_print), (waits, take("hold")))),
    Kind("imposter certificate", "none", "",
         ((at_once, imposter_comes), (told("wrong-pin"), imposter_goes))),
    Kind("imposter certificate in mid-job", "one", "wrong-pin printer-missing",
         ((at_once, put("hold")), (document, imposter_comes), (not_printing, imposter_goes))),
    Kind("away", "none", "", ((at_once, cut_power), (told("printer-missing"), power_on))),
]


ENDLESS = 10000


def false(fault, doubt, reasons="", twice=False, **options):
    return Kind(fault, doubt, reasons, false=options, twice=twice)


def planned(operation, how, doubt, reasons="", times=1):
    """ENDLESS: until somebody sees to it."""
    name = f"{how} at {operation}" + (", until it is mended" if times == ENDLESS else "")
    return false(name, doubt, reasons, plan={operation: [how] * times})


LOST = "printer-missing link timeout"
FALSE = [planned(op, how, "none") for op in ("printer", "validate", "create")
         for how in ("hang-up", "mute", "busy", "error", "401", "garbage", "done-hang-up", "done-error")] + [
    planned("send", "hang-up", "one", LOST),
    planned("send", "mute", "one", LOST),
    planned("send", "done-hang-up", "one", LOST),
    planned("send", "done-mute", "one", LOST),
    planned("send", "busy", "one", "busy"),
    planned("send", "error", "one", "device-error"),
    planned("send", "done-error", "one", "device-error"),
    planned("send", "401", "one", "not-permitted printer-missing"),
    planned("send", "garbage", "one", LOST),
    planned("job", "hang-up", "none"),
    planned("job", "error", "none"),
    planned("job", "busy", "none"),
    planned("job", "garbage", "none"),
    planned("job", "401", "none"),
    planned("job", "mute", "one", LOST),
    planned("job", "error", "one", "device-error", ENDLESS),
    planned("job", "forget", "one", "not-found"),
    planned("create", "imposter", "none"),
    planned("send", "imposter", "one", "wrong-pin"),
    false("no count", "one", "impressions", ends=((fp.COMPLETED, None),)),
    false("count of one", "one", "impressions", ends=((fp.COMPLETED, 1),)),
    false("count of three", "one", "impressions", ends=((fp.COMPLETED, 3),)),
    false("count that comes late", "none", ends=((fp.COMPLETED, 0), (fp.COMPLETED, 1), (fp.COMPLETED, 2))),
    false("held, then printed", "none", ends=((fp.HELD, 0), (fp.STOPPED, 1), (fp.COMPLETED, 2))),
    false("aborted yet printed", "one", "job-aborted", ends=((fp.ABORTED, 2),)),
    false("cancelled and printed whole", "one", "job-canceled", ends=((fp.CANCELED, 2),)),
    false("lost, and another's job has its number", "one", "not-found", loses=True),
    false("printed twice", "one", "impressions", twice=True, copies=2),
]

SHORT = ("killed in mid-job", "cover-open in mid-job", "done-hang-up at send",
         "lost, and another's job has its number")


def kinds():
    return REAL + FALSE


class FaultyPrinter(People, PrintBench):
    def __init__(self, kind, **more):
        self.row, self.steps, self.quiet = kind, list(kind.steps), 0
        self.imposter = None
        self.begin()
        super().__init__(**more)

    def open_machine(self):
        if self.row.false is None:
            return super().open_machine()
        folder = self.root / "printer"
        folder.mkdir()
        self.printer = fp.FalsePrinter(str(folder), **self.row.false)
        return None

    def close_machine(self):
        if self.imposter:
            self.imposter.kill()
            self.imposter.stop()
        if self.row.false is None:
            super().close_machine()
        else:
            self.printer.close()

    def has_document(self):
        return any(p.stat().st_size > 1000 for p in pathlib.Path(self.printer.path("spool")).glob("*.pwg"))

    def job_number(self):
        """The printer's own number of the job that it works on."""
        return max(int(p.name.split("-")[0]) for p in pathlib.Path(self.printer.path("spool")).glob("*.pwg"))

    def mend(self):
        if self.row.false is not None and self.printer.has_begun:
            self.printer.plan.clear()

    def act(self, states, station, quiet):
        self.watch(station)
        self.quiet = quiet
        while self.steps and self.steps[0][0](self, states, station):
            self.steps.pop(0)[1](self)
        Bench.act(self, states, station, quiet)

    def is_whole(self, serial):
        """What still is in the printer comes out first; a label that came out twice is no good one."""
        if self.row.false is None:
            return super().is_whole(serial)
        intents = self.intents()
        return [whole for job, whole in self.acts() if intents.get(job, ("",))[0] == serial] == [True]

    def verdict(self, outcome):
        """(outcome, whether the fault struck, what is not as the table has it)."""
        told = list(self.told)
        struck = not self.steps if self.row.false is None else self.printer.has_struck()
        if self.row.twice:
            if outcome.double != 1:
                told.append(f"{outcome.double} printed twice by the machine")
            outcome = outcome._replace(double=0)
        if self.row.false is not None and self.printer.leaked:
            told.append("another certificate got a document")
        if struck and (self.row.doubt == "none" and outcome.doubt or self.row.doubt == "one" and outcome.doubt != 1):
            told.append(f"{outcome.doubt} in doubt ({', '.join(self.called)}); the table has {self.row.doubt}")
        told += [f"a doubt is called {r}" for r in self.called if r not in self.row.reasons.split()]
        return outcome, struck, told

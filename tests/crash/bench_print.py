# SPDX-License-Identifier: MIT
"""The bench of a printing host: ippeveprinter, which others wrote, and three stickers."""
import collections
import pathlib
import re
import shutil
import time

from bench import QUIET, Bench
from printer import Printer


class PrintBench(Bench):
    kind, host, station, waiting, made = "print", "cn-print", "printer1", "minted", "printed"

    def open_machine(self):
        folder = self.root / "printer"
        shutil.copytree(self.fixture / "printer", folder)
        self.printer = Printer(str(folder)).start()

    def close_machine(self):
        self.printer.kill()
        self.printer.stop()

    def machine_config(self):
        return (f"[secure-disk]\npath = {self.root}/secure-disk\nmedium = directory\n\n[route]\nshipment = us-etch\n\n"
                "[from]\nstickers = cn-mint\nresults = us-etch\n\n"
                f"[station {self.station}]\nkind = print\nuri = {self.printer.uri}\npin = {self.printer.pin}\n"
                "media = 40x40\ndpi = 300\n\n")

    def feed(self, states, station, quiet):
        pass

    def act(self, states, station, quiet):
        """A printer that waits for the rest of a document is switched off and on."""
        if quiet > 2 * QUIET:
            self.power_cycle()
            self.since = time.monotonic()
        super().act(states, station, quiet)

    def power_cycle(self):
        self.printer.kill()
        self.printer.stop()
        self.printer.start()

    def acts(self):
        """[(job, whether both labels came out)] of the printer's own jobs that printed anything."""
        pages = collections.Counter()
        for path in pathlib.Path(self.printer.folder, "labels").glob("*.png"):
            found = re.match(r"\d+-.*?(\d+)-\d+\.png$", path.name)
            pages[int(found.group(1)) if found else path.name] += 1
        return [(job, n >= 2) for job, n in pages.items() for _ in range((n + 1) // 2)]

    def is_whole(self, serial):
        """What still is in the printer comes out first."""
        self.power_cycle()
        intents = self.intents()
        return any(is_whole and intents.get(job, ("",))[0] == serial for job, is_whole in self.acts())

# SPDX-License-Identifier: MIT
"""What people see while a device goes wrong: that each hold and each doubt has a name and a next step, and
that a wallet in doubt keeps its station back until two of them have settled it."""
import time

from bench import AGAIN, Gone
from factory import Trouble

STUCK = 40  # seconds in which nothing moves
AT_REST = ("Held", "Stopped", "Aborted", "Suspended", "Execute", "Idle")


class People:
    """Mixed into a bench; mend() is what they do at the machine before they let it go on."""

    def begin(self):
        self.told, self.called, self.errors, self.retries = [], [], 0, 0

    def mend(self):
        pass

    def await_errors(self):
        """What strikes when the work is done is counted a little later."""

    def needs_restart(self, quiet):
        codes = [f.get("code") for f in self.objects("fault", "status")]
        if quiet > STUCK:
            raise Trouble(f"nothing moves; told is {codes}: {self.look()}\n{self.tail()}")
        return "ledger" in codes

    def look_twice(self, found):
        """What was seen may have changed while it was looked at; twice the same is so."""
        return found() and found()

    def is_unnamed(self):
        """Whether the station rests because of something that nobody can read a name and a next step of."""
        station = self.look()
        if station["state"] not in ("Held", "Aborted"):
            return False
        faults = [f for f in self.objects("fault", "status") if f["about"] == self.station]
        return not any(f["code"] != "unknown" and f["status"] and f["action"] for f in faults)

    def watch(self, station):
        link = station.get("link", {})
        self.errors, self.retries = max(self.errors, link.get("errors", 0)), max(self.retries, link.get("retries", 0))
        if station["state"] in ("Held", "Aborted"):
            if self.look_twice(self.is_unnamed):
                self.told.append(f"{station['state']} for no reason that is told: {station}")
            if time.monotonic() - self.held > AGAIN:
                self.mend()
                self.rearm()

    def rearm(self):
        """Marks that the ledger does not know of: two of them have looked for the plates."""
        told = [f for f in self.objects("fault", "status") if f["about"] == self.station]
        if any(f["code"] == "counter-unknown" and "station rearm" in f["action"] for f in told):
            self.both("station", "rearm", self.station, "--reason", "the plates were found")

    def settle(self, serial):
        """A doubt: its name, its next step, and a station that one person cannot let on."""
        station = self.look()
        if station["state"] not in AT_REST:
            return
        self.mend()
        faults = [f for f in self.objects("fault", "status") if f["code"] == "in-doubt" and f["about"] == serial]
        if not any(f"wallet resolve {serial}" in f["action"] for f in faults):
            self.told.append(f"{serial} is in doubt, and no next step is told")
        wallet = self.objects("wallet", "wallet show", serial=serial)[0]
        self.called.append(wallet.get("reason") or "?")
        way = {"Held": "unhold", "Stopped": "start", "Suspended": "unsuspend"}.get(station["state"])
        if station["state"] == "Execute":
            self.told.append(f"{self.station} works while {serial} is in doubt")
        if way:
            self.is_kept_back(way)
        super().settle(serial)

    def is_kept_back(self, way):
        answers = self.ask(f"station {way}", station=self.station)
        error = next((a for a in answers if a["type"] == "error"), {})
        if answers[-1]["exit"] != 5 or "wallet resolve" not in error.get("action", ""):
            self.told.append(f"one person's {way} goes on over a doubt: {answers}")
        if not self.is_running():
            raise Gone(way)

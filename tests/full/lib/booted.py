# SPDX-License-Identifier: MIT
"""Two hosts of the line as services of a booted Debian: tests/full/booted starts this in a container.

The installed units run them, confined as shipped: usa without a network, with an etcher on a
serial line; china with the drop-ins for a printer and a disk, and the printer alone on a wire of its own.
"""
import fcntl
import json
import os
import pathlib
import pwd
import re
import resource
import socket
import subprocess
import sys
import termios
import time

sys.path.insert(0, os.path.join(os.environ["srcdir"], "tests", "system", "lib"))
import factory  # noqa: E402
import people  # noqa: E402
from demo import decrypt_all, read_plate  # noqa: E402
from factory import Etcher, Host, Scanner, Trouble, wait_for  # noqa: E402
from whole_line import PRODUCT, Line  # noqa: E402

BATCH = "BOOT-1"
UNITS = "/etc/systemd/system"
DISK = "/media/keyline-disk"
LOG_IDS = dict(started="26121f2b47d64c872930afa9ad89717e", stopping="9bed831d9c7d5a70a0c2c4f7dd5291cd",
               stopped="cd62c8aa11332ea00d0d7a179aee2e77", command="69af5d541ee44b4fa24f7997076c3926",
               driver="5fb91b43348ba3608cf6f5cbef8fbcb2", job_started="716c61e21adb8247d5f0458249629e3f",
               job_done="b96c08b50e05bbd081248ac95252f679", file="2c0941643fabc33cfd2eda2066d00629")


def say(text):
    print(f"[{time.monotonic():7.1f}] {text}", flush=True)


def run(*argv, check=True, **more):
    done = subprocess.run([str(a) for a in argv], capture_output=True, text=True, stdin=subprocess.DEVNULL, **more)
    if check and done.returncode:
        raise Trouble(f"{' '.join(map(str, argv))}: exit {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def expect(what, value, wanted):
    if value != wanted:
        raise Trouble(f"{what}: {value!r}, not {wanted!r}")


PRINTER, DEVICE_6 = "label-printer", "2001:db8::17"  # the machine's name for the device: it listens there, not on localhost
OTHER_NETWORK = "198.51.100.1"  # an address of the machine
DEVICE, NEIGHBOUR = "192.0.2.17", "192.0.2.18"  # network.conf, as it is shipped, has the first


class Wire:
    """A wire with devices at its far end, which the machine plays; the near end is the host's, by keyline-network@."""

    def __init__(self, host, number):
        self.near, self.far, self.unit = f"wire-{host}", f"far-{host}", f"keyline-network@{host}.service"
        self.settings = pathlib.Path("/etc/keyline", f"{host}.network")
        self.address = f"192.0.2.{number}"
        run("ip", "link", "add", "name", self.near, "type", "veth", "peer", "name", self.far)
        for device in (DEVICE, NEIGHBOUR):
            run("ip", "address", "add", device, "peer", f"{self.address}/32", "dev", self.far)
        run("ip", "link", "set", self.far, "up")
        self.write()

    def write(self, **changes):
        settings = dict(INTERFACE=self.near, ADDRESS=f"{self.address}/24", **changes)
        self.settings.write_text("".join(f"{k}={v}\n" for k, v in settings.items()))

    def show(self, name):
        return run("systemctl", "show", "-P", name, self.unit).stdout.strip()

    def is_the_machines(self):
        return run("ip", "link", "show", "dev", self.near, check=False).returncode == 0


class Service(Host):
    """A host that its unit runs, with its folders where the packages have them."""

    def __init__(self, factory, name, mode, stages, extra="", drop_ins=()):
        self.factory, self.name, self.mode, self.stages, self.extra = factory, name, mode, stages, extra
        self.unit = f"keylined@{name}.service"
        self.state = pathlib.Path("/var/lib/keyline", name)
        self.spool = pathlib.Path("/var/spool/keyline", name)
        self.root = self.state
        self.config = pathlib.Path("/etc/keyline", f"{name}.conf")
        self.socket = pathlib.Path("/run/keyline", f"{name}.sock")
        run("install", "-d", "-o", "keyline", "-g", "keyline", "-m", "0755", self.spool)
        if drop_ins:
            folder = pathlib.Path(UNITS, f"{self.unit}.d")
            folder.mkdir(parents=True)
            for name in drop_ins:
                (folder / name).write_text(pathlib.Path("/usr/share/doc/keyline-daemon", name).read_text())

    def write_config(self):
        settings = dict(host=self.name, mode=self.mode, stages=self.stages, use="test", state=self.state,
                        spool=self.spool, socket=self.socket, highwater=f"/var/lib/keyline-highwater/{self.name}",
                        viewers="keyline-viewers", supervisors="keyline-supervisors")
        text = "[line]\n" + "".join(f"{k} = {v}\n" for k, v in settings.items())
        text += f"\n[keys]\nfolder = /var/lib/keyline-keys/{self.name}\n\n" + self.extra
        self.config.write_text(text)

    def start(self):
        """Type=notify: systemctl comes back when the daemon has said that it is ready."""
        run("systemctl", "daemon-reload")
        if run("systemctl", "start", self.unit, check=False).returncode:
            raise Trouble(f"{self.unit} does not start:\n{self.journal_text()}")
        if not self.alive():
            raise Trouble(f"{self.unit} said that it is ready and does not answer")
        if not self.ask("person", "list"):
            self.enroll(factory.ALICE, factory.BOB)
        return self

    def stop(self, how=None):
        run("systemctl", "stop", self.unit, check=False)

    def show(self, name):
        return run("systemctl", "show", "-P", name, self.unit).stdout.strip()

    def pid(self):
        return int(self.show("MainPID"))

    def journal(self):
        return [json.loads(line) for line in run("journalctl", "-q", "-o", "json", "-u", self.unit).stdout.splitlines()]

    def journal_text(self):
        return run("journalctl", "-q", "--no-pager", "-n", "40", "-u", self.unit, check=False).stdout

    log_text = journal_text

    def logged(self, event):
        return [entry for entry in self.journal() if entry.get("MESSAGE_ID") == LOG_IDS[event]]


class Booted(Line):
    """The line of two hosts, as services."""

    def __init__(self):
        self.say, self.operators = say, False
        self.factory = f = factory.Factory("/opt/keyline/factory")
        self.wire = Wire("china", 1)
        with open("/etc/hosts", "a", encoding="ascii") as hosts:
            hosts.write(f"{DEVICE} {PRINTER}\n{DEVICE_6} {PRINTER}\n")
        run("ip", "address", "add", f"{DEVICE_6}/128", "dev", "lo", "nodad")
        self.printer = f.printer(host=PRINTER)
        self.lasers = [Etcher(f, "laser1", "rtu", "SIM-0001", 20).start()]
        self.scanners = {n: Scanner(f.run / n) for n in ("pair1", "ship1", "arrive1", "seal1", "laser1")}
        for path in (self.lasers[0].path, *(s.path for s in self.scanners.values())):
            os.chown(os.path.realpath(path), 0, run_group("dialout"))
            os.chmod(os.path.realpath(path), 0o660)
        run("install", "-d", "-o", "keyline", "-m", "0700", DISK)
        self.gen = self.etch = Service(f, "usa", "usa", "generate, etch", PRODUCT
            + "[route]\ncodes = china\npassphrases = usa\nresults = china\n\n[from]\npassphrases = usa\nconfirmations = china\nshipment = china\n\n" + self.scan_station("arrive1", "arrive")
            + self.scan_station("seal1", "seal") + self.etch_station(self.lasers[0]))
        self.mint = self.print = Service(f, "china", "china", "mint, print",
            f"[secure-disk]\npath = {DISK}\nmedium = directory\n\n"
            "[route]\nconfirmations = usa\nstickers = china\nshipment = usa\n\n[from]\ncodes = usa\nstickers = china\nresults = usa\n\n" + self.print_station()
            + self.scan_station("pair1", "pair") + self.scan_station("ship1", "ship"), ("network.conf", "disk.conf"))
        self.hosts = (self.gen, self.mint)

    def print_station(self):
        return super().print_station().replace(PRINTER, DEVICE)

    def etch_station(self, laser):
        return super().etch_station(laser).replace(f"{factory.SRC}/conf", "/etc/keyline")

    def keys(self, batch):
        for host, kind, other in ((self.mint, "codes", self.gen), (self.gen, "confirmations", self.mint)):
            host.ctl("key", "new", kind, "--yes")
            self.factory.carry(host, f"{host.name}.{kind}.crt", other)
            host.ctl("key", "new", batch, "--yes")


def run_group(name):
    return int(run("getent", "group", name).stdout.split(":")[2])


def add_people():
    """Two supervisors, a viewer, and somebody."""
    for name, groups in (("alice", "keyline-viewers,keyline-supervisors"), ("bob", "keyline-viewers,keyline-supervisors"),
                         ("victor", "keyline-viewers"), ("mallory", "")):
        run("useradd", "-M", *(("-G", groups) if groups else ()), name)
    factory.ALICE, factory.BOB = (pwd.getpwnam(n).pw_uid for n in ("alice", "bob"))
    people.VIEWERS, people.SUPERVISORS = map(run_group, ("keyline-viewers", "keyline-supervisors"))


def as_person(name, host, *words):
    return run("setpriv", "--reuid", name, "--regid", name, "--init-groups", "keylinectl", "--socket", host.socket,
               *words, check=False)


def permissions(host):
    for person, words, wanted in (("victor", ("status",), 0), ("alice", ("status",), 0), ("mallory", ("status",), 8),
                                  ("victor", ("key", "new", "site", "--yes"), 8)):
        done = as_person(person, host, *words)
        expect(f"{person}: keylinectl {' '.join(words)}: exit code ({done.stdout}{done.stderr})", done.returncode, wanted)
    say("viewers may look, others not")


def print_with_a_stop(line, serials):
    """The devices' network is stopped while a label is on its way: the daemon has its printer until the job has ended."""
    host, wire = line.print, line.wire
    host.wait_states(BATCH, ("minted",))
    wait_for("the stickers", lambda: len(host.states(BATCH)) == len(serials))
    line.printer.put("hold")
    line.start_stations(host, "printer1")
    wait_for("a job at the printer", lambda: host.logged("job_started"))
    before, stop = host.pid(), subprocess.Popen(["systemctl", "stop", wire.unit])
    wait_for("the daemon to be told", lambda: host.logged("stopping"))
    expect("the daemon that waits for its job", (host.pid(), interfaces(before)), (before, ["lo", wire.near]))
    line.printer.take("hold")
    expect("the stop", stop.wait(180), 0)
    expect("the daemon", (host.show("ActiveState"), host.show("Result")), ("inactive", "success"))
    expect("jobs that are done", len(host.logged("job_done")), 1)
    expect("the machine has the interface", wire.is_the_machines(), True)
    # A serial line that all have closed is nobody's; the scanners keep these open.
    for scanner in line.scanners.values():
        fcntl.ioctl(scanner.slave, termios.TIOCNXCL)
    run("systemctl", "start", host.unit)
    expect("the wallets after that", sorted(host.states(BATCH).values()), ["minted", "printed"])
    line.start_stations(host, "printer1")
    host.wait_states(BATCH, ("printed",), 120)
    say("the network is stopped in a job: the label comes out and is counted, then daemon and network end")


def production(line):
    line.keys(BATCH)
    line.order(BATCH, 1, 1)
    line.factory.carry(line.gen, f"{BATCH}.1.codes.cms", line.mint)
    serials = sorted(line.gen.states(BATCH))
    print_with_a_stop(line, serials)
    stickers = line.stickers()
    line.pair_and_ship(BATCH, serials)
    line.confirm(BATCH)
    line.arrive(serials)
    line.etch.ctl("batch", "draw", BATCH, "--yes")
    line.start_stations(line.etch, "laser1", "seal1")
    for serial in serials:
        line.etch_one("laser1", serial, stickers[serial][1])
    laser = line.lasers[0]
    wait_for("the last drawing", lambda: len(list(laser.out.glob("*.png"))) == len(laser.marks()))
    etched = {serial: (passphrase, None) for passphrase, serial in map(read_plate, sorted(laser.out.glob("*.svg")))}
    decrypt_all(serials, stickers, etched)
    drawn = line.open_drawn(BATCH, stickers, lambda serial: etched[serial][0])
    line.etch.both("batch", "release", BATCH)
    for host in line.hosts:
        host.both("batch", "destroy", BATCH)
    expect("the wallets", sorted(line.etch.states(BATCH).values()), ["opened-good", "released"])
    expect("what was drawn", len(drawn), 1)
    say("an order became a released wallet and an opened one, in two confined services")


def journal(line):
    for host in line.hosts:
        for event in ("started", "command", "driver", "file", "job_started", "job_done"):
            if not host.logged(event):
                raise Trouble(f"{host.name}: nothing in the journal has the MESSAGE_ID of {event}:\n{host.journal_text()}")
        for entry in host.logged("job_done"):
            if not entry.get("KEYLINE_SERIAL") or not entry.get("KEYLINE_STATION"):
                raise Trouble(f"a job without its fields: {entry}")
    told = run("journalctl", "-q", "-x", "--no-pager", "-u", line.gen.unit).stdout
    if "The device says that the part was marked." not in told:
        raise Trouble("journalctl -x does not have our catalog")
    for secret in re.findall(r"6P[1-9A-HJ-NP-Za-km-z]{20,}|passphrase[a-z]{20,}|cfrm38[1-9A-Za-z]{20,}"
                             r"|[0-9A-Z]{4}(?:-[0-9A-Z]{4}){4}", told):
        raise Trouble(f"the journal has {secret}")
    say("the journal has MESSAGE_IDs, fields and the catalog's text, and no secret")


def process_limits(line):
    """What the kernel says of the running daemons."""
    for host in line.hosts:
        pid = host.pid()
        status = dict(re.findall(r"^(\w+):\s*(.*)$", pathlib.Path(f"/proc/{pid}/status").read_text(), re.M))
        for name, wanted in (("NoNewPrivs", "1"), ("Seccomp", "2"), ("CapEff", "0" * 16), ("CapBnd", "0" * 16)):
            expect(f"{host.name}: {name}", status[name], wanted)
        expect(f"{host.name}: uid", status["Uid"].split()[0], str(pwd.getpwnam("keyline").pw_uid))
        limits = pathlib.Path(f"/proc/{pid}/limits").read_text()
        expect(f"{host.name}: core size", re.search(r"Max core file size\s+(\S+)\s+(\S+)", limits).groups(), ("0", "0"))
        expect(f"{host.name}: coredump_filter",
               int(pathlib.Path(f"/proc/{pid}/coredump_filter").read_text(), 16), 0)
        for kind in ("net", "ipc", "mnt"):
            own = namespace(pid, kind) not in [namespace(p, kind) for p in (1, *(h.pid() for h in line.hosts if h != host))]
            expect(f"{host.name}: has a {kind} namespace of its own", own, True)
    expect("usa: interfaces", interfaces(line.gen.pid()), ["lo"])
    expect("china: interfaces", interfaces(line.mint.pid()), ["lo", line.wire.near])
    expect("the machine has the host's end of the wire", line.wire.is_the_machines(), False)
    say("no core, no capability, no new privileges, filtered; usa has no network, china its devices' alone")


def namespace(pid, kind):
    return os.readlink(f"/proc/{pid}/ns/{kind}")


def interfaces(pid):
    told = run("nsenter", f"--net=/proc/{pid}/ns/net", "ip", "-o", "link").stdout
    return sorted(re.findall(r"^\d+: ([^:@]+)", told, re.M))


def locked_memory():
    """The unit's 16 MiB, or what this machine's administrator, where he may not raise it, has himself."""
    capabilities = int(re.search(r"^CapEff:\s*(\w+)", pathlib.Path("/proc/self/status").read_text(), re.M).group(1), 16)
    limit = resource.getrlimit(resource.RLIMIT_MEMLOCK)[1]
    if capabilities & 1 << 24 or limit == resource.RLIM_INFINITY or limit >= 16 << 20:
        return 16 << 20
    say(f"root may not raise RLIMIT_MEMLOCK on this machine: {limit} bytes in place of 16 MiB")
    return limit


def probe(line, unit, drop_ins, memlock):
    """The same confinement, with a program in it that tries what should fail."""
    networked = "network.conf" in drop_ins
    if networked:
        Wire(unit, 2)
    listener = socket.create_server(("", 0))  # the machine's, the device's and its neighbour's
    instance = f"keylined@{unit}.service"
    folder = pathlib.Path(UNITS, f"{instance}.d")
    folder.mkdir(parents=True, exist_ok=True)
    for name in drop_ins:
        (folder / name).write_text(pathlib.Path("/usr/share/doc/keyline-daemon", name).read_text())
    (folder / "zz-probe.conf").write_text(
        "[Service]\nType=oneshot\nRestart=no\nWatchdogSec=0\nExecStartPre=\nExecStart=\n"
        f"ExecStart=/usr/bin/python3 {factory.SRC}/tests/full/lib/probe.py {unit} {line.gen.pid()} {memlock}"
        f" {listener.getsockname()[1]} {DEVICE if networked else '-'} {NEIGHBOUR} {OTHER_NETWORK}\n")
    run("systemctl", "daemon-reload")
    failed = run("systemctl", "start", instance, check=False).returncode
    told = run("journalctl", "-q", "-o", "cat", "-u", instance).stdout
    listener.close()
    if failed or "probe: all held" not in told:
        raise Trouble(f"{instance} is not confined as it says:\n{told}")
    say(f"{unit}: " + " ".join(re.findall(r"^probe: (\d+ .*)$", told, re.M)))


def restarts(line):
    """The daemon comes and goes in its devices' network; when that goes, the daemon went before."""
    host, wire = line.mint, line.wire
    since, network = wire.show("ActiveEnterTimestampMonotonic"), namespace(host.pid(), "net")
    run("systemctl", "restart", host.unit)
    expect("the network after a restart of the daemon", namespace(host.pid(), "net"), network)
    before = host.pid()
    os.kill(before, 9)
    wait_for("the restart", lambda: host.pid() not in (0, before) and host.show("SubState") == "running", 60)
    expect("the network after a crash of the daemon", namespace(host.pid(), "net"), network)
    expect("when the network's service began", wire.show("ActiveEnterTimestampMonotonic"), since)
    say("a restart and a crash of the daemon leave the wire where it is")

    before = host.pid()
    run("nsenter", f"--net=/proc/{before}/ns/net", "ip", "link", "set", "dev", wire.near, "netns", 1)
    expect("the daemon without its interface", (host.pid(), interfaces(before)), (before, ["lo"]))
    run("systemctl", "restart", wire.unit)
    wait_for("the daemon in the new network", lambda: host.pid() not in (0, before) and host.show("SubState") == "running", 60)
    expect("the interfaces after a restart of the network", interfaces(host.pid()), ["lo", wire.near])
    run("systemctl", "stop", wire.unit)
    expect("the daemon without its network", (host.show("ActiveState"), host.show("Result")), ("inactive", "success"))
    if int(host.show("InactiveEnterTimestampMonotonic")) > int(wire.show("InactiveEnterTimestampMonotonic")):
        raise Trouble("the network went before the daemon had stopped")
    expect("the machine has the interface again", wire.is_the_machines(), True)
    run("systemctl", "start", host.unit)
    expect("the interfaces after a start of the daemon alone", interfaces(host.pid()), ["lo", wire.near])
    say("a restart of the network fetches a lost interface; it and a stop take the daemon along, whose start brings the network")


def bad_network(line):
    """What cannot be is told, the daemon does not start, and the machine keeps its interface."""
    host, wire = line.mint, line.wire
    run("systemctl", "stop", wire.unit)
    for settings, words in ((None, "INTERFACE= is missing"), ("INTERFACE=lo\nADDRESS=192.0.2.1/24\n", "INTERFACE=lo cannot be"),
                            (f"INTERFACE={wire.near}\n", "ADDRESS= is missing"),
                            (f"INTERFACE={wire.near}\nADDRESS=192.0.2.1/33\n", "ADDRESS=192.0.2.1/33 is not taken")):
        wire.settings.unlink(missing_ok=True)
        if settings:
            wire.settings.write_text(settings)
        if run("systemctl", "start", host.unit, check=False).returncode == 0:
            raise Trouble(f"{host.unit} starts with {settings!r}")
        expect("the network's service", wire.show("ActiveState"), "failed")
        told = run("journalctl", "-q", "-o", "cat", "-u", wire.unit, "--since", f"@{int(time.time()) - 60}").stdout
        if f"{wire.settings}: {words}" not in told:
            raise Trouble(f"the journal does not say {words}:\n{told}")
        expect(f"the machine has the interface, with {settings!r}", wire.is_the_machines(), True)
    wire.write()
    run("systemctl", "start", host.unit)
    expect("the interfaces after that", interfaces(host.pid()), ["lo", wire.near])
    say("a missing or bad file of the network is told by name; the machine keeps its interface")


def crash(line):
    """Killed, it is started again by the service manager, and knows what it knew."""
    host = line.gen
    before, states = host.pid(), host.states(BATCH)
    os.kill(before, 9)
    wait_for("the restart", lambda: host.pid() not in (0, before) and host.show("SubState") == "running", 60)
    expect("restarts", host.show("NRestarts"), "1")
    expect("the wallets after a crash", host.states(BATCH), states)
    host.ctl("ledger", "verify")
    say("killed with SIGKILL: started again, nothing forgotten")


def watchdog(line):
    """One that hangs is ended and started again."""
    host = line.gen
    (pathlib.Path(UNITS, f"{host.unit}.d")).mkdir(exist_ok=True)
    pathlib.Path(UNITS, f"{host.unit}.d", "soon.conf").write_text("[Service]\nWatchdogSec=2\nRestartSec=1\n")
    run("systemctl", "daemon-reload")
    run("systemctl", "restart", host.unit)
    before = host.pid()
    wait_for("a watchdog that is fed", lambda: fed_since(host) > 5_000_000, 30)
    expect("the process that was fed", host.pid(), before)
    os.kill(before, 19)
    wait_for("the end of a daemon that hangs", lambda: host.pid() not in (0, before)
             and host.show("SubState") == "running", 60)
    cores = [p for p in ("/var/lib/systemd/coredump", "/var/lib/keyline/usa", "/") for p in pathlib.Path(p).glob("core*")]
    expect("core files", cores, [])
    say("a daemon that hangs is ended by its watchdog and started again")


def fed_since(host):
    """Microseconds that a service with a watchdog of two seconds has run."""
    return time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000 - int(host.show("ExecMainStartTimestampMonotonic"))


def upgrade(line):
    """A package that is installed again leaves the line running."""
    host = line.gen
    before = host.pid()
    run("dpkg", "-i", *pathlib.Path("/opt/keyline/packages").glob("keyline-daemon_*.deb"))
    expect("the daemon after an upgrade", host.pid(), before)
    say("an upgrade leaves the line running")


def clean_stop(line):
    for host in line.hosts:
        host.stop()
        if host == line.mint:
            expect("the devices' network after the daemon", line.wire.show("ActiveState"), "active")
            run("systemctl", "stop", line.wire.unit)
            expect("the machine has its interface again", line.wire.is_the_machines(), True)
        expect(f"{host.name}: result", (host.show("Result"), host.show("ExecMainStatus")), ("success", "0"))
        for event in ("stopping", "stopped"):
            if not host.logged(event):
                raise Trouble(f"{host.name}: the journal does not say {event}")
    user = pwd.getpwnam("keyline").pw_uid
    expect("processes that are left", [p.name for p in pathlib.Path("/proc").glob("[0-9]*") if p.stat().st_uid == user], [])
    run("dpkg", "--purge", "keyline-daemon")
    for host in line.hosts:
        if not (host.state / "ledger.sqlite").exists():
            raise Trouble("a package that is removed must leave the ledger")
    say("stopped cleanly; the package can be removed, the books stay")


def score():
    """Tenths of systemd's exposure: what the facts of each kind of host allow."""
    for name, drop_ins, limit in (("usa", (), 5), ("china", ("network.conf", "disk.conf"), 9)):
        folder = pathlib.Path("/opt/keyline/score", name)
        folder.mkdir(parents=True)
        unit = pathlib.Path("/lib/systemd/system/keylined@.service").read_text()
        unit += "".join(pathlib.Path("/usr/share/doc/keyline-daemon", d).read_text() for d in drop_ins)
        (folder / f"keylined@{name}.service").write_text(unit)
        done = run("systemd-analyze", "security", "--offline=true", f"--threshold={limit}", "--no-pager",
                   folder / f"keylined@{name}.service", check=False)
        told = next((line for line in done.stdout.splitlines() if "exposure level" in line), done.stderr)
        say(f"{name}: {told.strip()}")
        if done.returncode:
            raise Trouble(f"{name}: over {limit / 10}\n{done.stdout}")


def main():
    expect("units that run after the installation", run("systemctl", "list-units", "--no-legend", "keylined@*").stdout, "")
    score()
    run("ip", "address", "add", f"{OTHER_NETWORK}/32", "dev", "lo")
    run("ip", "link", "set", "lo", "up")
    add_people()
    line = Booted()
    try:
        line.open()
        permissions(line.gen)
        process_limits(line)
        memlock = locked_memory()
        pathlib.Path("/tmp/of-the-machine").touch()
        probe(line, "probe", (), memlock)
        probe(line, "probe-tcp", ("network.conf", "disk.conf"), memlock)
        production(line)
        journal(line)
        restarts(line)
        bad_network(line)
        crash(line)
        watchdog(line)
        upgrade(line)
        clean_stop(line)
    except Trouble:
        for host in line.hosts:
            say(f"{host.name}:\n{host.ctl('status', check=False).stdout}{host.journal_text()}")
        raise
    finally:
        line.close()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (Trouble, subprocess.CalledProcessError) as trouble:
        sys.exit(f"booted: {trouble}")

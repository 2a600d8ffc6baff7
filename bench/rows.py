# SPDX-License-Identifier: MIT
"""The rows of bench/run: what is measured by which program, and what becomes of its samples.

A program gives samples of contenders, round by round; a ratio is the median of the rounds' ratios, since what
disturbs the machine in a round disturbs all of it.
"""
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

import bench_line
import bench_npm
import machine

HERE = pathlib.Path(__file__).resolve().parent


class Missing(Exception):
    """A row cannot be measured here, and why."""


class Samples:
    """What one program measured: for each row and contender a value a round."""

    def __init__(self, lines):
        self.values, self.constants = {}, {}
        for line in lines:
            told = json.loads(line)
            key = told["row"], told["who"]
            if "constant" in told:
                self.constants[key] = told["constant"]
            else:
                self.values.setdefault(key, []).append(told["value"])

    def has(self, row, who):
        return (row, who) in self.values

    def of(self, row, who):
        if (row, who) in self.constants:
            return [self.constants[row, who]] * max(len(v) for v in self.values.values())
        return self.values[row, who]

    def median(self, row, who):
        return statistics.median(self.of(row, who))

    def ratio(self, row, above, below):
        return statistics.median(a / b for a, b in zip(self.of(row, above), self.of(row, below)))


class Bench:
    """Where it runs, and how long."""

    def __init__(self, build, folder, pace):
        self.build, self.folder, self.pace = build, folder, pace

    def rounds(self, quick, usual, full=None):
        return {"quick": quick, "usual": usual, "full": full or usual}[self.pace]

    def run(self, name, *arguments):
        """The samples of one program of bench/."""
        done = subprocess.run([str(self.build / "bench" / name), *map(str, arguments)], capture_output=True, text=True,
                              cwd=self.folder)
        if done.returncode:
            raise Missing(f"bench/{name}: {done.stderr.strip() or f'exit {done.returncode}'}")
        return Samples(done.stdout.splitlines())

    def place(self):
        """A new folder on the disk that is measured."""
        return tempfile.TemporaryDirectory(dir=self.folder, prefix="b-")


def figure(name, value, unit, goal=None, least=True, note="", measured="", bound=""):
    """One line of the table.  goal: the value that it should reach (least) or not pass; bound: what keeps it from it."""
    met = None if goal is None else (value >= goal if least else value <= goal)
    if met is False:
        note = bound
    return {"figure": name, "value": value, "unit": unit, "goal": goal, "goal_is": "least" if least else "most",
            "met": met, "note": note, "measured": measured}


def has_avx512():
    return machine.vectors() == "AVX-512"


def heavy(samples, row, name):
    """A row of heavy scrypt: ours beside each peer's."""
    wide = has_avx512()
    ours = f"{samples.median(row, 'keyline'):.1f} ms"
    goals = {"openssl": 7.0 if wide else 4.5, "libsodium": 4.8 if wide else None, "avx2": None}
    lines = []
    for peer in ("openssl", "libsodium", "libscrypt-kdf"):
        if not samples.has(row, peer):
            lines.append(figure(f"{name}, in a batch, times {peer}", None, "x", note="not installed here"))
            continue
        lines.append(figure(f"{name}, in a batch, times {peer}", samples.ratio(row, peer, "keyline"), "x", goals.get(peer),
                            measured=f"{ours} against {samples.median(row, peer):.1f} ms"))
    lines.append(figure(f"{name}, alone, times openssl", samples.ratio(row, "openssl", "keyline-single"), "x",
                        5.5 if wide else None,
                        measured=f"{samples.median(row, 'keyline-single'):.1f} ms"))
    if samples.has(row, "avx2"):
        lines.append(figure(f"{name}, by AVX2, times openssl", samples.ratio(row, "openssl", "avx2"), "x", 4.5,
                            measured=f"{samples.median(row, 'avx2'):.1f} ms"))
    return lines


def measure_check(bench):
    samples = bench.run("wallet", "check", bench.rounds(1, 15))
    return heavy(samples, "check", "confirmation check")


def measure_issue(bench):
    samples = bench.run("wallet", "issue", bench.rounds(1, 15))
    return heavy(samples, "issue", "intermediate code")


def measure_npm(bench):
    """What someone would use instead: one EPK opened by npm's bip38, one heavy and one light scrypt."""
    try:
        ms = bench_npm.open_ms(bench.build, bench.rounds(1, 3, 5), may_install=bench.pace != "quick")
    except bench_npm.Trouble as trouble:
        raise Missing(str(trouble)) from trouble
    samples = bench.run("wallet", "check", bench.rounds(1, 5))
    ours = samples.median("check", "keyline-single")
    return [figure("confirmation check, alone, times npm's bip38 opening an EPK", statistics.median(ms) / ours, "x",
                   measured=f"{ours:.1f} ms against {statistics.median(ms):.0f} ms")]


def measure_bound(bench):
    """How far each kernel is from its own work with its memory in the cache."""
    samples = bench.run("scrypt", bench.rounds(1, 15))
    lines = []
    for kernel in ("avx512-pair", "avx512", "avx2"):
        if not samples.has("scrypt", kernel):
            continue
        first = not lines
        lines.append(figure(f"kernel {kernel}, times its compute bound", samples.ratio("scrypt", kernel, f"{kernel}-bound"),
                            "x", 1.15 if first else None, least=False,
                            measured=f"{samples.median('scrypt', kernel):.1f} ms a wallet against "
                                     f"{samples.median('scrypt', kernel + '-bound'):.1f} ms"))
        lines.append(figure(f"kernel {kernel}, light scrypt of the minting, times openssl",
                            samples.ratio("scrypt-light", f"{kernel}-openssl", kernel), "x",
                            measured=f"{samples.median('scrypt-light', kernel):.3f} ms a wallet"))
    if not lines:
        raise Missing("this processor has none of the kernels")
    return lines


def measure_cores(bench):
    if os.cpu_count() < 2:
        raise Missing("one core")
    samples = bench.run("wallet", "cores", bench.rounds(1, 7, 15))
    return [figure("checks by all cores, times one core", samples.ratio("cores", "one", "all"), "x", 1.7,
                   measured=f"{1000 / samples.median('cores', 'all'):.1f} wallets/s on {os.cpu_count()} cores"),
            figure("the same by openssl", samples.ratio("cores", "openssl-one", "openssl-all"), "x")]


def measure_mint(bench):
    samples = bench.run("wallet", "mint", bench.rounds(1, 15, 61))

    def rate(who):
        return 1000 / samples.median("mint", who)
    lines = [figure("mint: EPK, confirmation, three addresses, one core", rate("keyline"), "wallets/s", 5000,
                    bound=f"curve, AES and scrypt alone: {rate('bound'):.0f} wallets/s"),
             figure("the same, times with openssl's scrypt", samples.ratio("mint", "openssl", "keyline"), "x",
                    measured=f"{rate('openssl'):.0f} wallets/s"),
             figure("the same, of the bound of libsecp256k1, AES and scrypt", samples.ratio("mint", "bound", "keyline"),
                    "x", measured=f"{rate('bound'):.0f} wallets/s"),
             figure("the same, with both rows sealed", rate("sealed"), "wallets/s")]
    return lines


def measure_label(bench):
    samples = bench.run("label", bench.rounds(2, 15, 61))

    def part(who):
        return f"{samples.median('label', who):.2f} ms"
    return [figure("sticker: two layers drawn, read back, packed, one core", 1000 / samples.median("label", "keyline"),
                   "stickers/s", 60, measured=f"{part('keyline')}: drawn {part('render')}, packed {part('pack')}",
                   bound=f"zbar's reading alone takes {part('zbar')}"),
            figure("the same, times libqrencode's four symbols alone", samples.ratio("label", "keyline", "libqrencode"), "x",
                   measured=part("libqrencode")),
            figure("the same, times zbar's reading alone", samples.ratio("label", "keyline", "zbar"), "x",
                   measured=part("zbar"))]


def measure_ledger(bench):
    with bench.place() as place:
        samples = bench.run("ledger", place, bench.rounds(10, 200, 1000))
    return [figure("ledger: a durable step, of bare SQLite's commit", samples.ratio("ledger", "sqlite", "keyline"), "x", 0.8,
                   measured=f"{1000 / samples.median('ledger', 'keyline'):.0f}/s against "
                            f"{1000 / samples.median('ledger', 'sqlite'):.0f}/s",
                   bound="the mark is made durable, too: the next row"),
            figure("the same, of bare SQLite's commit and a durable mark",
                   samples.ratio("ledger", "sqlite-mark", "keyline"), "x",
                   measured=f"{1000 / samples.median('ledger', 'sqlite-mark'):.0f}/s"),
            figure("ledger: steps in commits of 64", 1000 / samples.median("ledger", "group-64"), "steps/s")]


def measure_modbus(bench):
    samples = bench.run("modbus", bench.rounds(2, 31, 101))
    return [figure("Modbus TCP: frames of 123 registers, of bare libmodbus", samples.ratio("tcp", "libmodbus", "keyline"),
                   "x", 0.9, measured=f"{1000 / samples.median('tcp', 'keyline'):.0f} frames/s"),
            figure("Modbus RTU at 115200: the same, of the wire's limit", samples.ratio("rtu", "wire", "keyline"), "x", 0.95,
                   measured=f"{samples.median('rtu', 'keyline'):.2f} ms of {samples.median('rtu', 'wire'):.2f} ms"),
            figure("the same by bare libmodbus", samples.ratio("rtu", "wire", "libmodbus"), "x")]


def measure_travel(bench):
    profile = HERE.parent / "conf" / "etch-profile.conf"
    samples = bench.run("travel", profile, bench.rounds(5, 100, 1000))
    worst = max(a / b for a, b in zip(samples.of("travel", "keyline"), samples.of("travel", "two-opt")))
    return [figure("etch: way with the light off, times a 2-opt tour", samples.ratio("travel", "keyline", "two-opt"), "x",
                   1.1, least=False, measured=f"the worst plate {worst:.2f}")]


def measure_line(bench):
    count = bench.rounds(4, 60, 500)
    lack = bench_line.missing()
    if lack:
        raise Missing(f"no {lack} here")
    with bench.place() as place:
        if len(place) > bench_line.PLACE_MAX:
            raise Missing("the folder's name is too long: give another one by --folder")
        found = bench_line.measure(place, count)
    lines = []
    slowest = max(("print", "etch"), key=lambda part: found[part]["alone_ms"])
    for part, name in (("print", "minted and printed"), ("etch", "checked and etched at zero laser time")):
        ours, alone = found[part]["line_ms"], found[part]["alone_ms"]
        lines.append(figure(f"line: {count} wallets {name}, of its device alone", alone / ours, "x",
                            0.8 if part == slowest else None,
                            measured=f"{ours:.0f} ms a wallet against {alone:.0f} ms"))
    check = bench.run("wallet", "check", bench.rounds(1, 5)).median("check", "keyline-single")
    ours, alone = (found["light"][k] for k in ("line_ms", "alone_ms"))
    lines.append(figure("line: from scan to light, of one check and the device's own way from load to light",
                        ours / (check + alone), "x", 1.0, least=False, measured=f"{ours:.0f} ms against {check:.0f} + {alone:.0f} ms",
                        bound="in it are two durable steps of the ledger, claim and intent"))
    ours, alone = (found["beside"][k] for k in ("line_ms", "alone_ms"))
    lines.append(figure("line: a wallet at the etcher while a batch is verified, of one while none is", ours / alone, "x", 1.1,
                        least=False, measured=f"{ours:.0f} ms against {alone:.0f} ms, medians, a second of it the laser's"))
    lines.append(figure("line: the slower of both, of the slowest device alone",
                        found[slowest]["alone_ms"] / max(found[p]["line_ms"] for p in ("print", "etch")), "x", 0.8,
                        measured=f"the slowest device: {slowest}"))
    return lines


def measure_scale(bench):
    sizes = {"quick": (1000,), "usual": (1000, 100000), "full": (1000, 100000, 1000000)}[bench.pace]
    options = ["--json"] + ([] if bench.pace == "full" else ["--brief"])
    with bench.place() as place:
        done = subprocess.run([sys.executable, str(HERE / "scale"), *options, *map(str, sizes)], capture_output=True,
                              text=True, env={**os.environ, "TMPDIR": place}, cwd=bench.build)
    if done.returncode:
        raise Missing(f"bench/scale: {done.stderr.strip()[-300:]}")
    found = json.loads(done.stdout)
    lines = []
    for one in found:
        n = f"{one['wallets']:,} wallets"
        lines += [figure(f"memory of the daemon, {n}", one["rss_kib"] / 1024, "MiB"),
                  figure(f"start, {n}", one["start_ms"], "ms", 1000, least=False),
                  figure(f"status, {n}", one["status_ms"], "ms", 20, least=False,
                         measured=f"the slowest {one['status_max_ms']:.1f} ms"),
                  figure(f"wallet show, {n}", one["show_ms"], "ms", 5, least=False,
                         measured=f"the slowest {one['show_max_ms']:.1f} ms")]
    return lines


# Row: its measure, and how it is measured, in words.
ROWS = {
    "check": (measure_check, "One thread's own time; a wallet as before each etch: decoding, scrypt(16384, 8, 8), curve, "
                             "all addresses. Two wallets in flight, or one alone; a peer's scrypt in the same check."),
    "issue": (measure_issue, "The same for a new intermediate code from a passphrase."),
    "npm": (measure_npm, "node's own processor time for bip38.decrypt() of one EPK, which needs one heavy scrypt, too."),
    "bound": (measure_bound, "The kernel alone, against the same steps over rows that stay in the cache."),
    "cores": (measure_cores, "On the wall's clock: the check by one thread, and by one a core at the same time."),
    "mint": (measure_mint, "One thread's own time, sixteen wallets side by side, three coins. The bound: one point times a "
                           "scalar, one generator times a scalar, scrypt(1024, 1, 1), four blocks of AES, and nothing else."),
    "label": (measure_label, "One thread's own time for 40 x 40 mm at 300 dpi; what is read back is compared dot by dot."),
    "ledger": (measure_ledger, "On the wall's clock, on the disk named above. The ledger's step also makes its mark "
                               "durable in another folder, before and after the commit: the second row has that, too."),
    "modbus": (measure_modbus, "On the wall's clock; RTU on a pseudo-terminal whose other end answers when a wire of 8E1 "
                               "would have: 263 bytes of 11 bits and two silences."),
    "travel": (measure_travel, "Random plates; the same strokes by nearest neighbour and 2-opt with turning."),
    "line": (measure_line, "On the wall's clock, real daemons, drivers, ippeveprinter over TLS, keyline-sim over TCP. "
                           "The device alone: its driver, one job after the other. Each etch in the line has its own check, "
                           "one heavy scrypt, between scan and start, which a driver alone has not."),
    "scale": (measure_scale, "A daemon whose ledger has so many wallets: until READY, and the median answer."),
}


def measure(bench, only, say):
    """Measures the rows (only: their names); gives [{row, method, figures or missing}]."""
    found = []
    for name, (work, method) in ROWS.items():
        if only and name not in only:
            continue
        say(name)
        row = {"row": name, "method": " ".join(method.split())}
        try:
            row["figures"] = work(bench)
        except Missing as missing:
            row["missing"] = str(missing)
        found.append(row)
    return found

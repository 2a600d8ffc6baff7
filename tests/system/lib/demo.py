#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The whole line on one machine, to look at: ./demo calls it after the build."""
import concurrent.futures
import html
import os
import pathlib
import shutil
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(__file__))
from factory import Trouble, program, qa_decrypt, wait_for
from whole_line import Line

COUNT, DRAWS = 12, 2
BATCH, BAD = "DEMO-1", "DEMO-BAD"
began = time.monotonic()


def say(text):
    print(f"[{time.monotonic() - began:6.1f} s] {text}", flush=True)


def read_plate(drawing):
    """The passphrase and the serial that stand on a plate, from its drawing alone."""
    read = subprocess.run([program("read_plate"), str(drawing)], capture_output=True, text=True)
    if read.returncode:
        raise Trouble(f"{drawing} cannot be read: {read.stderr}")
    rows = [row.strip() for row in read.stdout.splitlines() if row.strip() != "TEST"]
    return "".join(row for row in rows if "-" in row), next(row for row in rows if "-" not in row)


def plates(line, out):
    """What stands on each plate that an etcher drew: {serial: (passphrase, picture)}."""
    found = {}
    for laser in line.lasers:
        wait_for("the last picture", lambda: len(list(laser.out.glob("*.png"))) == len(laser.marks()))
        for drawing in sorted(laser.out.glob("*.svg")):
            passphrase, serial = read_plate(drawing)
            for kind in (".png", ".svg"):
                shutil.copy(drawing.with_suffix(kind), out / (serial + kind))
            found[serial] = (passphrase, out / f"{serial}.png")
    return found


def produce(line, out):
    say(f"USA: an order of {COUNT} wallets and {DRAWS} draws is dropped into the spool.")
    line.keys(BATCH)
    line.order(BATCH, COUNT, DRAWS)
    serials = line.generate(BATCH)
    say(f"USA: {len(serials)} passphrases and intermediate codes made; codes carried to China.")
    line.mint_and_print(BATCH, serials)
    stickers = line.stickers()
    say(f"China: keys minted, {len(stickers)} two-layer stickers printed over TLS, each read back with zbar.")
    line.pair_and_ship(BATCH, serials)
    say("China: layers paired, wallets shipped; the shipment list is on its way.")
    line.confirm(BATCH)
    say("USA: each confirmation code checked against its passphrase, public key and addresses.")
    line.arrive(serials)
    line.etch.ctl("batch", "draw", BATCH, "--yes")
    say("USA: wallets arrived by scan; the host drew some for opening and tells nobody which.")
    line.start_stations(line.etch, "laser1", "laser2", "seal1")
    for turn, serial in enumerate(serials):
        line.etch_one(f"laser{turn % 2 + 1}", serial, stickers[serial][1])
        say(f"USA: {serial} scanned, checked again, etched by laser{turn % 2 + 1}, sealed.")
    return serials, stickers


def decrypt_all(serials, stickers, etched):
    def decrypt(serial):
        epk, address, _ = stickers[serial]
        code, words = qa_decrypt(epk, etched[serial][0])
        if code or address not in words:
            raise Trouble(f"{serial}: sticker and plate do not open {address}: exit {code} {words}")

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(decrypt, serials))
    say(f"QA: zbar and keyline-qa: every sticker with its plate's passphrase opens the address on top ({len(serials)}).")


def plant_bad(line, stickers_good):
    """A confirmation that does not belong to its passphrase, and a sticker with another wallet's address."""
    say("Now two planted faults: a wrong confirmation, and a sticker with a wrong address.")
    line.keys(BAD)
    line.order(BAD, 3)
    serials = line.generate(BAD)
    line.mint_and_print(BAD, serials)
    stickers = line.stickers()
    line.pair_and_ship(BAD, serials)
    forged = line.forge_confirmations(BAD, serials[0], serials[1])
    line.etch.drop(forged)
    folder, text = line.etch.result(forged.name)
    if folder != "done":
        raise Trouble(text)
    states = line.etch.wait_states(BAD, ("confirmed", "rejected"), 120)
    if [states[s] for s in serials] != ["rejected", "rejected", "confirmed"]:
        raise Trouble(f"the forged confirmations were not refused: {states}")
    say(f"USA: {serials[0]} and {serials[1]} refused by name before any etch; {serials[2]} is untouched.")
    line.arrive(serials[2:])
    marks = sum(len(laser.marks()) for laser in line.lasers)
    line.scanners["laser1"].scan(serials[2])
    line.scanners["laser1"].scan(stickers[serials[0]][1])
    line.etch.wait_wallet(serials[2], "rejected")
    if sum(len(laser.marks()) for laser in line.lasers) != marks:
        raise Trouble("a wallet with a wrong address was etched")
    say(f"USA: {serials[2]} carried another wallet's address: refused at the scan, nothing etched, batch held.")
    print(line.etch.ctl("status", check=False).stdout)


def gather(line, out, serials, stickers, etched):
    pictures = {}
    for serial in serials:
        pictures[serial] = []
        for layer, page in zip(("bottom", "top"), stickers[serial][2]):
            pictures[serial].append(out / "stickers" / f"{serial}-{layer}.png")
            shutil.copy(page, pictures[serial][-1])
    for host in line.hosts:
        target = out / "reports" / host.name
        target.mkdir(parents=True, exist_ok=True)
        (target / "status.txt").write_text(host.ctl("status", check=False).stdout)
        (target / "ledger.txt").write_text(host.ctl("ledger", "verify").stdout)
        for found in (host.state / "reports").glob("*"):
            shutil.copy(found, target)
    rows = "".join(
        f"<tr><td>{html.escape(s)}</td>" + "".join(
            f'<td><img height="240" src="{os.path.relpath(p, out)}"></td>' for p in (*pictures[s], etched[s][1]))
        + "</tr>\n" for s in serials)
    (out / "index.html").write_text(
        "<!doctype html><meta charset=utf-8><title>Keyline demo</title><style>body{font-family:sans-serif}img{margin:4px;"
        "border:1px solid #ccc}</style><h1>Keyline demo: every wallet of " + BATCH + "</h1><table><tr><th>serial<th>bottom"
        " layer<th>top layer<th>plate</tr>\n" + rows + "</table>\n")


def main(out):
    if out.exists():
        shutil.rmtree(out)
    for folder in ("stickers", "plates", "reports"):
        (out / folder).mkdir(parents=True)
    line = Line(out / "factory", say)
    try:
        line.open()
        serials, stickers = produce(line, out)
        etched = plates(line, out / "plates")
        decrypt_all(serials, stickers, etched)
        plant_bad(line, stickers)
        drawn = line.open_drawn(BATCH, stickers, lambda s: etched[s][0])
        say(f"QA: the {len(drawn)} drawn wallets opened, found good, destroyed by two people: {' '.join(drawn)}.")
        line.finish(BATCH)
        released = sum(state == "released" for state in line.etch.states(BATCH).values())
        say(f"USA: counts close; {released} wallets released by two people; secrets destroyed and certified.")
        gather(line, out, serials, stickers, etched)
    finally:
        line.close()
    say(f"Done: {released} wallets released, {len(drawn)} opened, 3 refused, 0 in doubt. Look at {out}/index.html")


if __name__ == "__main__":
    try:
        main(pathlib.Path(sys.argv[1]).resolve())
    except Trouble as trouble:
        sys.exit(f"demo: {trouble}")

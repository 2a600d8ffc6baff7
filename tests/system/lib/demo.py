#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""The whole line on one machine, to look at: ./demo calls it after the build."""
import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys
import time

sys.path.insert(0, os.path.dirname(__file__))
from demo_page import Refused, Wallet, broken_links, write_page
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


def refusal(line, serial, planted, pages):
    """A refused wallet, with the reason that the ledger has."""
    wallet = next(w for w in line.etch.ask("wallet", "show", serial) if w["type"] == "wallet")
    return Refused(serial, wallet["state"], wallet["reason"], planted, pages)


def plant_bad(line):
    """A confirmation that does not belong to its passphrase, and a sticker with another wallet's address; who was refused."""
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
    swapped = "a dishonest minting host gave it the confirmation of {}"
    return [refusal(line, serials[0], swapped.format(serials[1]), stickers[serials[0]][2]),
            refusal(line, serials[1], swapped.format(serials[0]), stickers[serials[1]][2]),
            refusal(line, serials[2], f"its serial was scanned with the address of {serials[0]}",
                    (stickers[serials[2]][2][0], stickers[serials[0]][2][1]))]


def copy_stickers(pages, folder, serial):
    """The pictures of both layers, under the wallet's name."""
    copies = [folder / f"{serial}-{layer}.png" for layer in ("lower", "upper")]
    for page, copy in zip(pages, copies):
        shutil.copy(page, copy)
    return copies


def gather(line, out, stickers, etched, refused, drawn):
    for host in line.hosts:
        target = out / "reports" / host.name
        target.mkdir(parents=True, exist_ok=True)
        (target / "status.txt").write_text(host.ctl("status", check=False).stdout)
        (target / "ledger.txt").write_text(host.ctl("ledger", "verify").stdout)
        for found in (host.state / "reports").glob("*"):
            shutil.copy(found, target)
    for host in (line.print, line.etch):
        page = out / "reports" / host.name / f"{BATCH}.reconcile"
        done = host.ctl("report", "reconcile", BATCH, "--signed", f"{page}.cms")
        pathlib.Path(f"{page}.txt").write_text(done.stdout)
    wallets = [Wallet(serial, state, serial in drawn, copy_stickers(stickers[serial][2], out / "stickers", serial),
                      etched[serial][1]) for serial, state in sorted(line.etch.states(BATCH).items())]
    shown = [one._replace(stickers=copy_stickers(one.stickers, out / "refused", one.serial)) for one in refused]
    write_page(out, BATCH, wallets, shown, [host.name for host in line.hosts])
    if broken_links(out):
        raise Trouble(f"{out}/index.html has links that lead nowhere: {broken_links(out)}")


def main(out):
    if out.exists():
        shutil.rmtree(out)
    for folder in ("stickers", "plates", "refused", "reports"):
        (out / folder).mkdir(parents=True)
    line = Line(out / "factory", say, operators=True)
    try:
        line.open()
        serials, stickers = produce(line, out)
        etched = plates(line, out / "plates")
        decrypt_all(serials, stickers, etched)
        refused = plant_bad(line)
        drawn = line.open_drawn(BATCH, stickers, lambda s: etched[s][0])
        say(f"QA: the {len(drawn)} drawn wallets opened, found good, destroyed by two people: {' '.join(drawn)}.")
        line.finish(BATCH)
        released = sum(state == "released" for state in line.etch.states(BATCH).values())
        say(f"USA: counts close; {released} wallets released by two people; results and receipts carried home.")
        say("cn-print and us-etch have destroyed and certified their secrets; each country's ledger has seen heads of the other's.")
        gather(line, out, stickers, etched, refused, drawn)
    finally:
        line.close()
    say(f"Done: {released} wallets released, {len(drawn)} opened, {len(refused)} refused, 0 in doubt.")
    print(f"  drawn for QA: {' '.join(drawn)}")
    for one in refused:
        print(f"  refused: {one.serial}: {one.reason} ({one.planted})")
    print(f"  look at {out}/index.html")


if __name__ == "__main__":
    try:
        main(pathlib.Path(sys.argv[1]).resolve())
    except Trouble as trouble:
        sys.exit(f"demo: {trouble}")

# SPDX-License-Identifier: MIT
"""demo-out/index.html: all that the demo made, to look at."""
import collections
import html
import os
import re

Wallet = collections.namedtuple("Wallet", "serial state drawn stickers plate")
# reason: what the ledger says; planted: what was done to it, in words.
Refused = collections.namedtuple("Refused", "serial state reason planted stickers")

STYLE = """body{font-family:sans-serif;margin:2em;max-width:72em}
img{margin:4px;border:1px solid #ccc;vertical-align:middle}
table{border-collapse:collapse;margin-bottom:2em}
th{text-align:left}
td,th{padding:.3em .8em;border-bottom:1px solid #ddd}
.drawn{background:#fff3cd}
.refused{background:#f8d7da}"""


def link(out, path, text=None):
    """A link to a file under out."""
    where = os.path.relpath(path, out)
    return f'<a href="{html.escape(where)}">{html.escape(text or path.name)}</a>'


def picture(out, path, about):
    where = html.escape(os.path.relpath(path, out))
    return f'<td><a href="{where}"><img height="200" src="{where}" alt="{html.escape(about)}"></a></td>'


def table(heads, rows):
    return ("<table><tr>" + "".join(f"<th>{html.escape(head)}</th>" for head in heads) + "</tr>\n" + "\n".join(rows)
            + "\n</table>\n")


def verdict(ledger):
    """The line of `ledger verify' that counts."""
    found = re.search(r"chain holds: *(\S+)", ledger.read_text())
    return f"chain holds: {found.group(1)}" if found else "no verdict"


def report_row(out, host):
    folder = out / "reports" / host
    others = sorted(p for p in folder.iterdir() if p.name not in ("status.txt", "ledger.txt"))
    return (f"<tr><td>{html.escape(host)}</td><td>{link(out, folder / 'status.txt', 'status')}</td>"
            f"<td>{link(out, folder / 'ledger.txt', verdict(folder / 'ledger.txt'))}</td><td>"
            + ("<br>".join(link(out, path) for path in others) or "none: it destroyed nothing") + "</td></tr>")


def wallet_row(out, wallet):
    outcome = html.escape(wallet.state)
    if wallet.drawn:
        outcome = f"<b>drawn for QA</b><br>{outcome}, then destroyed by two people"
    layers = [picture(out, path, f"{wallet.serial}, {layer} layer") for layer, path in zip(("lower", "upper"), wallet.stickers)]
    return (f"<tr{' class=drawn' if wallet.drawn else ''}><td>{html.escape(wallet.serial)}</td><td>{outcome}</td>"
            + "".join(layers) + picture(out, wallet.plate, f"{wallet.serial}, plate") + "</tr>")


def refused_row(out, one):
    layers = [picture(out, path, f"{one.serial}, {layer} layer") for layer, path in zip(("lower", "upper"), one.stickers)]
    return (f"<tr class=refused><td>{html.escape(one.serial)}</td><td>{html.escape(one.planted)}</td>"
            f"<td>{html.escape(one.state)}: {html.escape(one.reason)}</td>" + "".join(layers) + "</tr>")


def write_page(out, batch, wallets, refused, hosts):
    """The page over files that lie under out already."""
    drawn = sum(wallet.drawn for wallet in wallets)
    released = sum(wallet.state == "released" for wallet in wallets)
    (out / "index.html").write_text(
        "<!doctype html>\n<html lang=en><meta charset=utf-8><title>Keyline demo</title>\n"
        f"<style>{STYLE}</style>\n<h1>Keyline demo</h1>\n"
        f"<p>{released} released, {drawn} opened by QA, {len(refused)} refused. Test wallets: not for sale.</p>\n"
        "<h2>What each host says at the end</h2>\n"
        + table(("host", "status", "ledger", "reports and certificates"), [report_row(out, host) for host in hosts])
        + "<p>The two persons of the demo have no accounts on this machine: its certificates name them by number.</p>\n"
        + f"<h2>Every wallet of {html.escape(batch)}</h2>\n"
        "<p>The stickers are what the printer received, the plates what the lasers drew. A marked wallet was drawn "
        "by lot, opened and decrypted.</p>\n"
        + table(("serial", "what became of it", "lower layer", "upper layer", "plate"), [wallet_row(out, w) for w in wallets])
        + "<h2>Refused: nothing was etched</h2>\n"
        + table(("serial", "the planted fault", "what the line said", "lower layer", "the upper layer whose address was scanned"),
                [refused_row(out, one) for one in refused]) + "</html>\n")


def broken_links(out):
    """Links of the page that lead nowhere."""
    links = re.findall(r'(?:href|src)="([^"]+)"', (out / "index.html").read_text())
    return sorted({where for where in map(html.unescape, links) if not (out / where).is_file()})

# SPDX-License-Identifier: MIT
"""Known secrets in every form that they may have been left behind in, and where they lie.

A secret becomes pieces: each window of eight bytes, as text, as hex, as base64, as numbers,
as the rows of its QR symbol.  What another secret of the same form (a decoy) has as well
says nothing of this one, and is left out: the head of an EPK, the frame of a QR symbol.
tests/tools/find_needles looks for all pieces at once.
"""
import base64
import ctypes
import os
import pathlib
import random
import subprocess
from collections import namedtuple

from bip38_secrets import ALPHABET, base58_decode, base58check

WINDOW = 8
DECOYS = 12
# A part of a QR symbol tells one secret from another by this many modules that differ between symbols.
MODULES = 24
SCALES = range(1, 13)  # dots a module

Hit = namedtuple("Hit", "place offset where label")


def windows(data, width):
    return {data[i:i + width] for i in range(len(data) - width + 1)}


def base64_pieces(data):
    """Whatever stands before and behind it: the signs that depend on nothing else."""
    found = set()
    for before in range(3):
        text = base64.b64encode(bytes(before) + data + bytes(3))
        found |= windows(text[-(-before * 8 // 6):(before + len(data)) * 8 // 6], 10)
    return found


def bytes_forms(data):
    """A number, a key: also as hex, base64, and as the limbs of a little-endian machine have it."""
    forms = {"raw": windows(data, WINDOW), "reversed": windows(data[::-1], WINDOW), "base64": base64_pieces(data)}
    words = b"".join(data[i:i + 4][::-1] for i in range(0, len(data), 4))
    forms["words"] = windows(words, WINDOW)
    text = data.hex().encode()
    forms["hex"] = {text[i:i + 2 * WINDOW] for i in range(0, len(text) - 2 * WINDOW + 1, 2)}
    forms["HEX"] = {piece.upper() for piece in forms["hex"]}
    return forms


def text_forms(text):
    data = text.encode()
    forms = {name if name != "raw" else "text": pieces for name, pieces in bytes_forms(data).items()
             if name not in ("reversed", "words")}
    for name, size in (("utf-16-le", 2), ("utf-16-be", 2), ("utf-32-le", 4)):
        wide = text.encode(name)
        forms[name] = {wide[i:i + size * WINDOW] for i in range(0, len(wide) - size * WINDOW + 1, size)}
    percent = "".join(c if c.isalnum() else f"%{ord(c):02X}" for c in text).encode()
    if percent != data:
        forms["percent"] = windows(percent, 10)
    # Without its hyphens: as a person might type it.
    bare = text.replace("-", "").encode()
    if bare != data:
        forms["bare"] = windows(bare, WINDOW)
    return forms


class Symbol(ctypes.Structure):
    _fields_ = [("version", ctypes.c_int), ("width", ctypes.c_int), ("data", ctypes.POINTER(ctypes.c_ubyte))]


def modules(text):
    """The symbol of a text as libqrencode makes it: (side, its bytes, one a module)."""
    library = ctypes.CDLL("libqrencode.so.4")
    library.QRcode_encodeData.restype = ctypes.POINTER(Symbol)
    level_m = 1
    code = library.QRcode_encodeData(len(text), text.encode(), 0, level_m)
    side = code.contents.width
    data = bytes(code.contents.data[:side * side])
    library.QRcode_free(code)
    return side, data


def packed(bits, phase=0):
    """Bits to bytes, the left one high, after so many white ones; what is not whole is white."""
    bits = [0] * phase + bits
    bits += [0] * (-len(bits) % 8)
    return bytes(sum(bit << (7 - i) for i, bit in enumerate(bits[at:at + 8])) for at in range(0, len(bits), 8))


def row_pieces(row, varies, scale, phase):
    """Whole bytes of a row of dots, as few as have enough modules that differ."""
    dots = packed([bit for bit in row for _ in range(scale)], phase)
    first, last = -(-phase // 8), (phase + len(row) * scale) // 8
    known = [sum(varies[:i]) for i in range(len(row) + 1)]
    found, end = set(), first
    for at in range(first, last):
        begin = -(-(at * 8 - phase) // scale)
        while end <= last and (end - at < WINDOW
                               or known[min(len(row), max(0, (end * 8 - phase) // scale))] - known[begin] < MODULES):
            end += 1
        if end > last:
            break
        found.add(dots[at:end])
    return found


def repeats(piece):
    """Short and nearly a pattern, such as ff00ff00ff00ff00: tables of other things look like it."""
    return len(piece) < 3 * WINDOW and any(
        sum(a != b for a, b in zip(piece, piece[period:])) < 3 for period in range(1, WINDOW // 2 + 1))


def symbol_forms(side, data, varies):
    """A QR symbol in memory, in a raster, in a grey picture; both polarities."""
    bits = [byte & 1 for byte in data]
    forms = {"as made": set(), "packed": set(), "raster": set(), "grey": set()}
    for at in range(len(bits) - 4 * WINDOW + 1):
        if sum(varies[at:at + 4 * WINDOW]) >= MODULES:
            forms["as made"].add(data[at:at + 4 * WINDOW])
            forms["as made"].add(bytes(bits[at:at + 4 * WINDOW]))
    for phase in range(8):
        row = packed(bits, phase)[1:-1]
        forms["packed"] |= {row[i:i + WINDOW] for i in range(len(row) - WINDOW + 1)
                            if sum(varies[i * 8 + 8 - phase:i * 8 + 72 - phase]) >= MODULES}
    rows = b"".join(packed(bits[y * side:(y + 1) * side]) for y in range(side))
    width = len(rows) // side
    forms["packed"] |= {rows[at:at + WINDOW] for at in range(len(rows) - WINDOW + 1)
                        if sum(varies[y * side + x] for y in range(side) for x in range(side)
                               if at <= y * width + x // 8 < at + WINDOW) >= MODULES}
    for y in range(side):
        row, vary = bits[y * side:(y + 1) * side], varies[y * side:(y + 1) * side]
        if sum(vary) < MODULES:
            continue
        for scale in SCALES:
            for phase in range(8):
                forms["raster"] |= row_pieces(row, vary, scale, phase)
            forms["grey"].add(bytes(255 * (1 - bit) for bit in row for _ in range(scale)))
    for name in ("packed", "raster"):
        forms[name] = {piece for piece in forms[name] if not repeats(piece)}
    for name in ("packed", "raster", "grey"):
        forms[name] |= {bytes(byte ^ 255 for byte in piece) for piece in forms[name]}
    return forms


def like(text, chance):
    """Another secret of that form."""
    signs = ALPHABET if text.startswith("6P") else "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
    return "".join(c if c == "-" else chance.choice(signs) for c in text)


class Needles:
    """Pieces of secrets, by what they are pieces of."""

    def __init__(self):
        self.pieces, self.chance = {}, random.Random(38)
        self.symbols, self.other_symbols = None, []
        self.lines = (0, "")

    def _add(self, name, forms, decoys=()):
        for form, pieces in forms.items():
            common = set().union(*(decoy.get(form, set()) for decoy in decoys))
            for piece in pieces - common:
                assert len(piece) >= WINDOW
                self.pieces.setdefault(piece, f"{name}/{form}".replace(" ", "-"))

    def text(self, name, text, decoys=None):
        """decoys: others of its form, where some of its signs are the same in each."""
        self._add(name, text_forms(text), list(map(text_forms, decoys or [like(text, self.chance) for _ in range(DECOYS)])))

    def number(self, name, data):
        self._add(name, bytes_forms(data))

    def epk(self, name, text):
        """As text, as bytes from where nobody else knows them, and as its symbol."""
        payload = base58_decode(text)
        decoys = [base58check(payload[:3] + self.chance.randbytes(36)) for _ in range(DECOYS)]
        self.text(name, text, decoys)
        # The address's hash and the owner's entropy are on the label and in the intermediate code.
        self.number(name, payload[15:])
        if self.symbols is None:
            self.symbols = [modules(decoy)[1] for decoy in decoys]
        side, data = modules(text)
        varies = [len({symbol[i] & 1 for symbol in self.symbols}) == 2 for i in range(side * side)]
        if not self.other_symbols:
            self.other_symbols = [symbol_forms(side, decoy, varies) for decoy in self.symbols[:2]]
        self._add(f"{name}/symbol", symbol_forms(side, data, varies), self.other_symbols)

    def without(self, name):
        """All but those of one secret."""
        other = Needles()
        other.pieces = {piece: label for piece, label in self.pieces.items() if not label.startswith(name)}
        return other

    def names(self):
        return sorted({label.split("/")[0] for label in self.pieces.values()})

    def as_lines(self):
        """What find_needles reads; made anew only when there are more pieces."""
        if self.lines[0] != len(self.pieces):
            text = "".join(f"{label} {piece.hex()}\n" for piece, label in self.pieces.items())
            self.lines = len(self.pieces), text
        return self.lines[1]

    def look(self, *places, more=()):
        """Searches places (`pid:N`, `file:PATH`) for all pieces, and more of them with their labels:
        (hits, bytes searched by place, what could not be read)."""
        program = os.path.join(os.environ["builddir"], "tests", "tools", "find_needles")
        text = self.as_lines() + "".join(f"{label} {piece.hex()}\n" for label, piece in more)
        hits, searched, unread = [], {}, []
        for some in (places[i:i + 500] for i in range(0, len(places), 500)):
            done = subprocess.run([program, *some], input=text, capture_output=True, text=True, errors="replace", check=False)
            if done.returncode:
                raise RuntimeError(f"find_needles: {done.stderr}")
            for line in done.stdout.splitlines():
                words = line.split(" ")
                if words[0] == "hit":
                    hits.append(Hit(*words[1:]))
                elif words[0] == "searched":
                    searched[words[1]] = int(words[2])
                else:
                    unread.append(" ".join(words[1:]))
        return hits, searched, unread

    def files(self, *paths):
        return self.look(*(f"file:{path}" for path in paths))


def tree(folder):
    """Each plain file below a folder; names with blanks are none of ours."""
    return sorted(path for path in pathlib.Path(folder).rglob("*") if path.is_file() and not path.is_symlink())

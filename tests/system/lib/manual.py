# SPDX-License-Identifier: MIT
"""What a man page shows to be typed, so that tests can do just that."""
import pathlib
import re

from where import SRC

MAN = pathlib.Path(SRC, "man")
ESCAPES = {r"\(aq": "'", r"\(dq": '"', r"\(ha": "^", r"\(ti": "~", r"\(ga": "`", r"\e": "\\", r"\&": "", r"\-": "-"}


def unescape(line):
    return re.sub(r"\\(\(..|.)", lambda m: ESCAPES[m.group(0)], line)


def section(page, heading):
    """The source lines of a section (.Sh) or subsection (.Ss)."""
    lines = (MAN / page).read_text().splitlines()
    start = next(n for n, line in enumerate(lines) if line in (f".Sh {heading}", f".Ss {heading}"))
    ends = (".Sh ",) if lines[start].startswith(".Sh") else (".Sh ", ".Ss ")
    end = next((n for n in range(start + 1, len(lines)) if lines[n].startswith(ends)), len(lines))
    return lines[start + 1:end]


def blocks(page, heading):
    """The literal displays of a section, each a list of lines."""
    found, block = [], None
    for line in section(page, heading):
        if line.startswith(".Bd -literal"):
            block = []
        elif line == ".Ed" and block is not None:
            found.append(block)
            block = None
        elif block is not None:
            block.append(unescape(line))
    return found


def commands(block, prompt="$ "):
    """What is typed at each prompt, with the lines that belong to it."""
    typed = []
    for line in block:
        if line.startswith(prompt):
            typed.append(line[len(prompt):])
        elif typed:
            typed[-1] += "\n" + line
    return typed

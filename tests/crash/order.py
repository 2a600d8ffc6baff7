# SPDX-License-Identifier: MIT
"""What the record of a run says of the order of writes: a killed process cannot show a missing fsync."""

WRITES = ("write", "pwrite", "pwritev", "writev", "ftruncate")


def disorder(records):
    """Each place where the daemon goes on before what it wrote is down, in words."""
    files, folders, wrong = set(), set(), []
    for r in records:
        if r.program != "daemon" or r.failed:
            continue
        if r.kind in WRITES and r.type == "f":
            files.add(r.inode)
        elif r.kind in ("fsync", "fdatasync"):
            files.discard(r.inode)
            folders.discard(r.inode)
        elif r.kind == "rename":
            if r.inode in files:
                wrong.append(f"{r.text} got its name before its bytes were down")
            folders |= {r.from_folder, r.to_folder}
        elif r.text.startswith("start ") and (files or folders):
            wrong.append(f"{r.text}: {len(files)} files and {len(folders)} folders were not down")
    return wrong

# SPDX-License-Identifier: MIT
"""Sums llvm-cov's export by group, for tests/full/mcdc: EXPORT SRCDIR UNCOVERED GROUP=OPEN..."""
import json
import pathlib
import re
import sys

GROUPS = {
    "state tables": r"proto/(wallet_state|wallet_balance|packml)\.c",
    "ledger": r"daemon/ledger\w*\.c|proto/ledger_hash\.c",
    "parsers": r"proto/(batch|batch_header|batch_parse|batch_row|order|order_row|sheet|certificate_parse|cms_verify"
               r"|cms_open|cms_sealed_form|der|low_s|line|line_set|ctl_message|approval|ini|etch_profile"
               r"|etch_profile_check|etch_record|bip38_code|base58|base58_check|base64|utc|serial|name|layer_mark"
               r"|utf8|public_key|private_key)\.c|drivers/scan_line\.c"
               # settings_places, _mark and _spool look at the machine, and tests/system sees to them
               r"|daemon/settings(_check|_near|_read|_table|_values)?\.c",
    "exchange policy": r"proto/batch_policy\.c",
}
KINDS = ("mcdc", "branches", "lines")


def text(counts):
    return " ".join(f"{kind} {counts[kind][0]}/{counts[kind][1]}" +
                    (f" ({100 * counts[kind][0] / counts[kind][1]:.1f} %)" if counts[kind][1] else "")
                    for kind in KINDS)


def uncovered(entry, source):
    """Each condition of a file that decides nothing by itself in the tests, with its line."""
    for record in entry.get("mcdc_records", []):
        line, column, conditions = record[0], record[1], record[-1]
        for number, covered in enumerate(conditions, 1):
            if not covered:
                yield f"{entry['filename']}:{line}:{column}: condition {number}: {source[line - 1].strip()}"


def main():
    files = json.load(open(sys.argv[1], encoding="utf-8"))["data"][0]["files"]
    allowed = dict(one.rsplit("=", 1) for one in sys.argv[4:])
    lines, open_ones, sunk = [], [], []
    for group, pattern in GROUPS.items():
        total = {kind: [0, 0] for kind in KINDS}
        found = 0
        for entry in files:
            if not re.search(f"(^|/)({pattern})$", entry["filename"]):
                continue
            found += 1
            name = "/".join(entry["filename"].rsplit("/", 2)[-2:])
            source = (pathlib.Path(sys.argv[2]) / name).read_text(encoding="utf-8").split("\n")
            open_ones += uncovered(entry | {"filename": name}, source)
            own = {kind: [entry["summary"][kind]["covered"], entry["summary"][kind]["count"]] for kind in KINDS}
            for kind in KINDS:
                total[kind][0] += own[kind][0]
                total[kind][1] += own[kind][1]
            print("   ", name, text(own))
        if not found:
            sys.exit(f"{group}: no file was measured")
        lines.append(f"{group}: {found} files, {text(total)}")
        left = total["mcdc"][1] - total["mcdc"][0]
        if left > int(allowed[group]):
            sunk.append(f"{group}: {left} conditions are left open, and {allowed[group]} may be")
    pathlib.Path(sys.argv[3]).write_text("".join(f"{one}\n" for one in open_ones), encoding="utf-8")
    print(*lines, sep="\n")
    sys.exit("\n".join(sunk) if sunk else 0)


main()

# SPDX-License-Identifier: MIT
"""Sums llvm-cov's figures by group: tests/full/mcdc gives the export; the last line is for notes."""
import json
import re
import sys

GROUPS = {
    "state tables": r"proto/(wallet_state|wallet_balance|packml)\.c",
    "ledger": r"daemon/ledger\w*\.c|proto/ledger_hash\.c",
    "parsers": r"proto/(batch|batch_header|batch_parse|batch_row|order|order_row|sheet|certificate_parse|cms_verify"
               r"|cms_open|cms_sealed_form|der|low_s|line|line_set|ctl_message|approval|ini|etch_profile"
               r"|etch_profile_check|etch_record|bip38_code|base58|base58_check|base64|utc|serial|name|layer_mark"
               r"|utf8|public_key|private_key)\.c|drivers/scan_line\.c|daemon/settings\w*\.c",
    "exchange policy": r"proto/batch_policy\.c",
}
KINDS = ("mcdc", "branches", "lines")


def text(counts):
    return " ".join(f"{kind} {counts[kind][0]}/{counts[kind][1]}" +
                    (f" ({100 * counts[kind][0] / counts[kind][1]:.1f} %)" if counts[kind][1] else "")
                    for kind in KINDS)


def main():
    files = json.load(open(sys.argv[1], encoding="utf-8"))["data"][0]["files"]
    lines = []
    for group, pattern in GROUPS.items():
        total = {kind: [0, 0] for kind in KINDS}
        found = 0
        for entry in files:
            if not re.search(f"(^|/)({pattern})$", entry["filename"]):
                continue
            found += 1
            own = {kind: [entry["summary"][kind]["covered"], entry["summary"][kind]["count"]] for kind in KINDS}
            for kind in KINDS:
                total[kind][0] += own[kind][0]
                total[kind][1] += own[kind][1]
            print("   ", "/".join(entry["filename"].rsplit("/", 2)[-2:]), text(own))
        if not found:
            sys.exit(f"{group}: no file was measured")
        lines.append(f"{group}: {found} files, {text(total)}")
    print(*lines, sep="\n")


main()

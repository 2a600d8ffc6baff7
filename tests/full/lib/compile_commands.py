# SPDX-License-Identifier: MIT
"""compile_commands.py FILE: what `make -n V=1` would compile, as the JSON that clang's tools read."""
import json
import os
import re
import sys

rows = {}
with open(sys.argv[1], encoding="utf-8") as lines:
    for line in lines:
        found = re.search(r"\b((?:gcc|clang|cc) .* -c -o \S+ )(.*\.c)\b", line)
        if not found:
            continue
        # A rule of one target looks for the file here first: `test -f 'a.c' || echo 'SRC/'`a.c
        name = re.sub(r"`test -f '[^']*' \|\| echo '([^']*)'`", r"\1", found.group(2))
        name = os.path.normpath(os.path.join(os.getcwd(), name))
        rows.setdefault(name, {"directory": os.getcwd(), "file": name, "command": found.group(1) + name})
json.dump(list(rows.values()), sys.stdout, indent=0)

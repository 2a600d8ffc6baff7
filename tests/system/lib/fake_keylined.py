# SPDX-License-Identifier: MIT
"""A keylined that only talks: canned answers out of a table, for tests of keylinectl.

The table (answers.json) is a list of rows; the first that fits a request answers it:
  command   the request's command
  args      members that the request's args must have; absent: any
  dry_run   true, false; absent: any
  answers   objects to send, "$SPOOL" in texts replaced
  exit      of the closing object, default 0
  raw       bytes to send in place of answers and end
  repeat    how often to send raw; default once
  hang      true: say nothing more until the client goes away
"""

import json
import os
import socket
import threading


class FakeKeylined:
    def __init__(self, path, table, spool="/nowhere"):
        with open(table, encoding="utf-8") as file:
            text = file.read().replace("$SPOOL", spool)
        self.rows = json.loads(text)
        self.requests = []
        self.path = path
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.bind(path)
        self.socket.listen(8)
        self.server = threading.Thread(target=self._serve, daemon=True)
        self.server.start()

    def close(self):
        # It must not be left in accept(): the number of this socket may be the next one's.
        self.socket.shutdown(socket.SHUT_RDWR)
        self.server.join()
        self.socket.close()
        os.unlink(self.path)

    def _serve(self):
        while True:
            try:
                client, _ = self.socket.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(client,), daemon=True).start()

    def _row(self, request):
        for row in self.rows:
            args = request.get("args", {})
            wanted = row.get("args", {})
            if row["command"] != request["command"]:
                continue
            if any(args.get(key) != wanted[key] for key in wanted):
                continue
            if row.get("dry_run") not in (None, request.get("dry_run", False)):
                continue
            return row
        error = {"type": "error", "name": "not-found", "state": "not found",
                 "status": "There is no such object.", "see": "keylinectl(1)"}
        return {"answers": [error], "exit": 4}

    def _talk(self, client):
        with client, client.makefile("rwb") as stream:
            line = stream.readline()
            if not line:
                return
            request = json.loads(line)
            self.requests.append(request)
            row = self._row(request)
            try:
                if "raw" in row:
                    stream.write(row["raw"].encode() * row.get("repeat", 1))
                else:
                    end = {"type": "end", "exit": row.get("exit", 0)}
                    for answer in row.get("answers", []) + [end]:
                        stream.write(json.dumps(answer).encode() + b"\n")
                stream.flush()
                if row.get("hang"):
                    stream.read()
            except OSError:
                pass

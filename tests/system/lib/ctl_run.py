# SPDX-License-Identifier: MIT
"""Runs keylinectl with pipes or on a terminal of its own."""

import difflib
import fcntl
import os
import pty
import select
import struct
import subprocess
import termios

from where import BUILD

CTL = str(BUILD / "ctl" / "keylinectl")
TIMEOUT_S = 30


def environment(more=None):
    env = {"PATH": os.environ["PATH"], "TZ": "UTC", "LC_ALL": "C.UTF-8"}
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS"):
        if name in os.environ:
            env[name] = os.environ[name]
    env.update(more or {})
    return env


def run(argv, text="", env=None, cwd=None):
    return subprocess.run([CTL] + argv, input=text, env=environment(env), cwd=cwd,
                          capture_output=True, text=True, timeout=TIMEOUT_S, check=False)


def piped(argv):
    done = run(argv)
    text = done.stdout
    if done.stderr:
        text += "--- stderr\n" + done.stderr
    return text + f"--- exit {done.returncode}\n"


def visible(text):
    return text.replace("\r\n", "\n").replace("\033", "\\e")


class Terminal:
    """keylinectl on a pseudo-terminal of 100 columns; stdout and stderr are one."""

    def __init__(self, argv, env=None):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            # Before it looks how wide its terminal is.
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
            os.execve(CTL, [CTL] + argv, environment({"TERM": "xterm", **(env or {})}))
        self.text = ""

    def read_until(self, what):
        """Reads until what has come, or to the end when it is None."""
        while what is None or what not in self.text:
            if not select.select([self.fd], [], [], TIMEOUT_S)[0]:
                raise TimeoutError(self.text)
            try:
                data = os.read(self.fd, 65536)
            except OSError:
                data = b""
            if not data:
                if what is not None:
                    raise EOFError(self.text)
                return self.text
            self.text += data.decode()
        return self.text

    def type(self, text):
        os.write(self.fd, text.encode())

    def end(self):
        self.read_until(None)
        os.close(self.fd)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def terminal(argv, env=None):
    screen = Terminal(argv, env)
    code = screen.end()
    return visible(screen.text) + f"--- exit {code}\n"


def same(path, got):
    try:
        with open(path, encoding="utf-8") as file:
            wanted = file.read()
    except FileNotFoundError:
        wanted = ""
    if wanted == got:
        return True
    print("\n".join(difflib.unified_diff(wanted.splitlines(), got.splitlines(),
                                         path, "got", lineterm="")))
    return False

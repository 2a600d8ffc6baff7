# SPDX-License-Identifier: MIT
"""Stops a program at its very end, with all its memory still there (ptrace(2), PTRACE_EVENT_EXIT).

The daemons and tools forbid tracing to others, not to root.
"""
import ctypes
import os
import signal
import subprocess

PTRACE_CONT, PTRACE_SEIZE, PTRACE_LISTEN = 7, 0x4206, 0x4208
PTRACE_O_TRACEEXIT, EVENT_EXIT, EVENT_STOP = 0x40, 6, 128
WALL = 0x40000000

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
libc.ptrace.restype = ctypes.c_long


def ptrace(request, pid, data=0):
    if libc.ptrace(request, pid, None, data) != 0:
        raise OSError(ctypes.get_errno(), f"ptrace {request:#x} of {pid}")


class ExitStop:
    """From now on the process will stop at its end; the thread that makes this must also wait and let go."""

    def __init__(self, pid):
        self.pid = pid
        ptrace(PTRACE_SEIZE, pid, PTRACE_O_TRACEEXIT)

    def wait(self):
        """Until it is at its end; what it is sent meanwhile goes through."""
        while True:
            status = os.waitpid(self.pid, WALL)[1]
            if not os.WIFSTOPPED(status):
                raise ChildProcessError(f"{self.pid} ended without a stop: {status}")
            event, number = status >> 16, os.WSTOPSIG(status)
            if event == EVENT_EXIT:
                return
            if event == EVENT_STOP:
                ptrace(PTRACE_LISTEN if number != signal.SIGTRAP else PTRACE_CONT, self.pid)
            else:
                ptrace(PTRACE_CONT, self.pid, number)

    def go(self):
        ptrace(PTRACE_CONT, self.pid)

    def reap(self):
        """Of a child of ours, the exit code; of another's, the kernel tells its parent after us."""
        self.go()
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, WALL)[1])


def run_to_the_end(argv, text, look, **more):
    """Runs a program; look(pid) is called when it has done everything: (exit code, stdout, what look gave)."""
    # It begins when it is watched.
    child = subprocess.Popen(["/bin/sh", "-c", 'read -r go && exec "$@"', "sh", *map(str, argv)], stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)
    stop = ExitStop(child.pid)
    child.stdin.write(b"go\n" + text.encode())
    child.stdin.close()
    # What these programs print fits into the pipes.
    stop.wait()
    seen = look(child.pid)
    code = stop.reap()
    child.returncode = code
    with child.stdout, child.stderr:
        return code, (child.stdout.read() + child.stderr.read()).decode(), seen

# SPDX-License-Identifier: MIT
"""What a test has started ends with it, also when the test is killed: an orphan would keep a device, a lock or the
number of a pty that a later test needs.

    subprocess.Popen(..., preexec_fn=ends_with_us())
"""
import ctypes
import os
import signal
import threading

PR_SET_PDEATHSIG = 1
libc = ctypes.CDLL(None, use_errno=True)


def ends_with_us():
    """The kernel looks at the thread that started a child, so nothing is asked for one that soon ends: None."""
    thread = threading.current_thread()
    if thread is not threading.main_thread() and not thread.name.startswith("campaign"):
        return None
    starter = os.getpid()

    def ask():
        if libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL) != 0 or os.getppid() != starter:
            os.kill(os.getpid(), signal.SIGKILL)
    return ask

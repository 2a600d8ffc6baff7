# SPDX-License-Identifier: MIT
"""probe.py INSTANCE PID MEMLOCK PORT DEVICE NEIGHBOUR OTHER: run by a unit in keylined's place; tries what its confinement
should refuse, and needs.  Something listens on PORT of all addresses; of DEVICE's (-: there is none) it is to be reached,
of NEIGHBOUR's on the same wire and OTHER's, the machine's, it is not."""
import ctypes
import mmap
import os
import resource
import socket
import sys

instance, other_pid, memlock_wanted = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
port, device, elsewhere = int(sys.argv[4]), sys.argv[5], sys.argv[6:]
networked = device != "-"
libc = ctypes.CDLL(None, use_errno=True)
SYS = dict(memfd_secret=447, landlock_create_ruleset=444, process_vm_readv=310, bpf=321, perf_event_open=298,
           userfaultfd=323, io_uring_setup=425, kexec_load=246, add_key=248)
bad, tried = [], 0


def check(what, held):
    global tried
    tried += 1
    if not held:
        bad.append(what)


def refused(action):
    """Whether the system says no, in whatever words."""
    try:
        value = action()
    except (OSError, ValueError, AttributeError):
        return True
    return isinstance(value, int) and value < 0


def create(path):
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    os.unlink(path)
    return 0


def send(address):
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM) as datagram:
        return datagram.sendto(b"probe", (address, port))


def syscall(name, *args):
    return libc.syscall(SYS[name], *args)


for folder in ("/", "/etc", "/etc/keyline", "/usr", "/usr/libexec/keyline", "/var", "/var/lib", "/var/log", "/var/cache",
               "/run", "/run/systemd", "/root", "/home", "/boot", "/opt", "/srv", "/sys", "/dev", "/proc",
               "/var/lib/keyline", "/var/lib/keyline-keys", "/var/lib/keyline-highwater"):
    check(f"a file can be made in {folder}", refused(lambda: create(f"{folder}/keyline-probe")))
for folder in ("keyline", "keyline-keys", "keyline-highwater"):
    check(f"its own {folder} cannot be written", not refused(lambda: create(f"/var/lib/{folder}/{instance}/probe")))
    check(f"another host's {folder} can be seen", not os.path.exists(f"/var/lib/{folder}/usa"))
for folder in ("/run/keyline", "/var/spool/keyline", "/tmp", "/var/tmp"):
    check(f"{folder} cannot be written", not refused(lambda: create(f"{folder}/keyline-probe")))
check("the machine's /tmp can be seen", "of-the-machine" not in os.listdir("/tmp"))
check("homes can be read", refused(lambda: os.listdir("/root")))
check("the journal can be read", refused(lambda: os.listdir("/var/log/private")) or not os.listdir("/var/log/private"))

# TemporaryFileSystem= or ProtectSystem= that systemd drops without a word would leave these writable.
for line in open("/proc/self/mountinfo", encoding="ascii"):
    if line.split()[4] == "/":
        check("the root file system is writable", "ro" in line.split()[5].split(","))

check("other processes can be seen", not os.path.exists("/proc/1"))
check("/proc/swaps and the like can be seen", not os.path.exists("/proc/kcore"))
check("another daemon's memory can be read", refused(lambda: open(f"/proc/{other_pid}/mem", "rb").fileno()))
check("process_vm_readv", refused(lambda: syscall("process_vm_readv", os.getpid(), None, 0, None, 0, 0)))
check("ptrace", refused(lambda: libc.ptrace(16, other_pid, 0, 0)))

check("mount", refused(lambda: libc.mount(b"tmpfs", b"/tmp", b"tmpfs", 0, None)))
for what, flag in (("user", 0x10000000), ("mount", 0x20000), ("network", 0x40000000)):
    check(f"a new {what} namespace", refused(lambda: libc.unshare(flag)))
check("setuid(0)", refused(lambda: os.setuid(0)))
check("chroot", refused(lambda: os.chroot("/tmp")))
check("swapon", refused(lambda: libc.swapon(b"/tmp/keyline-probe", 0)))
check("reboot", refused(lambda: libc.reboot(0)))
check("sethostname", refused(lambda: socket.sethostname("probe")))
check("the clock can be set", refused(lambda: __import__("time").clock_settime(0, 0)))
check("real-time scheduling", refused(lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))))
check("another personality", refused(lambda: libc.personality(0x40000)))
check("a set-user-id file", refused(lambda: os.chmod(os.open("/tmp", os.O_TMPFILE | os.O_RDWR), 0o4755)))
check("a page that is written and run", refused(
    lambda: mmap.mmap(-1, 4096, prot=mmap.PROT_WRITE | mmap.PROT_EXEC).size()))
for name in ("bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "kexec_load"):
    check(name, refused(lambda: syscall(name, 0, 0, 0, 0, 0)))

for family, what in ((socket.AF_NETLINK, "netlink"), (socket.AF_PACKET, "packet"), (socket.AF_VSOCK, "vsock")):
    check(f"a {what} socket", refused(lambda: socket.socket(family, socket.SOCK_RAW)))
for family in (socket.AF_INET, socket.AF_INET6):
    check(f"a TCP socket {'is refused' if networked else 'is made'}",
          refused(lambda: socket.socket(family, socket.SOCK_STREAM)) != networked)
with open("/proc/self/net/dev", encoding="ascii") as file:
    there = sorted(line.split(":")[0].strip() for line in file.readlines()[2:])
check(f"interfaces: {there}", there == (["lo", f"wire-{instance}"] if networked else ["lo"]))
if networked:
    check("the device cannot be reached", not refused(lambda: socket.create_connection((device, port), 10).close()))
# A datagram tells at once whether it may go; a connection would be a matter of patience.
for address in (*elsewhere, "127.0.0.1", "::1"):
    check(f"{address} can be reached", refused(lambda: send(address)))
check("a Unix socket is refused", not refused(lambda: socket.socket(socket.AF_UNIX)))

check("a core file", resource.getrlimit(resource.RLIMIT_CORE) == (0, 0))
memlock = resource.getrlimit(resource.RLIMIT_MEMLOCK)
check(f"locked memory of {memlock}", memlock[0] >= memlock_wanted)
check("descriptors that libmodbus cannot have", resource.getrlimit(resource.RLIMIT_NOFILE)[1] <= 1024)
locked = mmap.mmap(-1, 1 << 20)
check("mlock is refused", not refused(lambda: libc.mlock(
    ctypes.c_void_p(ctypes.addressof(ctypes.c_char.from_buffer(locked))), ctypes.c_size_t(1 << 20))))
# What the daemon and its drivers use and @system-service has not.  ENOSYS is the kernel's word, not the filter's.
for name, args in (("memfd_secret", (0,)), ("landlock_create_ruleset", (None, 0, 1))):
    ctypes.set_errno(0)
    check(f"{name} is refused by the filter", syscall(name, *args) >= 0 or ctypes.get_errno() in (38, 95))

for what in bad:
    print(f"probe: FAILED: {what}")
print(f"probe: {tried} trials, {len(bad)} wrong")
if bad:
    sys.exit(1)
print("probe: all held")

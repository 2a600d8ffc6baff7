/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "drivers/sandbox.h"
#include "drivers/sandbox_landlock.h"

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <sys/socket.h>

/* What any of our drivers' own code, libc and libcrypto ask for once they run. */
static const char *const work[] = {
	/* memory */
	"brk", "mmap", "munmap", "mremap", "mprotect", "madvise", "mlock", "mlock2",
	"munlock", "memfd_secret",
	/* descriptors */
	"read", "readv", "pread64", "write", "writev", "close", "lseek", "fstat",
	"newfstatat", "statx", "fcntl", "flock", "dup", "ppoll", "poll", "pselect6",
	"select", "pipe2", "eventfd2", "epoll_create1", "epoll_ctl", "epoll_wait",
	"epoll_pwait", "openat", "open", "stat", "access", "faccessat", "faccessat2",
	"readlink", "readlinkat", "getdents64",
	/* threads, time, signals, end */
	"futex", "futex_waitv", "set_robust_list", "rseq", "sched_yield",
	"sched_getaffinity", "clock_gettime", "clock_getres", "clock_nanosleep",
	"nanosleep", "gettimeofday", "time", "rt_sigaction", "rt_sigprocmask",
	"rt_sigreturn", "sigaltstack", "restart_syscall", "exit", "exit_group", "tgkill",
	"getpid", "gettid", "getppid", "getuid", "geteuid", "getgid", "getegid",
	"getrandom", "uname", "sysinfo", "getrlimit", "prctl", "umask", NULL};

static const char *const network[] = {"connect", "getsockopt", "setsockopt",
	"getsockname", "getpeername", "shutdown", "sendto", "recvfrom", "sendmsg",
	"recvmsg", "sendmmsg", "recvmmsg", "bind", NULL};

/* No driver has any business with these: whoever asks for one is no longer the driver. */
static const char *const foreign[] = {"execve", "execveat", "fork", "vfork", "ptrace",
	"process_vm_readv", "process_vm_writev", "pidfd_getfd", "kcmp", "bpf",
	"io_uring_setup", "userfaultfd", "perf_event_open", "mount", "unshare", "setns",
	"init_module", "kexec_load", "keyctl", "add_key", "request_key", NULL};

/* Calls that this machine's kind lacks are none to allow or to fear. */
static int
add(scmp_filter_ctx filter, uint32_t action, const char *const *names)
{
	for (; *names; names++) {
		int number = seccomp_syscall_resolve_name(*names);
		int rc = number == __NR_SCMP_ERROR
				 ? 0
				 : seccomp_rule_add(filter, action, number, 0);

		if (rc != 0 && rc != -EDOM)
			return KE_IO;
	}
	return 0;
}

/* Sockets of these families alone: names are looked up over the first two. */
static int
add_sockets(scmp_filter_ctx filter)
{
	static const int families[] = {AF_INET, AF_INET6, AF_NETLINK};
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < sizeof families / sizeof families[0]; i++)
		rc = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(socket), 1,
			SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)families[i], 0));
	return rc == 0 ? 0 : KE_IO;
}

/* Threads are made, processes are not; limits are asked for, not set. */
static int
add_conditional(scmp_filter_ctx filter)
{
	if (seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
		    SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD)) != 0 ||
		seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) !=
			0 ||
		seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), 1,
			SCMP_A2(SCMP_CMP_EQ, 0, 0)) != 0 ||
		/* Terminals are set and flushed by it, sockets asked for what waits. */
		seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 0) != 0)
		return KE_IO;
	return 0;
}

static int
fill(scmp_filter_ctx filter, const struct sandbox *sandbox)
{
	int rc = add(filter, SCMP_ACT_ALLOW, work);

	if (rc == 0)
		rc = add(filter, SCMP_ACT_KILL_PROCESS, foreign);
	if (rc == 0 && sandbox->network)
		rc = add(filter, SCMP_ACT_ALLOW, network);
	if (rc == 0 && sandbox->network)
		rc = add_sockets(filter);
	return rc == 0 ? add_conditional(filter) : rc;
}

static int
enter_seccomp(const struct sandbox *sandbox)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int rc = filter ? fill(filter, sandbox) : KE_NO_MEMORY;

	if (rc == 0 && seccomp_load(filter) != 0)
		rc = KE_IO;
	if (filter)
		seccomp_release(filter);
	return rc;
}

#ifdef KEYLINE_SECRET_MALLOC
/* Sanitizers look into the process at its end; they would be the foreigners. */
int
sandbox_enter(const struct sandbox *sandbox, int *landlock)
{
	if (landlock)
		*landlock = 0;
	(void)sandbox;
	(void)enter_seccomp;
	return 0;
}
#else
int
sandbox_enter(const struct sandbox *sandbox, int *landlock)
{
	int abi, rc = sandbox_landlock(sandbox, &abi);

	if (landlock)
		*landlock = abi;
	return rc == 0 ? enter_seccomp(sandbox) : rc;
}
#endif

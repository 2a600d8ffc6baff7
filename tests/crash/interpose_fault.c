/* SPDX-License-Identifier: MIT */
/*
 * A process that dies of a fault says of whose: "points: SIGSEGV in LIBRARY" and "points:
 * abort by LIBRARY" on standard error.  Some libraries die where they find no memory; what
 * dies in our own code is a defect of ours.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>
#include "tests/crash/interpose.h"

static void
tell(const char *what, const void *address)
{
	char text[256];
	const char *name = "?", *slash;
	Dl_info info;
	int len;

	if (dladdr(address, &info) != 0 && info.dli_fname) {
		slash = strrchr(info.dli_fname, '/');
		name = slash ? slash + 1 : info.dli_fname;
	}
	len = snprintf(text, sizeof text, "points: %s %s\n", what, name);
	(void)syscall(SYS_write, STDERR_FILENO, text, len);
}

static void
on_fault(int number, siginfo_t *info, void *context)
{
	const ucontext_t *at = context;
#if defined(__x86_64__)
	const bool is_write = (at->uc_mcontext.gregs[REG_ERR] & 2) != 0;

	tell(is_write && !info->si_addr ? "SIGSEGV by a write to NULL in" : "SIGSEGV in",
		(const void *)at->uc_mcontext.gregs[REG_RIP]);
#else
	(void)at;
	(void)info;
#endif
	(void)signal(number, SIG_DFL);
	(void)raise(number);
}

void
faults_watch(void)
{
	struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_NODEFER};

	(void)sigaction(SIGSEGV, &action, NULL);
}

/* In libc's place. */
void
abort(void)
{
	if (points)
		tell("abort by", __builtin_return_address(0));
	(void)signal(SIGABRT, SIG_DFL);
	(void)raise(SIGABRT);
	_exit(127);
}

/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/harden.h"
#include "daemon/durable.h"
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysinfo.h>
#include <unistd.h>

/* Any value but 0: freed memory is filled with its complement. */
enum { PERTURB = 0x5a };

int
harden_process(void)
{
	static const struct rlimit none;
	struct sigaction ignore = {.sa_handler = SIG_IGN};

	umask(077);
	mallopt(M_PERTURB, PERTURB);
	if (close_range(STDERR_FILENO + 1, ~0u, 0) != 0 && errno != ENOSYS)
		return KE_IO;
	if (setrlimit(RLIMIT_CORE, &none) != 0 ||
		prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 ||
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
		sigaction(SIGPIPE, &ignore, NULL) != 0)
		return KE_IO;
	return 0;
}

bool
harden_swap_is_on(void)
{
	struct sysinfo info;

	/* What cannot be asked counts as on. */
	return sysinfo(&info) != 0 || info.totalswap > 0;
}

static int
lock_take(int folder)
{
	int fd = openat(folder, "lock", O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	int error = 0;

	if (fd < 0)
		return KE_IO;
	error = durable_lock(fd);
	if (error)
		close(fd);
	return error ? error : fd;
}

int
harden_state_lock(int *fd, const char *folder)
{
	struct stat st;
	int dir, result = KE_IO, error = durable_make_dir(folder, 0700);

	*fd = -1;
	if (error)
		return error;
	dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return KE_IO;
	if (fstat(dir, &st) == 0)
		result = st.st_uid != geteuid() || (st.st_mode & (S_IWGRP | S_IWOTH))
				 ? KE_NOT_PERMITTED
				 : lock_take(dir);
	close(dir);
	if (result < 0)
		return result;
	*fd = result;
	return 0;
}

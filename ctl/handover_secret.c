/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "ctl/handover.h"
#include "proto/secret_bytes.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

/* The file's one page is kept from the swap as long as it is mapped, whoever reads it. */
static int
lock_page(int fd, size_t len)
{
	void *page = mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0);

	if (page == MAP_FAILED)
		return KE_IO;
	return mlock(page, len) == 0 ? 0 : KE_NO_LOCKED_MEMORY;
}

static int
fill(int fd, const struct secret *secret)
{
	const int seals = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL;
	size_t len = secret_len(secret);

	if (write(fd, secret_view(secret), len) != (ssize_t)len ||
		fcntl(fd, F_ADD_SEALS, seals) != 0)
		return KE_IO;
	return len ? lock_page(fd, len) : 0;
}

int
handover_secret(const struct secret *secret)
{
	int fd = memfd_create("keylinectl", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	int error = fd < 0 ? KE_IO : fill(fd, secret);

	if (error == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return error;
}

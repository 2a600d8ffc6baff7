/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "ctl/handover.h"
#include "proto/secret_bytes.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

/* The file's one page, kept from the swap as long as it is mapped, whoever reads it. */
static struct {
	void *bytes;
	size_t len;
} page;

static int
lock_page(int fd, size_t len)
{
	void *bytes = mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0);

	if (bytes == MAP_FAILED)
		return KE_IO;
	page.bytes = bytes;
	page.len = len;
	return mlock(bytes, len) == 0 && madvise(bytes, len, MADV_DONTDUMP) == 0
		       ? 0
		       : KE_NO_LOCKED_MEMORY;
}

static void
let_go_of_page(void)
{
	if (page.bytes)
		munmap(page.bytes, page.len);
	page.bytes = NULL;
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
	let_go_of_page();
	if (fd >= 0)
		close(fd);
	return error;
}

void
handover_secret_close(int file)
{
	/* Sealed, it cannot be overwritten: it ends with the last who has it. */
	let_go_of_page();
	close(file);
}

/* SPDX-License-Identifier: MIT */
/*
 * Preloaded: writes one byte to the file KEYLINE_OPENS for every use of a private key on
 * something sealed (all ways of libcrypto that the programs link), then does it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static void *
count(const char *name)
{
	const char *path = getenv("KEYLINE_OPENS");
	int fd = path ? open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600) : -1;
	void *next = dlsym(RTLD_NEXT, name);

	if (fd < 0 || write(fd, "x", 1) != 1 || close(fd) != 0 || !next)
		abort();
	return next;
}

int
CMS_decrypt_set1_pkey(void *cms, void *key, void *certificate)
{
	int (*next)(void *, void *, void *);

	*(void **)&next = count("CMS_decrypt_set1_pkey");
	return next(cms, key, certificate);
}

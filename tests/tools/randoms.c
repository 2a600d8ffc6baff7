/* SPDX-License-Identifier: MIT */
/*
 * Preloaded: bends what the sources of random bytes give, as the first letter of the file
 * KEYLINE_RANDOMS says, read at each call: g generator stuck, b generator biased,
 * k kernel stuck, r the generator repeats a draw, - neither.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

static char
wanted(void)
{
	const char *path = getenv("KEYLINE_RANDOMS");
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
	char letter = '-';

	if (fd < 0 || read(fd, &letter, 1) != 1)
		abort();
	close(fd);
	return letter;
}

int
RAND_priv_bytes_ex(void *ctx, unsigned char *out, size_t len, unsigned strength)
{
	int (*next)(void *, unsigned char *, size_t, unsigned);
	char letter = wanted();
	int rc;

	*(void **)&next = dlsym(RTLD_NEXT, "RAND_priv_bytes_ex");
	rc = next(ctx, out, len, strength);
	if (letter == 'g')
		memset(out, 0x42, len);
	for (size_t i = 0; i < len; i++)
		if (letter == 'b' && i % 3 == 0)
			out[i] = 0x42;
		else if (letter == 'r')
			out[i] = (unsigned char)(i * 37 + len);
	return rc;
}

ssize_t
getrandom(void *out, size_t len, unsigned flags)
{
	ssize_t (*next)(void *, size_t, unsigned);
	ssize_t got;

	*(void **)&next = dlsym(RTLD_NEXT, "getrandom");
	got = next(out, len, flags);
	if (got > 0 && wanted() == 'k')
		memset(out, 0x42, (size_t)got);
	return got;
}

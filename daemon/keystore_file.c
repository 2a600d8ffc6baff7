/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/keystore_file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include "daemon/durable.h"
#include "proto/private_key.h"
#include "proto/secret_bytes.h"

int
keystore_file_read(struct secret **out, int dir, const char *name)
{
	/* One byte more than a key has, so that a longer file is noticed. */
	struct secret *text = secret_new(PRIVATE_KEY_PEM_LEN + 1);
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	ssize_t got;
	int error;

	if (!text || fd < 0) {
		error = text ? durable_error(errno) : KE_NO_MEMORY;
	} else {
		got = read(fd, secret_bytes(text), secret_capacity(text));
		error = got < 0 ? KE_IO : secret_set_len(text, (size_t)got);
		if (error == 0 && got > PRIVATE_KEY_PEM_LEN)
			error = KE_TOO_LONG;
	}
	if (fd >= 0)
		(void)close(fd);
	if (error)
		secret_free(text);
	else
		*out = text;
	return error;
}

int
keystore_file_write(int dir, const char *name, const struct secret *text)
{
	return durable_write(dir, name, secret_view(text), secret_len(text), 0600, 1);
}

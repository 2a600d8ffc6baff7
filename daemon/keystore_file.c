/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/keystore_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "daemon/durable.h"
#include "daemon/erase.h"
#include "proto/private_key.h"
#include "proto/secret_bytes.h"

/* A file of ours that nobody else can read. */
static int
check_private(int fd)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return durable_error(errno);
	return S_ISREG(st.st_mode) && st.st_uid == geteuid() && (st.st_mode & 077) == 0
		       ? 0
		       : KE_NOT_PERMITTED;
}

int
keystore_file_read(struct secret **out, int dir, const char *name)
{
	/* One byte more than a key has, so that a longer file is noticed. */
	struct secret *text = secret_new(PRIVATE_KEY_PEM_LEN + 1);
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	int error = fd < 0 ? durable_error(errno) : check_private(fd);
	ssize_t got;

	if (error == 0 && !text)
		error = KE_NO_MEMORY;
	if (error == 0) {
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

bool
keystore_file_is_overwritten(int dir, const char *name)
{
	struct secret *text = NULL;
	bool is_overwritten = keystore_file_read(&text, dir, name) == 0
		&& erase_is_begun(secret_view(text), secret_len(text));

	secret_free(text);
	return is_overwritten;
}

int
keystore_file_write(int dir, const char *name, const struct secret *text)
{
	return durable_write(dir, name, secret_view(text), secret_len(text), 0600, 1);
}

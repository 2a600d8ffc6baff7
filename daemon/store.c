/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "daemon/durable.h"
#include "daemon/host.h"
#include "daemon/secure_disk.h"
#include "daemon/settings.h"
#include "daemon/spool.h"
#include "proto/cms_sign.h"

void
store_name(char out[STORE_NAME_SIZE], const unsigned char digest[LEDGER_DIGEST_LEN])
{
	for (int i = 0; i < LEDGER_DIGEST_LEN; i++)
		(void)snprintf(out + 2 * i, 3, "%02x", digest[i]);
	(void)memcpy(out + 2 * LEDGER_DIGEST_LEN, ".cms", 5);
}

int
store_place(int *dir, const char **name, struct host *host, const char *path)
{
	static const struct {
		const char *prefix;
		enum { STORE, SECURE, OUTGOING } kind;
	} places[] = { { STORE_PREFIX, STORE }, { STORE_SECURE_PREFIX, SECURE },
		{ STORE_OUTGOING_PREFIX, OUTGOING } };

	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		size_t len = strlen(places[i].prefix);

		if (strncmp(path, places[i].prefix, len) != 0)
			continue;
		*name = path + len;
		if (places[i].kind == SECURE)
			return secure_disk_open(dir, host->settings);
		*dir = fcntl(places[i].kind == STORE
				? host->store_fd
				: spool_folder_fd(host->spool, SPOOL_OUTGOING),
			F_DUPFD_CLOEXEC, 0);
		return *dir < 0 ? KE_IO : 0;
	}
	return KE_NOT_FOUND;
}

/* Others may write to the secure disk: a pipe would keep its reader waiting, and what is no
 * plain file is none that was taken in. */
static int
open_plain(int *fd, int dir, const char *name)
{
	struct stat st;

	*fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (*fd < 0)
		return durable_error(errno);
	if (fstat(*fd, &st) == 0 && S_ISREG(st.st_mode))
		return 0;
	(void)close(*fd);
	*fd = -1;
	return KE_IO;
}

int
store_open(int *fd, struct host *host, const struct ledger_file *file)
{
	const char *name;
	int dir;
	int error = store_place(&dir, &name, host, file->path);

	if (error)
		return error;
	error = open_plain(fd, dir, name);
	(void)close(dir);
	return error;
}

static int
read_all(unsigned char *bytes, size_t len, int fd)
{
	size_t have = 0;
	ssize_t got;

	while (have < len) {
		got = read(fd, bytes + have, len - have);
		if (got <= 0)
			return KE_IO;
		have += (size_t)got;
	}
	return 0;
}

int
store_read(unsigned char **bytes, size_t *len, int dir, const char *name)
{
	struct stat st;
	int fd;
	int error = open_plain(&fd, dir, name);

	if (error)
		return error;
	if (fstat(fd, &st) != 0)
		error = KE_IO;
	else if (st.st_size > CMS_FILE_MAX)
		error = KE_TOO_LONG;
	if (error == 0) {
		*len = (size_t)st.st_size;
		*bytes = malloc(*len + 1);
		error = *bytes ? read_all(*bytes, *len, fd) : KE_NO_MEMORY;
		if (error) {
			free(*bytes);
			*bytes = NULL;
		}
	}
	(void)close(fd);
	return error;
}

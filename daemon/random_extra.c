/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/random_extra.h"
#include "proto/secret_bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "daemon/durable.h"
#include "daemon/host.h"
#include "daemon/ledger_file.h"
#include "daemon/random.h"
#include "daemon/random_health.h"
#include "daemon/random_throws.h"
#include "daemon/settings.h"
#include "proto/hash.h"

enum { FILE_MAX = 16384, DEVICE_BYTES = 512, DEVICE_MS = 10000 };

/* Up to the end, or until there is no room. */
static int
read_file(struct secret *out, int fd)
{
	size_t len = 0, room = secret_capacity(out);
	ssize_t got = 1;

	while (len < room && got != 0) {
		got = read(fd, secret_bytes(out) + len, room - len);
		if (got < 0 && errno != EINTR)
			return durable_error(errno);
		len += got > 0 ? (size_t)got : 0;
	}
	return len == room ? KE_TOO_LONG : secret_set_len(out, len);
}

/* A fixed number of bytes; a device that is there and silent keeps the start back for a
 * while only. */
static int
read_device(struct secret *out, int fd)
{
	struct random_health health = {0};
	struct pollfd wait = {.fd = fd, .events = POLLIN};
	size_t len = 0;
	int error;

	while (len < DEVICE_BYTES) {
		ssize_t got = read(fd, secret_bytes(out) + len, DEVICE_BYTES - len);

		if (got > 0)
			len += (size_t)got;
		else if (got == 0 || (errno != EAGAIN && errno != EINTR))
			return KE_IO;
		else if (errno == EAGAIN && poll(&wait, 1, DEVICE_MS) == 0)
			return KE_TIMEOUT;
	}
	error = random_health_feed(&health, secret_view(out), len);
	return error ? error : secret_set_len(out, len);
}

/* In place and synced before its name goes; what the medium makes of that does not matter
 * much: without the other sources these bytes tell nothing. */
static int
use_up(int folder, const char *name, size_t len)
{
	static const unsigned char zeros[FILE_MAX];
	int fd = openat(folder, name, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	int error = fd < 0 ? durable_error(errno) : 0;

	if (error == 0 && pwrite(fd, zeros, len, 0) != (ssize_t)len)
		error = KE_IO;
	if (error == 0)
		error = durable_sync(fd);
	if (fd >= 0)
		close(fd);
	return error ? error : durable_unlink(folder, name);
}

/* Whether a run that was cut off had overwritten it, and not removed it any more. */
static bool
is_used_up(const struct secret *text)
{
	const unsigned char *bytes = secret_view(text);
	size_t len = secret_len(text);

	for (size_t i = 0; i < len; i++)
		if (bytes[i] != 0)
			return false;
	return len > 0;
}

static int
remove_used(const struct secret *text, const char *path)
{
	const char *name = strrchr(path, '/') + 1;
	char folder[PATH_MAX];
	int dir, error;

	memcpy(folder, path, (size_t)(name - path));
	folder[name - path] = '\0';
	dir = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return durable_error(errno);
	error = use_up(dir, name, secret_len(text));
	close(dir);
	return error;
}

/* Judged, then in the ledger as used, then gone; mixed in by the caller. */
static int
take_text(const struct secret *text, struct host *host, const char *path)
{
	static const char what[] = "keyline extra random bytes 1";
	const struct hash_part parts[] = {
		{what, sizeof what}, {secret_view(text), secret_len(text)}};
	struct ledger_by by = host_by("daemon");
	unsigned char digest[HASH_SHA256_LEN];
	int error = random_throws_check(secret_view(text), secret_len(text));

	if (error == 0)
		error = hash_sha256_parts(digest, parts, 2);
	if (error == 0)
		error = ledger_take(host->ledger, &by, "random", digest);
	return error ? error : remove_used(text, path);
}

static int
take(int fd, struct host *host, const char *path)
{
	struct secret *bytes = secret_new(FILE_MAX);
	bool is_left_over = false;
	struct stat st;
	int error = bytes ? 0 : KE_NO_MEMORY;

	if (error == 0 && fstat(fd, &st) != 0)
		error = durable_error(errno);
	if (error == 0 && S_ISCHR(st.st_mode)) {
		error = read_device(bytes, fd);
	} else if (error == 0 && !S_ISREG(st.st_mode)) {
		error = KE_BAD_NAME;
	} else if (error == 0 && (st.st_uid != geteuid() || (st.st_mode & 077) != 0)) {
		error = KE_NOT_PERMITTED;
	} else if (error == 0) {
		error = read_file(bytes, fd);
		is_left_over = error == 0 && is_used_up(bytes);
		if (is_left_over)
			error = remove_used(bytes, path);
		else if (error == 0)
			error = take_text(bytes, host, path);
	}
	if (error == 0 && !is_left_over)
		error = random_mix_in(bytes);
	secret_free(bytes);
	return error;
}

int
random_extra_take(struct host *host)
{
	const char *path = host->settings->random_extra;
	int fd, error;

	if (!path)
		return 0;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW);
	if (fd < 0 && errno == ENOENT && strncmp(path, "/dev/", 5) != 0)
		return 0;
	if (fd < 0)
		return errno == ELOOP ? KE_BAD_NAME : durable_error(errno);
	error = take(fd, host, path);
	close(fd);
	return error;
}

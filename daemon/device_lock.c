/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/device_lock.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/file.h>
#include "daemon/settings.h"
#include "proto/hash.h"
#include "proto/mode.h"

enum { IDENTITY_MAX = 512, NAME_BYTES = 16 };

int
device_lock_path(char out[DEVICE_LOCK_PATH_SIZE], const struct settings *settings,
	const char *kind, const char *identity)
{
	const char *slash = strrchr(settings->socket, '/');
	unsigned char hash[HASH_SHA256_LEN];
	char low[IDENTITY_MAX], hex[2 * NAME_BYTES + 1];
	size_t len = strlen(identity);
	struct hash_part parts[] = {{kind, strlen(kind) + 1}, {low, len}};
	int error;

	if (len >= sizeof low)
		return KE_TOO_LONG;
	memcpy(low, identity, len + 1);
	/* A pin is hexadecimal, and the same in any case. */
	for (size_t i = 0; strcmp(kind, "print") == 0 && i < len; i++)
		low[i] = (char)tolower((unsigned char)low[i]);
	error = hash_sha256_parts(hash, parts, sizeof parts / sizeof parts[0]);
	if (error)
		return error;
	for (size_t i = 0; i < NAME_BYTES; i++)
		(void)snprintf(hex + 2 * i, 3, "%02x", hash[i]);
	if (snprintf(out, DEVICE_LOCK_PATH_SIZE, "%.*s/%s-%s.lock",
		    slash ? (int)(slash - settings->socket) : 1,
		    slash ? settings->socket : ".", kind, hex) >= DEVICE_LOCK_PATH_SIZE)
		return KE_TOO_LONG;
	return 0;
}

bool
device_lock_is_held(const struct settings *settings, const char *device)
{
	const char *kind = settings->mode == MODE_USA ? "etch" : "print";
	char path[DEVICE_LOCK_PATH_SIZE];
	bool is_held;
	int fd;

	if (device_lock_path(path, settings, kind, device) != 0)
		return true;
	fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY);
	if (fd < 0)
		return errno != ENOENT;
	is_held = flock(fd, LOCK_EX | LOCK_NB) != 0;
	close(fd);
	return is_held;
}

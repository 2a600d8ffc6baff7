/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/place.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include "daemon/settings.h"
#include "proto/error.h"

const char *
place_folder(const struct settings *settings, enum place place)
{
	const char *const folders[PLACES] = {
		[PLACE_STATE] = settings->state,
		[PLACE_HIGHWATER] = settings->highwater,
		[PLACE_SPOOL] = settings->spool,
		[PLACE_KEYS] = settings->key_folder,
		[PLACE_SECURE_DISK] = settings->disk.path,
	};

	return folders[place];
}

enum { INODES_MIN = 64, SHARE = 20 };

static const uint64_t room_min = UINT64_C(64) << 20;

int
place_judge(const struct statvfs *st, bool was_full)
{
	uint64_t share = (uint64_t)st->f_blocks * st->f_frsize / SHARE;
	uint64_t need = share < room_min ? share : room_min;
	uint64_t inodes = INODES_MIN;

	if (st->f_flag & ST_RDONLY)
		return KE_READ_ONLY;
	if (was_full) {
		need += need / 4;
		inodes += inodes / 4;
	}
	/* Some file systems count no inodes, or not even blocks. */
	if (st->f_blocks > 0 && (uint64_t)st->f_bavail * st->f_frsize < need)
		return KE_NO_SPACE;
	return st->f_files > 0 && st->f_favail < inodes ? KE_NO_SPACE : 0;
}

int
place_look(const char *folder, bool was_full)
{
	struct statvfs st;

	return statvfs(folder, &st) == 0 ? place_judge(&st, was_full) : 0;
}

/* How much of the path is the folder's; 0: it is not in there. */
static size_t
common(const char *folder, const char *path)
{
	char resolved[PATH_MAX];
	const char *name = realpath(folder, resolved) ? resolved : folder;
	size_t len = strlen(name);

	return strncmp(name, path, len) == 0 && (path[len] == '/' || path[len] == '\0')
		? len
		: 0;
}

enum place
place_of(const struct settings *settings, const char *path)
{
	enum place found = PLACE_STATE;
	size_t best = 0;

	for (int i = 0; i < PLACES; i++) {
		const char *folder = place_folder(settings, (enum place)i);
		size_t len = folder ? common(folder, path) : 0;

		if (len > best) {
			best = len;
			found = (enum place)i;
		}
	}
	return found;
}

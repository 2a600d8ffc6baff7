/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/place.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/settings.h"

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

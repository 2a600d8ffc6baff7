/* SPDX-License-Identifier: MIT */
/* Folders and names. */
#include "config.h"
#include "daemon/spool_inside.h"
#include "daemon/durable.h"
#include "proto/text.h"
#include "proto/utf8.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define REFUSED "refused-"

static const struct {
	const char *name;
	mode_t mode;
} folders[SPOOL_FOLDERS] = {
	[SPOOL_INCOMING] = {"incoming", 0770},
	[SPOOL_WORKING] = {"working", 0700},
	[SPOOL_OUTGOING] = {"outgoing", 0750},
	[SPOOL_DONE] = {"done", 0750},
	[SPOOL_FAILED] = {"failed", 0750},
	[SPOOL_DUPLICATE] = {"duplicate", 0750},
};

enum { MAX_BYTES = 64 << 20, SETTLE_MS = 1000 };

int
spool_note(struct spool *s, int rc)
{
	if (rc == KE_SYNC)
		s->failed = KE_SYNC;
	return rc;
}

bool
spool_name_is_ignored(const char *name)
{
	return name[0] == '.' || strncmp(name, "~$", 2) == 0 || text_ends_in(name, ".tmp") ||
	       text_ends_in(name, ".part");
}

bool
spool_name_is_odd(const char *name)
{
	size_t len = strlen(name);

	if (len > SPOOL_NAME_MAX || strncmp(name, REFUSED, strlen(REFUSED)) == 0 ||
		text_ends_in(name, ".result.txt") || text_ends_in(name, ".result.json"))
		return true;
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)name[i] < 0x20 || name[i] == 0x7f)
			return true;
	return !utf8_is_valid(name, len);
}

void
spool_name_show(char out[SPOOL_NAME_SIZE], const char *name)
{
	size_t i;

	for (i = 0; name[i] != '\0' && i < SPOOL_NAME_SIZE - 1; i++)
		out[i] = name[i] >= 0x20 && name[i] < 0x7f ? name[i] : '?';
	out[i] = '\0';
}

static int
compare_names(const void *a, const void *b)
{
	return strverscmp(*(char *const *)a, *(char *const *)b);
}

void
spool_names_free(char **names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(names[i]);
	free(names);
}

struct names {
	char **names;
	size_t count, room;
	/* In all, and those of no plain file. */
	size_t seen, strange;
	bool is_crowded;
};

static int
add_name(struct names *n, const char *name)
{
	if (n->count == n->room) {
		size_t more = n->room ? 2 * n->room : 64;
		char **grown = realloc(n->names, more * sizeof *grown);

		if (!grown)
			return KE_NO_MEMORY;
		n->names = grown;
		n->room = more;
	}
	n->names[n->count] = strdup(name);
	if (!n->names[n->count])
		return KE_NO_MEMORY;
	n->count++;
	return 0;
}

/* Whether there is room for what this entry is. */
static bool
has_room(struct names *n, const struct dirent *entry)
{
	if (entry->d_type != DT_REG && entry->d_type != DT_UNKNOWN &&
		++n->strange > SPOOL_STRANGE_MAX)
		return false;
	return n->count < SPOOL_SCAN_MAX;
}

/* Reads the names of an open directory stream. */
static int
read_names(struct names *n, bool is_incoming, DIR *dir)
{
	struct dirent *entry;
	int rc = 0;

	while (rc == 0 && (errno = 0, entry = readdir(dir))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (++n->seen > SPOOL_SCAN_MAX)
			n->is_crowded = true;
		if (is_incoming && spool_name_is_ignored(entry->d_name))
			continue;
		if (has_room(n, entry))
			rc = add_name(n, entry->d_name);
		else
			n->is_crowded = true;
	}
	if (rc != 0)
		return rc;
	return errno == 0 ? 0 : durable_error(errno);
}

int
spool_names(char ***names, size_t *count, bool *is_crowded, int folder_fd)
{
	struct names n = {0};
	int fd = openat(folder_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
	int rc;

	*names = NULL;
	*count = 0;
	if (!dir) {
		rc = durable_error(errno);
		if (fd >= 0)
			(void)close(fd);
		return rc;
	}
	rc = read_names(&n, is_crowded != NULL, dir);
	(void)closedir(dir);
	if (rc != 0) {
		spool_names_free(n.names, n.count);
		return rc;
	}
	if (n.count > 0)
		qsort(n.names, n.count, sizeof *n.names, compare_names);
	*names = n.names;
	*count = n.count;
	if (is_crowded)
		*is_crowded = n.is_crowded;
	return 0;
}

static int
open_folder(struct spool *s, enum spool_folder folder, const char *path, dev_t dev)
{
	size_t size = strlen(path) + strlen(folders[folder].name) + 2;
	struct stat st;
	mode_t mask;
	int fd;

	s->paths[folder] = malloc(size);
	if (!s->paths[folder])
		return KE_NO_MEMORY;
	(void)snprintf(s->paths[folder], size, "%s/%s", path, folders[folder].name);
	/* The umask must not decide who can drop a file.  The group, and that files get it,
	 * the folders take from the spool's own folder: a service may not set that bit. */
	mask = umask(0);
	fd = durable_open_dir(s->root, folders[folder].name, folders[folder].mode);
	(void)umask(mask);
	if (fd < 0)
		return fd;
	s->fds[folder] = fd;
	if (fstat(fd, &st) != 0)
		return durable_error(errno);
	return st.st_dev == dev ? 0 : KE_OTHER_FILE_SYSTEM;
}

static int
open_folders(struct spool *s, const struct spool_place *place)
{
	struct stat state, root;
	int rc = 0;

	s->root = open(place->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (s->root < 0 || fstat(s->root, &root) != 0)
		return durable_error(errno);
	if (place->state_path) {
		if (stat(place->state_path, &state) != 0)
			return durable_error(errno);
		if (state.st_dev != root.st_dev)
			return KE_OTHER_FILE_SYSTEM;
	}
	for (int i = 0; rc == 0 && i < SPOOL_FOLDERS; i++)
		rc = open_folder(s, (enum spool_folder)i, place->path, root.st_dev);
	return rc;
}

int
spool_open(struct spool **out, const struct spool_place *place)
{
	struct spool *s = calloc(1, sizeof *s);
	int rc;

	*out = NULL;
	if (!s)
		return KE_NO_MEMORY;
	s->root = -1;
	for (int i = 0; i < SPOOL_FOLDERS; i++)
		s->fds[i] = -1;
	s->max_bytes = place->max_bytes ? place->max_bytes : MAX_BYTES;
	s->settle_ms = place->settle_ms ? place->settle_ms : SETTLE_MS;
	rc = open_folders(s, place);
	if (rc == 0)
		rc = spool_names(
			&s->recovered, &s->recovered_count, NULL, s->fds[SPOOL_WORKING]);
	if (rc != 0)
		spool_close(s);
	else
		*out = s;
	return rc;
}

void
spool_close(struct spool *s)
{
	if (!s)
		return;
	for (int i = 0; i < SPOOL_FOLDERS; i++) {
		if (s->fds[i] >= 0)
			(void)close(s->fds[i]);
		free(s->paths[i]);
	}
	if (s->root >= 0)
		(void)close(s->root);
	for (size_t i = 0; i < s->count; i++)
		free(s->entries[i].name);
	free(s->entries);
	spool_names_free(s->recovered, s->recovered_count);
	free(s);
}

uint64_t
spool_max_bytes(const struct spool *s)
{
	return s->max_bytes;
}

bool
spool_is_crowded(const struct spool *s)
{
	return s->is_crowded;
}

int
spool_failed(const struct spool *s)
{
	return s->failed;
}

const char *
spool_folder_name(enum spool_folder folder)
{
	return (unsigned)folder < SPOOL_FOLDERS ? folders[folder].name : "unknown";
}

const char *
spool_folder_path(const struct spool *s, enum spool_folder folder)
{
	return (unsigned)folder < SPOOL_FOLDERS ? s->paths[folder] : NULL;
}

int
spool_folder_fd(const struct spool *s, enum spool_folder folder)
{
	return (unsigned)folder < SPOOL_FOLDERS ? s->fds[folder] : -1;
}

/* SPDX-License-Identifier: MIT */
/* What lies in incoming/, and since when it has not changed. */
#include "config.h"
#include "daemon/spool_inside.h"
#include "daemon/durable.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

/* A folder that was replaced or mounted over would make renames go astray. */
static int
check_folders(const struct spool *s)
{
	for (int i = 0; i < SPOOL_FOLDERS; i++) {
		struct stat here, there;

		if (fstat(s->fds[i], &here) != 0 ||
			fstatat(s->root, spool_folder_name((enum spool_folder)i), &there,
				AT_SYMLINK_NOFOLLOW) != 0)
			return durable_error(errno);
		if (here.st_dev != there.st_dev || here.st_ino != there.st_ino)
			return KE_OTHER_FILE_SYSTEM;
	}
	return 0;
}

struct spool_signature
spool_signature_of(const struct stat *st)
{
	return (struct spool_signature){
		st->st_dev, st->st_ino, st->st_size, st->st_mtim, st->st_ctim};
}

static bool
same_time(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

static bool
same_signature(const struct spool_signature *a, const struct spool_signature *b)
{
	return a->dev == b->dev && a->ino == b->ino && a->size == b->size &&
	       same_time(a->mtime, b->mtime) && same_time(a->ctime, b->ctime);
}

static int
compare_entry(const void *name, const void *entry)
{
	return strverscmp(name, ((const struct spool_entry *)entry)->name);
}

static int
compare_entries(const void *a, const void *b)
{
	return compare_entry(((const struct spool_entry *)a)->name, b);
}

void
spool_sort(struct spool *s)
{
	qsort(s->entries, s->count, sizeof *s->entries, compare_entries);
}

/* Why a file is refused by what it is; 0 when it is not. */
static int
refusal(const struct spool *s, const char *name, const struct stat *st)
{
	if (spool_name_is_odd(name))
		return KE_BAD_NAME;
	return (uint64_t)st->st_size > s->max_bytes ? KE_TOO_LONG : 0;
}

/* Whether name in incoming/ is a candidate; then entry says all but its name. */
static bool
look(struct spool_entry *entry, const struct spool *s, const char *name, int64_t now_ms)
{
	const struct spool_entry *old = NULL;
	struct stat st;

	if (spool_name_is_ignored(name) ||
		fstatat(s->fds[SPOOL_INCOMING], name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return false;
	memset(entry, 0, sizeof *entry);
	entry->signature = spool_signature_of(&st);
	entry->since_ms = now_ms;
	entry->is_file = S_ISREG(st.st_mode);
	entry->code = refusal(s, name, &st);
	if (s->count > 0)
		old = bsearch(
			name, s->entries, s->count, sizeof *s->entries, compare_entry);
	if (old && !old->taken && same_signature(&old->signature, &entry->signature)) {
		entry->since_ms = old->since_ms;
		entry->deferred = old->deferred;
		entry->ready = now_ms - old->since_ms >= (int64_t)s->settle_ms;
	}
	return true;
}

int
spool_scan(struct spool *s, int64_t now_ms)
{
	struct spool_entry *entries = NULL;
	char **names = NULL;
	size_t name_count = 0, count = 0;
	int rc = check_folders(s);

	if (rc == 0)
		rc = spool_names(
			&names, &name_count, &s->is_crowded, s->fds[SPOOL_INCOMING]);
	if (rc != 0)
		return rc;
	if (name_count > 0)
		entries = calloc(name_count, sizeof *entries);
	if (name_count > 0 && !entries) {
		spool_names_free(names, name_count);
		return KE_NO_MEMORY;
	}
	for (size_t i = 0; i < name_count; i++) {
		if (!look(&entries[count], s, names[i], now_ms))
			continue;
		entries[count++].name = names[i];
		names[i] = NULL;
	}
	spool_names_free(names, name_count);
	for (size_t i = 0; i < s->count; i++)
		free(s->entries[i].name);
	free(s->entries);
	s->entries = entries;
	s->count = count;
	return 0;
}

void
spool_list(const struct spool *s, spool_waiting_cb *cb, void *context)
{
	for (size_t i = 0; i < s->count; i++) {
		const struct spool_entry *e = &s->entries[i];
		char shown[SPOOL_NAME_SIZE];
		const struct spool_waiting waiting = {
			shown, e->ready, e->is_file, e->deferred};

		spool_name_show(shown, e->name);
		if (!e->taken)
			cb(context, &waiting);
	}
}

/* SPDX-License-Identifier: MIT */
/* What an earlier run left staged; stickers that are nowhere. */
#include "config.h"
#include "daemon/publish.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "daemon/alarm.h"
#include "daemon/erase.h"
#include "daemon/host.h"
#include "daemon/ledger_batch.h"
#include "daemon/publish_place.h"
#include "daemon/settings.h"
#include "daemon/spool.h"
#include "daemon/store.h"
#include "proto/hash.h"
#include "proto/text.h"

static const char staged_code[] = "stickers-staged", missing_code[] = "stickers-missing";

static int
digest_file(unsigned char digest[LEDGER_DIGEST_LEN], int dir, const char *name)
{
	unsigned char *bytes = NULL;
	size_t len = 0;
	int error = store_read(&bytes, &len, dir, name);

	if (error == 0)
		error = hash_sha256(digest, bytes, len);
	free(bytes);
	return error;
}

/* Whether it was told that another file has this one's name, and that is still there: not
 * all of both is read each second. */
static bool
is_still_taken(struct host *host, const char *staged)
{
	size_t len = strlen(staged) - strlen(PUBLISH_STAGED_ENDING);
	char name[STORE_NAME_SIZE + BATCH_NAME_SIZE];
	struct stat st;

	(void)snprintf(name, sizeof name, "%.*s", (int)len, staged);
	return alarm_stands_as(host->alarms, "outgoing-taken", name) &&
	       fstatat(spool_folder_fd(host->spool, SPOOL_OUTGOING), name, &st,
		       AT_SYMLINK_NOFOLLOW) == 0;
}

/* Whether a file staged on the secure disk is this host's by its name: another host's
 * lies there, too, when that one was cut off, or is at work. */
static bool
is_own(const struct host *host, const char *staged)
{
	size_t len = strlen(host->settings->host);

	return staged[0] == '.' && strncmp(staged + 1, host->settings->host, len) == 0 &&
	       staged[1 + len] == '.';
}

/* One staged file of an earlier run: on to its place when it was committed, whatever its
 * name; what was not is erased by the host that it is of. */
static int
recover_one(struct host *host, int dir, const char *staged)
{
	unsigned char digest[LEDGER_DIGEST_LEN];
	struct ledger_file file;
	struct erase_result erased;
	int error = digest_file(digest, dir, staged);

	if (error)
		return error == KE_NOT_FOUND ? 0 : error;
	error = ledger_file_get(&file, host->ledger, digest);
	if (error == 0)
		return publish_place_move(host, dir, staged, file.path);
	if (error != KE_NOT_FOUND)
		return error;
	if (dir == host->staged_fd || is_own(host, staged))
		return erase_file(&erased, dir, staged);
	publish_tell_staged(host, staged);
	return 0;
}

static int
recover_dir(struct host *host, int dir)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	int error = 0, taken = 0;

	if (!list) {
		if (fd >= 0)
			(void)close(fd);
		return KE_IO;
	}
	while (error == 0 && (entry = readdir(list))) {
		if (!text_ends_in(entry->d_name, PUBLISH_STAGED_ENDING))
			continue;
		error = is_still_taken(host, entry->d_name)
				? KE_DUPLICATE
				: recover_one(host, dir, entry->d_name);
		/* One whose name is taken keeps no other back. */
		if (error == KE_DUPLICATE) {
			taken = error;
			error = 0;
		}
	}
	(void)closedir(list);
	return error ? error : taken;
}

int
publish_recover(struct host *host)
{
	return recover_dir(host, host->staged_fd);
}

bool
publish_is_staged(const char *name)
{
	return name[0] == '.' && text_ends_in(name, PUBLISH_STAGED_ENDING);
}

void
publish_tell_staged(struct host *host, const char *staged)
{
	alarm_raise(host->alarms, staged_code, staged, host_now_ms());
}

struct search {
	struct host *host;
	int dir;
};

/* Its recipient has not said that it took it, so it has to be there. */
static int
find_missing(void *context, const struct ledger_file *file)
{
	const struct search *search = context;
	const char *name = file->path + strlen(STORE_SECURE_PREFIX);
	struct ledger_batch batch;
	struct stat st;
	int error;

	if (file->direction != LEDGER_OUT || file->receipt != LEDGER_RECEIPT_DUE ||
		strncmp(file->path, STORE_SECURE_PREFIX, strlen(STORE_SECURE_PREFIX)) !=
			0)
		return 0;
	error = ledger_batch_get(&batch, search->host->ledger, file->batch);
	if (error == 0 && !batch.voided && batch.state != LEDGER_BATCH_CLOSED &&
		fstatat(search->dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0 &&
		errno == ENOENT)
		alarm_raise(search->host->alarms, missing_code, name, host_now_ms());
	return error;
}

int
publish_recover_secure(struct host *host, int dir)
{
	struct search search = {host, dir};
	int error = recover_dir(host, dir);

	if (error)
		return error;
	alarm_clear(host->alarms, missing_code, NULL);
	return ledger_file_list(host->ledger, NULL, find_missing, &search);
}

void
publish_look_secure(struct host *host, int dir)
{
	for (size_t i = alarm_count(host->alarms); i-- > 0;) {
		const struct alarm *told = alarm_at(host->alarms, i);
		const char *code = told->code;
		char object[ALARM_OBJECT_SIZE];
		struct stat st;
		bool is_there;

		if (strcmp(code, staged_code) != 0 && strcmp(code, missing_code) != 0)
			continue;
		memcpy(object, told->object, sizeof object);
		is_there = fstatat(dir, object, &st, AT_SYMLINK_NOFOLLOW) == 0;
		if (is_there == (strcmp(code, missing_code) == 0))
			alarm_clear(host->alarms, code, object);
	}
}

void
publish_tell_received(struct host *host, const unsigned char sha256[LEDGER_DIGEST_LEN])
{
	size_t len = strlen(STORE_SECURE_PREFIX);
	struct ledger_file file;

	if (ledger_file_get(&file, host->ledger, sha256) == 0 &&
		strncmp(file.path, STORE_SECURE_PREFIX, len) == 0)
		alarm_clear(host->alarms, missing_code, file.path + len);
}

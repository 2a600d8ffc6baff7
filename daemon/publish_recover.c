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
#include "daemon/durable.h"
#include "daemon/erase.h"
#include "daemon/host.h"
#include "daemon/ledger_batch.h"
#include "daemon/publish_place.h"
#include "daemon/settings.h"
#include "daemon/spool.h"
#include "daemon/store.h"
#include "proto/cms_sign.h"
#include "proto/hash.h"
#include "proto/text.h"

static const char staged_code[] = "stickers-staged", strange_code[] = "staged-strange",
		  missing_code[] = "stickers-missing";

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
is_still_taken(struct host *host, int dir, const char *staged)
{
	int final_dir = dir == host->staged_fd
				? spool_folder_fd(host->spool, SPOOL_OUTGOING)
				: dir;
	char name[LEDGER_PATH_SIZE];
	struct stat st;

	publish_place_name(name, staged);
	return alarm_stands_as(host->alarms, "outgoing-taken", name) &&
	       fstatat(final_dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

/* What is staged on the secure disk has a dot before its name, in the state directory
 * none. */
static bool
is_dotted(const char *staged)
{
	return staged[0] == '.';
}

/* Whether a staged file is this host's: on the secure disk lies another one's, too, when
 * that was cut off, or is at work. */
static bool
is_ours(const struct host *host, int dir, const char *staged)
{
	size_t len = strlen(host->settings->host);

	return dir == host->staged_fd ||
	       (is_dotted(staged) &&
		       strncmp(staged + 1, host->settings->host, len) == 0 &&
		       staged[1 + len] == '.');
}

/* What no host stages: a folder, a link, more than a signed file can be. */
static bool
is_strange(int dir, const char *staged)
{
	struct stat st;

	return fstatat(dir, staged, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	       (!S_ISREG(st.st_mode) || st.st_size > CMS_FILE_MAX);
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
	if (is_ours(host, dir, staged))
		return erase_file(&erased, dir, staged);
	publish_tell_staged(host, dir, staged);
	return 0;
}

/* Whether an error is none of the one entry: nothing else would go better. */
static bool
is_of_all(struct host *host, int error)
{
	return error == KE_NO_MEMORY || durable_failed(-1) != 0 ||
	       ledger_failed(host->ledger) || durable_trouble()->code == error;
}

/* An entry that cannot be read is told by its name, and keeps no other back; nor does one
 * whose name is taken.  KE_DUPLICATE: it is looked at again. */
static int
see_to(struct host *host, int dir, const char *staged)
{
	int error;

	/* Each second it is read no more. */
	if (alarm_stands_as(host->alarms, staged_code, staged))
		return 0;
	error = is_strange(dir, staged)             ? KE_IO
		: is_still_taken(host, dir, staged) ? KE_DUPLICATE
						    : recover_one(host, dir, staged);
	if (error == 0 || error == KE_DUPLICATE || is_of_all(host, error))
		return error;
	alarm_raise(host->alarms, strange_code, staged, host_now_ms());
	if (dir == host->staged_fd)
		return KE_DUPLICATE;
	return is_ours(host, dir, staged) && !is_strange(dir, staged) ? KE_DUPLICATE : 0;
}

static int
recover_dir(struct host *host, int dir)
{
	int fd = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = fd < 0 ? NULL : fdopendir(fd);
	bool is_secure = dir != host->staged_fd;
	struct dirent *entry;
	int error = 0, taken = 0;

	if (!list) {
		if (fd >= 0)
			(void)close(fd);
		return KE_IO;
	}
	while (error == 0 && (entry = readdir(list))) {
		if (!text_ends_in(entry->d_name, PUBLISH_STAGED_ENDING) ||
			is_dotted(entry->d_name) != is_secure)
			continue;
		error = see_to(host, dir, entry->d_name);
		if (error == KE_DUPLICATE) {
			taken = error;
			error = 0;
		}
	}
	(void)closedir(list);
	return error ? error : taken;
}

/* Takes back what was told of a directory's entries that are gone, or back. */
static void
clear_told(struct host *host, int dir)
{
	for (size_t i = alarm_count(host->alarms); i-- > 0;) {
		const struct alarm *told = alarm_at(host->alarms, i);
		const char *code = told->code;
		bool is_missing = strcmp(code, missing_code) == 0;
		char object[ALARM_OBJECT_SIZE];
		struct stat st;

		memcpy(object, told->object, sizeof object);
		if (strcmp(code, staged_code) != 0 && strcmp(code, strange_code) != 0 &&
			!is_missing)
			continue;
		if ((is_dotted(object) || is_missing) != (dir != host->staged_fd))
			continue;
		if ((fstatat(dir, object, &st, AT_SYMLINK_NOFOLLOW) == 0) == is_missing)
			alarm_clear(host->alarms, code, object);
	}
}

int
publish_recover(struct host *host)
{
	clear_told(host, host->staged_fd);
	return recover_dir(host, host->staged_fd);
}

bool
publish_is_staged(const char *name)
{
	return is_dotted(name) && text_ends_in(name, PUBLISH_STAGED_ENDING);
}

void
publish_tell_staged(struct host *host, int dir, const char *staged)
{
	alarm_raise(host->alarms, is_strange(dir, staged) ? strange_code : staged_code,
		staged, host_now_ms());
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
	clear_told(host, dir);
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

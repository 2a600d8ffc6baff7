/* SPDX-License-Identifier: MIT */
/* Stickers on the secure disk, which are taken in where they lie. */
#include "config.h"
#include "daemon/intake_wait.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "daemon/alarm.h"
#include "daemon/intake_file.h"
#include "daemon/log.h"
#include "daemon/publish.h"
#include "daemon/secure_disk.h"
#include "daemon/settings.h"
#include "daemon/stage.h"
#include "daemon/store.h"
#include "proto/hash.h"
#include "proto/text.h"

/* Which files of the secure disk were judged in this run of the daemon; those that
 * were not taken are judged again when another file or a certificate has come. */
struct intake_seen {
	struct intake_seen *next;
	struct timespec mtime;
	bool refused;
	char name[];
};

/* A file that is to be judged, or NULL: it was. */
static struct intake_seen *
see(struct host *host, const char *name, const struct timespec *mtime)
{
	struct intake_seen *seen = host->secure_seen;

	while (seen && strcmp(seen->name, name) != 0)
		seen = seen->next;
	if (seen && seen->mtime.tv_sec == mtime->tv_sec
		&& seen->mtime.tv_nsec == mtime->tv_nsec)
		return NULL;
	if (!seen) {
		seen = calloc(1, sizeof *seen + strlen(name) + 1);
		if (!seen)
			return NULL;
		memcpy(seen->name, name, strlen(name) + 1);
		seen->next = host->secure_seen;
		host->secure_seen = seen;
	}
	seen->mtime = *mtime;
	return seen;
}

static void
see_refused_again(struct host *host)
{
	for (struct intake_seen *seen = host->secure_seen; seen; seen = seen->next)
		if (seen->refused)
			seen->mtime = (struct timespec){ 0 };
}

/* What lies on the disk was not taken: why is told there alone, it has no result file. */
static void
tell_secure(struct host *host, const char *name, int error)
{
	static const char waiting[] = "file-waiting", refused[] = "stickers-refused";
	bool waits = error == KE_OUT_OF_SEQUENCE;

	alarm_clear(host->alarms, waits ? refused : waiting, name);
	alarm_raise(host->alarms, waits ? waiting : refused, name, host_now_ms());
}

/* A file of stickers is taken in where it lies.  Returns 0 or why it was not. */
static int
take_secure(struct host *host, int dir, const char *name)
{
	struct intake_file file = { .host = host, .name = name, .is_secure = true };
	struct ledger_file known;
	unsigned char *bytes = NULL;
	int error = store_read(&bytes, &file.len, dir, name);

	host->changed = true;
	file.bytes = bytes;
	if (error == 0)
		error = hash_sha256(file.sha256, bytes, file.len);
	if (error == 0 && ledger_file_get(&known, host->ledger, file.sha256) != 0) {
		error = intake_signed(&file);
		log_event(LOG_FILE,
			&(struct log_fields){ .batch = file.batch[0] ? file.batch : NULL,
				.code = error_name(error),
				.detail = error ? "refused" : "accepted" });
	}
	if (error && !host_trouble(host, error))
		tell_secure(host, name, error);
	else if (!error)
		alarm_acknowledge(host->alarms, name);
	intake_file_clear(&file);
	free(bytes);
	return error;
}

/* One look at all that lies there; true: something was taken. */
static bool
scan_secure_once(struct host *host, DIR *list)
{
	struct intake_seen *seen;
	struct dirent *entry;
	struct stat st;
	bool taken = false;

	while ((entry = readdir(list))) {
		if (entry->d_name[0] == '.' || !text_ends_in(entry->d_name, ".stickers.cms")
			|| fstatat(dirfd(list), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0
			|| !S_ISREG(st.st_mode)
			|| !(seen = see(host, entry->d_name, &st.st_mtim)))
			continue;
		seen->refused = take_secure(host, dirfd(list), entry->d_name) != 0;
		taken = taken || !seen->refused;
	}
	return taken;
}

/* A folder has no order and the files have one: what waits follows what was taken. */
static void
scan_secure(struct host *host, int dir)
{
	DIR *list = fdopendir(dir);

	if (!list) {
		(void)close(dir);
		return;
	}
	if (host->secure_retry)
		see_refused_again(host);
	host->secure_retry = false;
	while (!host_bar(host) && scan_secure_once(host, list)) {
		see_refused_again(host);
		rewinddir(list);
	}
	(void)closedir(list);
}

void
intake_disk_look(struct host *host)
{
	int dir;
	int error;

	if (!host->settings->disk.path || host->stage_busy)
		return;
	error = secure_disk_open(&dir, host->settings);
	if (error) {
		host->secure_recovered = false;
		alarm_raise(host->alarms, "secure-disk", host->settings->disk.path,
			host_now_ms());
		return;
	}
	alarm_clear(host->alarms, "secure-disk", host->settings->disk.path);
	if (!host->secure_recovered) {
		error = publish_recover_secure(host);
		if (error && !host_trouble(host, error))
			alarm_raise(host->alarms, "stage-failed",
				host->settings->disk.path, host_now_ms());
	}
	if (!host->secure_recovered && !error) {
		host->secure_recovered = true;
		host->changed = true;
		stage_retry(host);
	}
	if (host->settings->stages & SETTINGS_PRINT)
		scan_secure(host, dir);
	else
		(void)close(dir);
}

void
intake_disk_forget(struct host *host)
{
	while (host->secure_seen) {
		struct intake_seen *next = host->secure_seen->next;

		free(host->secure_seen);
		host->secure_seen = next;
	}
}

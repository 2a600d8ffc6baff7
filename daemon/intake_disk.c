/* SPDX-License-Identifier: MIT */
/* Stickers on the secure disk, which are taken in where they lie. */
#include "config.h"
#include "daemon/intake_wait.h"

#include <dirent.h>
#include <fcntl.h>
#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uv.h>
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

/* So much is judged in one turn of the loop, as in incoming/; a look at a folder of many files
 * goes on in the next turns, and the next one begins a second later. */
enum { TURN_FILES = 16, TURN_MS = 100, LOOK_MS = 1000 };

/* A host that mints at this moment is given so long to bring a file to its place. */
enum { STAGED_MS = 2000 };

/* A file of the secure disk that was judged in this run of the daemon. */
struct seen {
	struct timespec mtime;
	/* When it was first seen staged, by the monotonic clock. */
	int64_t staged_ms;
	unsigned round;
	bool refused;
	char name[];
};

/* All of them by name, and the look that is under way.  What was not taken is judged again in
 * the next round, which begins when another file was taken or a certificate has come. */
struct intake_seen {
	void *files;
	unsigned round;
	DIR *list;
	int64_t begun_ms;
	bool taken;
};

static int
compare(const void *a, const void *b)
{
	return strcmp(((const struct seen *)a)->name, ((const struct seen *)b)->name);
}

/* The file's entry, made when there is none; NULL without memory. */
static struct seen *
entry_of(struct intake_seen *all, const char *name)
{
	struct seen *made = calloc(1, sizeof *made + strlen(name) + 1), **found;

	if (!made)
		return NULL;
	memcpy(made->name, name, strlen(name) + 1);
	found = tsearch(made, &all->files, compare);
	if (!found || *found != made)
		free(made);
	return found ? *found : NULL;
}

/* A file that is to be judged, or NULL: it was. */
static struct seen *
see(struct intake_seen *all, const char *name, const struct timespec *mtime)
{
	struct seen *seen = entry_of(all, name);

	if (!seen
		|| (seen->mtime.tv_sec == mtime->tv_sec && seen->mtime.tv_nsec == mtime->tv_nsec
			&& !(seen->refused && seen->round != all->round)))
		return NULL;
	seen->mtime = *mtime;
	seen->round = all->round;
	return seen;
}

/* What lies on the disk was not taken: why is told there alone, it has no result file. */
static void
tell_secure(struct host *host, const char *name, const char *waits, int error)
{
	static const char waiting[] = "file-waiting", refused[] = "stickers-refused";
	bool is_early = error == KE_OUT_OF_SEQUENCE;

	alarm_clear(host->alarms, is_early ? refused : waiting, name);
	alarm_raise_told(
		host->alarms, is_early ? waiting : refused, name, waits, host_now_ms());
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
		tell_secure(host, name, file.waits, error);
	else if (!error)
		alarm_acknowledge(host->alarms, name);
	intake_file_clear(&file);
	free(bytes);
	return error;
}

static int64_t
monotonic_ms(void)
{
	return (int64_t)(uv_hrtime() / 1000000);
}

static bool
is_unchanged(const struct seen *seen, const struct stat *st)
{
	return seen->mtime.tv_sec == st->st_mtim.tv_sec &&
	       seen->mtime.tv_nsec == st->st_mtim.tv_nsec;
}

/* What another host has staged is that one's to finish; only when it does not, it is
 * told. */
static void
look_at_staged(struct host *host, const char *name, const struct stat *st)
{
	struct seen *seen = entry_of(host->secure_seen, name);
	int64_t now = monotonic_ms();

	if (!seen)
		return;
	if (seen->staged_ms == 0 || !is_unchanged(seen, st)) {
		seen->mtime = st->st_mtim;
		seen->staged_ms = now;
	}
	if (now - seen->staged_ms >= STAGED_MS)
		publish_tell_staged(host, dirfd(host->secure_seen->list), name);
}

/* Judges one entry of the folder; true: it was work. */
static bool
look_at(struct host *host, const char *name)
{
	struct intake_seen *all = host->secure_seen;
	struct seen *seen;
	struct stat st;

	if (fstatat(dirfd(all->list), name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return false;
	/* A host that mints, too, has seen to them when the disk came. */
	if (publish_is_staged(name) && !(host->settings->stages & SETTINGS_MINT))
		look_at_staged(host, name, &st);
	if (name[0] == '.' || !text_ends_in(name, ".stickers.cms") ||
		!S_ISREG(st.st_mode) || !(seen = see(all, name, &st.st_mtim)))
		return false;
	seen->refused = take_secure(host, dirfd(all->list), name) != 0;
	all->taken = all->taken || !seen->refused;
	return true;
}

static void
end_look(struct intake_seen *all)
{
	if (all && all->list)
		(void)closedir(all->list);
	if (all)
		all->list = NULL;
}

/* A folder has no order and the files have one: what waits follows what was taken. */
static void
go_on(struct host *host)
{
	struct intake_seen *all = host->secure_seen;
	int64_t until = monotonic_ms() + TURN_MS;
	unsigned judged = 0;

	while (judged < TURN_FILES && monotonic_ms() < until && !host_bar(host)) {
		struct dirent *entry = readdir(all->list);

		if (entry) {
			judged += look_at(host, entry->d_name);
			continue;
		}
		if (!all->taken) {
			end_look(all);
			return;
		}
		all->taken = false;
		all->round++;
		rewinddir(all->list);
	}
}

static bool
is_same_disk(int a, int b)
{
	struct stat x, y;

	return fstat(a, &x) == 0 && fstat(b, &y) == 0 && x.st_dev == y.st_dev
		&& x.st_ino == y.st_ino;
}

/* Goes on with the look that is under way, or begins one; dir is consumed. */
static void
scan_secure(struct host *host, int dir)
{
	struct intake_seen *all = host->secure_seen;
	int64_t now = monotonic_ms();

	if (!all)
		all = host->secure_seen = calloc(1, sizeof *all);
	if (all && all->list && !is_same_disk(dir, dirfd(all->list)))
		end_look(all);
	if (all && !all->list && !(host->intake_left && now - all->begun_ms < LOOK_MS)) {
		all->list = fdopendir(dir);
		if (all->list)
			dir = -1;
		all->begun_ms = now;
		all->taken = false;
		all->round += host->secure_retry;
		host->secure_retry = false;
	}
	if (dir >= 0)
		(void)close(dir);
	if (all && all->list)
		go_on(host);
}

bool
intake_disk_is_left(const struct host *host)
{
	return host->secure_seen && host->secure_seen->list;
}

/* What was left staged there is seen to by the host that stages there. */
static void
recover(struct host *host, int dir)
{
	int error = 0;

	if (host->settings->stages & SETTINGS_MINT)
		error = publish_recover_secure(host, dir);
	if (error) {
		if (error != KE_DUPLICATE && !host_trouble(host, error))
			alarm_raise(host->alarms, "stage-failed",
				host->settings->disk.path, host_now_ms());
		return;
	}
	host->secure_recovered = true;
	host->changed = true;
	stage_retry(host);
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
		end_look(host->secure_seen);
		host->secure_recovered = false;
		alarm_raise(host->alarms, "secure-disk", host->settings->disk.path,
			host_now_ms());
		return;
	}
	alarm_clear(host->alarms, "secure-disk", host->settings->disk.path);
	if (!host->secure_recovered)
		recover(host, dir);
	publish_look_secure(host, dir);
	if (host->settings->stages & SETTINGS_PRINT)
		scan_secure(host, dir);
	else
		(void)close(dir);
}

void
intake_disk_forget(struct host *host)
{
	end_look(host->secure_seen);
	if (host->secure_seen)
		tdestroy(host->secure_seen->files, free);
	free(host->secure_seen);
	host->secure_seen = NULL;
}

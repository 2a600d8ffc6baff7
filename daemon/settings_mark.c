/* SPDX-License-Identifier: MIT */
/*
 * The high-water mark, before a start: it is written before a ledger's first event, so
 * that a ledger without one has lost it, and the daemon will not start.
 */
#include "config.h"
#include "daemon/settings_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* SQLite's header: its version number of ours stands at byte 60, 0 in a new file. */
enum { PATH_TEXT = 4096, VERSION_AT = 60, VERSION_LEN = 4 };

/* Whether the ledger has its tables, or is getting them: its log is not empty then. */
static bool
ledger_is_begun(const char *state)
{
	static const char none[VERSION_LEN];
	char path[PATH_TEXT], version[VERSION_LEN];
	struct stat st;
	bool begun;
	int fd;

	(void)snprintf(path, sizeof path, "%s/ledger.sqlite-wal", state);
	if (stat(path, &st) == 0 && st.st_size > 0)
		return true;
	(void)snprintf(path, sizeof path, "%s/ledger.sqlite", state);
	fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return false;
	begun = pread(fd, version, sizeof version, VERSION_AT) ==
			(ssize_t)sizeof version &&
		memcmp(version, none, sizeof none) != 0;
	(void)close(fd);
	return begun;
}

void
settings_mark_check(struct settings_reader *reader)
{
	const struct settings *settings = reader->settings;
	char path[PATH_TEXT];
	struct stat st;

	if (!settings->highwater || !settings->state || !settings->host[0])
		return;
	(void)snprintf(
		path, sizeof path, "%s/%s.mark", settings->highwater, settings->host);
	if (lstat(path, &st) == 0 || errno != ENOENT)
		return;
	if (ledger_is_begun(settings->state))
		settings_fault_at(reader, "line", "highwater",
			"`highwater': %s, the mark of the ledger in %s, is missing: "
			"without it nobody sees when an old copy of the ledger was put "
			"back, so the daemon does not start; put it back from the folder's "
			"own backup, never from the state's, or mount the folder",
			path, settings->state);
	else if (stat(settings->highwater, &st) == 0)
		settings_note_at(reader, "line", "highwater",
			"`highwater': %s is not there, which is right before the first "
			"start only; when this host has run before, its ledger is not in "
			"%s either: mount what is missing, or correct the paths, before it "
			"is started",
			path, settings->state);
}

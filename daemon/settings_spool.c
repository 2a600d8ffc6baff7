/* SPDX-License-Identifier: MIT */
/*
 * Whether people get at the spool.  The daemon's own work needs none of it, so it is a
 * note; but who may not drop a file learns it from his shell alone, on a busy day.
 */
#include "config.h"
#include "daemon/settings_reader.h"

#include <grp.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { GROUP_TEXT = 64, PATH_TEXT = 4096 };

/* The group's name, else its number. */
static void
group_text(char out[GROUP_TEXT], gid_t gid)
{
	const struct group *group = getgrgid(gid);

	if (group)
		(void)snprintf(out, GROUP_TEXT, "%s", group->gr_name);
	else
		(void)snprintf(out, GROUP_TEXT, "%lu", (unsigned long)gid);
}

/* One folder that the group gid is to use with these bits. */
static void
folder_note(struct settings_reader *reader, const char *path, const struct stat *st,
	gid_t gid, mode_t mode)
{
	char is[GROUP_TEXT], wanted[GROUP_TEXT];

	if (st->st_gid == gid && (st->st_mode & mode & 07070) == (mode & 07070))
		return;
	group_text(is, st->st_gid);
	group_text(wanted, gid);
	settings_note_at(reader, "line", "spool",
		"`spool': %s has the group %s and the mode %04o, so that the people of "
		"%s cannot use it;  chgrp %s %s  and  chmod %04o %s",
		path, is, (unsigned)st->st_mode & 07777, wanted, wanted, path,
		(unsigned)mode, path);
}

/* The folders in it that people use, as the daemon makes them. */
static const struct {
	const char *name;
	mode_t mode;
} folders[] = {
	{"incoming", 02770},
	{"outgoing", 02750},
	{"done", 02750},
	{"failed", 02750},
	{"duplicate", 02750},
};

void
settings_spool_people(struct settings_reader *reader)
{
	const struct settings *settings = reader->settings;
	char path[PATH_TEXT];
	struct stat st;
	gid_t gid;

	if (!settings->spool || stat(settings->spool, &st) != 0 || !S_ISDIR(st.st_mode))
		return;
	/* Another group than the daemon's own was chosen: operators may have one. */
	gid = st.st_gid == getegid() && settings->supervisors != (gid_t)-1
		      ? settings->supervisors
		      : st.st_gid;
	folder_note(reader, settings->spool, &st, gid, 02755);
	for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
		(void)snprintf(
			path, sizeof path, "%s/%s", settings->spool, folders[i].name);
		/* What is not there yet takes group and bit from the spool. */
		if (lstat(path, &st) == 0 && S_ISDIR(st.st_mode))
			folder_note(reader, path, &st, gid, folders[i].mode);
	}
}

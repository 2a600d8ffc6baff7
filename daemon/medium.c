/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/medium.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* More mounts than a host has; what lies behind them is not told. */
enum { MOUNTINFO_MAX = 256 * 1024 };

/* The n-th word of a line, from 0 on; NULL: it has fewer. */
static const char *
word_at(size_t *len, const char *line, size_t end, unsigned n)
{
	const char *at = line, *stop = line + end;

	for (;; n--) {
		const char *blank = memchr(at, ' ', (size_t)(stop - at));

		*len = (size_t)((blank ? blank : stop) - at);
		if (n == 0)
			return at;
		if (!blank)
			return NULL;
		at = blank + 1;
	}
}

/* "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue" */
static void
read_options(char out[MEDIUM_OPTIONS_SIZE], const char *line, size_t end)
{
	static const char dash[] = " - ";
	const char *behind = memmem(line, end, dash, sizeof dash - 1);
	size_t len, more = 0;
	const char *options = word_at(&len, line, end, 5), *others = NULL;

	if (behind)
		others = word_at(&more, behind + sizeof dash - 1,
			end - (size_t)(behind + sizeof dash - 1 - line), 2);
	if (options)
		(void)snprintf(out, MEDIUM_OPTIONS_SIZE, "%.*s%s%.*s", (int)len, options,
			others ? "; " : "", (int)more, others ? others : "");
}

bool
medium_options(char out[MEDIUM_OPTIONS_SIZE], const char *mountinfo, unsigned long id)
{
	out[0] = '\0';
	for (const char *line = mountinfo; *line;) {
		size_t len = strcspn(line, "\n");
		char *end;

		if (strtoul(line, &end, 10) == id && *end == ' ')
			read_options(out, line, len);
		line += len;
		line += *line == '\n';
	}
	return out[0] != '\0';
}

/* A file of /proc has no length; what is longer than size is cut. */
static void
read_all(char *out, size_t size, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	ssize_t got = 1;

	while (fd >= 0 && got > 0 && len < size - 1) {
		got = read(fd, out + len, size - 1 - len);
		len += got > 0 ? (size_t)got : 0;
	}
	if (fd >= 0)
		(void)close(fd);
	out[len] = '\0';
}

static void
describe_mount(struct medium *out, int dir)
{
	char *text = malloc(MOUNTINFO_MAX);
	struct statx st;

	if (text && statx(dir, "", AT_EMPTY_PATH, STATX_MNT_ID, &st) == 0 &&
		st.stx_mask & STATX_MNT_ID) {
		read_all(text, MOUNTINFO_MAX, "/proc/self/mountinfo");
		(void)medium_options(out->options, text, (unsigned long)st.stx_mnt_id);
	}
	free(text);
}

bool
medium_describe(struct medium *out, int dir)
{
	struct stat st;

	memset(out, 0, sizeof *out);
	if (fstat(dir, &st) != 0)
		return false;
	out->device = st.st_dev;
	out->has_disk = secure_disk_device(&out->disk, dir) == 0;
	secure_disk_uuid(out->uuid, dir);
	describe_mount(out, dir);
	return true;
}

/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/erase.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "daemon/durable.h"
#include "daemon/erase_medium.h"

/* A multiple of every sector and page, for O_DIRECT. */
enum { BLOCK = 65536, ALIGNMENT = 4096, PROOF = 16 };

/* The findings that say that copies may be left. */
enum { FINDINGS_OF_PLACE = ERASE_READ_CACHED - 1 };

static const char *const finding_texts[ERASE_FINDINGS] = {
	"The file system does not write in place.",
	"The file system's journal holds file data.",
	"The file lay within its inode.",
	"Blocks were shared with another file or a snapshot.",
	"Blocks were compressed or encoded.",
	"The overwrite went to other blocks than the file's.",
	"The file system is not one that this program can judge.",
	"The file has further names.",
	"The read-back may have come from memory.",
};

const char *
erase_finding_text(enum erase_finding finding)
{
	for (int i = 0; i < ERASE_FINDINGS; i++)
		if (finding == 1U << i)
			return finding_texts[i];
	return "";
}

/*
 * What is written: bytes without any pattern, the same for the same place.  Zeros
 * would not do: a hole reads as zeros, and disks and file systems treat them apart.
 */
static void
fill(unsigned char *block, size_t len, uint64_t at)
{
	uint64_t state = at * UINT64_C(0x9e3779b97f4a7c15) + UINT64_C(0x2545f4914f6cdd1d);

	for (size_t i = 0; i < len; i++) {
		state ^= state << 13;
		state ^= state >> 7;
		state ^= state << 17;
		block[i] = (unsigned char)(state >> 32);
	}
}

bool
erase_is_done(const unsigned char *bytes, size_t len)
{
	unsigned char *block = malloc(BLOCK);
	bool same = block != NULL && len > 0;

	for (size_t at = 0; same && at < len; at += BLOCK) {
		size_t part = len - at < BLOCK ? len - at : BLOCK;

		fill(block, part, at);
		same = memcmp(block, bytes + at, part) == 0;
	}
	free(block);
	return same;
}

bool
erase_is_begun(const unsigned char *bytes, size_t len)
{
	unsigned char *block = malloc(BLOCK);
	bool found = false;

	for (size_t at = 0; block && !found && at < len; at += BLOCK) {
		size_t part = len - at < BLOCK ? len - at : BLOCK;

		fill(block, part, at);
		for (size_t page = 0; !found && page < part; page += ALIGNMENT) {
			size_t rest = part - page < ALIGNMENT ? part - page : ALIGNMENT;

			/* A few bytes are alike by chance. */
			found = rest >= PROOF && memcmp(block + page, bytes + at + page, rest) == 0;
		}
	}
	free(block);
	return found;
}

static int
overwrite(int fd, uint64_t bytes, unsigned char *block)
{
	for (uint64_t at = 0; at < bytes; at += BLOCK) {
		size_t part = bytes - at < BLOCK ? (size_t)(bytes - at) : BLOCK, done = 0;

		fill(block, part, at);
		while (done < part) {
			ssize_t put =
				pwrite(fd, block + done, part - done, (off_t)(at + done));

			if (put < 0 && errno == EINTR)
				continue;
			if (put <= 0)
				return durable_note(
					fd, put < 0 ? durable_error(errno) : KE_IO);
			done += (size_t)put;
		}
	}
	return durable_sync(fd);
}

/* Reads a block or what the file has of it; direct reads come whole or end the file. */
static int
read_block(int fd, unsigned char *block, size_t part, uint64_t at)
{
	size_t done = 0;

	while (done < part) {
		ssize_t got = pread(fd, block + done, BLOCK - done, (off_t)(at + done));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return durable_error(errno);
		if (got == 0)
			return KE_READBACK;
		done += (size_t)got;
	}
	return 0;
}

static int
compare(int fd, uint64_t bytes, unsigned char *block, unsigned char *expected)
{
	for (uint64_t at = 0; at < bytes; at += BLOCK) {
		size_t part = bytes - at < BLOCK ? (size_t)(bytes - at) : BLOCK;
		int error = read_block(fd, block, part, at);

		if (error)
			return error;
		fill(expected, part, at);
		if (memcmp(block, expected, part) != 0)
			return KE_READBACK;
	}
	return 0;
}

static bool
is_same_file(int a, int b)
{
	struct stat x, y;

	return fstat(a, &x) == 0 && fstat(b, &y) == 0 && x.st_dev == y.st_dev &&
	       x.st_ino == y.st_ino;
}

/* Asks the device, past the page cache; where that cannot be had, the cache. */
static int
read_back(struct erase_result *result, int fd, int dir, const char *name,
	unsigned char *block, unsigned char *expected)
{
	int direct = openat(
		dir, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC | O_DIRECT);
	int error = KE_IO;

	if (direct >= 0 && is_same_file(direct, fd))
		error = compare(direct, result->bytes, block, expected);
	if (direct >= 0)
		(void)close(direct);
	if (error == 0 || error == KE_READBACK)
		return error;
	result->findings |= ERASE_READ_CACHED;
	if (posix_fadvise(fd, 0, 0, POSIX_FADV_DONTNEED) != 0)
		return KE_IO;
	return compare(fd, result->bytes, block, expected);
}

static int
erase_open(struct erase_result *result, int fd, int dir, const char *name,
	unsigned char *block, unsigned char *expected)
{
	struct erase_extents before, after;
	int error;

	erase_medium_judge(result, fd);
	erase_medium_extents(&before, result, fd);
	error = overwrite(fd, result->bytes, block);
	if (error)
		return error;
	erase_medium_extents(&after, result, fd);
	if (before.is_known && (!after.is_known || memcmp(before.digest, after.digest,
							   sizeof before.digest) != 0))
		result->findings |= ERASE_MOVED;
	error = read_back(result, fd, dir, name, block, expected);
	result->verified = error == 0;
	result->in_place = !(result->findings & FINDINGS_OF_PLACE);
	return error;
}

int
erase_file(struct erase_result *result, int dir, const char *name)
{
	int fd = openat(dir, name, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	unsigned char *blocks = NULL;
	struct stat st;
	int error;

	memset(result, 0, sizeof *result);
	result->file_system = "unknown";
	if (fd < 0)
		return durable_note(dir, durable_error(errno));
	error = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? durable_failed(fd) : KE_IO;
	if (error == 0 && posix_memalign((void **)&blocks, ALIGNMENT, 2 * BLOCK) != 0)
		error = KE_NO_MEMORY;
	if (error == 0) {
		result->bytes = (uint64_t)st.st_size;
		error = erase_open(result, fd, dir, name, blocks, blocks + BLOCK);
	}
	free(blocks);
	(void)close(fd);
	return error ? error : durable_unlink(dir, name);
}

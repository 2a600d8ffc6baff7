/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "ctl/copy.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <linux/posix_acl.h>
#include <linux/posix_acl_xattr.h>
#include <openssl/evp.h>

enum { BLOCK = 1 << 16, NAME_SIZE = 256 };

struct copying {
	struct copy *copy;
	int from;
	int directory;
	int to;
	char temporary[NAME_SIZE];
	EVP_MD_CTX *hash;
};

__attribute__((format(printf, 2, 3))) static int
fail(struct copy *copy, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vsnprintf(copy->message, sizeof copy->message, format, list);
	va_end(list);
	return -1;
}

/* The folder that is copied to, after a call that failed. */
static int
fail_directory(struct copy *copy)
{
	bool is_denied = errno == EACCES;

	return fail(copy, "%s: %s%s", copy->directory, strerror(errno),
		is_denied ? "; give the command as somebody who may write there (in the "
			    "spool: a supervisor)"
			  : "");
}

bool
copy_name_is_taken(const char *name)
{
	static const char *const ignored[] = {".*", "*.tmp", "*.part", "~$*"};

	for (size_t i = 0; i < sizeof ignored / sizeof ignored[0]; i++)
		if (fnmatch(ignored[i], name, 0) == 0)
			return false;
	return true;
}

static int
open_both(struct copying *c)
{
	struct stat st;

	c->from = open(c->copy->from, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (c->from < 0 || fstat(c->from, &st) != 0)
		return fail(c->copy, "%s: %s", c->copy->from, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return fail(c->copy, "%s: not a regular file", c->copy->from);
	if (st.st_size > COPY_BYTES_MAX)
		return fail(c->copy, "%s: larger than 32 MiB", c->copy->from);
	c->directory = open(c->copy->directory, O_RDONLY | O_CLOEXEC | O_DIRECTORY);
	if (c->directory < 0)
		return fail_directory(c->copy);
	return 0;
}

static int
write_all(struct copying *c, const char *bytes, size_t len)
{
	while (len) {
		ssize_t n = write(c->to, bytes, len);

		if (n < 0 && errno != EINTR)
			return fail(c->copy, "%s/%s: %s", c->copy->directory,
				c->temporary, strerror(errno));
		if (n > 0) {
			bytes += n;
			len -= (size_t)n;
		}
	}
	return 0;
}

/* Reads the file to its end into the hash and, when there is one, the copy. */
static int
pass_bytes(struct copying *c, int from, const char *path)
{
	static char block[BLOCK];
	ssize_t n;

	c->copy->bytes = 0;
	while ((n = read(from, block, sizeof block)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail(c->copy, "%s: %s", path, strerror(errno));
		c->copy->bytes += n;
		if (c->copy->bytes > COPY_BYTES_MAX)
			return fail(c->copy, "%s: larger than 32 MiB", path);
		if (EVP_DigestUpdate(c->hash, block, (size_t)n) != 1)
			return fail(c->copy, "SHA-256 failed");
		if (c->to >= 0 && write_all(c, block, (size_t)n) != 0)
			return -1;
	}
	return 0;
}

/* The hash of what is left to read, as hex digits. */
static int
hash_bytes(struct copying *c, int from, const char *path, char out[COPY_HASH_SIZE])
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	if (EVP_DigestInit_ex(c->hash, EVP_sha256(), NULL) != 1)
		return fail(c->copy, "SHA-256 failed");
	if (pass_bytes(c, from, path) != 0)
		return -1;
	if (EVP_DigestFinal_ex(c->hash, digest, &len) != 1)
		return fail(c->copy, "SHA-256 failed");
	for (unsigned i = 0; i < len; i++)
		snprintf(out + 2 * (size_t)i, 3, "%02x", digest[i]);
	return 0;
}

/* What to do about a file that has the name already. */
static int
compare(struct copying *c, bool same_is_well)
{
	char there[COPY_HASH_SIZE];
	int fd = openat(c->directory, c->copy->name, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	int error;

	if (fd < 0 && errno == ENOENT)
		return 0;
	if (fd < 0 || !same_is_well) {
		if (fd >= 0)
			close(fd);
		return fail(c->copy, "%s: %s has a file of that name already; wait until it is taken from there, "
			"or take it away (keylinectl status tells what waits)",
			c->copy->name, c->copy->directory);
	}
	error = hash_bytes(c, fd, c->copy->name, there);
	close(fd);
	if (error || hash_bytes(c, c->from, c->copy->from, c->copy->sha256) != 0 ||
		lseek(c->from, 0, SEEK_SET) != 0)
		return -1;
	if (strcmp(there, c->copy->sha256) != 0)
		return fail(c->copy, "%s: %s has another file of that name; find out which is right, and take the "
			"other one away",
			c->copy->name, c->copy->directory);
	c->copy->was_there = true;
	return 0;
}

/* Where a file system knows no rename that refuses to replace, look first. */
static int
rename_new(struct copying *c)
{
	if (renameat2(c->directory, c->temporary, c->directory, c->copy->name,
		    RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS)
		return -1;
	if (faccessat(c->directory, c->copy->name, F_OK, AT_SYMLINK_NOFOLLOW) == 0) {
		errno = EEXIST;
		return -1;
	}
	return renameat(c->directory, c->temporary, c->directory, c->copy->name);
}

/*
 * An access list (acl(5)) that lets the folder's owner, the daemon, write too: it
 * overwrites the file when its secrets are destroyed.  In the form of
 * <linux/posix_acl_xattr.h>, in the order of the tags.  Where the file system knows none,
 * the daemon says so then.
 */
static int
let_owner_write(const struct copying *c)
{
	enum { READ = 4, READ_WRITE = 6, ENTRIES = 5 };
	struct stat st;

	if (fstat(c->directory, &st) != 0)
		return -1;
	struct {
		struct posix_acl_xattr_header header;
		struct posix_acl_xattr_entry entries[ENTRIES];
	} list = {{htole32(POSIX_ACL_XATTR_VERSION)},
		{{htole16(ACL_USER_OBJ), htole16(READ_WRITE), htole32(ACL_UNDEFINED_ID)},
			{htole16(ACL_USER), htole16(READ_WRITE), htole32(st.st_uid)},
			{htole16(ACL_GROUP_OBJ), htole16(READ),
				htole32(ACL_UNDEFINED_ID)},
			{htole16(ACL_MASK), htole16(READ_WRITE),
				htole32(ACL_UNDEFINED_ID)},
			{htole16(ACL_OTHER), htole16(READ), htole32(ACL_UNDEFINED_ID)}}};

	if (st.st_uid == geteuid() ||
		fsetxattr(c->to, "system.posix_acl_access", &list, sizeof list, 0) == 0 ||
		errno == EOPNOTSUPP)
		return 0;
	return -1;
}

static int
make_copy(struct copying *c)
{
	snprintf(c->temporary, sizeof c->temporary, ".%.200s.%ld.tmp", c->copy->name,
		(long)getpid());
	c->to = openat(c->directory, c->temporary,
		O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (c->to < 0)
		return fail_directory(c->copy);
	if (hash_bytes(c, c->from, c->copy->from, c->copy->sha256) != 0)
		return -1;
	/* The daemon, another user, is to read it; vfat knows no modes. */
	if (fchmod(c->to, 0644) != 0 && errno != EPERM)
		return fail(c->copy, "%s: %s", c->temporary, strerror(errno));
	if (c->copy->owner_overwrites && let_owner_write(c) != 0)
		return fail(c->copy, "%s: %s", c->temporary, strerror(errno));
	if (fsync(c->to) != 0)
		return fail(c->copy, "%s: %s", c->temporary, strerror(errno));
	if (rename_new(c) != 0)
		return fail(c->copy, "%s: %s", c->copy->name, strerror(errno));
	c->temporary[0] = '\0';
	if (fsync(c->directory) != 0)
		return fail_directory(c->copy);
	return 0;
}

int
copy_file(struct copy *copy, bool same_is_well, bool dry_run)
{
	struct copying c = {copy, -1, -1, -1, "", EVP_MD_CTX_new()};
	int error = -1;

	copy->was_there = false;
	if (!c.hash)
		fail(copy, "out of memory");
	else if (open_both(&c) == 0)
		error = compare(&c, same_is_well);
	if (error == 0 && dry_run && !copy->was_there)
		error = hash_bytes(&c, c.from, copy->from, copy->sha256);
	else if (error == 0 && !copy->was_there)
		error = make_copy(&c);
	if (c.to >= 0 && close(c.to) != 0 && error == 0)
		error = fail(copy, "%s: %s", copy->name, strerror(errno));
	if (c.to >= 0 && c.temporary[0])
		unlinkat(c.directory, c.temporary, 0);
	if (c.from >= 0)
		close(c.from);
	if (c.directory >= 0)
		close(c.directory);
	EVP_MD_CTX_free(c.hash);
	return error;
}

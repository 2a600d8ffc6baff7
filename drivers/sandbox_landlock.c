/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "drivers/sandbox_landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/landlock.h>

/* Rights and rules that came after the kernel headers that we may be built with. */
enum {
	ACCESS_TRUNCATE = 1 << 14,  /* ABI 3 */
	ACCESS_IOCTL_DEV = 1 << 15, /* ABI 5 */
	ACCESS_BIND_TCP = 1 << 0,   /* ABI 4, of the net */
	ACCESS_CONNECT_TCP = 1 << 1,
	RULE_NET_PORT = 2,
	ABI_REFER = 2,
	ABI_TRUNCATE = 3,
	ABI_NET = 4,
	ABI_IOCTL_DEV = 5
};

enum {
	ACCESS_READ = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
	ACCESS_DEVICE = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE,
	/* All that ABI 1 knows. */
	ACCESS_ABI_1 = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1
};

struct ruleset {
	uint64_t fs;
	uint64_t net;
};

struct net_rule {
	uint64_t allowed;
	uint64_t port;
};

/* What libraries read to look up names and to verify a certificate, or to tell the time.
 */
static const char *const readable[] = {"/etc/resolv.conf", "/etc/hosts", "/etc/host.conf",
	"/etc/nsswitch.conf", "/etc/gai.conf", "/etc/services", "/etc/protocols",
	"/etc/localtime", "/etc/ssl", "/etc/gnutls", "/etc/ld.so.cache", "/lib", "/lib64",
	"/usr/lib", "/usr/share/zoneinfo", "/usr/share/locale", "/run/systemd/resolve",
	"/dev/urandom", "/dev/null", NULL};

static int
add_rule(int rules, int fd, uint64_t access)
{
	const struct landlock_path_beneath_attr rule = {
		.allowed_access = access, .parent_fd = fd};

	return syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule,
		       0) == 0
		       ? 0
		       : KE_IO;
}

/* A path that isn't there needs no rule: what comes later stays denied. */
static int
allow_readable(int rules, const char *path)
{
	int fd = open(path, O_PATH | O_CLOEXEC);
	struct stat st;
	int rc;

	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR || errno == EACCES ? 0 : KE_IO;
	if (fstat(fd, &st) != 0)
		rc = KE_IO;
	else
		rc = add_rule(rules, fd,
			S_ISDIR(st.st_mode) ? ACCESS_READ : LANDLOCK_ACCESS_FS_READ_FILE);
	close(fd);
	return rc;
}

static int
allow(int rules, const struct sandbox *sandbox, int abi)
{
	const struct net_rule port = {ACCESS_CONNECT_TCP, sandbox->port};
	int rc = 0;

	for (size_t i = 0; rc == 0 && readable[i]; i++)
		rc = allow_readable(rules, readable[i]);
	/* The file itself, not where it lies. */
	if (rc == 0 && sandbox->device && sandbox->device->fd >= 0)
		rc = add_rule(rules, sandbox->device->fd,
			ACCESS_DEVICE | (abi >= ABI_IOCTL_DEV ? ACCESS_IOCTL_DEV : 0));
	if (rc == 0 && sandbox->network && abi >= ABI_NET &&
		syscall(SYS_landlock_add_rule, rules, RULE_NET_PORT, &port, 0) != 0)
		rc = KE_IO;
	return rc;
}

int
sandbox_landlock(const struct sandbox *sandbox, int *abi)
{
	struct ruleset set = {.fs = ACCESS_ABI_1};
	long version = syscall(
		SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	int rules, rc;

	*abi = version > 0 ? (int)version : 0;
	if (version < 1)
		return 0;
	set.fs |= version >= ABI_REFER ? LANDLOCK_ACCESS_FS_REFER : 0;
	set.fs |= version >= ABI_TRUNCATE ? ACCESS_TRUNCATE : 0;
	set.fs |= version >= ABI_IOCTL_DEV ? ACCESS_IOCTL_DEV : 0;
	set.net = version >= ABI_NET ? ACCESS_BIND_TCP | ACCESS_CONNECT_TCP : 0;
	/* Older kernels know the first member alone. */
	rules = (int)syscall(SYS_landlock_create_ruleset, &set,
		version >= ABI_NET ? sizeof set : sizeof set.fs, 0);
	if (rules < 0)
		return KE_IO;
	rc = allow(rules, sandbox, (int)version);
	if (rc == 0 && syscall(SYS_landlock_restrict_self, rules, 0) != 0)
		rc = KE_IO;
	close(rules);
	return rc;
}

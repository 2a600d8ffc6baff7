/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "drivers/sandbox_landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stddef.h>
#include <string.h>
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

/* A path that isn't there needs no rule: what comes later stays denied. */
static int
allow_path(int rules, const char *path, uint64_t access)
{
	struct landlock_path_beneath_attr rule = {.allowed_access = access};
	struct stat st;
	int rc = 0;

	rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd < 0)
		return errno == ENOENT || errno == ENOTDIR || errno == EACCES ? 0 : KE_IO;
	if (fstat(rule.parent_fd, &st) != 0)
		rc = KE_IO;
	else if (!S_ISDIR(st.st_mode))
		rule.allowed_access &= ~(uint64_t)LANDLOCK_ACCESS_FS_READ_DIR;
	if (rc == 0 && syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH,
			       &rule, 0) != 0)
		rc = KE_IO;
	close(rule.parent_fd);
	return rc;
}

/* The folder of the device, and /dev, where a link in that folder leads. */
static int
allow_device(int rules, const char *device, int abi)
{
	const char *slash = strrchr(device, '/');
	uint64_t access = ACCESS_DEVICE | (abi >= ABI_IOCTL_DEV ? ACCESS_IOCTL_DEV : 0);
	char folder[PATH_MAX];
	int rc;

	if (!slash || (size_t)(slash - device) >= sizeof folder)
		return KE_IO;
	memcpy(folder, device, (size_t)(slash - device));
	folder[slash - device] = '\0';
	rc = allow_path(rules, "/dev", access);
	return rc == 0 && folder[0] ? allow_path(rules, folder, access) : rc;
}

static int
allow(int rules, const struct sandbox *sandbox, int abi)
{
	const struct net_rule port = {ACCESS_CONNECT_TCP, sandbox->port};
	int rc = 0;

	for (size_t i = 0; rc == 0 && readable[i]; i++)
		rc = allow_path(rules, readable[i], ACCESS_READ);
	if (rc == 0 && sandbox->device)
		rc = allow_device(rules, sandbox->device, abi);
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

/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "drivers/driver_process.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

/* stderr is best effort: whoever reads it may be gone. */
static void
put(const char *text)
{
	size_t len = strlen(text);

	while (len > 0) {
		ssize_t n = write(STDERR_FILENO, text, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return;
		text += n;
		len -= (size_t)n;
	}
}

void
driver_process_note(const char *name, const char *text)
{
	put(name);
	put(": ");
	put(text);
	put("\n");
}

static void
put_usage(const struct driver_option *table, const char *program)
{
	const char *slash = strrchr(program, '/');

	put("usage: ");
	put(slash ? slash + 1 : program);
	for (; table->name; table++) {
		put(table->required ? " --" : " [--");
		put(table->name);
		put(table->required ? " VALUE" : " VALUE]");
	}
	put("\n");
}

/* The row that arg (`--name` or `--name=value`) names; *value is NULL or behind the `=`.
 */
static const struct driver_option *
row_of(const struct driver_option *table, const char *arg, const char **value)
{
	const char *equals = strchr(arg, '=');
	size_t len;

	if (strncmp(arg, "--", 2) != 0)
		return NULL;
	arg += 2;
	len = equals ? (size_t)(equals - arg) : strlen(arg);
	*value = equals ? equals + 1 : NULL;
	for (; table->name; table++)
		if (strlen(table->name) == len && memcmp(table->name, arg, len) == 0)
			return table;
	return NULL;
}

static int
read_options(const struct driver_option *table, int argc, char **argv)
{
	uint64_t seen = 0;

	for (int i = 1; i < argc; i++) {
		const char *value = NULL;
		const struct driver_option *row = row_of(table, argv[i], &value);

		if (!row || seen >> (row - table) & 1)
			return KE_BAD_ARGUMENT;
		if (!value)
			value = ++i < argc ? argv[i] : NULL;
		if (!value)
			return KE_BAD_ARGUMENT;
		seen |= (uint64_t)1 << (row - table);
		*row->value = value;
	}
	for (const struct driver_option *row = table; row->name; row++)
		if (row->required && !(seen >> (row - table) & 1))
			return KE_BAD_ARGUMENT;
	return 0;
}

int
driver_process_options(const struct driver_option *table, int argc, char **argv)
{
	int rc = read_options(table, argc, argv);

	if (rc != 0)
		put_usage(table, argc > 0 ? argv[0] : "driver");
	return rc;
}

int
driver_process_number(uint64_t *out, const char *text, uint64_t min, uint64_t max)
{
	uint64_t number = 0;

	if (!*text || (text[0] == '0' && text[1]))
		return KE_BAD_ARGUMENT;
	for (; *text; text++) {
		unsigned digit = (unsigned)(unsigned char)*text - '0';

		if (digit > 9 || number > (UINT64_MAX - digit) / 10)
			return KE_BAD_ARGUMENT;
		number = number * 10 + digit;
	}
	if (number < min || number > max)
		return KE_BAD_ARGUMENT;
	*out = number;
	return 0;
}

int
driver_process_harden(void)
{
	const struct rlimit none = {0, 0};

	if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) != 0 || setrlimit(RLIMIT_CORE, &none) != 0)
		return KE_IO;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return KE_IO;
	if (signal(SIGPIPE, SIG_IGN) == SIG_ERR)
		return KE_IO;
	umask(077);
	return 0;
}

#ifdef KEYLINE_SECRET_MALLOC
int
driver_process_scrub_heap(char **argv)
{
	(void)argv;
	return 0;
}
#else
int
driver_process_scrub_heap(char **argv)
{
	static const char name[] = "GLIBC_TUNABLES";
	static const char wish[] = "glibc.malloc.perturb=90:glibc.malloc.tcache_count=0";
	const char *have = getenv(name);

	if (have && strcmp(have, wish) == 0)
		return 0;
	if (setenv(name, wish, 1) == 0)
		execv("/proc/self/exe", argv);
	return KE_IO;
}
#endif

int
driver_process_lock(const char *path)
{
	/* The descriptor stays open on purpose: the lock ends with the process. */
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, 0600);
	int rc;

	if (fd < 0)
		return KE_IO;
	do
		rc = flock(fd, LOCK_EX | LOCK_NB);
	while (rc != 0 && errno == EINTR);
	if (rc == 0)
		return 0;
	rc = errno == EWOULDBLOCK ? KE_LOCKED : KE_IO;
	close(fd);
	return rc;
}

int64_t
driver_process_now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void
driver_process_sleep_ms(int64_t ms)
{
	struct timespec left = {ms / 1000, ms % 1000 * 1000000};

	while (nanosleep(&left, &left) != 0 && errno == EINTR)
		;
}

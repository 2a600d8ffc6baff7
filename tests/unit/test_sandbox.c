/* SPDX-License-Identifier: MIT */
/* What a caged driver can still do, each tried by a process of its own. */
#include "config.h"
#include "harness.h"
#include "drivers/driver_process.h"
#include "drivers/sandbox.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef KEYLINE_SECRET_MALLOC
#define CAGED 0 /* sanitizers: see sandbox.c */
#else
#define CAGED 1
#endif

enum { NO_LANDLOCK = 77, NO_CAGE = 78, ABI_NET = 4 };

/* A folder with a link to a device, one to its neighbour, and a secret in it; and two
 * listening ports. */
static char folder[] = "/tmp/keyline-sandbox-XXXXXX";
static char device[64], neighbour[64], secret[64];
static int masters[2];
static uint16_t ports[2];
static int listeners[2];

static void
make_file(char *path, size_t size, const char *name)
{
	int fd;

	ck_assert_int_lt(snprintf(path, size, "%s/%s", folder, name), (int)size);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, "x", 1), 1);
	close(fd);
}

/* A terminal, named by a link as udev does it. */
static void
make_device(int *master, char *path, size_t size, const char *name)
{
	ck_assert_int_lt(snprintf(path, size, "%s/line/%s", folder, name), (int)size);
	*master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	ck_assert_int_ge(*master, 0);
	ck_assert_int_eq(grantpt(*master), 0);
	ck_assert_int_eq(unlockpt(*master), 0);
	ck_assert_int_eq(symlink(ptsname(*master), path), 0);
}

static void
make_places(void)
{
	char sub[64];

	ck_assert_ptr_nonnull(mkdtemp(folder));
	(void)snprintf(sub, sizeof sub, "%s/line", folder);
	ck_assert_int_eq(mkdir(sub, 0700), 0);
	make_device(&masters[0], device, sizeof device, "tty");
	make_device(&masters[1], neighbour, sizeof neighbour, "other");
	make_file(secret, sizeof secret, "secret");
	for (int i = 0; i < 2; i++) {
		struct sockaddr_in at = {
			.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
		socklen_t len = sizeof at;

		listeners[i] = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		ck_assert_int_ge(listeners[i], 0);
		ck_assert_int_eq(bind(listeners[i], (struct sockaddr *)&at, len), 0);
		ck_assert_int_eq(listen(listeners[i], 4), 0);
		ck_assert_int_eq(
			getsockname(listeners[i], (struct sockaddr *)&at, &len), 0);
		ports[i] = ntohs(at.sin_port);
	}
}

static void
remove_places(void)
{
	char sub[64];

	close(listeners[0]);
	close(listeners[1]);
	close(masters[0]);
	close(masters[1]);
	(void)snprintf(sub, sizeof sub, "%s/line", folder);
	ck_assert_int_eq(unlink(device), 0);
	ck_assert_int_eq(unlink(neighbour), 0);
	ck_assert_int_eq(rmdir(sub), 0);
	ck_assert_int_eq(unlink(secret), 0);
	ck_assert_int_eq(rmdir(folder), 0);
}

/* 0 or the errno of each try. */
static int
opens(const char *path, int flags)
{
	int fd = open(path, flags, 0600);

	return fd >= 0 ? close(fd) : errno;
}

static int
connects(uint16_t port)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM, 0), rc;

	if (fd < 0)
		return errno;
	rc = connect(fd, (struct sockaddr *)&to, sizeof to) == 0 ? 0 : errno;
	close(fd);
	return rc;
}

static int
opens_secret(void)
{
	return opens(secret, O_RDONLY);
}

static int
writes_secret(void)
{
	return opens(secret, O_WRONLY);
}

static int
makes_file(void)
{
	char path[80];

	(void)snprintf(path, sizeof path, "%s.new", device);
	return opens(path, O_WRONLY | O_CREAT);
}

static int
removes_file(void)
{
	return unlink(secret) == 0 ? 0 : errno;
}

static int
opens_device(void)
{
	return opens(device, O_RDWR | O_NOCTTY);
}

static int
opens_neighbour(void)
{
	return opens(neighbour, O_RDWR | O_NOCTTY);
}

static int
reads_neighbour(void)
{
	return opens(neighbour, O_RDONLY | O_NOCTTY);
}

static int
opens_terminal_maker(void)
{
	return opens("/dev/ptmx", O_RDWR | O_NOCTTY);
}

static int
connects_there(void)
{
	return connects(ports[0]);
}

static int
connects_elsewhere(void)
{
	return connects(ports[1]);
}

static int
makes_local_socket(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	return fd >= 0 ? close(fd) : errno;
}

static int
makes_raw_packets(void)
{
	int fd = socket(AF_PACKET, SOCK_RAW, 0);

	return fd >= 0 ? close(fd) : errno;
}

static int
listens(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0)
		return errno;
	return listen(fd, 1) == 0 ? close(fd) : errno;
}

static int
kills_parent(void)
{
	return kill(getppid(), 0) == 0 ? 0 : errno;
}

static int
runs_program(void)
{
	execl("/bin/true", "true", (char *)NULL);
	return errno;
}

static int
makes_process(void)
{
	pid_t child = fork();

	if (child == 0)
		_exit(0);
	return child > 0 ? 0 : errno;
}

static int
traces(void)
{
	return ptrace(PTRACE_ATTACH, getppid(), 0, 0) == 0 ? 0 : errno;
}

static void *
nothing(void *unused)
{
	return unused;
}

static int
makes_thread(void)
{
	pthread_t thread;
	int rc = pthread_create(&thread, NULL, nothing, NULL);

	return rc == 0 ? pthread_join(thread, NULL) : rc;
}

enum { SERIAL, NETWORK, KILLED = 1000 };

/* abi: from which Landlock on it holds; 0: seccomp's. */
static const struct attempt {
	const char *name;
	int (*try)(void);
	int cage, result, abi;
} attempts[] = {
	{"open a file", opens_secret, SERIAL, EACCES, 1},
	{"open a file", opens_secret, NETWORK, EACCES, 1},
	{"write a file", writes_secret, SERIAL, EACCES, 1},
	{"make a file", makes_file, SERIAL, EACCES, 1},
	{"remove a file", removes_file, SERIAL, EPERM, 0},
	{"open its device", opens_device, SERIAL, 0, 0},
	{"open the device beside it", opens_neighbour, SERIAL, EACCES, 1},
	{"read the device beside it", reads_neighbour, SERIAL, EACCES, 1},
	{"open a device of all of /dev", opens_terminal_maker, SERIAL, EACCES, 1},
	{"open a device", opens_device, NETWORK, EACCES, 1},
	{"connect", connects_there, SERIAL, EPERM, 0},
	{"connect to its port", connects_there, NETWORK, 0, 0},
	{"connect to another port", connects_elsewhere, NETWORK, EACCES, ABI_NET},
	{"make a local socket", makes_local_socket, NETWORK, EPERM, 0},
	{"make raw packets", makes_raw_packets, NETWORK, EPERM, 0},
	{"listen", listens, NETWORK, EPERM, 0},
	{"signal another", kills_parent, SERIAL, EPERM, 0},
	{"run a program", runs_program, SERIAL, KILLED, 0},
	{"run a program", runs_program, NETWORK, KILLED, 0},
	{"make a process", makes_process, NETWORK, EPERM, 0},
	{"trace", traces, NETWORK, KILLED, 0},
	{"make a thread", makes_thread, NETWORK, 0, 0},
};

enum { ATTEMPTS = sizeof attempts / sizeof attempts[0] };

/* The child's exit code: what the attempt returned, or that it could not be made. */
static int
in_cage(const struct attempt *attempt)
{
	struct sandbox cage = {.network = attempt->cage == NETWORK, .port = ports[0]};
	struct device_pin pin;
	int abi;

	device_pin_take(&pin, device);
	cage.device = attempt->cage == SERIAL ? &pin : NULL;
	if (driver_process_harden() != 0 || sandbox_enter(&cage, &abi) != 0)
		return NO_CAGE;
	return abi < attempt->abi ? NO_LANDLOCK : attempt->try();
}

START_TEST(a_caged_process)
{
	const struct attempt *attempt = &attempts[_i];
	pid_t child = fork();
	int status;

	ck_assert_int_ge(child, 0);
	if (child == 0)
		_exit(in_cage(attempt));
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	if (attempt->result == KILLED) {
		ck_assert_msg(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS,
			"%s: status %d", attempt->name, status);
		return;
	}
	ck_assert_msg(WIFEXITED(status), "%s: status %d", attempt->name, status);
	if (WEXITSTATUS(status) != NO_LANDLOCK)
		ck_assert_msg(WEXITSTATUS(status) == attempt->result, "%s: %d, not %d",
			attempt->name, WEXITSTATUS(status), attempt->result);
}
END_TEST

/* All of them work outside: it is the cage that refuses. */
START_TEST(a_free_process)
{
	ck_assert_int_eq(opens_secret(), 0);
	ck_assert_int_eq(writes_secret(), 0);
	ck_assert_int_eq(opens_device(), 0);
	ck_assert_int_eq(opens_neighbour(), 0);
	ck_assert_int_eq(opens_terminal_maker(), 0);
	ck_assert_int_eq(connects_there(), 0);
	ck_assert_int_eq(connects_elsewhere(), 0);
	ck_assert_int_eq(makes_local_socket(), 0);
	ck_assert_int_eq(listens(), 0);
	ck_assert_int_eq(kills_parent(), 0);
	ck_assert_int_eq(makes_thread(), 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("sandbox");
	TCase *all = tcase_create("all");

	tcase_add_unchecked_fixture(all, make_places, remove_places);
	tcase_add_test(all, a_free_process);
	/* Valgrind makes system calls of its own. */
	if (CAGED && !harness_valgrind())
		tcase_add_loop_test(all, a_caged_process, 0, ATTEMPTS);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}

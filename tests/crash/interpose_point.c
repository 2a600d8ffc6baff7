/* SPDX-License-Identifier: MIT */
/* What a call of interpose.c counts for, and what is done at the chosen point. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include "tests/crash/interpose.h"

struct points *points;
enum points_program program;
char points_preload[POINTS_PATH], points_named[POINTS_PATH];

static const char *const program_names[] = {
	[PROGRAM_DAEMON] = "keylined",
	[PROGRAM_ETCH] = "etch-modbus",
	[PROGRAM_PRINT] = "print-ipp",
	[PROGRAM_SCAN] = "scan-serial",
};

static enum points_program
program_of_self(void)
{
	char target[POINTS_PATH];
	ssize_t len = readlink("/proc/self/exe", target, sizeof target - 1);
	const char *name;

	if (len <= 0)
		return PROGRAM_OTHER;
	target[len] = '\0';
	name = strrchr(target, '/');
	name = name ? name + 1 : target;
	for (size_t i = 1; i < sizeof program_names / sizeof program_names[0]; i++)
		if (strcmp(name, program_names[i]) == 0)
			return (enum points_program)i;
	return PROGRAM_OTHER;
}

static void
enter_process(void)
{
	uint32_t pid = (uint32_t)getpid();

	for (int i = 0; i < POINTS_PROCESSES; i++) {
		uint32_t none = 0;

		if (__atomic_load_n(&points->processes[i].pid, __ATOMIC_SEQ_CST) == pid ||
			__atomic_compare_exchange_n(&points->processes[i].pid, &none, pid,
				false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
			points->processes[i].program = program;
			return;
		}
	}
}

__attribute__((constructor)) static void
load(void)
{
	const char *path = getenv(POINTS_ENV), *self = getenv("LD_PRELOAD");
	struct points *map;
	int fd;

	program = program_of_self();
	if (!path || !self || program == PROGRAM_OTHER)
		return;
	(void)snprintf(points_named, sizeof points_named, POINTS_ENV "=%s", path);
	(void)snprintf(points_preload, sizeof points_preload, "LD_PRELOAD=%s", self);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return;
	map = mmap(NULL, sizeof *map, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (map == MAP_FAILED || map->magic != POINTS_MAGIC)
		return;
	points = map;
	enter_process();
	faults_watch();
}

/*
 * A driver in its sandbox may neither kill nor open: it stands still while the campaign
 * does what is to be done (Points.hand).
 */
static void
ask_for(enum points_action action, uint32_t who)
{
	const struct timespec moment = {.tv_nsec = 100000};

	if (action == ACTION_KILL && who == WHO_CALLER)
		(void)kill(getpid(), SIGKILL);
	points->fired_tid = (uint32_t)syscall(SYS_gettid);
	__atomic_store_n(&points->asked, 1, __ATOMIC_SEQ_CST);
	while (!__atomic_load_n(&points->served, __ATOMIC_SEQ_CST))
		(void)nanosleep(&moment, NULL);
}

static char
type_of(const struct stat *st)
{
	return S_ISDIR(st->st_mode)    ? 'd'
	       : S_ISREG(st->st_mode)  ? 'f'
	       : S_ISFIFO(st->st_mode) ? 'p'
	       : S_ISSOCK(st->st_mode) ? 's'
	       : S_ISCHR(st->st_mode)  ? 'c'
				       : '\0';
}

/* One word and a number, as `start 12`: never a value of a load line. */
static void
take_line(char out[POINTS_TEXT], const char *bytes, size_t len)
{
	size_t n = 0, words = 0;

	while (n < len && n < POINTS_TEXT - 1) {
		if (bytes[n] == ' ' && ++words == 2)
			break;
		if (bytes[n] < ' ' || bytes[n] > '~' || bytes[n] == '=')
			break;
		out[n] = bytes[n];
		n++;
	}
	out[n] = '\0';
}

static void
take_object(struct call *call, int fd, const void *bytes, size_t len)
{
	struct stat st;

	call->record.len = len;
	if (fstat(fd, &st) != 0)
		return;
	call->record.type = type_of(&st);
	call->record.device = st.st_dev;
	call->record.inode = st.st_ino;
	/* libuv's pipes are socket pairs. */
	if (bytes && (call->record.type == 'p' || call->record.type == 's'))
		take_line(call->record.text, bytes, len);
}

uint64_t
point_folder(int dir, const char *path)
{
	char folder[POINTS_PATH];
	const char *slash = strrchr(path, '/');
	struct stat st;

	if (slash)
		(void)snprintf(
			folder, sizeof folder, "%.*s", (int)(slash - path + 1), path);
	else
		(void)snprintf(folder, sizeof folder, ".");
	return fstatat(dir, folder, &st, 0) == 0 ? st.st_ino : 0;
}

void
point_take_name(struct call *call, int dir, const char *name)
{
	const char *slash = strrchr(name, '/');
	struct stat st;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0) {
		call->record.type = type_of(&st);
		call->record.device = st.st_dev;
		call->record.inode = st.st_ino;
	}
	(void)snprintf(call->record.text, sizeof call->record.text, "%s",
		slash ? slash + 1 : name);
}

static void
keep(const struct call *call, bool failed)
{
	uint64_t n = __atomic_fetch_add(&points->recorded, 1, __ATOMIC_SEQ_CST);

	if (n >= POINTS_RECORDS)
		return;
	points->records[n] = call->record;
	points->records[n].number = call->number;
	points->records[n].failed = failed;
}

static bool
is_counted(enum points_kind kind)
{
	return points && points->enabled && (!points->after[0] || points->begun) &&
	       (points->programs >> program & 1) != 0 &&
	       (points->kinds >> kind & 1) != 0;
}

/* Counts one call and does what is to be done before it. */
void
point_begin(struct call *call, enum points_kind kind)
{
	uint64_t until;

	call->action = ACTION_NONE;
	call->number = 0;
	call->record.kind = (uint8_t)kind;
	call->record.program = (uint8_t)program;
	call->record.pid = (uint32_t)getpid();
	if (!is_counted(kind)) {
		if (points && points->after[0] &&
			strcmp(points->after, call->record.text) == 0)
			points->begun = 1;
		return;
	}
	__atomic_fetch_add(&points->counts[kind], 1, __ATOMIC_SEQ_CST);
	call->number = __atomic_add_fetch(&points->count, 1, __ATOMIC_SEQ_CST);
	until = points->until > points->at ? points->until : points->at;
	if (points->at == 0 || call->number < points->at || call->number > until)
		return;
	call->action = (enum points_action)points->action;
	if (points->fired == 0) {
		points->fired = call->number;
		points->fired_pid = (uint32_t)getpid();
		points->fired_kind = kind;
		points->fired_program = program;
	}
	keep(call, true);
	if (call->action == ACTION_KILL || call->action == ACTION_SHUTDOWN ||
		call->action == ACTION_ORPHAN)
		ask_for(call->action, points->who);
}

/* True when the call is not to be made. */
bool
point_is_refused(const struct call *call)
{
	if (call->action == ACTION_ERROR)
		errno = (int)points->error;
	return call->action == ACTION_ERROR;
}

long
point_end(struct call *call, long result)
{
	int error = errno;

	if (!points || !points->enabled)
		return result;
	if (call->action == ACTION_LOST) {
		result = -1;
		error = (int)points->error;
	}
	if (call->action == ACTION_TORN)
		ask_for(ACTION_KILL, points->who);
	if (call->record.kind != POINT_LOG && call->record.kind != POINT_ANSWER &&
		call->action != ACTION_ERROR)
		keep(call, result < 0);
	errno = error;
	return result;
}

size_t
point_torn(const struct call *call, size_t len)
{
	return call->action == ACTION_TORN ? len / 2 : len;
}

struct call
point_begin_fd(enum points_kind kind, int fd, const void *bytes, size_t len)
{
	struct call call = {.number = 0};
	int error = errno;

	if (points && points->enabled) {
		take_object(&call, fd, bytes, len);
		/* libuv wakes itself up: no act on the world, and no kernel fails it. */
		if (program == PROGRAM_DAEMON &&
			(call.record.type == 'p' || !call.record.type))
			kind = POINT_NONE;
		/* As often as somebody asks: no step of the work. */
		if (bytes && len && call.record.type == 's' &&
			*(const char *)bytes == '{')
			kind = POINT_ANSWER;
		point_begin(&call, kind);
	}
	errno = error;
	return call;
}

/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "sim/keeper.h"
#include "sim/keeper_file.h"
#include "sim/keeper_state.h"
#include "sim/plate.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { LOG_LINE_MAX = 256 };

struct keeper {
	int out;
	int log;
	/* where the state file lies, and its name there */
	int state_dir;
	char state_name[256];
	struct keeper_state state;
	enum keeper_pictures pictures;
	struct plate *plate;
	unsigned marks;
};

static int
save_state(struct keeper *k)
{
	char text[KEEPER_STATE_MAX];
	size_t len = keeper_state_format(text, &k->state);

	return keeper_file_replace(k->state_dir, k->state_name, text, len);
}

static int
load_state(struct keeper *k)
{
	char text[KEEPER_STATE_MAX];
	int len = keeper_file_read(text, sizeof text, k->state_dir, k->state_name);

	if (len == KE_NOT_FOUND)
		return save_state(k);
	return len < 0 ? len : keeper_state_parse(&k->state, text);
}

/* Opens the state file's folder and keeps the name in it. */
static int
open_state_dir(struct keeper *k, const char *state)
{
	const char *slash = state ? strrchr(state, '/') : NULL;
	const char *name = !state ? "state" : slash ? slash + 1 : state;
	char dir[4096] = ".";

	if (!*name || strlen(name) >= sizeof k->state_name - 4)
		return KE_BAD_ARGUMENT;
	memcpy(k->state_name, name, strlen(name) + 1);
	if (slash && (size_t)(slash - state) >= sizeof dir)
		return KE_BAD_ARGUMENT;
	if (slash) {
		memcpy(dir, state, (size_t)(slash - state));
		dir[slash - state] = '\0';
		if (slash == state)
			memcpy(dir, "/", 2);
	}
	k->state_dir = state ? open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
			     : fcntl(k->out, F_DUPFD_CLOEXEC, 3);
	return k->state_dir < 0 ? KE_IO : 0;
}

/* Takes the lock; a child of a killed simulator may hold it for a moment yet. */
static int
lock(int fd)
{
	const struct timespec moment = {.tv_nsec = 10000000};

	for (int i = 0; i < 20; i++) {
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			return 0;
		nanosleep(&moment, NULL);
	}
	return KE_LOCKED;
}

static int
open_out(struct keeper *k, const char *out)
{
	if (mkdir(out, 0700) == 0) {
		int error = keeper_file_sync_parent(out);

		if (error)
			return error;
	}
	k->out = open(out, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (k->out < 0)
		return KE_IO;
	k->log = openat(
		k->out, "marks.log", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (k->log < 0)
		return KE_IO;
	if (lock(k->log) != 0)
		return KE_LOCKED;
	return fsync(k->out) == 0 ? 0 : KE_IO;
}

int
keeper_open(struct keeper **keeper, struct etcher_retained *retained, const char *out,
	const char *state, enum keeper_pictures pictures)
{
	struct keeper *k = calloc(1, sizeof *k);
	int error;

	if (!k)
		return KE_NO_MEMORY;
	k->out = k->log = k->state_dir = -1;
	k->pictures = pictures;
	k->plate = plate_new();
	error = k->plate ? open_out(k, out) : KE_NO_MEMORY;
	if (!error)
		error = open_state_dir(k, state);
	if (!error)
		error = load_state(k);
	if (error) {
		keeper_free(k);
		return error;
	}
	*retained = k->state.retained;
	*keeper = k;
	return 0;
}

void
keeper_free(struct keeper *k)
{
	if (!k)
		return;
	while (wait(NULL) > 0)
		;
	if (k->state_dir >= 0)
		close(k->state_dir);
	if (k->log >= 0)
		close(k->log);
	if (k->out >= 0)
		close(k->out);
	plate_free(k->plate);
	free(k);
}

int
keeper_retain(void *keeper, const struct etcher_retained *retained)
{
	struct keeper *k = keeper;

	k->state.retained = *retained;
	return save_state(k);
}

/* Appends a line to marks.log; no text of a plate is in it. */
static int
log_line(struct keeper *k, const char *what, const struct etcher_act *act,
	const char *rest)
{
	char line[LOG_LINE_MAX], when[32];
	time_t now = time(NULL);
	struct tm tm;
	int len;

	gmtime_r(&now, &tm);
	strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &tm);
	len = snprintf(line, sizeof line,
		"%s %s job=%" PRIu32 " counter=%" PRIu32 " part=%u%s\n", when, what,
		act->job, act->counter, k->state.part, rest);
	return keeper_file_append(k->log, line, (size_t)len);
}

int
keeper_laser_on(void *keeper, const struct etcher_act *act)
{
	struct keeper *k = keeper;

	if (!k->state.part_used) {
		k->state.part_used = true;
		if (save_state(k) != 0)
			return KE_IO;
	}
	return log_line(k, "on", act, "");
}

/* A name that no picture has yet: a job should be marked once, but faults are played. */
static void
picture_name(char name[64], const struct keeper *k, const struct etcher_act *act)
{
	struct stat st;

	snprintf(name, 56, "plate-%" PRIu32 "%s", act->job, act->whole ? "" : "-partial");
	for (unsigned n = 2; n < 1000; n++) {
		char file[80];

		snprintf(file, sizeof file, "%s.svg", name);
		if (fstatat(k->out, file, &st, AT_SYMLINK_NOFOLLOW) != 0)
			return;
		snprintf(name, 64, "plate-%" PRIu32 "%s-%u", act->job,
			act->whole ? "" : "-partial", n);
	}
}

static int
draw_svg(struct keeper *k, const char *name)
{
	struct plate_bytes svg = {0};
	char file[80];
	int error = plate_svg(&svg, k->plate);

	snprintf(file, sizeof file, "%s.svg", name);
	if (!error)
		error = keeper_file_replace(k->out, file, svg.bytes, svg.len);
	plate_bytes_free(&svg);
	return error;
}

/*
 * In the child: lets go of all that is the simulator's but the folder, so that it can be
 * started again at once when it was killed.
 */
static void
keep_only_folder(struct keeper *k)
{
	if (k->out != 3 && dup2(k->out, 3) < 0)
		_exit(1);
	k->out = 3;
	close(STDIN_FILENO);
	close(STDOUT_FILENO);
	if (close_range(4, ~0u, 0) != 0)
		_exit(1);
}

/*
 * Rendering pixels takes longer than a master waits for an answer, so a child does it.
 * Children are reaped by the system (SIGCHLD is ignored) or by keeper_free().
 */
static int
draw_png(struct keeper *k, const char *name)
{
	struct plate_bytes png = {0};
	char file[80];
	pid_t child = fork();

	if (child != 0)
		return child < 0 ? KE_NO_MEMORY : 0;
	keep_only_folder(k);
	snprintf(file, sizeof file, "%s.png", name);
	_exit(plate_png(&png, k->plate) == 0 &&
				keeper_file_replace(k->out, file, png.bytes, png.len) == 0
			? 0
			: 1);
}

/* Etches into the part and draws it. */
static int
draw(struct keeper *k, const struct etcher_act *act, const char *name)
{
	int error;

	if (k->pictures == KEEPER_NO_PICTURES)
		return 0;
	error = plate_etch(k->plate, act->data, act->len, act->records);
	if (!error)
		error = draw_svg(k, name);
	if (!error && k->pictures == KEEPER_SVG_AND_PNG)
		error = draw_png(k, name);
	return error;
}

int
keeper_laser_off(void *keeper, const struct etcher_act *act)
{
	struct keeper *k = keeper;
	char name[64], rest[128];
	int error;

	if (k->pictures == KEEPER_NO_PICTURES)
		snprintf(name, sizeof name, "none");
	else
		picture_name(name, k, act);
	snprintf(rest, sizeof rest, " records=%" PRIu32 " outcome=%s plate=%s",
		act->records, act->whole ? "whole" : act->reason, name);
	/* the log first: it is what counts */
	error = log_line(k, "off", act, rest);
	if (!error)
		error = draw(k, act, name);
	if (act->whole)
		k->marks++;
	return error;
}

bool
keeper_part_present(const struct keeper *k)
{
	return k->state.part_present;
}

bool
keeper_part_used(const struct keeper *k)
{
	return k->state.part_used;
}

unsigned
keeper_part(const struct keeper *k)
{
	return k->state.part;
}

int
keeper_put_in(struct keeper *k)
{
	struct plate *blank = plate_new();

	if (!blank)
		return KE_NO_MEMORY;
	plate_free(k->plate);
	k->plate = blank;
	k->state.part++;
	k->state.part_present = true;
	k->state.part_used = false;
	return save_state(k);
}

int
keeper_take_out(struct keeper *k)
{
	k->state.part_present = false;
	return save_state(k);
}

unsigned
keeper_marks(const struct keeper *k)
{
	return k->marks;
}

/* SPDX-License-Identifier: MIT */
/* A set of stations over fake drivers, a loop, and a recipe that writes down. */
#ifndef KEYLINE_TESTS_STATION_FIXTURE_H
#define KEYLINE_TESTS_STATION_FIXTURE_H

#include "config.h"
#include "harness.h"
#include "daemon/log.h"
#include "daemon/station_inner.h"
#include "proto/line.h"
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { NOTES_MAX = 40, WAIT_MS = 20000 };

/* What the recipe heard, in order: "execute", "ready 7", "refused no-part" ... */
struct notes {
	char text[NOTES_MAX][64];
	size_t count;
};

static struct rig {
	uv_loop_t loop;
	struct settings settings;
	struct settings_station stations[2];
	struct station_set *set;
	struct station *station;
	struct notes notes;
	char folder[64];
	/* where it would lie: locks of devices are beside it */
	char socket[80];
	/* whether on_ready calls station_start() */
	bool starts;
	/* what on_execute asks for at once, NULL: nothing */
	const char *suspends;
	/* what bars the way to Execute, NULL: nothing */
	const char *bars;
	bool loads_again;
	bool is_late;
	bool is_stopped;
} rig;

static inline void
note(const char *what, const char *code)
{
	char *out;

	ck_assert_uint_lt(rig.notes.count, NOTES_MAX);
	out = rig.notes.text[rig.notes.count++];
	snprintf(out, sizeof(rig.notes.text[0]), "%s%s%s", what, code ? " " : "",
		code ? code : "");
}

static inline bool
heard(const char *text)
{
	size_t i;

	for (i = 0; i < rig.notes.count; i++)
		if (strcmp(rig.notes.text[i], text) == 0)
			return true;
	return false;
}

static inline size_t
heard_times(const char *text)
{
	size_t i, times = 0;

	for (i = 0; i < rig.notes.count; i++)
		times += strcmp(rig.notes.text[i], text) == 0;
	return times;
}

static inline void
rig_late(uv_timer_t *timer)
{
	(void)timer;
	rig.is_late = true;
}

/* Runs the loop until the condition holds; a test fails after WAIT_MS. */
#define WAIT_UNTIL(condition)                                           \
	do {                                                            \
		uv_timer_t late;                                        \
                                                                        \
		rig.is_late = false;                                    \
		uv_timer_init(&rig.loop, &late);                        \
		uv_timer_start(&late, rig_late, WAIT_MS, 0);            \
		while (!(condition) && !rig.is_late)                    \
			uv_run(&rig.loop, UV_RUN_ONCE);                 \
		uv_close((uv_handle_t *)&late, NULL);                   \
		uv_run(&rig.loop, UV_RUN_NOWAIT);                       \
		ck_assert_msg(!rig.is_late, "in vain: %s", #condition); \
	} while (0)

/* Puts the fake driver under the real names into a folder of its own. */
static inline void
rig_folder(void)
{
	static const char *const names[] = {"etch-modbus", "print-ipp", "scan-serial"};
	const char *srcdir = getenv("srcdir");
	char target[512], path[128];
	size_t i;

	strcpy(rig.folder, "/tmp/keyline-station.XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(rig.folder));
	snprintf(target, sizeof(target), "%s/tests/unit/fake_driver",
		srcdir ? srcdir : "..");
	for (i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s/%s", rig.folder, names[i]);
		ck_assert_int_eq(symlink(target, path), 0);
	}
}

static inline void
rig_folder_remove(void)
{
	static const char *const names[] = {"etch-modbus", "print-ipp", "scan-serial"};
	char path[128];
	size_t i;

	for (i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s/%s", rig.folder, names[i]);
		unlink(path);
	}
	rmdir(rig.folder);
}

/* Its log goes nowhere: what it says is for people. */
static inline void
rig_quiet(void)
{
	int null = open("/dev/null", O_WRONLY);

	dup2(null, STDERR_FILENO);
	close(null);
}

#endif

/* SPDX-License-Identifier: MIT */
/* Inside of interpose.so. */
#ifndef KEYLINE_TESTS_CRASH_INTERPOSE_H
#define KEYLINE_TESTS_CRASH_INTERPOSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include "tests/crash/points.h"

enum { POINTS_PATH = 4096 };

/* NULL: no campaign, every call goes through. */
extern struct points *points;
extern enum points_program program;
/* `LD_PRELOAD=...` and `KEYLINE_POINTS=...`, for the environment of a driver. */
extern char points_preload[POINTS_PATH], points_named[POINTS_PATH];

/* The call that is being looked at. */
struct call {
	struct points_record record;
	uint64_t number;
	enum points_action action;
};

/* Counts one call, which is said to be about *call, and does what is done before it. */
void point_begin(struct call *call, enum points_kind kind);

/* The same for a call on fd; bytes, of a line to a pipe, may be NULL. */
struct call point_begin_fd(enum points_kind kind, int fd, const void *bytes, size_t len);

/* The object of a call that names it, and its folder's inode. */
void point_take_name(struct call *call, int dir, const char *name);
uint64_t point_folder(int dir, const char *path);

/* True when the call is not to be made; errno is set. */
bool point_is_refused(const struct call *call);

/* How many bytes of a write are to be written. */
size_t point_torn(const struct call *call, size_t len);

/* Records the call and does what is done after it; gives the result to return. */
long point_end(struct call *call, long result);

/* From here on a fault of this process is told (interpose_fault.c). */
void faults_watch(void);

#endif

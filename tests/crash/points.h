/* SPDX-License-Identifier: MIT */
/*
 * The shared file of a crash campaign: what interpose.so counts, and what it does at
 * which point.  points.py writes and reads the same layout.  Tests only.
 */
#ifndef KEYLINE_TESTS_CRASH_POINTS_H
#define KEYLINE_TESTS_CRASH_POINTS_H

#include <stdint.h>

#define POINTS_ENV "KEYLINE_POINTS"

enum {
	POINTS_MAGIC = 0x4b4c5031,
	POINTS_RECORDS = 16384,
	POINTS_PROCESSES = 64,
	POINTS_KINDS = 16,
	POINTS_TEXT = 40,
	POINTS_MOUNT = 256,
	/* Of allocations; a power of two. */
	POINTS_SITES = 32768,
	/* Ways that fail in one run. */
	POINTS_TARGETS = 16,
	/* So many callers tell one way to an allocation from another. */
	POINTS_DEPTH = 48,
};

/* Kinds of calls; 1 << kind is a bit of `kinds`. */
enum points_kind {
	POINT_NONE,
	POINT_WRITE,
	POINT_PWRITE,
	POINT_PWRITEV,
	POINT_WRITEV,
	POINT_SEND,
	POINT_SENDTO,
	POINT_SENDMSG,
	POINT_FSYNC,
	POINT_FDATASYNC,
	POINT_RENAME,
	POINT_UNLINK,
	POINT_FTRUNCATE,
	/* A write to stderr: counted only when asked for. */
	POINT_LOG,
	/* Taking a flock: recorded, counted only when asked for. */
	POINT_FLOCK,
	/* An answer to a person's command: counted only when asked for. */
	POINT_ANSWER,
};

/* 1 << program is a bit of `programs`. */
enum points_program {
	PROGRAM_OTHER,
	PROGRAM_DAEMON,
	PROGRAM_ETCH,
	PROGRAM_PRINT,
	PROGRAM_SCAN,
};

enum points_action {
	ACTION_NONE,
	/* SIGKILL to `who`, before the call. */
	ACTION_KILL,
	/* The call is not made; it fails with `error`. */
	ACTION_ERROR,
	/* The call is made and then said to have failed: the answer was lost. */
	ACTION_LOST,
	/* The file system at `mount` goes down without its log, then as ACTION_KILL. */
	ACTION_SHUTDOWN,
	/* The daemon is killed and the driver that called stands still (SIGSTOP). */
	ACTION_ORPHAN,
	/* Half of the bytes are written, then as ACTION_KILL. */
	ACTION_TORN,
};

enum points_who { WHO_CALLER, WHO_DAEMON, WHO_DRIVER, WHO_BOTH };

/* Defects that need no change of a program; bits of `mutants`. */
enum points_mutant {
	MUTANT_NO_FILE_FSYNC = 1,
	MUTANT_NO_DIRECTORY_FSYNC = 2,
	MUTANT_NO_FLOCK = 4,
};

/* One way to an allocation: all callers up to main, in a program without ASLR. */
struct points_site {
	uint64_t hash;
	/* Who called malloc. */
	uint64_t caller;
	uint64_t count;
};

/* The nth allocation by a way fails, once. */
struct points_target {
	uint64_t hash, caller, nth, seen, fired;
};

struct points_record {
	/* The point's number; 0 when the call was not counted. */
	uint64_t number;
	uint32_t pid;
	uint8_t kind;
	uint8_t program;
	uint8_t failed;
	/* d f p s c: directory, file, pipe, socket, character device; 0 unknown */
	char type;
	/* What it is done to; for a rename the file that moves. */
	uint64_t device, inode;
	/* rename and unlink: the folders, which need an fsync after it. */
	uint64_t from_folder, to_folder;
	/* Of a write or send: how many bytes. */
	uint64_t len;
	/* The first word and the number after it of a line in a pipe; a file's name. */
	char text[POINTS_TEXT];
};

struct points {
	uint32_t magic;
	/* Nothing is counted while it is 0. */
	uint32_t enabled;
	uint32_t kinds;
	uint32_t programs;
	uint32_t action;
	uint32_t error;
	uint32_t who;
	uint32_t mutants;
	/* Set when the line `after` has been written to a pipe. */
	uint32_t begun, unused;
	/* From point `at` to point `until`, counted from 1; at == 0: never. */
	uint64_t at, until;
	uint64_t count;
	/* The point at which it was first done, by whom. */
	uint64_t fired;
	uint32_t fired_pid, fired_kind, fired_program, fired_tid;
	/* The caller waits for what it cannot do itself; the campaign has done it. */
	uint32_t asked, served;
	uint64_t counts[POINTS_KINDS];
	/* Allocations, by the programs of the same mask, only while alloc_enabled. */
	uint32_t alloc_enabled, alloc_programs;
	uint64_t alloc_at, alloc_until, alloc_count, alloc_fired;
	/* Who called the first failing one. */
	uint64_t alloc_caller;
	/* Each is looked at, and counted in `sites`. */
	uint32_t site_record, site_overflow;
	/* So many of `targets` are looked for. */
	uint64_t target_count;
	struct points_target targets[POINTS_TARGETS];
	uint64_t recorded;
	/* Nothing is counted before this line; empty: everything is. */
	char after[POINTS_TEXT];
	char mount[POINTS_MOUNT];
	/* The file that remembers scrypt; empty: none. */
	char memo[POINTS_MOUNT];
	struct {
		uint32_t pid, program;
	} processes[POINTS_PROCESSES];
	struct points_record records[POINTS_RECORDS];
	struct points_site sites[POINTS_SITES];
};

#endif

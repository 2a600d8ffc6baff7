/* SPDX-License-Identifier: MIT */
/*
 * The report by which a batch is reconciled on one host: a list of counts under
 * headings, what keeps them from closing, and the head of the ledger that they were
 * taken from.  Its text is a page for a supervisor to print and sign.  Nothing in it is
 * secret, and nothing tells of a drawn wallet that may not be told yet.
 */
#ifndef KEYLINE_PROTO_RECONCILE_H
#define KEYLINE_PROTO_RECONCILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "proto/error.h"

enum {
	RECONCILE_SECTION_SIZE = 176,
	RECONCILE_NAME_SIZE = 64,
	RECONCILE_NOTE_SIZE = 512,
	/* Hex digits of a ledger's hash, and a NUL. */
	RECONCILE_HASH_SIZE = 65
};

/* One count, or a remark. */
struct reconcile_row {
	/* "the equation"; rows of one follow each other. */
	char section[RECONCILE_SECTION_SIZE];
	char name[RECONCILE_NAME_SIZE];
	bool has_count;
	uint64_t count;
	/* A probability in millionths belongs to it. */
	bool has_ppm;
	uint32_t ppm;
	/* More about it, one or more sentences without a newline; "". */
	char note[RECONCILE_NOTE_SIZE];
};

/* Why the batch does not close or go on, and the next step. */
struct reconcile_obstacle {
	char status[RECONCILE_NOTE_SIZE];
	char action[RECONCILE_NOTE_SIZE];
};

/* Borrowed texts live as long as the caller wants to use the report. */
struct reconcile {
	const char *host;
	const char *mode;
	const char *use;
	const char *batch;
	const char *product;
	const char *coins;
	const char *state;
	/* UTC, "2026-11-22T09:30:00Z". */
	const char *time;
	/* "keylined 0.1.0" */
	const char *tool;
	/* The equation holds and every bad part is destroyed. */
	bool closes;
	/* The ledger's newest event when the counts were taken. */
	uint64_t seq;
	char hash[RECONCILE_HASH_SIZE];
	/* Owned. */
	struct reconcile_row *rows;
	size_t count;
	struct reconcile_obstacle *obstacles;
	size_t obstacle_count;
	/* The first failure to add; nothing is added after it. */
	int error;
	/* Private: where a row goes that found no room. */
	struct reconcile_row lost;
};

/* Adds a row, which the caller may fill in further until the next one is added; with or
 * without a count.  Never NULL: after an error (report->error) it is one that is lost. */
struct reconcile_row *reconcile_add(
	struct reconcile *report, const char *section, const char *name);
struct reconcile_row *reconcile_count(
	struct reconcile *report, const char *section, const char *name, uint64_t count);

/* Sets a row's note. */
void reconcile_note(struct reconcile_row *row, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

void reconcile_obstacle(struct reconcile *report, const char *status, const char *action);

/* Frees rows and obstacles; the report may be used again. */
void reconcile_clear(struct reconcile *report);

/* "16.6666 %"; 100 % only for a certainty. */
enum { RECONCILE_PPM_SIZE = 16 };
void reconcile_ppm(char out[RECONCILE_PPM_SIZE], uint32_t ppm);

/*
 * Writes the page into *out (free() it): plain ASCII but for the texts given, lines of
 * at most 78 bytes where words allow, with lines for two signatures.  Returns 0,
 * report->error, KE_TOO_LONG (over a MiB), KE_NO_MEMORY.
 */
KEYLINE_WARN_UNUSED int reconcile_text(
	char **out, size_t *len, const struct reconcile *report);

#endif

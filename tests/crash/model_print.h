/* SPDX-License-Identifier: MIT */
/* The states of model_print.c, and who makes its moves. */
#ifndef KEYLINE_TESTS_CRASH_MODEL_PRINT_H
#define KEYLINE_TESTS_CRASH_MODEL_PRINT_H

#include <stdint.h>
#include <string.h>
#include "tests/crash/model_search.h"

enum { PRINT_JOBS = 2, PRINT_DRIVERS = 2 };

/* X(constant, name, what it does wrong): each must break a property. */
#define PRINT_MUTANTS(X)                                                           \
	X(PRINT_MUTANT_NONE, "none", "the line as it is")                          \
	X(PRINT_MUTANT_ACT_FIRST, "intent after act",                              \
		"the document goes out, then the intent is written")               \
	X(PRINT_MUTANT_NO_QUERY, "query ignored",                                  \
		"an open intent is taken for never printed")                       \
	X(PRINT_MUTANT_UNKNOWN_RETRIED, "unknown tried again",                     \
		"what the printer cannot tell is printed anew")                    \
	X(PRINT_MUTANT_LIST_BELIEVED, "forgotten list believed",                   \
		"a job that is not found is taken for never printed")              \
	X(PRINT_MUTANT_ONE_PAGE, "done on one impression",                         \
		"a job is done when the printer says so, whatever it counted")     \
	X(PRINT_MUTANT_CANCELED, "cancelled taken for no",                         \
		"a job that was cancelled is taken for not printed")               \
	X(PRINT_MUTANT_UNBEGUN, "cancel believed",                                 \
		"a cancelled job that has not begun is taken for never printed")   \
	X(PRINT_MUTANT_START_IGNORED, "start ignored",                             \
		"a printer that lost its power says never, and is believed")       \
	X(PRINT_MUTANT_NO_FLOCK, "no flock",                                       \
		"a new driver works beside an orphaned one")                       \
	X(PRINT_MUTANT_RETRIED, "print retried",                                   \
		"a driver that died is taken for not begun")                       \
	X(PRINT_MUTANT_ONE_PERSON, "one person", "one person's word counts twice") \
	X(PRINT_MUTANT_BLIND, "stickers not looked at",                            \
		"people call a sticker good that they have not seen")              \
	X(PRINT_MUTANT_OPEN_SHIP, "shipped unasked", "a batch goes out with open counts")

enum print_mutant {
#define X(constant, name, what) constant,
	PRINT_MUTANTS(X)
#undef X
		PRINT_MUTANT_COUNT
};

enum print_host {
	PRINT_HOST_DEAD,
	PRINT_HOST_IDLE,
	PRINT_HOST_LOADING,
	PRINT_HOST_READY,   /* ready read, no intent yet */
	PRINT_HOST_INTENT,  /* intent durable, start not written */
	PRINT_HOST_ACTED,   /* mutant: start written, no intent yet */
	PRINT_HOST_STARTED, /* start written */
	PRINT_HOST_ASKING   /* query written */
};

/* A driver lives for one job. */
enum print_driver_phase {
	PRINT_DRIVER_GONE,
	PRINT_DRIVER_IDLE,
	PRINT_DRIVER_LOADED,  /* ready told */
	PRINT_DRIVER_CREATED, /* the printer has the job, no byte of the document */
	PRINT_DRIVER_SENDING,
	PRINT_DRIVER_BROKEN, /* the document broke off, the job is to be cancelled */
	PRINT_DRIVER_FOLLOWING,
	PRINT_DRIVER_QUERY,
	PRINT_DRIVER_TOLD /* nothing is left but to end */
};

enum print_message {
	PRINT_SAY_NOTHING,
	PRINT_SAY_LOAD,
	PRINT_SAY_START,
	PRINT_SAY_QUERY,
	PRINT_SAY_READY,
	PRINT_SAY_DONE,
	PRINT_SAY_FAILED,
	PRINT_SAY_DOUBT,
	PRINT_SAY_NEVER,
	PRINT_SAY_UNKNOWN
};

enum print_job_state {
	JOB_NONE,
	JOB_OPEN,  /* created, no document */
	JOB_PART,  /* some of the document */
	JOB_WHOLE, /* all of it, waiting */
	JOB_PROCESSING,
	JOB_COMPLETED,
	JOB_CANCELED,
	JOB_ABORTED
};

struct print_job {
	uint8_t state;
	uint8_t sent;    /* some of the document, which may come late */
	uint8_t has_all; /* of the document */
	uint8_t begun;   /* the printer has begun to process it */
	uint8_t pages;   /* that came out */
	uint8_t forgotten;
};

struct print_model_driver {
	uint8_t phase, inbox, inbox_job, inbox_before, job, before, is_orphan;
};

struct print_world {
	/* Durable: the ledger. */
	uint8_t wallet, jobs, open_job, open_before, shipped;
	uint8_t signed_by; /* 0: nobody; the first of two persons */
	uint8_t settled_by_one;
	/* The daemon's memory, and the pipe from its driver. */
	uint8_t host, host_job, host_before, up, up_before;
	struct print_model_driver driver[PRINT_DRIVERS]; /* [1]: an orphan */
	/* The printer. */
	uint8_t is_off, counter;
	uint8_t ready_start; /* still the start in which it was asked for ready */
	uint8_t ready_counter;
	struct print_job job[PRINT_JOBS + 1];
};

struct print_scene {
	const char *name;
	bool job_counts;     /* job-impressions-completed is reported */
	bool printer_counts; /* printer-impressions-completed is */
	bool documents;      /* number-of-documents is */
	bool older;          /* with its power it loses what it counted since ready */
};

static inline const struct print_scene *
print_scene_of(const struct moves *moves)
{
	return moves->scene;
}

static inline struct print_world *
print_move(struct moves *moves, const struct print_world *from, enum move_kind kind,
	const char *name)
{
	return moves_add(moves, from, kind, name);
}

/* All moves of each part from w, added to moves. */
void print_host_moves(struct moves *moves, const struct print_world *w);
void print_people_moves(struct moves *moves, const struct print_world *w);
void print_driver_moves(struct moves *moves, const struct print_world *w);
void print_printer_moves(struct moves *moves, const struct print_world *w);

/* A job is cancelled, as far as the printer still can. */
void print_printer_cancel(struct print_world *w, unsigned job);

#endif

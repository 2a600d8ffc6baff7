/* SPDX-License-Identifier: MIT */
/*
 * A model of the line's second promise: two wallets of one batch, the host with its
 * ledger, a driver that lives or dies or is orphaned, and the etcher of
 * keyline-etch-profile(5).  Every move that any of them can make is made from every
 * state that can be reached.  The wallets' states and the closing of the batch are the
 * real tables of proto/.
 */
#ifndef KEYLINE_TESTS_CRASH_MODEL_H
#define KEYLINE_TESTS_CRASH_MODEL_H

#include <stdbool.h>
#include <stdint.h>
#include "tests/crash/model_search.h"

enum { WALLETS = 2, DRIVERS = 2 };

/* X(constant, name, what it does wrong): each must break a property. */
#define MUTANTS(X)                                                                    \
	X(MUTANT_NONE, "none", "the line as it is")                                   \
	X(MUTANT_ACT_FIRST, "intent after act", "START is written, then the intent")  \
	X(MUTANT_NO_QUERY, "query ignored", "an open intent is taken for never done") \
	X(MUTANT_START_REPEATED, "START repeated",                                    \
		"a job without an answer is loaded and started once more")            \
	X(MUTANT_DOUBT_RETRIED, "doubt retried", "what is not known is tried again")  \
	X(MUTANT_TIMEOUT_FAILED, "silence taken for no",                              \
		"the driver says failed when it cannot see what became of START")     \
	X(MUTANT_STALE_STATUS, "stale status believed",                               \
		"a query decides by a reply to an earlier question")                  \
	X(MUTANT_BOOT_IGNORED, "boot ignored",                                        \
		"never is taken from a controller that was started since ready")      \
	X(MUTANT_NO_LATE_WINDOW, "late window not waited out",                        \
		"a START is judged while it is still under way")                      \
	X(MUTANT_NO_FLOCK, "no flock", "a new driver works beside an orphaned one")   \
	X(MUTANT_STARTED_LATE, "started stored late",                                 \
		"the device stores last-started-job when the mark has ended")         \
	X(MUTANT_DONE_UNCHECKED, "done unchecked",                                    \
		"done is taken without counter and last-marked-job")                  \
	X(MUTANT_DOOR_FORGOTTEN, "door forgotten",                                    \
		"a part that was exchanged while the job was loaded is marked")       \
	X(MUTANT_DOUBT_FORGOTTEN, "doubt not told",                                   \
		"a job in doubt is closed, its wallet left in etching")               \
	X(MUTANT_OPEN_RELEASE, "release unasked", "a batch goes out with open counts")

enum mutant {
#define X(constant, name, what) constant,
	MUTANTS(X)
#undef X
		MUTANT_COUNT
};

enum host_phase {
	HOST_DEAD,
	HOST_IDLE,
	HOST_CHECKING,   /* serial and address were scanned */
	HOST_LOADING,    /* claimed, load written */
	HOST_READY,      /* ready read, no intent yet */
	HOST_INTENT,     /* intent durable, start not written */
	HOST_STARTED,    /* start written */
	HOST_GIVING_UP,  /* to be cancelled as soon as the pipe takes it */
	HOST_CANCELLING, /* cancel written */
	HOST_ASKING,     /* query written */
	HOST_ACTED,      /* mutant: start written, no intent yet */
};

enum driver_phase {
	DRIVER_GONE,
	DRIVER_CONNECTING,
	DRIVER_IDLE,
	DRIVER_LOADING, /* load-begin accepted, chunks under way */
	DRIVER_LOADED,  /* ready told */
	DRIVER_ARMING,  /* start read, everything verified once more */
	DRIVER_ARMED,   /* token taken and written */
	DRIVER_FOLLOWING,
	DRIVER_CLOSING,  /* the result stands; makes safe and erases, then tells it */
	DRIVER_CLEARING, /* query read */
	DRIVER_DECIDING,
};

enum message {
	SAY_NOTHING,
	SAY_LOAD,
	SAY_START,
	SAY_CANCEL,
	SAY_QUERY,
	SAY_READY,
	SAY_REFUSED,
	SAY_CANCELLED,
	SAY_DONE,
	SAY_FAILED,
	SAY_DOUBT,
	SAY_NEVER,
	SAY_UNKNOWN,
};

enum device_phase {
	DEVICE_BOOT,
	DEVICE_IDLE,
	DEVICE_LOADING,
	DEVICE_LOADED,
	DEVICE_ARMED, /* armed, the start token not yet written */
	DEVICE_TOKEN, /* armed, with the right start token */
	DEVICE_MARKING,
	DEVICE_MARKED, /* the laser is off after the last record; not yet counted */
	DEVICE_DONE,
	DEVICE_FAULT,
};

/* A START that is still on the wire. */
enum wire { WIRE_CLEAR, WIRE_LATE, WIRE_TWICE };

/* One of the driver's processes; all of it ends with it. */
struct model_driver {
	uint8_t phase;
	uint8_t inbox, inbox_job,
		inbox_counter; /* what the daemon wrote and it didn't read */
	uint8_t job, counter, result;
	uint8_t orphan; /* nobody writes to it any more */
	uint8_t opened; /* it saw the door open since the job was loaded */
};

struct world {
	/* Durable: the ledger. */
	uint8_t wallet[WALLETS];
	uint8_t jobs;   /* numbers given out */
	uint8_t owners; /* bit n: job n is of wallet 1 */
	uint8_t open_job, open_counter;
	uint8_t released;
	uint8_t release_asked; /* one of two persons has signed */
	/* The daemon's memory. */
	uint8_t host, host_job, host_counter;
	/* The pipe from the driver: a message, and a door that opened before or after it.
	 */
	uint8_t up, up_counter, door_before, door_after;
	struct model_driver driver[DRIVERS]; /* [1]: an orphan */
	/* The etcher: what it keeps, and what it loses with its power. */
	uint8_t counter, last_started, last_marked, was_marking;
	uint8_t device, loaded, start_bit;
	uint8_t wire;
	uint8_t ready_boot; /* still the start of the controller that said ready */
	/* As it was at ready: what a mutant believes, and what is put back once. */
	uint8_t stale_counter, stale_started, stale_marked;
	uint8_t older;
	uint8_t panel;
	/* The parts themselves. */
	uint8_t part; /* whose part stands in the fixture */
	uint8_t accepted[WALLETS], whole[WALLETS], partial[WALLETS];
	uint8_t wrong; /* a part was marked with another's text */
};

/* What is put on the stage. */
struct scene {
	const char *name;
	uint8_t wallet[WALLETS]; /* where both begin */
	uint8_t jobs;            /* numbers to be given out */
	bool all_acts;           /* people do all that the table lets them */
	bool panel;              /* the etcher may once be used without us */
	bool older;              /* and once come up with its memory as at ready */
};

static inline const struct scene *
scene_of(const struct moves *moves)
{
	return moves->scene;
}

/* A copy of from to be changed: one more move. */
struct world *model_move(struct moves *moves, const struct world *from,
	enum move_kind kind, const char *name);

/* Which wallet a job is of. */
unsigned model_owner(const struct world *w, unsigned job);

/* All moves of each part from w, added to moves. */
void model_host_moves(struct moves *moves, const struct world *w);
void model_people_moves(struct moves *moves, const struct world *w);
void model_driver_moves(struct moves *moves, const struct world *w);
void model_device_moves(struct moves *moves, const struct world *w);

/* The edge of START arrives at the device. */
void model_device_edge(struct moves *moves, struct world *w);
/* Drops what is loaded or armed; a mark stops as a part-etched one. */
void model_device_stop(struct world *w);
/* Everything the daemon holds of its driver is gone; the process becomes an orphan. */
void model_host_leaves(struct world *w);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * The ledger: one SQLite file a host in the state directory, hash-chained events,
 * a high-water mark in another directory.  No secret and no address is ever in it:
 * it holds serials, states, hashes and where sealed rows lie.
 *
 * Rules for all ledger_* calls
 * - Loop thread only; calls block until the disk has confirmed.
 * - A verb that writes runs in the transaction that ledger_begin() opened, or else
 *   in one of its own; in either case its event is in the same transaction.
 * - KE_BAD_STATE, KE_DUPLICATE, KE_NOT_FOUND, KE_HELD, KE_OUT_OF_SEQUENCE,
 *   KE_EXHAUSTED, KE_NEED_SECOND, KE_EXPIRED, KE_TOO_LONG, KE_BAD_CHARACTER and
 *   KE_BAD_ARGUMENT are refusals: nothing was written and the transaction goes on.
 * - KE_NO_SPACE, and KE_READ_ONLY of the mark's folder: the transaction is lost and must
 *   be rolled back; another one may be tried.  When ledger_failed() it came too late for
 *   that, and is a failure.
 * - Every other error is a failure: the transaction is lost and the ledger refuses
 *   all further writes with that code until the process is started again.
 * - Texts: UTF-8 without control characters, at most LEDGER_TEXT_MAX bytes.
 */
#ifndef KEYLINE_DAEMON_LEDGER_H
#define KEYLINE_DAEMON_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "proto/error.h"
#include "proto/ledger_hash.h"
#include "proto/mode.h"

enum {
	LEDGER_SERIAL_SIZE = 21, /* sizes with the NUL, as DESIGN section 3 has them */
	LEDGER_BATCH_SIZE = 33,
	LEDGER_HOST_SIZE = 33,
	LEDGER_STATION_SIZE = 17,
	LEDGER_NAME_SIZE = 33,
	LEDGER_DEVICE_SIZE = 129,
	LEDGER_ACTOR_SIZE = 65,
	LEDGER_TEXT_MAX = 1023
};

struct ledger;

/* When and by whom; every verb that writes takes it.  UTC milliseconds. */
struct ledger_by {
	int64_t now_ms;
	const char *actor;
};

/* Where a ledger lies and whose it is. */
struct ledger_place {
	const char *state_path; /* directory of ledger.sqlite and ledger.lock */
	const char *mark_path;  /* another directory, for HOST.mark and HOST.lock */
	const char *host;
	enum mode mode;
	const char *use; /* "test" or "production" */
	const char *program; /* version of the program; NULL: of this one */
};

/*
 * Opens the ledger at place, makes it when neither file nor mark is there, and
 * migrates an older one.  On 0 *out is the caller's, else NULL.
 * KE_LOCKED another process has it, or a copy of it with the same mark; KE_NEWER_LEDGER; KE_OPEN_INTENT a file
 * of another version of the program, with an open intent; KE_ROLLED_BACK the file is older than its mark, or gone;
 * KE_NO_MARK the mark is gone; KE_CHAIN_BROKEN the last event's hash is wrong;
 * KE_BAD_CONFIG another host's or mode's ledger; KE_WRONG_USE; KE_LEDGER not a
 * ledger; and the codes of daemon/durable.h.
 */
KEYLINE_WARN_UNUSED int ledger_open(struct ledger **out, const struct ledger_place *place,
	const struct ledger_by *by);

/* Rolls back what is open and closes.  NULL is fine. */
void ledger_close(struct ledger *ledger);

/* 0, or the code by which the ledger failed and refuses to write. */
int ledger_failed(const struct ledger *ledger);

/*
 * Nothing new is begun: from now on every write is refused with code but
 * ledger_intent_close(), by which what is under way at a device comes to its end.
 */
void ledger_stop(struct ledger *ledger, int code);

/* SQLite's words on the last failure, for the log; without row contents. */
const char *ledger_failure_text(const struct ledger *ledger);

/*
 * A transaction of several verbs.  They don't nest (KE_BAD_STATE).  After
 * ledger_commit() returned 0 all of it is on the disk and the mark is written.
 */
KEYLINE_WARN_UNUSED int ledger_begin(struct ledger *ledger);
KEYLINE_WARN_UNUSED int ledger_commit(struct ledger *ledger);
void ledger_rollback(struct ledger *ledger);
/* Commits what went well (error 0), else rolls back and gives error on. */
KEYLINE_WARN_UNUSED int ledger_end(struct ledger *ledger, int error);

/* An event as it is added; NULL is the empty text. */
struct ledger_event {
	const char *kind;   /* ledger batch wallet file job allocation taken request
			     * approval person skip freeze key ... */
	const char *object; /* its name */
	const char *event;
	const char *from_state; /* only of things that have states */
	const char *to_state;
	const char *detail; /* never a secret, an address, or text that a device sent */
};

/*
 * Adds an event that changes no table here: a key trusted ...
 * The kinds batch, wallet, file, job, allocation, taken, witness, request, approval,
 * person, operator, station, skip and freeze are written by their verbs alone
 * (KE_BAD_ARGUMENT).
 */
KEYLINE_WARN_UNUSED int ledger_event_add(struct ledger *ledger,
	const struct ledger_by *by, const struct ledger_event *event);

/*
 * Calls back after each commit, once for each batch that came to another state and each
 * wallet that came to rejected or in-doubt.  The callback must not write to the ledger.
 */
typedef void ledger_change_cb(
	void *context, bool is_batch, const char *object, const char *state);
void ledger_on_change(struct ledger *ledger, ledger_change_cb *cb, void *context);

/* An event as it was stored; pointers live until the callback returns. */
struct ledger_event_row {
	uint64_t seq;
	int64_t time_ms;
	const char *actor;
	struct ledger_event event;
	unsigned char hash[LEDGER_HASH_LEN];
};

/* Returns 0 to go on; anything else ends the list and is returned by it. */
typedef int ledger_event_cb(void *context, const struct ledger_event_row *row);

/* Which events; NULL = any. */
struct ledger_event_filter {
	const char *kind;
	const char *object;
	uint64_t after; /* seq above this */
	uint64_t limit; /* 0 = all */
};

/* Calls back for each event in order of seq.  The callback may use the ledger. */
KEYLINE_WARN_UNUSED int ledger_event_list(struct ledger *ledger,
	const struct ledger_event_filter *filter, ledger_event_cb *cb, void *context);

/* Calls back for the newest event of an object, and returns what cb does; KE_NOT_FOUND:
 * it has none. */
KEYLINE_WARN_UNUSED int ledger_event_last(struct ledger *ledger, const char *kind,
	const char *object, ledger_event_cb *cb, void *context);

/* 64 small hex digits and a NUL. */
void ledger_hex(char out[2 * LEDGER_HASH_LEN + 1],
	const unsigned char bytes[LEDGER_HASH_LEN]);

/* Number and hash of the last event of the running transaction. */
void ledger_head(
	const struct ledger *ledger, uint64_t *seq, unsigned char hash[LEDGER_HASH_LEN]);

/* What ledger_verify() found. */
struct ledger_verdict {
	uint64_t events;    /* that were walked */
	uint64_t bad_seq;   /* the first bad event, 0 when all are good */
	char object[72];    /* whose row disagrees with the events, or "" */
	const char *reason; /* static text, NULL when all is good */
};

/*
 * Walks the whole chain: numbers without gap, hashes, steps that the state table
 * has; then compares the tables with the events, and verifies every signature of an
 * approval; then the mark.  Returns 0 with
 * the verdict when all is good, KE_CHAIN_BROKEN with the first fault in it, or a
 * failure to read.
 */
KEYLINE_WARN_UNUSED int ledger_verify(
	struct ledger_verdict *verdict, struct ledger *ledger);

/* How a head that somebody else holds stands to the chain. */
enum ledger_head_match {
	LEDGER_HEAD_SAME,
	LEDGER_HEAD_OTHER_HASH,
	LEDGER_HEAD_BEYOND_END, /* of a later event than the last one here */
	LEDGER_HEAD_MISSING     /* of an event in between that is not here */
};

/* Compares the chain with a head of it.  Returns 0 or a failure to read. */
KEYLINE_WARN_UNUSED int ledger_head_compare(enum ledger_head_match *out,
	struct ledger *ledger, const struct ledger_head *head);

/*
 * Compares the chain with a head of it that another host, whose name is witness, has
 * seen; one that a person typed is no proof of a fault.  Returns 0; KE_CHAIN_BROKEN
 * with the verdict, in which the lowest bad event of several calls stays; or a failure.
 */
KEYLINE_WARN_UNUSED int ledger_verify_head(struct ledger_verdict *verdict,
	struct ledger *ledger, const struct ledger_head *head, const char *witness);

/* The hash of an event.  KE_NOT_FOUND. */
KEYLINE_WARN_UNUSED int ledger_event_hash(
	unsigned char hash[LEDGER_HASH_LEN], struct ledger *ledger, uint64_t seq);

#endif

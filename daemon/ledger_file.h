/* SPDX-License-Identifier: MIT */
/*
 * Files, sealed rows, things that are taken once, and ranges of numbers.  See the
 * rules in daemon/ledger.h.
 */
#ifndef KEYLINE_DAEMON_LEDGER_FILE_H
#define KEYLINE_DAEMON_LEDGER_FILE_H

#include "daemon/ledger.h"

enum { LEDGER_DIGEST_LEN = 32, LEDGER_PATH_SIZE = 512 };

enum ledger_direction { LEDGER_IN, LEDGER_OUT };
enum ledger_receipt { LEDGER_RECEIPT_NONE, LEDGER_RECEIPT_DUE, LEDGER_RECEIPT_DONE };

struct ledger_file {
	/* Of the whole file; of one whose name is part of it see intake_identify(). */
	unsigned char sha256[LEDGER_DIGEST_LEN];
	enum ledger_direction direction;
	char kind[LEDGER_NAME_SIZE]; /* order codes passphrases ... certificate */
	char sender[LEDGER_HOST_SIZE];
	char recipient[LEDGER_HOST_SIZE];
	char batch[LEDGER_BATCH_SIZE]; /* "" = none */
	uint32_t part, parts;
	uint64_t sequence; /* from 1; 0 = a kind without (orders, certificates) */
	unsigned char previous[LEDGER_DIGEST_LEN]; /* zeros = none */
	bool gap; /* in: two persons skipped the number before it; filled in by the ledger
		   */
	char path[LEDGER_PATH_SIZE];               /* where the file lies now */
	int64_t time_ms;
	enum ledger_receipt receipt; /* in: that we send; out: that we wait for */
};

/* KE_NOT_FOUND: a file with these bytes was never taken or made. */
KEYLINE_WARN_UNUSED int ledger_file_get(struct ledger_file *out, struct ledger *ledger,
	const unsigned char sha256[LEDGER_DIGEST_LEN]);

/* A place among the files of a sender, recipient and kind. */
struct ledger_turn {
	uint64_t sequence;
	/* Hash of the file before it; zeros: there is none, or it was skipped. */
	unsigned char previous[LEDGER_DIGEST_LEN];
	/* The number before it was skipped: nobody here knows that file's hash. */
	bool follows_skipped;
};

/* The turn of the next file; sequence 1 for the first.  A file that came and was refused
 * has used up its number as one that was taken, and so has one that was skipped. */
KEYLINE_WARN_UNUSED int ledger_file_next(struct ledger_turn *out, struct ledger *ledger,
	enum ledger_direction direction, const char *sender, const char *recipient,
	const char *kind);

/*
 * Takes a file into the ledger (time from by).  KE_DUPLICATE its bytes are known,
 * or its number is and has other bytes, or its batch part is; KE_OUT_OF_SEQUENCE
 * its number or previous hash does not follow; behind a number that was skipped any
 * previous hash does, and is what is known of the file that did not come.
 */
KEYLINE_WARN_UNUSED int ledger_file_insert(struct ledger *ledger,
	const struct ledger_by *by, const struct ledger_file *file);

/*
 * Records a file that came in its turn and was refused for what it contains: its number
 * is used up, and the next file follows it (time, and what an event tells, from file).
 * The same again is fine; ledger_file_insert() takes it still, with the number that it
 * has.  KE_DUPLICATE it was taken, or its number is another file's; KE_OUT_OF_SEQUENCE.
 */
KEYLINE_WARN_UNUSED int ledger_file_refuse(struct ledger *ledger,
	const struct ledger_by *by, const struct ledger_file *file);

/* The turn of a file that was refused; KE_NOT_FOUND: none with these bytes was. */
KEYLINE_WARN_UNUSED int ledger_file_was_refused(struct ledger_turn *out,
	struct ledger *ledger, const unsigned char sha256[LEDGER_DIGEST_LEN],
	const char *sender, const char *recipient, const char *kind);

/* A file that does not come. */
struct ledger_skip {
	const char *sender;
	const char *recipient;
	const char *kind;
	uint64_t sequence;  /* 0: it never got one, for its sender has nothing to send */
	const char *reason; /* of the two persons who said so */
	/* Which part it was, as they say; NULL and 0: it was none, or nobody knows. */
	const char *batch;
	uint32_t part;
};

/*
 * Uses up the number of a file that does not come, so that the next one is taken; the
 * part that it is named as counts as one that came.  A number that was skipped before is
 * named anew, and the last word counts.  Without a number a part must be named.
 * KE_OUT_OF_SEQUENCE: it is not the next number; KE_DUPLICATE: it is used up already, and
 * not by a skip, or by one with the same name, or no name is given.
 */
KEYLINE_WARN_UNUSED int ledger_file_skip(struct ledger *ledger,
	const struct ledger_by *by, const struct ledger_skip *skip);

/* 0 when that number was skipped, with the time (UTC milliseconds); else KE_NOT_FOUND. */
KEYLINE_WARN_UNUSED int ledger_file_was_skipped(int64_t *time_ms, struct ledger *ledger,
	const char *sender, const char *recipient, const char *kind, uint64_t sequence);

KEYLINE_WARN_UNUSED int ledger_file_set_path(struct ledger *ledger,
	const struct ledger_by *by, const unsigned char sha256[LEDGER_DIGEST_LEN],
	const char *path);
KEYLINE_WARN_UNUSED int ledger_file_set_receipt(struct ledger *ledger,
	const struct ledger_by *by, const unsigned char sha256[LEDGER_DIGEST_LEN],
	enum ledger_receipt receipt);

typedef int ledger_file_cb(void *context, const struct ledger_file *file);

/* Files of a batch (NULL = all), oldest first.  The callback may use the ledger. */
KEYLINE_WARN_UNUSED int ledger_file_list(
	struct ledger *ledger, const char *batch, ledger_file_cb *cb, void *context);

/* Where the sealed row of a serial lies. */
struct ledger_row {
	char serial[LEDGER_SERIAL_SIZE];
	char kind[LEDGER_NAME_SIZE];
	unsigned char file[LEDGER_DIGEST_LEN]; /* a file of the table above */
	uint64_t offset;                       /* of the sealed text in its content */
	uint64_t length;
	unsigned char sha256[LEDGER_DIGEST_LEN]; /* of the sealed text (base64) */
};

/* KE_DUPLICATE a row of this kind is there; KE_NOT_FOUND no such wallet or file. */
KEYLINE_WARN_UNUSED int ledger_row_insert(
	struct ledger *ledger, const struct ledger_row *row);
KEYLINE_WARN_UNUSED int ledger_row_get(struct ledger_row *out, struct ledger *ledger,
	const char *serial, const char *kind);

/*
 * Takes a digest for ever: SHA-256 of an intermediate or confirmation code, a
 * public key ...; never of a passphrase or EPK.  kind: "intermediate", ...
 * KE_DUPLICATE it was taken before, in this batch or any.
 */
KEYLINE_WARN_UNUSED int ledger_take(struct ledger *ledger, const struct ledger_by *by,
	const char *kind, const unsigned char digest[LEDGER_DIGEST_LEN]);

/* 0 it is free, KE_DUPLICATE it is taken. */
KEYLINE_WARN_UNUSED int ledger_taken(struct ledger *ledger, const char *kind,
	const unsigned char digest[LEDGER_DIGEST_LEN]);

#define LEDGER_NEXT UINT64_MAX

/* A range of numbers that is given out once: serials of a pattern, lots. */
struct ledger_range {
	const char *kind;  /* "serial", "lot" */
	const char *name;  /* the pattern; "lot" numbers are lot * 4096 + sequence */
	uint64_t first;    /* or LEDGER_NEXT: after the highest that was given out */
	uint64_t count;    /* at least 1 */
	uint64_t limit;    /* numbers are below this; at most 2^62 */
	const char *batch;
};

/* KE_DUPLICATE it overlaps a range given out before; KE_EXHAUSTED it ends past limit. */
KEYLINE_WARN_UNUSED int ledger_allocate(uint64_t *first, struct ledger *ledger,
	const struct ledger_by *by, const struct ledger_range *range);

/* The range of a kind that was given out to a batch; the first, when there are several.
 * KE_NOT_FOUND: none. */
KEYLINE_WARN_UNUSED int ledger_range_of(uint64_t *first, uint64_t *count,
	struct ledger *ledger, const char *kind, const char *batch);

/* The number after the highest that was given out; 0 for the first. */
KEYLINE_WARN_UNUSED int ledger_allocate_next(
	uint64_t *next, struct ledger *ledger, const char *kind, const char *name);

#endif

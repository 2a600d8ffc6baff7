/* SPDX-License-Identifier: MIT */
/*
 * Wrong badges and PINs, counted over time.  Values and times in, values out; every time is
 * of one monotonic clock, in milliseconds.
 */
#ifndef KEYLINE_DAEMON_GUESSES_H
#define KEYLINE_DAEMON_GUESSES_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum {
	/* So many wrong codes, and for so long none is looked at. */
	GUESSES_MAX = 5,
	/* The same for one account whatever names it gives: a terminal is many people's. */
	GUESSES_OF_ACCOUNT = 20,
	GUESSES_LOCK_MS = 60 * 1000,
	/* So long after the first of them they count no more. */
	GUESSES_KEPT_MS = 60 * 60 * 1000
};

struct guesses {
	unsigned wrong;
	uint64_t since_ms;
	uint64_t locked_until_ms;
};

/* A code was wrong.  Whether it was one too many: from now on it is locked. */
bool guesses_wrong(struct guesses *guesses, unsigned max, uint64_t now_ms);
bool guesses_are_locked(const struct guesses *guesses, uint64_t now_ms);

/*
 * What came over the control socket, by account and operator's name: whoever guesses locks
 * out himself and not the operator, and one who is right clears his own name's count alone.
 */
struct guess_book;
void guess_book_free(struct guess_book *book);

/* Whether no code of that name is looked at from that account. */
bool guess_book_is_locked(
	struct guess_book *book, uid_t account, const char *name, uint64_t now_ms);

/* A code was wrong.  1: it was one too many; 0; KE_NO_MEMORY.  *book NULL: none so far. */
int guess_book_wrong(
	struct guess_book **book, uid_t account, const char *name, uint64_t now_ms);

/* It was right. */
void guess_book_right(struct guess_book *book, uid_t account, const char *name);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Who stands at one station, and what the codes that are shown there mean.  Values and
 * times in, values out; every time is of one monotonic clock, in milliseconds.
 */
#ifndef KEYLINE_DAEMON_SHIFT_H
#define KEYLINE_DAEMON_SHIFT_H

#include <stdbool.h>
#include <stdint.h>
#include "daemon/guesses.h"
#include "proto/operator_code.h"

enum {
	/* Scanners read a code again while they are held to it: so long after the last
	 * time it is the same read. */
	SHIFT_READ_MS = 3000
};

struct shift {
	/* "": nobody */
	char who[OPERATOR_NAME_SIZE];
	uint64_t since_ms;
	/* it has lasted its time, and a job keeps it */
	bool is_over;
	/* the last code that a scanner read here, by a hash of this run alone */
	unsigned char read[OPERATOR_HASH_LEN];
	uint64_t read_ms;
	/* unknown badges that its own scanner has read */
	struct guesses guesses;
	/* a PIN is being hashed */
	bool is_checking;
};

/* Whether a code that was read, by its hash, is the same read as the one before; else it
 * is the last one from now on. */
bool shift_is_same_read(struct shift *shift, const unsigned char hash[OPERATOR_HASH_LEN],
	uint64_t now_ms);

/* Somebody stands here from now on; NULL: nobody. */
void shift_begin(struct shift *shift, const char *who, uint64_t now_ms);

/* Whether somebody stands here for longer than max_ms. */
bool shift_has_lasted(const struct shift *shift, uint64_t max_ms, uint64_t now_ms);

#endif

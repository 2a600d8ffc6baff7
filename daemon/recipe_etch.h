/* SPDX-License-Identifier: MIT */
/* The etching station's bench.  Inside of its recipe. */
#ifndef KEYLINE_DAEMON_RECIPE_ETCH_H
#define KEYLINE_DAEMON_RECIPE_ETCH_H

#include <stdbool.h>
#include "proto/address.h"
#include "proto/serial.h"

struct station;

/* So many characters of the address are typed where there is no scanner. */
enum { ETCH_ADDRESS_END = 6 };

/* What stands in the fixture, as far as it was read. */
struct etch_bench {
	char serial[SERIAL_SIZE];
	char address[ADDRESS_SIZE];
	/* address holds its last six characters only, typed from the part. */
	bool typed;
	/* The serial and end that were typed and did not agree: typed once more they reject. */
	char doubted[SERIAL_SIZE + ADDRESS_SIZE];
	/* A check runs or a job is loaded: further scans are not for us. */
	bool busy;
	/* By the device: a hand can reach the part, so nothing read of it counts. */
	const char *open;
	/* Grows when the station leaves Execute: an older check is then void. */
	unsigned generation;
};

struct etch_bench *recipe_etch_bench(struct station *station);

/* What was read of the part counts no more. */
void recipe_etch_forget(struct etch_bench *bench);

/*
 * Serial and address are on the bench: checks the wallet anew in the pool and, when all
 * agrees, claims and loads it; else the station is held or suspended, and a wallet that the
 * check condemns is rejected.  bench->busy until that is known; a typed scan is answered then.
 */
void recipe_etch_check(struct station *station);

#endif

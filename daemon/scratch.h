/* SPDX-License-Identifier: MIT */
/*
 * Scrypt's memory for the workers: as much as the config allows, shared out in wallets.
 * One wallet at a time takes 128 MiB; where the processor does two side by side, both
 * together take twice as much.  Who gets none computes more slowly in little.
 * All functions may be called from several threads at once, but for new and free.
 */
#ifndef KEYLINE_DAEMON_SCRATCH_H
#define KEYLINE_DAEMON_SCRATCH_H

#include <stdbool.h>
#include <stddef.h>

struct scratch;
struct scratch_place;
struct scrypt_scratch;

enum { SCRATCH_WALLET_MIB = 128 };

struct scratch_budget {
	unsigned mebibytes;
	/* How many can ask at the same time. */
	unsigned workers;
	/* Kept back for single checks, and kept mapped for them when all is quiet. */
	bool checks;
};

/* NULL when there is no memory. */
struct scratch *scratch_new(const struct scratch_budget *budget);

/* All places must have been given back; NULL is a no-op. */
void scratch_free(struct scratch *scratch);

/*
 * A place to work in, until scratch_give(); NULL when the budget is spent.
 * wallets: how many at once are worth it; a place may have room for fewer.
 * check: somebody waits for it; may take what is kept back.
 */
struct scratch_place *scratch_take(struct scratch *scratch, unsigned wallets, bool check);
void scratch_give(struct scratch *scratch, struct scratch_place *place);

/* What scrypt_use() takes, and for how many wallets at once it is large enough. */
struct scrypt_scratch *scratch_memory(const struct scratch_place *place);
unsigned scratch_wallets(const struct scratch_place *place);

/* Wipes what nobody works in, and gives all of it back but one check's. */
void scratch_rest(struct scratch *scratch);

/* How many wallets' memory is set apart. */
unsigned scratch_total(struct scratch *scratch);

#endif

/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/scratch.h"

#include <stdlib.h>
#include <uv.h>
#include "proto/scrypt_scratch.h"

/* What a wallet's lanes need beside their rows, however many are side by side. */
enum { MEBIBYTE = 1 << 20, BESIDE = 2 * MEBIBYTE };

struct scratch_place {
	struct scrypt_scratch *memory;
	/* It may grow to so many wallets; 0: none was set apart for it. */
	unsigned wallets;
	/* check: and by others than those who work on a batch */
	bool taken, check;
};

struct scratch {
	uv_mutex_t mutex;
	unsigned budget, workers;
	bool checks;
	struct scratch_place places[];
};

struct scratch *
scratch_new(const struct scratch_budget *budget)
{
	struct scratch *scratch =
		calloc(1, sizeof *scratch + budget->workers * sizeof scratch->places[0]);

	if (!scratch)
		return NULL;
	if (uv_mutex_init(&scratch->mutex) != 0) {
		free(scratch);
		return NULL;
	}
	scratch->budget = budget->mebibytes / SCRATCH_WALLET_MIB;
	scratch->workers = budget->workers;
	scratch->checks = budget->checks;
	return scratch;
}

void
scratch_free(struct scratch *scratch)
{
	if (!scratch)
		return;
	for (unsigned i = 0; i < scratch->workers; i++)
		scrypt_scratch_free(scratch->places[i].memory);
	uv_mutex_destroy(&scratch->mutex);
	free(scratch);
}

/* What others than checks may have, beside what they have. */
static unsigned
allowed(const struct scratch *scratch, bool check)
{
	unsigned used = scratch->checks && !check;

	for (unsigned i = 0; !check && i < scratch->workers; i++)
		if (scratch->places[i].taken && !scratch->places[i].check)
			used += scratch->places[i].wallets;
	return used < scratch->budget ? scratch->budget - used : 0;
}

/* The smallest free place that has room enough, else the largest; none over `most`. */
static struct scratch_place *
find_free(struct scratch *scratch, unsigned wallets, unsigned most)
{
	struct scratch_place *best = NULL;

	for (unsigned i = 0; i < scratch->workers; i++) {
		struct scratch_place *place = &scratch->places[i];

		if (place->taken || place->wallets > most)
			continue;
		if (!best ||
			(best->wallets < wallets && place->wallets > best->wallets) ||
			(place->wallets >= wallets && place->wallets < best->wallets))
			best = place;
	}
	return best;
}

static unsigned
total(const struct scratch *scratch)
{
	unsigned sum = 0;

	for (unsigned i = 0; i < scratch->workers; i++)
		sum += scratch->places[i].wallets;
	return sum;
}

/* To `wallets`, as far as the budget goes. */
static void
grow(struct scratch *scratch, struct scratch_place *place, size_t wallets)
{
	size_t left = scratch->budget - total(scratch);

	if (wallets > place->wallets + left)
		wallets = place->wallets + left;
	if (wallets <= place->wallets)
		return;
	scrypt_scratch_free(place->memory);
	place->memory =
		scrypt_scratch_new(wallets * SCRATCH_WALLET_MIB * MEBIBYTE + BESIDE);
	place->wallets = place->memory ? (unsigned)wallets : 0;
}

struct scratch_place *
scratch_take(struct scratch *scratch, unsigned wallets, bool check)
{
	struct scratch_place *place;
	unsigned most;

	uv_mutex_lock(&scratch->mutex);
	most = allowed(scratch, check);
	place = find_free(scratch, wallets, most);
	if (place)
		grow(scratch, place, wallets < most ? wallets : most);
	if (place && place->wallets == 0)
		place = NULL;
	if (place) {
		place->taken = true;
		place->check = check;
	}
	uv_mutex_unlock(&scratch->mutex);
	return place;
}

void
scratch_give(struct scratch *scratch, struct scratch_place *place)
{
	uv_mutex_lock(&scratch->mutex);
	place->taken = false;
	place->check = false;
	uv_mutex_unlock(&scratch->mutex);
}

struct scrypt_scratch *
scratch_memory(const struct scratch_place *place)
{
	return place->memory;
}

unsigned
scratch_wallets(const struct scratch_place *place)
{
	return place->wallets;
}

/* Wiping takes a while: it is done to a place that is taken, not under the lock. */
static bool
take_idle(struct scratch *scratch, struct scratch_place *place)
{
	bool idle;

	uv_mutex_lock(&scratch->mutex);
	idle = !place->taken && place->wallets > 0;
	if (idle)
		place->taken = place->check = true;
	uv_mutex_unlock(&scratch->mutex);
	return idle;
}

void
scratch_rest(struct scratch *scratch)
{
	bool kept = !scratch->checks;

	for (unsigned i = 0; i < scratch->workers; i++) {
		struct scratch_place *place = &scratch->places[i];

		if (!take_idle(scratch, place))
			continue;
		if (!kept && place->wallets == 1) {
			scrypt_scratch_wipe(place->memory);
			kept = true;
			scratch_give(scratch, place);
			continue;
		}
		scrypt_scratch_free(place->memory);
		uv_mutex_lock(&scratch->mutex);
		place->memory = NULL;
		place->wallets = 0;
		place->taken = false;
		uv_mutex_unlock(&scratch->mutex);
	}
}

unsigned
scratch_total(struct scratch *scratch)
{
	unsigned sum;

	uv_mutex_lock(&scratch->mutex);
	sum = total(scratch);
	uv_mutex_unlock(&scratch->mutex);
	return sum;
}

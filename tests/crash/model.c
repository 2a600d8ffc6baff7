/* SPDX-License-Identifier: MIT */
/*
 * The etcher's model (model.h) with the properties that the line promises; then each
 * mutant, which must break one of them.
 *
 *   model [--trace] [MUTANT]    MUTANT: a number; then only that one, 0: the line itself
 */
#include "config.h"
#include "tests/crash/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "proto/wallet_state.h"

static const char *const mutants[MUTANT_COUNT] = {
#define X(constant, name, what) [constant] = name,
	MUTANTS(X)
#undef X
};

/* The mutants play in the first, but for one that the last shows. */
static const struct scene scenes[] = {
	{"one wallet", {WALLET_EXPECTED, WALLET_VOID}, 2, true, true, false},
	{"two wallets", {WALLET_ARRIVED, WALLET_ARRIVED}, 2, false, false, false},
	{"an older memory", {WALLET_ARRIVED, WALLET_VOID}, 2, false, false, true},
};
enum { SCENES = sizeof scenes / sizeof scenes[0] };

/* For runs in which each step costs thirtyfold (KEYLINE_LIGHT). */
static const struct scene light_scene = {
	"one job", {WALLET_ARRIVED, WALLET_VOID}, 1, false, false, true};

struct world *
model_move(struct moves *moves, const struct world *from, enum move_kind kind,
	const char *name)
{
	return moves_add(moves, from, kind, name);
}

static void
all_moves(struct moves *moves, const void *state)
{
	const struct world *w = state;

	model_host_moves(moves, w);
	model_people_moves(moves, w);
	model_driver_moves(moves, w);
	model_device_moves(moves, w);
}

static bool
may_still_be_etched(enum wallet_state state)
{
	return state == WALLET_EXPECTED || state == WALLET_CONFIRMED ||
	       state == WALLET_ARRIVED || state == WALLET_CLAIMED;
}

static bool
counts_as_marked(enum wallet_state state)
{
	return state == WALLET_ETCHED || state == WALLET_SEALED ||
	       state == WALLET_RELEASED || state == WALLET_OPENED_GOOD ||
	       state == WALLET_OPENED_BAD;
}

/* What must hold in every state; NULL or what does not. */
static const char *
broken(const void *of)
{
	const struct world *w = of;

	if (w->wrong)
		return "a part was marked with another wallet's text";
	for (unsigned i = 0; i < WALLETS; i++) {
		enum wallet_state state = (enum wallet_state)w->wallet[i];

		if (w->accepted[i] > 1)
			return "the laser accepted a second START for a serial";
		if (counts_as_marked(state) && (w->whole[i] != 1 || w->partial[i]))
			return "a wallet goes on without exactly one whole mark";
		if (w->accepted[i] && may_still_be_etched(state))
			return "a wallet that the laser took may be etched again";
		if (w->released && wallet_state_is_open(MODE_USA, state))
			return "a batch was released with open counts";
	}
	return NULL;
}

/* Both wallets stand where nothing is left to do but to destroy bad parts. */
static bool
is_end(const void *state)
{
	const struct world *w = state;

	return !w->open_job && wallet_state_is_closed(MODE_USA, w->wallet[0]) &&
	       wallet_state_is_closed(MODE_USA, w->wallet[1]);
}

static void
show(const void *state)
{
	const struct world *w = state;

	printf("%-10s %-10s host %u driver %u/%u device %u\n",
		wallet_state_name((enum wallet_state)w->wallet[0]),
		wallet_state_name((enum wallet_state)w->wallet[1]), w->host,
		w->driver[0].phase, w->driver[1].phase, w->device);
}

static const struct model etcher = {
	sizeof(struct world), mutants, all_moves, broken, is_end, show};

/* True: the line holds, or the mutant is caught. */
static bool
try(const struct scene *scene, int mutant, bool tell)
{
	struct world start = {.device = DEVICE_IDLE};

	memcpy(start.wallet, scene->wallet, sizeof start.wallet);
	/* When the first person signs makes twice as many states; it is seen in one scene. */
	start.release_asked = scene != &scenes[0] ||
			      (mutant != MUTANT_NONE && mutant != MUTANT_OPEN_RELEASE);
	return model_try(&etcher, scene->name, scene, &start, mutant, tell);
}

int
main(int argc, char **argv)
{
	bool tell = argc > 1 && strcmp(argv[1], "--trace") == 0, good = true;
	const char *only = argc > 1 + tell ? argv[1 + tell] : NULL;
	unsigned tried = 0, caught = 0, scene = 0;

	if (getenv("KEYLINE_LIGHT"))
		return try(&light_scene, MUTANT_NONE, tell) ? EXIT_SUCCESS : EXIT_FAILURE;

	for (int m = 0; m < MUTANT_COUNT; m++) {
		if (only && atoi(only) != m)
			continue;
		tried += m != MUTANT_NONE;
		if (try(&scenes[m == MUTANT_BOOT_IGNORED ? SCENES - 1 : 0], m, tell))
			caught += m != MUTANT_NONE;
		else
			good = false;
	}
	while (!only && ++scene < SCENES)
		good = try(&scenes[scene], MUTANT_NONE, tell) && good;
	printf("model: %u of %u mutants caught: %s\n", caught, tried,
		good ? "good" : "NOT GOOD");
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}

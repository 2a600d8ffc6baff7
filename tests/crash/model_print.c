/* SPDX-License-Identifier: MIT */
/*
 * The printer's model: one wallet of a batch, the daemon with its ledger, drivers that live,
 * die or are orphaned, and a printer that loses its power, its memory, its pages.  What a
 * driver concludes from what it is told are the real rules of drivers/print_follow.c; the
 * wallet's states and the closing of the batch are the real tables of proto/.
 *
 *   model_print [--trace] [MUTANT]    MUTANT: a number; then only that one, 0: the line itself
 *
 * Not modelled: a printer that prints one job twice by itself, or that forgets a job before
 * an older one.
 */
#include "config.h"
#include "tests/crash/model_print.h"

#include <stdio.h>
#include <stdlib.h>
#include "proto/wallet_state.h"

static const char *const mutants[PRINT_MUTANT_COUNT] = {
#define X(constant, name, what) [constant] = name,
	PRINT_MUTANTS(X)
#undef X
};

static const struct print_scene scenes[] = {
	{"job and counter", true, true, false, false},
	{"job's count", true, false, false, false},
	{"counter alone", false, true, false, false},
	{"no count", false, false, false, false},
	{"job and documents", true, false, true, false},
	{"an older counter", true, true, false, true},
};
enum { SCENES = sizeof scenes / sizeof scenes[0] };

static void
all_moves(struct moves *moves, const void *state)
{
	const struct print_world *w = state;

	print_host_moves(moves, w);
	print_people_moves(moves, w);
	print_driver_moves(moves, w);
	print_printer_moves(moves, w);
}

/* What must hold in every state. */
static const char *
broken(const void *of)
{
	const struct print_world *w = of;
	enum wallet_state state = (enum wallet_state)w->wallet;
	unsigned began = 0, whole = 0;

	for (unsigned job = 1; job <= PRINT_JOBS; job++) {
		began += w->job[job].pages > 0;
		whole += w->job[job].pages == 2;
	}
	if (began > 1)
		return "a second sticker came out for a serial";
	if (began && state == WALLET_MINTED)
		return "a wallet whose sticker came out may be printed again";
	if ((state == WALLET_PRINTED || state == WALLET_PAIRED || state == WALLET_SHIPPED) &&
		!(began == 1 && whole == 1))
		return "a wallet goes on without one whole sticker";
	if (w->settled_by_one)
		return "a doubt was settled by one person";
	if (w->shipped && wallet_state_is_open(MODE_CHINA, state))
		return "a batch was shipped with open counts";
	return NULL;
}

static bool
is_end(const void *of)
{
	const struct print_world *w = of;

	return !w->open_job && wallet_state_is_closed(MODE_CHINA, w->wallet);
}

static void
show(const void *of)
{
	const struct print_world *w = of;

	printf("%-9s host %u driver %u/%u jobs", wallet_state_name((enum wallet_state)w->wallet),
		w->host, w->driver[0].phase, w->driver[1].phase);
	for (unsigned job = 1; job <= PRINT_JOBS; job++)
		printf(" %u:%u%s", w->job[job].state, w->job[job].pages,
			w->job[job].forgotten ? "?" : "");
	printf(" counter %u%s\n", w->counter, w->is_off ? " off" : "");
}

static const struct model printer = {
	sizeof(struct print_world), mutants, all_moves, broken, is_end, show};

/* A mutant is caught when one of the printers shows it. */
static bool
try(int mutant, bool tell, bool light)
{
	/* Job 0 is one of old that the printer remembers. */
	const struct print_world start = {.wallet = WALLET_MINTED,
		.counter = 2,
		.job[0] = {.state = JOB_COMPLETED, .pages = 2}};
	bool all = true, any = false;

	for (unsigned i = 0; i < SCENES && !(light && i > 0); i++) {
		bool good = model_try(
			&printer, scenes[i].name, &scenes[i], &start, mutant, tell);

		if (good && mutant != PRINT_MUTANT_NONE)
			return true;
		all = all && good;
		any = any || good;
	}
	return mutant == PRINT_MUTANT_NONE ? all : any;
}

int
main(int argc, char **argv)
{
	bool tell = argc > 1 && strcmp(argv[1], "--trace") == 0, good = true;
	const char *only = argc > 1 + tell ? argv[1 + tell] : NULL;
	unsigned tried = 0, caught = 0;

	if (getenv("KEYLINE_LIGHT"))
		return try(PRINT_MUTANT_NONE, tell, true) ? EXIT_SUCCESS : EXIT_FAILURE;
	for (int m = 0; m < PRINT_MUTANT_COUNT; m++) {
		if (only && atoi(only) != m)
			continue;
		tried += m != PRINT_MUTANT_NONE;
		if (try(m, tell, false))
			caught += m != PRINT_MUTANT_NONE;
		else
			good = false;
	}
	printf("model_print: %u of %u mutants caught: %s\n", caught, tried,
		good ? "good" : "NOT GOOD");
	return good ? EXIT_SUCCESS : EXIT_FAILURE;
}

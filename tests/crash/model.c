/* SPDX-License-Identifier: MIT */
/*
 * Breadth first over all states of the model (model.h), with the properties that the
 * line promises; then each mutant, which must break one of them.
 *
 *   model [--trace] [MUTANT]    MUTANT: a number; then only that one, 0: the line itself
 */
#include "config.h"
#include "tests/crash/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "proto/wallet_state.h"

enum { TRACE_MAX = 200 };

static const uint32_t WORK = 0x80000000u;

static const struct {
	const char *name;
	const char *what;
} mutants[MUTANT_COUNT] = {
#define X(constant, name, what) [constant] = {name, what},
	MUTANTS(X)
#undef X
};

/* The first with the mutants, too. */
static const struct scene scenes[] = {
	{"one wallet", {WALLET_EXPECTED, WALLET_VOID}, 2, true, true},
	{"two wallets", {WALLET_ARRIVED, WALLET_ARRIVED}, 2, false, false},
};
enum { SCENES = sizeof scenes / sizeof scenes[0] };

/* For runs in which each step costs thirtyfold (KEYLINE_LIGHT). */
static const struct scene light_scene = {
	"one job", {WALLET_ARRIVED, WALLET_VOID}, 1, false, false};

/* All states found, in the order in which they were found. */
struct search {
	struct moves moves;
	struct world *states;
	uint32_t *parents;
	uint32_t count, room;
	uint32_t *table; /* index + 1 of a state, by its hash */
	uint32_t slots;
	uint32_t *edges; /* successors; WORK: by a move of work */
	uint32_t *first; /* of each state in edges */
	size_t edge_count, edge_room;
};

struct world *
model_move(struct moves *moves, const struct world *from, enum move_kind kind,
	const char *name)
{
	if (moves->count == MOVES_MAX)
		abort();
	moves->kind[moves->count] = kind;
	moves->name[moves->count] = name;
	moves->to[moves->count] = *from;
	return &moves->to[moves->count++];
}

static void
all_moves(struct moves *moves, const struct world *w)
{
	moves->count = 0;
	model_host_moves(moves, w);
	model_people_moves(moves, w);
	model_driver_moves(moves, w);
	model_device_moves(moves, w);
}

static void *
grown(void *memory, size_t count, size_t size)
{
	memory = reallocarray(memory, count, size);
	if (!memory) {
		fputs("no memory\n", stderr);
		exit(1);
	}
	return memory;
}

static uint32_t
hash_of(const struct world *w)
{
	const unsigned char *p = (const unsigned char *)w;
	uint64_t h = 0xcbf29ce484222325u;

	for (size_t i = 0; i < sizeof *w; i++)
		h = (h ^ p[i]) * 0x100000001b3u;
	return (uint32_t)(h ^ h >> 32);
}

static uint32_t *
slot_of(struct search *s, const struct world *w)
{
	uint32_t at = hash_of(w) & (s->slots - 1);

	while (s->table[at] && memcmp(&s->states[s->table[at] - 1], w, sizeof *w) != 0)
		at = (at + 1) & (s->slots - 1);
	return &s->table[at];
}

static void
grow(struct search *s)
{
	s->room = s->room ? 2 * s->room : 1 << 16;
	s->slots = 4 * s->room;
	s->states = grown(s->states, s->room, sizeof *s->states);
	s->parents = grown(s->parents, s->room, sizeof *s->parents);
	s->first = grown(s->first, (size_t)s->room + 1, sizeof *s->first);
	s->table = grown(s->table, s->slots, sizeof *s->table);
	memset(s->table, 0, s->slots * sizeof *s->table);
	for (uint32_t i = 0; i < s->count; i++)
		*slot_of(s, &s->states[i]) = i + 1;
}

/* The index of w, new or known. */
static uint32_t
add(struct search *s, const struct world *w, uint32_t parent)
{
	uint32_t *slot;

	if (s->count == s->room)
		grow(s);
	slot = slot_of(s, w);
	if (*slot == 0) {
		s->states[s->count] = *w;
		s->parents[s->count] = parent;
		*slot = ++s->count;
	}
	return *slot - 1;
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
broken(const struct world *w)
{
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

static const char *
name_of_step(struct search *s, const struct world *from, const struct world *to)
{
	all_moves(&s->moves, from);
	for (unsigned i = 0; i < s->moves.count; i++)
		if (memcmp(&s->moves.to[i], to, sizeof *to) == 0)
			return s->moves.name[i];
	return "?";
}

/* The shortest way to a state. */
static void
trace(struct search *s, uint32_t at)
{
	uint32_t way[TRACE_MAX];
	unsigned n = 0;

	for (; at && n < TRACE_MAX; at = s->parents[at])
		way[n++] = at;
	while (n--) {
		const struct world *w = &s->states[way[n]];

		printf("    %-40s %-10s %-10s host %u driver %u/%u device %u\n",
			name_of_step(s, &s->states[s->parents[way[n]]], w),
			wallet_state_name((enum wallet_state)w->wallet[0]),
			wallet_state_name((enum wallet_state)w->wallet[1]), w->host,
			w->driver[0].phase, w->driver[1].phase, w->device);
	}
}

/* Adds the successors of a state. */
static void
expand(struct search *s, uint32_t at)
{
	struct world from = s->states[at];

	all_moves(&s->moves, &from);
	s->first[at] = (uint32_t)s->edge_count;
	for (unsigned i = 0; i < s->moves.count; i++) {
		uint32_t to = add(s, &s->moves.to[i], at);

		if (s->edge_count == s->edge_room) {
			s->edge_room = s->edge_room ? 2 * s->edge_room : 1 << 20;
			s->edges = grown(s->edges, s->edge_room, sizeof *s->edges);
		}
		s->edges[s->edge_count++] =
			to | (s->moves.kind[i] == MOVE_WORK ? WORK : 0);
	}
}

/* Both wallets stand where nothing is left to do but to destroy bad parts. */
static bool
is_end(const struct world *w)
{
	return !w->open_job && wallet_state_is_closed(MODE_USA, w->wallet[0]) &&
	       wallet_state_is_closed(MODE_USA, w->wallet[1]);
}

/* Whether work alone leads from every state to an end; else a state without a way. */
static bool
all_end(uint32_t *stuck, struct search *s)
{
	unsigned char *ends = calloc(s->count + 1, 1);
	bool changed = true, all = true;

	if (!ends)
		return false;
	for (uint32_t i = 0; i < s->count; i++)
		ends[i] = is_end(&s->states[i]);
	while (changed) {
		changed = false;
		for (uint32_t i = s->count; i-- > 0;)
			for (uint32_t e = s->first[i]; !ends[i] && e < s->first[i + 1];
				e++)
				if (s->edges[e] & WORK && ends[s->edges[e] & ~WORK])
					ends[i] = changed = true;
	}
	for (uint32_t i = s->count; i-- > 0;)
		if (!ends[i]) {
			*stuck = i;
			all = false;
		}
	free(ends);
	return all;
}

/* Goes through all states; NULL or the property that does not hold, at *where. */
static const char *
explore(uint32_t *where, struct search *s, const struct scene *scene, enum mutant mutant)
{
	struct world start = {.device = DEVICE_IDLE};
	const char *what = NULL;

	memcpy(start.wallet, scene->wallet, sizeof start.wallet);
	s->moves.scene = scene;
	s->moves.mutant = mutant;
	(void)add(s, &start, 0);
	for (*where = 0; *where < s->count; ++*where) {
		what = broken(&s->states[*where]);
		if (what)
			return what;
		expand(s, *where);
	}
	s->first[s->count] = (uint32_t)s->edge_count;
	return all_end(where, s) ? NULL : "a wallet that nobody can bring to an end";
}

static void
search_free(struct search *s)
{
	free(s->states);
	free(s->parents);
	free(s->table);
	free(s->edges);
	free(s->first);
	free(s);
}

/* True: the line holds, or the mutant is caught. */
static bool
try(const struct scene *scene, enum mutant mutant, bool tell)
{
	struct search *s = calloc(1, sizeof *s);
	const char *what;
	uint32_t where;
	bool good;

	if (!s)
		return false;
	what = explore(&where, s, scene, mutant);
	good = (what == NULL) == (mutant == MUTANT_NONE);
	printf("%-12s %-26s %8u states %9zu moves  %s%s\n", scene->name,
		mutants[mutant].name, s->count, s->edge_count,
		good ? "" : "WRONG: ", what ? what : "all properties hold");
	if (what && (tell || !good))
		trace(s, where);
	fflush(stdout);
	search_free(s);
	return good;
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
		if (try(&scenes[0], (enum mutant)m, tell))
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

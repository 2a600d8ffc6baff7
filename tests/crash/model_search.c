/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "tests/crash/model_search.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TRACE_MAX = 200 };

static const uint32_t WORK = 0x80000000u;

/* All states found, in the order in which they were found. */
struct search {
	const struct model *model;
	struct moves moves;
	unsigned char *states;
	uint32_t *parents;
	uint32_t count, room;
	uint32_t *table; /* index + 1 of a state, by its hash */
	uint32_t slots;
	uint32_t *edges; /* successors; WORK: by a move of work */
	uint32_t *first; /* of each state in edges */
	size_t edge_count, edge_room;
};

void *
moves_add(struct moves *moves, const void *from, enum move_kind kind, const char *name)
{
	if (moves->count == MOVES_MAX)
		abort();
	moves->kind[moves->count] = kind;
	moves->name[moves->count] = name;
	memcpy(moves->to[moves->count], from, moves->size);
	return moves->to[moves->count++];
}

static void
all_moves(struct search *s, const void *state)
{
	s->moves.count = 0;
	s->model->moves(&s->moves, state);
}

static unsigned char *
state_at(const struct search *s, uint32_t at)
{
	return s->states + at * s->model->size;
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
hash_of(const struct search *s, const unsigned char *p)
{
	uint64_t h = 0xcbf29ce484222325u;

	for (size_t i = 0; i < s->model->size; i++)
		h = (h ^ p[i]) * 0x100000001b3u;
	return (uint32_t)(h ^ h >> 32);
}

static uint32_t *
slot_of(struct search *s, const void *state)
{
	uint32_t at = hash_of(s, state) & (s->slots - 1);

	while (s->table[at] &&
		memcmp(state_at(s, s->table[at] - 1), state, s->model->size) != 0)
		at = (at + 1) & (s->slots - 1);
	return &s->table[at];
}

static void
grow(struct search *s)
{
	s->room = s->room ? 2 * s->room : 1 << 16;
	s->slots = 4 * s->room;
	s->states = grown(s->states, s->room, s->model->size);
	s->parents = grown(s->parents, s->room, sizeof *s->parents);
	s->first = grown(s->first, (size_t)s->room + 1, sizeof *s->first);
	s->table = grown(s->table, s->slots, sizeof *s->table);
	memset(s->table, 0, s->slots * sizeof *s->table);
	for (uint32_t i = 0; i < s->count; i++)
		*slot_of(s, state_at(s, i)) = i + 1;
}

/* The index of a state, new or known. */
static uint32_t
add(struct search *s, const void *state, uint32_t parent)
{
	uint32_t *slot;

	if (s->count == s->room)
		grow(s);
	slot = slot_of(s, state);
	if (*slot == 0) {
		memcpy(state_at(s, s->count), state, s->model->size);
		s->parents[s->count] = parent;
		*slot = ++s->count;
	}
	return *slot - 1;
}

static const char *
name_of_step(struct search *s, uint32_t from, uint32_t to)
{
	all_moves(s, state_at(s, from));
	for (unsigned i = 0; i < s->moves.count; i++)
		if (memcmp(s->moves.to[i], state_at(s, to), s->model->size) == 0)
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
		printf("    %-40s ", name_of_step(s, s->parents[way[n]], way[n]));
		s->model->show(state_at(s, way[n]));
	}
}

/* Adds the successors of a state. */
static void
expand(struct search *s, uint32_t at)
{
	_Alignas(max_align_t) unsigned char from[STATE_MAX];

	memcpy(from, state_at(s, at), s->model->size);
	all_moves(s, from);
	s->first[at] = (uint32_t)s->edge_count;
	for (unsigned i = 0; i < s->moves.count; i++) {
		uint32_t to = add(s, s->moves.to[i], at);

		if (s->edge_count == s->edge_room) {
			s->edge_room = s->edge_room ? 2 * s->edge_room : 1 << 20;
			s->edges = grown(s->edges, s->edge_room, sizeof *s->edges);
		}
		s->edges[s->edge_count++] =
			to | (s->moves.kind[i] == MOVE_WORK ? WORK : 0);
	}
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
		ends[i] = s->model->is_end(state_at(s, i));
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
explore(uint32_t *where, struct search *s, const void *start)
{
	const char *what = NULL;

	(void)add(s, start, 0);
	for (*where = 0; *where < s->count; ++*where) {
		what = s->model->broken(state_at(s, *where));
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

bool
model_try(const struct model *model, const char *scene_name, const void *scene,
	const void *start, int mutant, bool tell)
{
	struct search *s = calloc(1, sizeof *s);
	const char *what;
	uint32_t where;
	bool good;

	if (!s)
		return false;
	s->model = model;
	s->moves.scene = scene;
	s->moves.mutant = mutant;
	s->moves.size = model->size;
	what = explore(&where, s, start);
	good = (what == NULL) == (mutant == 0);
	printf("%-16s %-30s %8u states %9zu moves  %s%s\n", scene_name,
		model->mutants[mutant], s->count, s->edge_count,
		mutant == 0 && what ? "WRONG: " : "", what ? what : "all properties hold");
	if (what && (tell || !good))
		trace(s, where);
	fflush(stdout);
	search_free(s);
	return good;
}

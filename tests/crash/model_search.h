/* SPDX-License-Identifier: MIT */
/*
 * All states of a model, breadth first: what must hold is asked in each of them, and from
 * each of them work alone must lead to an end.
 */
#ifndef KEYLINE_TESTS_CRASH_MODEL_SEARCH_H
#define KEYLINE_TESTS_CRASH_MODEL_SEARCH_H

#include <stdbool.h>
#include <stddef.h>

enum { MOVES_MAX = 96, STATE_MAX = 128 };

/* Work goes on by itself or by people; trouble is never needed. */
enum move_kind { MOVE_WORK, MOVE_TROUBLE };

/* The moves that can be made from a state. */
struct moves {
	const void *scene; /* the model's own */
	int mutant;        /* 0: none */
	size_t size;
	unsigned count;
	enum move_kind kind[MOVES_MAX];
	const char *name[MOVES_MAX];
	_Alignas(max_align_t) unsigned char to[MOVES_MAX][STATE_MAX];
};

/* A copy of the state from, to be changed: one more move. */
void *moves_add(
	struct moves *moves, const void *from, enum move_kind kind, const char *name);

/* A model whose states are size bytes (at most STATE_MAX), without padding. */
struct model {
	size_t size;
	const char *const *mutants; /* their names; [0] is the line as it is */
	void (*moves)(struct moves *moves, const void *state);
	/* NULL, or what does not hold in a state. */
	const char *(*broken)(const void *state);
	/* Nothing is left to do. */
	bool (*is_end)(const void *state);
	/* One line about a state, for a trace. */
	void (*show)(const void *state);
};

/*
 * Goes through all states that start leads to and prints a line about it, with the way to
 * what is wrong.  True: all properties hold and mutant is 0, or one does not and a mutant
 * was at work.
 */
bool model_try(const struct model *model, const char *scene_name, const void *scene,
	const void *start, int mutant, bool tell);

#endif

/* SPDX-License-Identifier: MIT */
/* A ledger with something of everything in it, and each verb with what it does there. */
#ifndef KEYLINE_TESTS_LEDGER_VERBS_H
#define KEYLINE_TESTS_LEDGER_VERBS_H

#include "persons.h"

struct scene {
	struct fixture f;
	struct persons persons;
	struct persons others;
	/* What a verb takes is made before anything fails. */
	struct ledger_request fresh;
	struct ledger_approval fresh_signed, second;
	struct ledger_person newcomers[3]; /* with a key that is nobody's */
	uint32_t job;                      /* that is open */
};

/* Makes the ledger, usa, and all that the verbs need; nothing is open. */
void scene_open(struct scene *scene);
void scene_close(struct scene *scene);

/* What a verb read, as one number: the same reading gives the same. */
uint64_t scene_told(void);
void scene_tell_anew(void);

/* How often the ledger told of a change. */
unsigned scene_changes(void);

/* A verb that must go well in the scene; what it reads it tells. */
struct scene_verb {
	const char *name;
	int (*run)(struct scene *scene);
};

extern const struct scene_verb scene_verbs[];
extern const size_t scene_verb_count;

#endif

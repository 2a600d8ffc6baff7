/* SPDX-License-Identifier: MIT */
/* What a commit changed that people want to hear of, told once it is durable. */
#include "daemon/ledger_db.h"

#include <stdlib.h>
#include <string.h>

struct ledger_note {
	struct ledger_note *next;
	bool is_batch;
	char state[32];
	char object[];
};

/* A batch in another state; a wallet that cannot go on without a person. */
static bool
is_of_note(const struct ledger_event *e)
{
	if (!e->object || !e->to_state || !e->to_state[0])
		return false;
	/* A batch's event that names a state names another one. */
	if (strcmp(e->kind, "batch") == 0)
		return true;
	return strcmp(e->kind, "wallet") == 0 &&
	       (strcmp(e->to_state, "rejected") == 0 ||
		       strcmp(e->to_state, "in-doubt") == 0);
}

void
ledger_on_change(struct ledger *l, ledger_change_cb *cb, void *context)
{
	l->on_change = cb;
	l->change_context = context;
}

int
ledger_note_add(struct ledger *l, const struct ledger_event *e)
{
	struct ledger_note *note;
	size_t size, len;

	if (!l->on_change || !is_of_note(e))
		return 0;
	size = strlen(e->object) + 1;
	len = strlen(e->to_state);
	note = len < sizeof note->state ? malloc(sizeof *note + size) : NULL;
	if (!note)
		return KE_NO_MEMORY;
	note->next = NULL;
	note->is_batch = strcmp(e->kind, "batch") == 0;
	memcpy(note->state, e->to_state, len + 1);
	memcpy(note->object, e->object, size);
	*(l->last_note ? &l->last_note->next : &l->notes) = note;
	l->last_note = note;
	return 0;
}

void
ledger_notes_end(struct ledger *l, bool committed)
{
	struct ledger_note *note = l->notes;

	l->notes = l->last_note = NULL;
	while (note) {
		struct ledger_note *next = note->next;

		if (committed)
			l->on_change(l->change_context, note->is_batch, note->object,
				note->state);
		free(note);
		note = next;
	}
}

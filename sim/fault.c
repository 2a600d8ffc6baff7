/* SPDX-License-Identifier: MIT */
#include "sim/fault.h"

#include <stdlib.h>
#include <string.h>

static const struct fault_row {
	const char *name;
	enum fault_class class;
	const char *words;
	uint32_t value, times;
} rows[FAULT_NAMES] = {
#define X(constant, name, class, words, value, times) {name, class, words, value, times},
	FAULT_LIST(X)
#undef X
};

static const char *const state_names[FAULT_STATES] = {
#define X(constant, name) name,
	FAULT_STATE_LIST(X)
#undef X
};

const char *
fault_text(enum fault_name name)
{
	return rows[name].name;
}

const char *
fault_state_text(enum fault_state state)
{
	return state_names[state];
}

static int
number(uint32_t *out, const char *text)
{
	if (!*text || strlen(text) > 9 || strspn(text, "0123456789") != strlen(text))
		return KE_BAD_ARGUMENT;
	*out = (uint32_t)strtoul(text, NULL, 10);
	return 0;
}

/* The place of a word among those between '|'. */
static int
word_in(uint32_t *out, const char *words, const char *word)
{
	size_t len = strlen(word);

	for (uint32_t i = 0;; i++) {
		size_t one = strcspn(words, "|");

		if (one == len && len > 0 && memcmp(words, word, len) == 0) {
			*out = i;
			return 0;
		}
		if (words[one] == '\0')
			return KE_BAD_ARGUMENT;
		words += one + 1;
	}
}

static int
parse_state(int *out, const char *text)
{
	for (int i = 0; i < FAULT_STATES; i++)
		if (strcmp(state_names[i], text) == 0) {
			*out = i;
			return 0;
		}
	return KE_BAD_ARGUMENT;
}

static int
parse_item(int *out, const char *text)
{
	for (int i = 0; i < ETCH_ITEMS; i++)
		if (strcmp(etch_item_name((enum etch_item)i), text) == 0) {
			*out = i;
			return 0;
		}
	return KE_BAD_ARGUMENT;
}

static int
parse_option(struct fault *fault, const char *word)
{
	if (strncmp(word, "when=", 5) == 0)
		return parse_state(&fault->when, word + 5);
	if (strncmp(word, "on=", 3) == 0) {
		fault->at_access = true;
		return parse_item(&fault->on, word + 3);
	}
	if (strncmp(word, "after=", 6) == 0) {
		fault->at_access = true;
		return number(&fault->after, word + 6) || !fault->after ? KE_BAD_ARGUMENT
									: 0;
	}
	if (strncmp(word, "times=", 6) == 0)
		return number(&fault->times, word + 6);
	return KE_BAD_ARGUMENT;
}

int
fault_parse(struct fault *fault, char *const words[], size_t count)
{
	const struct fault_row *row;
	size_t at = 1;
	int name = 0, error = 0;

	while (count && name < FAULT_NAMES && strcmp(rows[name].name, words[0]) != 0)
		name++;
	if (!count || name == FAULT_NAMES)
		return KE_NOT_FOUND;
	row = &rows[name];
	*fault = (struct fault){.name = (enum fault_name)name,
		.value = row->value,
		.when = FAULT_ANY,
		.on = FAULT_ANY,
		.after = 1,
		.times = row->times};
	if (at < count && !strchr(words[at], '=')) {
		error = strcmp(row->words, "N") == 0
				? number(&fault->value, words[at])
				: word_in(&fault->value, row->words, words[at]);
		at++;
	}
	for (; at < count && !error; at++)
		error = parse_option(fault, words[at]);
	return error;
}

int
fault_add(struct fault_set *set, const struct fault *fault)
{
	if (set->count == FAULT_MAX)
		return KE_EXHAUSTED;
	set->waiting[set->count++] = *fault;
	return 0;
}

bool
fault_waits(const struct fault *fault)
{
	return rows[fault->name].class != FAULT_ACTION || fault->when != FAULT_ANY ||
	       fault->at_access;
}

static void
drop(struct fault_set *set, size_t at)
{
	set->count--;
	memmove(&set->waiting[at], &set->waiting[at + 1],
		(set->count - at) * sizeof set->waiting[0]);
}

void
fault_clear(struct fault_set *set, enum fault_name name)
{
	for (size_t i = set->count; i-- > 0;)
		if (name == FAULT_NAMES || set->waiting[i].name == name)
			drop(set, i);
}

static bool
is_moment(const struct fault *fault, const struct fault_moment *moment)
{
	if (fault->when != FAULT_ANY && fault->when != (int)moment->state)
		return false;
	if (rows[fault->name].class == FAULT_QUIRK)
		return true;
	if (fault->at_access && !moment->touches)
		return false;
	if ((fault->name == FAULT_WRONG_ECHO || fault->name == FAULT_PRETEND) &&
		!moment->write)
		return false;
	if (fault->name == FAULT_WRONG_VALUE && moment->write)
		return false;
	if (fault->on == FAULT_ANY)
		return true;
	return moment->touches &&
	       moment->touches(moment->access, (enum etch_item)fault->on);
}

/* Counts the moment; does the fault strike in it?  *gone: for the last time. */
static bool
count_moment(struct fault *fault, bool *gone)
{
	*gone = false;
	if (fault->after > 1) {
		fault->after--;
		return false;
	}
	*gone = fault->times == 1;
	if (fault->times > 1)
		fault->times--;
	return true;
}

bool
fault_next(struct fault *struck, size_t *at, struct fault_set *set,
	enum fault_class class, const struct fault_moment *moment)
{
	bool gone;

	while (*at < set->count) {
		struct fault *fault = &set->waiting[*at];

		if (rows[fault->name].class == class && is_moment(fault, moment) &&
			count_moment(fault, &gone)) {
			*struck = *fault;
			if (gone)
				drop(set, *at);
			else
				++*at;
			return true;
		}
		++*at;
	}
	return false;
}

bool
fault_strikes(struct fault_set *set, enum fault_name name, enum fault_state state)
{
	const struct fault_moment moment = {.state = state};
	bool gone;

	for (size_t i = 0; i < set->count; i++) {
		struct fault *fault = &set->waiting[i];

		if (fault->name != name || !is_moment(fault, &moment) ||
			!count_moment(fault, &gone))
			continue;
		if (gone)
			drop(set, i);
		return true;
	}
	return false;
}

/* SPDX-License-Identifier: MIT */
#include "sim/keeper_state.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char heading[] = "keyline-sim 1\n";

enum { NUMBERS = 7, NONCE_TEXT_LEN = 2 * ETCH_NONCE_LEN };

/* The state's numbers in their order in the file; the nonce stands behind them. */
struct numbers {
	uint32_t values[NUMBERS];
};

static const char *const names[NUMBERS] = {"counter", "last-marked-job",
	"last-started-job", "marking", "part", "present", "used"};

size_t
keeper_state_format(char text[KEEPER_STATE_MAX], const struct keeper_state *state)
{
	const struct etcher_retained *r = &state->retained;
	const struct numbers n = {{r->counter, r->last_marked_job, r->last_started_job,
		r->marking, state->part, state->part_present, state->part_used}};
	size_t len = (size_t)snprintf(text, KEEPER_STATE_MAX, "%s", heading);

	for (size_t i = 0; i < NUMBERS; i++)
		len += (size_t)snprintf(text + len, KEEPER_STATE_MAX - len,
			"%s %" PRIu32 "\n", names[i], n.values[i]);
	len += (size_t)snprintf(
		text + len, KEEPER_STATE_MAX - len, "last-started-nonce ");
	for (size_t i = 0; i < ETCH_NONCE_LEN; i++)
		len += (size_t)snprintf(text + len, KEEPER_STATE_MAX - len, "%02x",
			r->last_started_nonce[i]);
	return len + (size_t)snprintf(text + len, KEEPER_STATE_MAX - len, "\n");
}

/* Steps over a word; NULL when it is not there. */
static const char *
skip(const char *text, const char *word)
{
	size_t len = strlen(word);

	return text && strncmp(text, word, len) == 0 ? text + len : NULL;
}

static const char *
read_numbers(struct numbers *n, const char *text)
{
	for (size_t i = 0; text && i < NUMBERS; i++) {
		char *end;

		text = skip(skip(text, names[i]), " ");
		if (!text)
			return NULL;
		n->values[i] = (uint32_t)strtoul(text, &end, 10);
		text = skip(end, "\n");
	}
	return text;
}

static void
read_nonce(unsigned char nonce[ETCH_NONCE_LEN], const char *text)
{
	for (size_t i = 0; i < ETCH_NONCE_LEN; i++) {
		const char pair[3] = {text[2 * i], text[2 * i + 1], '\0'};

		nonce[i] = (unsigned char)strtoul(pair, NULL, 16);
	}
}

int
keeper_state_parse(struct keeper_state *state, const char *text)
{
	char again[KEEPER_STATE_MAX];
	struct numbers n = {{0}};
	const char *rest = read_numbers(&n, skip(text, heading));

	rest = skip(rest, "last-started-nonce ");
	if (!rest || strlen(rest) != NONCE_TEXT_LEN + 1)
		return KE_BAD_STATE;
	state->retained = (struct etcher_retained){.counter = n.values[0],
		.last_marked_job = n.values[1],
		.last_started_job = n.values[2],
		.marking = n.values[3] != 0};
	read_nonce(state->retained.last_started_nonce, rest);
	state->part = n.values[4];
	state->part_present = n.values[5] != 0;
	state->part_used = n.values[6] != 0;
	/* whatever was not read as it would be written is no state of ours */
	keeper_state_format(again, state);
	return strcmp(again, text) == 0 ? 0 : KE_BAD_STATE;
}

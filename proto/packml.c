/* SPDX-License-Identifier: MIT */
#include "proto/packml.h"
#include <string.h>

/* A cell that is not written is 0 = PACKML_UNDEFINED = "no such step". */
/* clang-format off */
#define STOPS [PACKML_STOP] = PACKML_STOPPING
#define ABORTS [PACKML_ABORT] = PACKML_ABORTING
#define HOLDS [PACKML_HOLD] = PACKML_HOLDING

static const unsigned char table[PACKML_STATE_COUNT][PACKML_COMMAND_COUNT] = {
	[PACKML_CLEARING] = { [PACKML_DONE] = PACKML_STOPPED, ABORTS },
	[PACKML_STOPPED] = { [PACKML_RESET] = PACKML_RESETTING, ABORTS },
	[PACKML_STARTING] = { [PACKML_DONE] = PACKML_EXECUTE, HOLDS, STOPS, ABORTS },
	[PACKML_IDLE] = { [PACKML_START] = PACKML_STARTING, STOPS, ABORTS },
	[PACKML_SUSPENDED] = { [PACKML_UNSUSPEND] = PACKML_UNSUSPENDING, HOLDS, STOPS,
		ABORTS },
	[PACKML_EXECUTE] = { [PACKML_DONE] = PACKML_COMPLETING,
		[PACKML_FINISH] = PACKML_COMPLETING,
		[PACKML_SUSPEND] = PACKML_SUSPENDING, HOLDS, STOPS, ABORTS },
	[PACKML_STOPPING] = { [PACKML_DONE] = PACKML_STOPPED, ABORTS },
	[PACKML_ABORTING] = { [PACKML_DONE] = PACKML_ABORTED },
	[PACKML_ABORTED] = { [PACKML_CLEAR] = PACKML_CLEARING },
	[PACKML_HOLDING] = { [PACKML_DONE] = PACKML_HELD, STOPS, ABORTS },
	[PACKML_HELD] = { [PACKML_UNHOLD] = PACKML_UNHOLDING, STOPS, ABORTS },
	[PACKML_UNHOLDING] = { [PACKML_DONE] = PACKML_EXECUTE, HOLDS, STOPS, ABORTS },
	[PACKML_SUSPENDING] = { [PACKML_DONE] = PACKML_SUSPENDED, HOLDS, STOPS, ABORTS },
	[PACKML_UNSUSPENDING] = { [PACKML_DONE] = PACKML_EXECUTE, HOLDS, STOPS, ABORTS },
	[PACKML_RESETTING] = { [PACKML_DONE] = PACKML_IDLE, STOPS, ABORTS },
	[PACKML_COMPLETING] = { [PACKML_DONE] = PACKML_COMPLETE, STOPS, ABORTS },
	[PACKML_COMPLETE] = { [PACKML_RESET] = PACKML_RESETTING, STOPS, ABORTS },
};

/* clang-format on */

static const struct {
	const char *name;
	bool acting;
} state_rows[PACKML_STATE_COUNT] = {[PACKML_UNDEFINED] = {"unknown", false},
#define X(constant, number, name, acting) [constant] = {name, acting},
	PACKML_STATES(X)
#undef X
};

static const char *const command_names[PACKML_COMMAND_COUNT] = {
#define X(constant, number, name) [constant] = name,
	PACKML_COMMANDS(X)
#undef X
};

const char *
packml_state_name(enum packml_state state)
{
	return (unsigned)state < PACKML_STATE_COUNT ? state_rows[state].name : "unknown";
}

const char *
packml_command_name(enum packml_command command)
{
	return (unsigned)command < PACKML_COMMAND_COUNT ? command_names[command]
							: "unknown";
}

int
packml_state_from_name(enum packml_state *state, const char *name)
{
	for (int i = PACKML_UNDEFINED + 1; i < PACKML_STATE_COUNT; i++) {
		if (strcmp(state_rows[i].name, name) == 0) {
			*state = (enum packml_state)i;
			return 0;
		}
	}
	return KE_NOT_FOUND;
}

int
packml_command_from_name(enum packml_command *command, const char *name)
{
	for (int i = PACKML_DONE + 1; i < PACKML_COMMAND_COUNT; i++) {
		if (strcmp(command_names[i], name) == 0) {
			*command = (enum packml_command)i;
			return 0;
		}
	}
	return KE_NOT_FOUND;
}

int
packml_next(enum packml_state state, enum packml_command command)
{
	int next;

	if ((unsigned)state >= PACKML_STATE_COUNT ||
		(unsigned)command >= PACKML_COMMAND_COUNT)
		return KE_BAD_STATE;
	next = table[state][command];
	return next == PACKML_UNDEFINED ? KE_BAD_STATE : next;
}

bool
packml_is_acting(enum packml_state state)
{
	return (unsigned)state < PACKML_STATE_COUNT && state_rows[state].acting;
}

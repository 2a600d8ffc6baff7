/* SPDX-License-Identifier: MIT */
/*
 * The state model that every station shows: PackML, ISA-TR88.00.02, with the
 * numbers of its PackTags.  Hold is taken from every state of the running group
 * (Starting, Execute, Suspending, Suspended, Unsuspending, Unholding).
 */
#ifndef KEYLINE_PROTO_PACKML_H
#define KEYLINE_PROTO_PACKML_H

#include <stdbool.h>
#include "proto/error.h"

/* X(constant, StateCurrent, name, acting): an acting state ends by itself. */
#define PACKML_STATES(X)                                                                 \
	X(PACKML_CLEARING, 1, "Clearing", true)                                          \
	X(PACKML_STOPPED, 2, "Stopped", false)                                           \
	X(PACKML_STARTING, 3, "Starting", true)                                          \
	X(PACKML_IDLE, 4, "Idle", false)                                                 \
	X(PACKML_SUSPENDED, 5, "Suspended", false)                                       \
	X(PACKML_EXECUTE, 6, "Execute", true)                                            \
	X(PACKML_STOPPING, 7, "Stopping", true)                                          \
	X(PACKML_ABORTING, 8, "Aborting", true)                                          \
	X(PACKML_ABORTED, 9, "Aborted", false)                                           \
	X(PACKML_HOLDING, 10, "Holding", true)                                           \
	X(PACKML_HELD, 11, "Held", false)                                                \
	X(PACKML_UNHOLDING, 12, "Unholding", true)                                       \
	X(PACKML_SUSPENDING, 13, "Suspending", true)                                     \
	X(PACKML_UNSUSPENDING, 14, "Unsuspending", true)                                 \
	X(PACKML_RESETTING, 15, "Resetting", true)                                       \
	X(PACKML_COMPLETING, 16, "Completing", true)                                     \
	X(PACKML_COMPLETE, 17, "Complete", false)

enum packml_state {
	PACKML_UNDEFINED = 0,
#define X(constant, number, name, acting) constant = (number),
	PACKML_STATES(X)
#undef X
	PACKML_STATE_COUNT
};

/* X(constant, CntrlCmd, name); PACKML_DONE is the model's SC, "state complete". */
#define PACKML_COMMANDS(X)                                                               \
	X(PACKML_DONE, 0, "done")                                                        \
	X(PACKML_RESET, 1, "reset")                                                      \
	X(PACKML_START, 2, "start")                                                      \
	X(PACKML_STOP, 3, "stop")                                                        \
	X(PACKML_HOLD, 4, "hold")                                                        \
	X(PACKML_UNHOLD, 5, "unhold")                                                    \
	X(PACKML_SUSPEND, 6, "suspend")                                                  \
	X(PACKML_UNSUSPEND, 7, "unsuspend")                                              \
	X(PACKML_ABORT, 8, "abort")                                                      \
	X(PACKML_CLEAR, 9, "clear")                                                      \
	X(PACKML_FINISH, 10, "complete")

enum packml_command {
#define X(constant, number, name) constant = (number),
	PACKML_COMMANDS(X)
#undef X
	PACKML_COMMAND_COUNT
};

/* "Execute", "hold"; "unknown" out of range. */
const char *packml_state_name(enum packml_state state);
const char *packml_command_name(enum packml_command command);

/* Names back to values; "done" is no command that anyone can give.  0 or KE_NOT_FOUND. */
KEYLINE_WARN_UNUSED int packml_state_from_name(
	enum packml_state *state, const char *name);
KEYLINE_WARN_UNUSED int packml_command_from_name(
	enum packml_command *command, const char *name);

/* The state after command in state, or KE_BAD_STATE: there the command does nothing. */
KEYLINE_WARN_UNUSED int packml_next(
	enum packml_state state, enum packml_command command);

/* The state ends by itself (with PACKML_DONE); the others wait for a command. */
bool packml_is_acting(enum packml_state state);

#endif

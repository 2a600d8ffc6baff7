/* SPDX-License-Identifier: MIT */
/*
 * Faults on request: what can go wrong, when it shall, and how often.  Pure; the wire,
 * the device and the fixture ask here at the places where they could fail.
 */
#ifndef KEYLINE_SIM_FAULT_H
#define KEYLINE_SIM_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "proto/etch_profile.h"

/* Who is asked. */
enum fault_class {
	/* at a register access: what happens to the request or its answer */
	FAULT_WIRE,
	/* something done to the device once, now or when its moment comes */
	FAULT_ACTION,
	/* asked by the device where it would do the right thing */
	FAULT_QUIRK
};

/*
 * X(constant, name, class, words: its argument's, '|' between, "N" a number, "" none,
 * default argument, default times (0: until `clear`))
 */
#define FAULT_LIST(X)                                                        \
	X(FAULT_MUTE, "mute", FAULT_WIRE, "", 0, 1)                          \
	X(FAULT_DEAF, "deaf", FAULT_WIRE, "", 0, 1)                          \
	X(FAULT_PRETEND, "pretend", FAULT_WIRE, "", 0, 1)                    \
	X(FAULT_LATE, "late", FAULT_WIRE, "N", 600, 1)                       \
	X(FAULT_DRIBBLE, "dribble", FAULT_WIRE, "N", 20, 1)                  \
	X(FAULT_WRONG_ECHO, "wrong-echo", FAULT_WIRE, "", 0, 1)              \
	X(FAULT_WRONG_VALUE, "wrong-value", FAULT_WIRE, "", 0, 1)            \
	X(FAULT_BAD_FRAME, "bad-frame", FAULT_WIRE, "", 0, 1)                \
	X(FAULT_WRONG_UNIT, "wrong-unit", FAULT_WIRE, "", 0, 1)              \
	X(FAULT_SHORT, "short", FAULT_WIRE, "", 0, 1)                        \
	X(FAULT_TWICE, "twice", FAULT_WIRE, "", 0, 1)                        \
	X(FAULT_STALE, "stale", FAULT_WIRE, "", 0, 1)                        \
	X(FAULT_GARBAGE, "garbage", FAULT_WIRE, "", 0, 1)                    \
	X(FAULT_REFUSE, "refuse", FAULT_WIRE, "N", 4, 1)                     \
	X(FAULT_DISCONNECT, "disconnect", FAULT_WIRE, "", 0, 1)              \
	X(FAULT_HANG_UP, "hang-up", FAULT_WIRE, "", 0, 1)                    \
	X(FAULT_DOOR, "door", FAULT_ACTION, "closed|open", 1, 1)             \
	X(FAULT_ESTOP, "estop", FAULT_ACTION, "released|pressed", 1, 1)      \
	X(FAULT_PART, "part", FAULT_ACTION, "off|on|next", 0, 1)             \
	X(FAULT_RESET, "reset", FAULT_ACTION, "", 0, 1)                      \
	X(FAULT_POWER_OFF, "power-off", FAULT_ACTION, "N", 1000, 1)          \
	X(FAULT_SOURCE, "laser-source", FAULT_ACTION, "mended|broken", 1, 1) \
	X(FAULT_SCANNER, "scanner", FAULT_ACTION, "mended|broken", 1, 1)     \
	X(FAULT_COUNTER_JUMP, "counter-jump", FAULT_ACTION, "N", 5, 1)       \
	X(FAULT_COUNTER_BACK, "counter-back", FAULT_ACTION, "N", 1, 1)       \
	X(FAULT_OTHER_DEVICE, "other-device", FAULT_ACTION, "off|on", 1, 1)  \
	X(FAULT_FREEZE, "freeze", FAULT_ACTION, "off|on", 1, 1)              \
	X(FAULT_LOST_DONE, "lost-done", FAULT_QUIRK, "", 0, 1)               \
	X(FAULT_LOST_COUNT, "lost-count", FAULT_QUIRK, "", 0, 1)             \
	X(FAULT_DOUBLE_COUNTER, "double-counter", FAULT_QUIRK, "", 0, 1)     \
	X(FAULT_DOUBLE_MARK, "double-mark", FAULT_QUIRK, "", 0, 1)           \
	X(FAULT_STALE_JOB, "stale-job", FAULT_QUIRK, "", 0, 0)               \
	X(FAULT_CORRUPT_CHUNK, "corrupt-chunk", FAULT_QUIRK, "", 0, 1)       \
	X(FAULT_DROP_CHUNK, "drop-chunk", FAULT_QUIRK, "", 0, 1)             \
	X(FAULT_WRONG_CODE, "wrong-code", FAULT_QUIRK, "", 0, 1)             \
	X(FAULT_NO_HEARTBEAT, "no-heartbeat", FAULT_QUIRK, "", 0, 0)         \
	X(FAULT_NO_ECHO, "no-echo", FAULT_QUIRK, "", 0, 0)                   \
	X(FAULT_BUSY_FOREVER, "busy-forever", FAULT_QUIRK, "", 0, 0)         \
	X(FAULT_SLOW_MARK, "slow-mark", FAULT_QUIRK, "", 0, 1)               \
	X(FAULT_LOST_START, "lost-start", FAULT_QUIRK, "", 0, 1)             \
	X(FAULT_LOST_MIRROR, "lost-mirror", FAULT_QUIRK, "", 0, 0)           \
	X(FAULT_STUCK_MIRROR, "stuck-mirror", FAULT_QUIRK, "", 0, 0)         \
	X(FAULT_NOT_ERASED, "not-erased", FAULT_QUIRK, "", 0, 0)             \
	X(FAULT_SHORT_ARM, "short-arm", FAULT_QUIRK, "", 0, 1)               \
	X(FAULT_LATE_START, "late-start", FAULT_QUIRK, "", 0, 1)             \
	X(FAULT_BREAK, "break", FAULT_QUIRK, "", 0, 1)

enum fault_name {
#define X(constant, name, class, words, value, times) constant,
	FAULT_LIST(X)
#undef X
		FAULT_NAMES
};

/* The device's states, for `when=`; bits 1 << state. */
#define FAULT_STATE_LIST(X)         \
	X(FAULT_BOOT, "boot")       \
	X(FAULT_IDLE, "idle")       \
	X(FAULT_LOADING, "loading") \
	X(FAULT_LOADED, "loaded")   \
	X(FAULT_ARMED, "armed")     \
	X(FAULT_BUSY, "busy")       \
	X(FAULT_DONE, "done")       \
	X(FAULT_FAULT, "fault")

enum fault_state {
#define X(constant, name) constant,
	FAULT_STATE_LIST(X)
#undef X
		FAULT_STATES
};

enum { FAULT_MAX = 32, FAULT_ANY = -1 };

/* One fault that waits for its moment. */
struct fault {
	enum fault_name name;
	uint32_t value;
	/* state it waits for, or FAULT_ANY */
	int when;
	/* item whose registers an access must touch (a bit: must raise it), or FAULT_ANY
	 */
	int on;
	/* only the after-th moment counts, from 1 */
	uint32_t after;
	/* moments that it strikes in; 0: until `clear` */
	uint32_t times;
	/* does it need an access to strike? */
	bool at_access;
};

struct fault_set {
	struct fault waiting[FAULT_MAX];
	size_t count;
};

/* The moment at which it is asked. */
struct fault_moment {
	enum fault_state state;
	/* Does the present access touch this item?  NULL: there is none. */
	bool (*touches)(const void *access, enum etch_item item);
	const void *access;
	bool write;
};

/*
 * Reads `NAME [ARGUMENT] [when=STATE] [on=ITEM] [after=N] [times=N]`, split in words.
 * Returns 0, KE_NOT_FOUND for an unknown name or KE_BAD_ARGUMENT.
 */
KEYLINE_WARN_UNUSED int fault_parse(
	struct fault *fault, char *const words[], size_t count);

/* Adds a fault.  Returns 0 or KE_EXHAUSTED. */
KEYLINE_WARN_UNUSED int fault_add(struct fault_set *set, const struct fault *fault);

/* Does a fault have to wait for a moment, or is it to be done at once? */
bool fault_waits(const struct fault *fault);

/* Forgets all faults of a name, or of all (FAULT_NAMES). */
void fault_clear(struct fault_set *set, enum fault_name name);

/*
 * Counts the moment for each fault of the class and gives out the next one that strikes
 * in it: true with *struck filled in, false when there is no more.  Begin with *at = 0.
 */
bool fault_next(struct fault *struck, size_t *at, struct fault_set *set,
	enum fault_class class, const struct fault_moment *moment);

/* For the device: does a quirk of this name strike now?  Counts the moment. */
bool fault_strikes(struct fault_set *set, enum fault_name name, enum fault_state state);

const char *fault_text(enum fault_name name);
const char *fault_state_text(enum fault_state state);

#endif

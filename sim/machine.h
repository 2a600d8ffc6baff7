/* SPDX-License-Identifier: MIT */
/*
 * The whole machine behind its wires: the etcher, the fixture with its part, what is
 * kept, and the faults that wait for their moment.
 */
#ifndef KEYLINE_SIM_MACHINE_H
#define KEYLINE_SIM_MACHINE_H

#include "sim/etcher.h"
#include "sim/fault.h"
#include "sim/keeper.h"
#include "sim/modbus.h"

struct machine;

struct machine_settings {
	const struct etch_profile *profile;
	const char *serial;
	const char *out;
	/* NULL: in the folder out */
	const char *state;
	uint32_t mark_ms;
	/* A new part is put in whenever one was marked, so many milliseconds later. */
	bool auto_part;
	uint32_t hand_ms;
	enum keeper_pictures pictures;
	struct rng rng;
};

/* Returns 0 or what keeper_open() says. */
KEYLINE_WARN_UNUSED int machine_new(struct machine **machine,
	const struct machine_settings *settings, int64_t now_ms);
void machine_free(struct machine *machine);

/* To be called every 10 ms or so. */
void machine_tick(struct machine *machine, int64_t now_ms);

/* What a request meets on its way. */
struct machine_effects {
	bool mute, deaf, pretend, wrong_echo, bad_frame, wrong_unit, cut_short, twice, stale,
		garbage;
	bool disconnect, hang_up;
	uint32_t late_ms, gap_ms;
	/* an exception, or 0 */
	uint32_t refuse;
	/* an address whose value is told wrong, or -1; -2: the last one */
	int32_t wrong_value;
};

/*
 * Does an access, with the faults that wait for it.  Returns 0 or the exception.  When
 * effects->deaf, ->disconnect or ->refuse is set, the device has not seen it.
 */
int machine_access(struct machine_effects *effects, struct machine *machine,
	struct modbus_access *access, int64_t now_ms);

/* Does it at once, or lets it wait for its moment.  0, KE_EXHAUSTED or KE_BAD_STATE. */
KEYLINE_WARN_UNUSED int machine_fault(
	struct machine *machine, const struct fault *fault, int64_t now_ms);

struct fault_set *machine_faults(struct machine *machine);

/* One line of key=value about everything, without a newline. */
void machine_status(char *text, size_t size, const struct machine *machine);

/* Has the device failed for good (the state could not be kept)? */
bool machine_failed(const struct machine *machine);

/* Is the power off?  Then connections do not stand. */
bool machine_is_off(const struct machine *machine);

#endif

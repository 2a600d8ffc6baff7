/* SPDX-License-Identifier: MIT */
/* The etcher's boot handshake and its commands, as keyline-etch-profile(5) has them. */
#include "sim/etcher_state.h"

#include <string.h>

/* The command that an edge of this bit gives. */
typedef enum etch_reason command_fn(struct etcher *e, int64_t now_ms);

static enum etch_reason
do_load_begin(struct etcher *e, int64_t now_ms)
{
	unsigned char nonce[ETCH_NONCE_LEN];
	uint32_t job = etcher_get(e, ETCH_JOB_ID);
	uint32_t length = etcher_get(e, ETCH_JOB_LENGTH);

	(void)now_ms;
	if (e->mode == MODE_FAULT)
		return ETCH_REASON_FAULT_LATCHED;
	if (e->mode == MODE_MARKING)
		return ETCH_REASON_BUSY;
	if (e->mode != MODE_IDLE)
		return ETCH_REASON_NOT_READY;
	if (!e->erased)
		return ETCH_REASON_NOT_ERASED;
	if (job == 0)
		return ETCH_REASON_WRONG_JOB;
	etch_image_get_bytes(nonce, sizeof nonce, &e->image, e->profile, ETCH_JOB_NONCE);
	if (job == e->retained.last_started_job &&
		memcmp(nonce, e->retained.last_started_nonce, sizeof nonce) == 0)
		return ETCH_REASON_JOB_USED;
	if (length == 0 || length > e->profile->limits.job_registers)
		return ETCH_REASON_BAD_LENGTH;
	etcher_job_take(e);
	e->mode = MODE_LOADING;
	return ETCH_REASON_NONE;
}

static enum etch_reason
do_load_commit(struct etcher *e, int64_t now_ms)
{
	(void)now_ms;
	return etcher_job_commit(e);
}

/* What arm and start ask first. */
static enum etch_reason
not_loaded(const struct etcher *e)
{
	if (e->mode == MODE_MARKING)
		return ETCH_REASON_BUSY;
	if (e->mode == MODE_FAULT)
		return ETCH_REASON_FAULT_LATCHED;
	return e->mode == MODE_LOADED ? ETCH_REASON_NONE : ETCH_REASON_NOT_LOADED;
}

static enum etch_reason
do_arm(struct etcher *e, int64_t now_ms)
{
	enum etch_reason why = not_loaded(e);

	if (why == ETCH_REASON_NONE && etcher_get(e, ETCH_COMMAND_JOB) != e->job.id)
		why = ETCH_REASON_WRONG_JOB;
	if (why == ETCH_REASON_NONE)
		why = etcher_interlock(e);
	if (why != ETCH_REASON_NONE)
		return why;
	e->arm_token = etcher_random(e);
	e->arm_until = now_ms;
	if (!etcher_quirk(e, FAULT_SHORT_ARM))
		e->arm_until += e->profile->timing.arm_expiry;
	e->arm_expired = false;
	return ETCH_REASON_NONE;
}

static enum etch_reason
do_start(struct etcher *e, int64_t now_ms)
{
	enum etch_reason why = not_loaded(e);

	e->starts++;
	if (why != ETCH_REASON_NONE)
		return why;
	if (e->arm_token && etcher_quirk(e, FAULT_LATE_START)) {
		etcher_disarm(e);
		e->arm_expired = true;
	}
	if (e->arm_expired)
		return ETCH_REASON_ARM_EXPIRED;
	if (!e->arm_token)
		return ETCH_REASON_NOT_ARMED;
	if (etcher_get(e, ETCH_COMMAND_JOB) != e->job.id)
		why = ETCH_REASON_WRONG_JOB;
	else if (etcher_get(e, ETCH_START_TOKEN) != e->arm_token)
		why = ETCH_REASON_WRONG_TOKEN;
	if (why != ETCH_REASON_NONE) {
		etcher_disarm(e);
		return why;
	}
	why = etcher_interlock(e);
	if (why == ETCH_REASON_NONE)
		etcher_mark_begin(e, now_ms);
	return why;
}

static enum etch_reason
do_erase(struct etcher *e, int64_t now_ms)
{
	(void)now_ms;
	if (e->mode == MODE_MARKING)
		return ETCH_REASON_BUSY;
	etcher_job_drop(e);
	if (e->mode != MODE_FAULT)
		e->mode = MODE_IDLE;
	return ETCH_REASON_NONE;
}

/* Does the cause of the latched fault last? */
static bool
cause_lasts(const struct etcher *e)
{
	return (e->fault == ETCH_REASON_DOOR_OPEN && !e->door_closed) ||
	       (e->fault == ETCH_REASON_E_STOP && e->estop_pressed) ||
	       (e->fault == ETCH_REASON_NO_PART && !e->part_present) ||
	       (e->fault == ETCH_REASON_LASER_SOURCE && e->source_broken) ||
	       (e->fault == ETCH_REASON_SCANNER && e->scanner_broken);
}

static enum etch_reason
do_ack_fault(struct etcher *e, int64_t now_ms)
{
	(void)now_ms;
	if (e->mode != MODE_FAULT)
		return ETCH_REASON_NONE;
	if (cause_lasts(e))
		return ETCH_REASON_CAUSE_PRESENT;
	if (e->fault == ETCH_REASON_POWER_LOST) {
		e->retained.marking = false;
		etcher_keep(e);
	}
	e->fault = ETCH_REASON_NONE;
	e->mode = MODE_IDLE;
	return ETCH_REASON_NONE;
}

static enum etch_reason
do_cancel(struct etcher *e, int64_t now_ms)
{
	uint32_t job = etcher_get(e, ETCH_COMMAND_JOB);
	bool has_job = e->mode == MODE_LOADING || e->mode == MODE_LOADED ||
		       e->mode == MODE_MARKING;

	if (job != 0 && job != (has_job ? e->job.id : 0))
		return ETCH_REASON_WRONG_JOB;
	if (e->mode == MODE_MARKING) {
		etcher_mark_stop(e, ETCH_REASON_CANCELLED, now_ms);
	} else if (has_job) {
		etcher_job_drop(e);
		e->mode = MODE_IDLE;
	}
	return ETCH_REASON_NONE;
}

/* By the order of the commands. */
static command_fn *const commands[ETCH_COMMANDS] = {
	do_load_begin,
	do_load_commit,
	do_arm,
	do_start,
	do_erase,
	do_ack_fault,
	do_cancel,
};

static unsigned
command_bits(const struct etcher *e)
{
	unsigned bits = 0;

	for (int c = 0; c < ETCH_COMMANDS; c++)
		bits |= etcher_get(e, (enum etch_item)(ETCH_LOAD_BEGIN + c)) << c;
	return bits;
}

/* One edge acts; of several none does. */
static void
do_edges(struct etcher *e, unsigned edges, int64_t now_ms)
{
	const unsigned start = 1u << (ETCH_START - ETCH_LOAD_BEGIN);

	if (edges & (edges - 1)) {
		e->result = ETCH_REASON_NOT_READY;
		e->mirrors |= edges;
		return;
	}
	if (edges == start && etcher_quirk(e, FAULT_LOST_START))
		return;
	for (int c = 0; c < ETCH_COMMANDS; c++)
		if (edges >> c & 1)
			e->result = commands[c](e, now_ms);
	e->mirrors |= edges;
}

static bool
all_zero(const struct etcher *e)
{
	return command_bits(e) == 0 && etcher_get(e, ETCH_HOST_HEARTBEAT) == 0 &&
	       etcher_get(e, ETCH_BOOT_ECHO) == 0 &&
	       etcher_get(e, ETCH_COMMAND_JOB) == 0 &&
	       etcher_get(e, ETCH_START_TOKEN) == 0;
}

static void
boot_step(struct etcher *e)
{
	if (e->step == STEP_ZEROS && all_zero(e))
		e->step = STEP_ECHO;
	if (e->step == STEP_ECHO && command_bits(e) != 0)
		e->step = STEP_ZEROS;
	if (e->step != STEP_ECHO || etcher_get(e, ETCH_BOOT_ECHO) != e->boot_id)
		return;
	e->step = STEP_UP;
	e->mode = e->retained.marking ? MODE_FAULT : MODE_IDLE;
	e->fault = e->retained.marking ? ETCH_REASON_POWER_LOST : ETCH_REASON_NONE;
}

void
etcher_command_step(struct etcher *e, int64_t now_ms)
{
	unsigned bits = command_bits(e), edges = bits & ~e->commands;
	bool quiet = e->mirrors == 0;

	e->commands = bits;
	if (!etcher_quirk(e, FAULT_STUCK_MIRROR))
		e->mirrors &= bits;
	if (e->mode == MODE_BOOT) {
		boot_step(e);
		return;
	}
	if (edges && quiet)
		do_edges(e, edges, now_ms);
	etcher_job_chunk(e);
}

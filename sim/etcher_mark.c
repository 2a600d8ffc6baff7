/* SPDX-License-Identifier: MIT */
/* The etcher's laser: interlocks, arming, one mark from start to its end. */
#include "sim/etcher_state.h"

#include <math.h>
#include <string.h>
#include "proto/etch_record.h"

/* Moves with the laser off, millimetres a second. */
static const double MOVE_SPEED = 3000.0;

enum { SLOW_TIMES = 20 };

bool
etcher_laser_enabled(const struct etcher *e)
{
	return e->mode != MODE_BOOT && e->alive && e->door_closed && !e->estop_pressed;
}

enum etch_reason
etcher_interlock(const struct etcher *e)
{
	if (e->estop_pressed)
		return ETCH_REASON_E_STOP;
	if (!e->door_closed)
		return ETCH_REASON_DOOR_OPEN;
	if (!e->part_present)
		return ETCH_REASON_NO_PART;
	return etcher_laser_enabled(e) ? ETCH_REASON_NONE : ETCH_REASON_LASER_OFF;
}

void
etcher_disarm(struct etcher *e)
{
	e->arm_token = 0;
	e->arm_until = 0;
}

void
etcher_keep(struct etcher *e)
{
	if (e->world.retain(e->world.context, &e->retained) != 0)
		e->failed = true;
}

/* The milliseconds that the records take by their lengths and speeds. */
static uint32_t
path_ms(const unsigned char *data, const struct etch_record_header *header)
{
	struct etch_record r, last = {0};
	double speed = 1, seconds = 0, mm = header->scale / 1000.0, way;
	unsigned passes = 1;

	for (size_t i = 0; i < header->count; i++) {
		etch_record_get(&r, data, i);
		way = hypot(r.x - last.x, r.y - last.y) * mm;
		if (r.op == ETCH_SET) {
			speed = r.speed;
			passes = r.passes;
			continue;
		}
		seconds += r.op == ETCH_MARK ? way * passes / speed
					     : way * passes / MOVE_SPEED;
		last = r;
	}
	return (uint32_t)(seconds * 1000) + 1;
}

static struct etcher_act
act_of(const struct etcher *e)
{
	return (struct etcher_act){
		.job = e->marked_job,
		.counter = e->retained.counter,
		.data = e->buffer,
		.len = 2 * (size_t)e->mark_len,
		.records = e->progress,
	};
}

static void
laser_on(struct etcher *e, int64_t now_ms)
{
	struct etcher_act act;

	e->progress = 0;
	e->mark_at = now_ms;
	e->break_at = etcher_quirk(e, FAULT_BREAK) ? now_ms + e->mark_for / 2 : -1;
	e->laser_is_on = true;
	act = act_of(e);
	if (e->world.laser_on(e->world.context, &act) != 0)
		e->failed = true;
}

static void
laser_off(struct etcher *e, enum etch_reason reason)
{
	struct etcher_act act = act_of(e);

	if (!e->laser_is_on)
		return;
	e->laser_is_on = false;
	act.whole = reason == ETCH_REASON_NONE;
	act.reason = etch_reason_name(reason);
	if (e->world.laser_off(e->world.context, &act) != 0)
		e->failed = true;
}

/* Stores what will be marked, and only then lets the laser on. */
void
etcher_mark_begin(struct etcher *e, int64_t now_ms)
{
	struct etch_record_header header;

	/* it was checked when it was committed */
	if (etch_record_check(&header, e->buffer, 2 * (size_t)e->job.length) != 0)
		return;
	etcher_disarm(e);
	e->marked_job = e->job.id;
	e->mark_len = e->job.length;
	e->mark_records = header.count;
	e->mark_for = e->mark_ms ? e->mark_ms : path_ms(e->buffer, &header);
	if (etcher_quirk(e, FAULT_SLOW_MARK))
		e->mark_for *= SLOW_TIMES;
	e->retained.last_started_job = e->job.id;
	memcpy(e->retained.last_started_nonce, e->job.nonce, ETCH_NONCE_LEN);
	e->retained.marking = true;
	etcher_keep(e);
	e->mode = MODE_MARKING;
	e->mark_again = etcher_quirk(e, FAULT_DOUBLE_MARK);
	if (!e->failed)
		laser_on(e, now_ms);
}

/* The laser is off and the job is no longer loaded. */
static void
leave_marking(struct etcher *e)
{
	e->retained.marking = false;
	etcher_keep(e);
}

void
etcher_mark_stop(struct etcher *e, enum etch_reason reason, int64_t now_ms)
{
	(void)now_ms;
	laser_off(e, reason);
	leave_marking(e);
	e->mode = MODE_FAULT;
	e->fault = reason;
}

static void
mark_end(struct etcher *e, int64_t now_ms)
{
	e->progress = e->mark_records;
	laser_off(e, ETCH_REASON_NONE);
	if (etcher_quirk(e, FAULT_BUSY_FOREVER))
		return;
	if (!etcher_quirk(e, FAULT_LOST_COUNT))
		e->retained.counter += etcher_quirk(e, FAULT_DOUBLE_COUNTER) ? 2 : 1;
	e->retained.last_marked_job = e->marked_job;
	if (e->mark_again) {
		e->mark_again = false;
		etcher_keep(e);
		laser_on(e, now_ms);
		return;
	}
	leave_marking(e);
	e->mode = etcher_quirk(e, FAULT_LOST_DONE) ? MODE_IDLE : MODE_DONE;
}

/* What stops a mark in progress now; none. */
static enum etch_reason
stopper(const struct etcher *e, int64_t now_ms)
{
	enum etch_reason why = etcher_interlock(e);

	if (why == ETCH_REASON_LASER_OFF)
		return ETCH_REASON_HEARTBEAT_LOST;
	if (why != ETCH_REASON_NONE)
		return why;
	if (e->source_broken || (e->break_at >= 0 && now_ms >= e->break_at))
		return ETCH_REASON_LASER_SOURCE;
	return e->scanner_broken ? ETCH_REASON_SCANNER : ETCH_REASON_NONE;
}

void
etcher_mark_step(struct etcher *e, int64_t now_ms)
{
	enum etch_reason why;
	int64_t gone = now_ms - e->mark_at;

	if (e->mode != MODE_MARKING || e->failed)
		return;
	if (e->laser_is_on)
		e->progress = gone < e->mark_for
				      ? (uint32_t)(e->mark_records * (uint64_t)gone /
						   e->mark_for)
				      : e->mark_records;
	why = stopper(e, now_ms);
	if (why != ETCH_REASON_NONE)
		etcher_mark_stop(e, why, now_ms);
	else if (gone >= e->mark_for)
		mark_end(e, now_ms);
}

void
etcher_mark_cut(struct etcher *e, enum etch_reason reason)
{
	laser_off(e, reason);
}

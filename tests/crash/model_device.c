/* SPDX-License-Identifier: MIT */
/* The model's driver (drivers/etch_*.c) and its etcher (keyline-etch-profile(5)). */
#include "tests/crash/model.h"

#include <string.h>

static bool
is_loaded(const struct world *w)
{
	return w->device == DEVICE_LOADED || w->device == DEVICE_ARMED ||
	       w->device == DEVICE_TOKEN;
}

static bool
is_busy(const struct world *w)
{
	return w->device == DEVICE_MARKING || w->device == DEVICE_MARKED;
}

/* The laser goes off before the last record. */
static void
break_off(struct world *w)
{
	w->partial[w->part] = 1;
	w->was_marking = 0;
	w->device = DEVICE_FAULT;
	w->loaded = 0;
}

void
model_device_stop(struct world *w)
{
	if (w->device == DEVICE_ARMED || w->device == DEVICE_TOKEN)
		w->device = DEVICE_LOADED;
	else if (w->device == DEVICE_MARKING)
		break_off(w);
}

void
model_device_edge(struct moves *moves, struct world *w)
{
	unsigned wallet = model_owner(w, w->loaded);
	bool edge = !w->start_bit;

	if (w->device == DEVICE_BOOT)
		return;
	w->start_bit = 1;
	/* Whatever else is wrong with a start voids the arming. */
	if (edge && w->device == DEVICE_ARMED)
		w->device = DEVICE_LOADED;
	if (!edge || w->device != DEVICE_TOKEN)
		return;
	w->accepted[wallet]++;
	if (wallet != w->part)
		w->wrong = 1;
	if (moves->mutant != MUTANT_STARTED_LATE)
		w->last_started = w->loaded;
	w->was_marking = 1;
	w->device = DEVICE_MARKING;
}

static void
count(struct world *w)
{
	w->device = DEVICE_DONE;
	w->counter++;
	w->last_marked = w->loaded;
	w->last_started = w->loaded;
	w->was_marking = 0;
	w->loaded = 0;
}

static void
power_off(struct world *w)
{
	if (w->device == DEVICE_MARKING)
		w->partial[w->part] = 1;
	w->device = DEVICE_BOOT;
	w->loaded = w->start_bit = w->ready_boot = 0;
}

/* Its retentive memory comes back as a copy has it. */
static void
come_up_older(struct world *w)
{
	power_off(w);
	w->counter = w->stale_counter;
	w->last_started = w->stale_started;
	w->last_marked = w->stale_marked;
	w->was_marking = 0;
	w->older = 1;
}

void
model_device_moves(struct moves *moves, const struct world *w)
{
	struct world *to;

	if (w->device == DEVICE_MARKING) {
		to = model_move(moves, w, MOVE_WORK, "device: last record");
		to->whole[w->part]++;
		to->device = DEVICE_MARKED;
		break_off(model_move(moves, w, MOVE_TROUBLE, "device: mark breaks off"));
	}
	if (w->device == DEVICE_MARKED)
		count(model_move(moves, w, MOVE_WORK, "device: counts"));
	if (w->device == DEVICE_ARMED || w->device == DEVICE_TOKEN)
		model_move(moves, w, MOVE_TROUBLE, "device: arming expires")->device =
			DEVICE_LOADED;
	if (w->device == DEVICE_LOADING || is_loaded(w)) {
		to = model_move(moves, w, MOVE_TROUBLE, "device: no heartbeat");
		to->device = DEVICE_IDLE;
		to->loaded = 0;
	}
	if (w->device != DEVICE_BOOT)
		power_off(model_move(moves, w, MOVE_TROUBLE, "device: power off and on"));
	if (w->device != DEVICE_BOOT && scene_of(moves)->older && w->jobs && !w->older)
		come_up_older(model_move(
			moves, w, MOVE_TROUBLE, "device: comes up with an older memory"));
	if (w->device == DEVICE_IDLE && scene_of(moves)->panel && !w->panel) {
		/* Counted, and by none of ours. */
		to = model_move(moves, w, MOVE_TROUBLE, "device: marks by its own panel");
		to->counter++;
		to->last_marked = to->last_started = 0;
		to->panel = 1;
	}
	if (w->wire != WIRE_CLEAR) {
		to = model_move(moves, w, MOVE_WORK, "wire: START arrives late");
		to->wire = WIRE_CLEAR;
		model_device_edge(moves, to);
		model_move(moves, w, MOVE_WORK, "wire: START is lost")->wire = WIRE_CLEAR;
	}
}

/* After any error, and when it connects, a driver lets the wire become quiet. */
static bool
wire_is_quiet(const struct moves *moves, const struct world *w)
{
	return w->wire != WIRE_LATE || moves->mutant == MUTANT_NO_LATE_WINDOW;
}

/* Nothing loaded, nothing armed; false: it marks, or does not answer. */
static bool
clear_device(struct world *w)
{
	w->start_bit = 0;
	if (is_busy(w))
		return false;
	w->device = DEVICE_IDLE;
	w->loaded = 0;
	return true;
}

/* The result of a job; told when the device is safe. */
static void
end(struct moves *moves, const struct world *w, unsigned i, enum message result,
	const char *name)
{
	struct world *to = model_move(moves, w, MOVE_WORK, name);

	to->driver[i].phase = DRIVER_CLOSING;
	to->driver[i].result = (uint8_t)result;
	to->driver[i].opened = 0;
}

static void
tell(struct world *w, unsigned i, enum message what, unsigned counter)
{
	if (w->driver[i].orphan)
		return;
	w->up = (uint8_t)what;
	w->up_counter = (uint8_t)counter;
}

static void
finish(struct world *w, unsigned i, enum message what, unsigned counter)
{
	struct model_driver *d = &w->driver[i];

	tell(w, i, what, counter);
	d->phase = DRIVER_IDLE;
	d->job = d->counter = d->result = d->opened = 0;
}

static bool
is_started(const struct world *w, const struct model_driver *d)
{
	return w->last_started == d->job;
}

/* As etch_start.c judges a fresh status. */
static void
follow_moves(struct moves *moves, const struct world *w, unsigned i)
{
	const struct model_driver *d = &w->driver[i];
	bool careless = moves->mutant == MUTANT_DONE_UNCHECKED;
	bool ours = w->counter == d->counter + 1 && w->last_marked == d->job;

	if (!wire_is_quiet(moves, w))
		return;
	if (careless && (w->device == DEVICE_DONE || w->device == DEVICE_IDLE))
		end(moves, w, i, SAY_DONE, "driver: done, unchecked");
	else if (is_started(w, d) && w->device == DEVICE_DONE)
		end(moves, w, i, ours ? SAY_DONE : SAY_DOUBT, "driver: sees done");
	else if (!is_started(w, d) && w->start_bit && !is_busy(w) &&
		 w->counter == d->counter)
		end(moves, w, i, SAY_FAILED, "driver: sees the start refused");
	/* No mirror, no link, no end in time, a fault. */
	end(moves, w, i, moves->mutant == MUTANT_TIMEOUT_FAILED ? SAY_FAILED : SAY_DOUBT,
		"driver: gives up following");
}

/* Makes safe and erases as far as the device answers, then tells. */
static void
closing_moves(struct moves *moves, const struct world *w, unsigned i)
{
	const struct model_driver *d = &w->driver[i];
	struct world *to = model_move(moves, w, MOVE_WORK, "driver: erases, tells");

	model_device_stop(to);
	(void)clear_device(to);
	finish(to, i, d->result, d->result == SAY_DONE ? w->counter : 0);
	to = model_move(moves, w, MOVE_TROUBLE, "driver: cannot erase, tells");
	finish(to, i, d->result, d->result == SAY_DONE ? w->counter : 0);
}

static void
start_moves(struct moves *moves, const struct world *w, unsigned i)
{
	struct model_driver *d;
	struct world *to;

	to = model_move(moves, w, MOVE_WORK, "driver: START");
	d = &to->driver[i];
	d->phase = DRIVER_FOLLOWING;
	model_device_edge(moves, to);
	model_move(moves, to, MOVE_TROUBLE, "driver: START comes twice")->wire =
		WIRE_TWICE;
	to = model_move(moves, w, MOVE_TROUBLE, "driver: START is under way");
	to->driver[i].phase = DRIVER_FOLLOWING;
	to->wire = WIRE_LATE;
	end(moves, w, i, SAY_FAILED, "driver: does not start what it armed");
}

/* By counter and records of a device that marks nothing (etch_query.c). */
static void
decide(struct moves *moves, struct world *w, unsigned i, bool stale)
{
	struct model_driver *d = &w->driver[i];
	unsigned counter = stale ? w->stale_counter : w->counter;
	bool started = (stale ? w->stale_started : w->last_started) == d->job;
	bool marked = !stale && w->last_marked == d->job;

	if (started && marked && counter == d->counter + 1u)
		finish(w, i, SAY_DONE, counter);
	else if (started || marked || counter != d->counter ||
		 (!w->ready_boot && moves->mutant != MUTANT_BOOT_IGNORED))
		finish(w, i, SAY_UNKNOWN, 0);
	else
		finish(w, i, SAY_NEVER, 0);
}

static void
query_moves(struct moves *moves, const struct world *w, unsigned i)
{
	const struct model_driver *d = &w->driver[i];
	struct world *to;

	if (d->phase == DRIVER_DECIDING) {
		decide(moves, model_move(moves, w, MOVE_WORK, "driver: decides"), i,
			false);
		if (moves->mutant == MUTANT_STALE_STATUS)
			decide(moves,
				model_move(moves, w, MOVE_WORK, "driver: stale status"),
				i, true);
		return;
	}
	if (!is_busy(w) && wire_is_quiet(moves, w)) {
		to = model_move(moves, w, MOVE_WORK, "driver: clears the device");
		to->driver[i].phase = DRIVER_DECIDING;
		(void)clear_device(to);
	}
	/* Busy for another, or no answer in time; ours is waited for. */
	to = model_move(moves, w, MOVE_WORK, "driver: cannot tell");
	finish(to, i, SAY_UNKNOWN, 0);
}

static void
begin_load(struct moves *moves, const struct world *w, unsigned i)
{
	struct world *to;

	/* A request that comes twice comes before the driver has gone so far. */
	if (w->wire == WIRE_TWICE)
		return;
	if (!is_busy(w)) {
		to = model_move(moves, w, MOVE_WORK, "driver: load-begin");
		(void)clear_device(to);
		to->device = DEVICE_LOADING;
		to->loaded = to->driver[i].job = to->driver[i].inbox_job;
		to->driver[i].inbox = to->driver[i].inbox_job = 0;
		to->driver[i].phase = DRIVER_LOADING;
	}
	to = model_move(moves, w, MOVE_WORK, "driver: refuses the load");
	to->driver[i].inbox = to->driver[i].inbox_job = 0;
	finish(to, i, SAY_REFUSED, 0);
}

static bool
may_go(const struct moves *moves, const struct model_driver *d)
{
	return !d->opened || moves->mutant == MUTANT_DOOR_FORGOTTEN;
}

static void
load_moves(struct moves *moves, const struct world *w, unsigned i)
{
	const struct model_driver *d = &w->driver[i];
	struct world *to;

	if (w->device == DEVICE_LOADING && w->loaded == d->job && may_go(moves, d)) {
		to = model_move(
			moves, w, MOVE_WORK, "driver: commits, reads back, ready");
		to->device = DEVICE_LOADED;
		to->driver[i].phase = DRIVER_LOADED;
		to->driver[i].counter = w->counter;
		to->ready_boot = 1;
		if (moves->mutant == MUTANT_STALE_STATUS || scene_of(moves)->older) {
			to->stale_counter = w->counter;
			to->stale_started = w->last_started;
			to->stale_marked = w->last_marked;
		}
		tell(to, i, SAY_READY, w->counter);
	}
	end(moves, w, i, SAY_REFUSED, "driver: load fails");
}

/* Start was read: everything once more, then arm. */
static void
arm_moves(struct moves *moves, const struct world *w, unsigned i)
{
	const struct model_driver *d = &w->driver[i];
	bool fits = w->device == DEVICE_LOADED && w->loaded == d->job &&
		    w->counter == d->counter && may_go(moves, d);

	if (d->phase == DRIVER_ARMING && fits) {
		struct world *to = model_move(moves, w, MOVE_WORK, "driver: arms");

		to->device = DEVICE_ARMED;
		to->driver[i].phase = DRIVER_ARMED;
	} else if (d->phase == DRIVER_ARMED && w->device == DEVICE_ARMED &&
		   w->loaded == d->job) {
		/* Writes the token that it read. */
		model_move(moves, w, MOVE_WORK, "driver: token")->device = DEVICE_TOKEN;
	}
	if (d->phase == DRIVER_ARMED && w->device != DEVICE_ARMED)
		start_moves(moves, w, i);
	end(moves, w, i, SAY_FAILED, "driver: cannot arm");
}

/* What lies in its inbox, when it reads it. */
static void
inbox_moves(struct moves *moves, const struct world *w, unsigned i)
{
	const struct model_driver *d = &w->driver[i];
	struct world *to;

	if (d->phase == DRIVER_IDLE && d->inbox == SAY_LOAD) {
		begin_load(moves, w, i);
		return;
	}
	to = model_move(moves, w, MOVE_WORK, "driver: reads a line");
	to->driver[i].inbox = to->driver[i].inbox_job = to->driver[i].inbox_counter = 0;
	if (d->phase == DRIVER_IDLE && d->inbox == SAY_QUERY) {
		to->driver[i].phase = DRIVER_CLEARING;
		to->driver[i].job = d->inbox_job;
		to->driver[i].counter = d->inbox_counter;
	} else if (d->phase == DRIVER_LOADED && d->inbox == SAY_START) {
		to->driver[i].phase = DRIVER_ARMING;
	} else if (d->phase == DRIVER_LOADED && d->inbox == SAY_CANCEL) {
		to->driver[i].phase = DRIVER_CLOSING;
		to->driver[i].result = SAY_CANCELLED;
	}
}

/* It connects: zeros, the boot's echo, an empty inbox of mirrors. */
static void
connect(struct moves *moves, const struct world *w, unsigned i)
{
	struct world *to;

	if (!wire_is_quiet(moves, w))
		return;
	to = model_move(moves, w, MOVE_WORK, "driver: connects");
	to->driver[i].phase = DRIVER_IDLE;
	to->start_bit = 0;
	if (w->device == DEVICE_BOOT) {
		to->device = w->was_marking ? DEVICE_FAULT : DEVICE_IDLE;
		to->was_marking = 0;
	}
}

static void
one_driver(struct moves *moves, const struct world *w, unsigned i)
{
	const struct model_driver *d = &w->driver[i];

	memset(&model_move(moves, w, MOVE_TROUBLE, "driver: killed")->driver[i], 0,
		sizeof *d);
	if ((d->phase == DRIVER_IDLE || d->phase == DRIVER_LOADED ||
		    d->phase == DRIVER_CONNECTING) &&
		d->orphan && !d->inbox)
		memset(&model_move(moves, w, MOVE_WORK, "driver: end of input")
				->driver[i],
			0, sizeof *d);
	switch ((enum driver_phase)d->phase) {
	case DRIVER_GONE:
		break;
	case DRIVER_CONNECTING:
		connect(moves, w, i);
		break;
	case DRIVER_IDLE:
		if (w->device == DEVICE_BOOT)
			connect(moves, w, i);
		if (d->inbox)
			inbox_moves(moves, w, i);
		break;
	case DRIVER_LOADED:
		if (d->inbox)
			inbox_moves(moves, w, i);
		break;
	case DRIVER_LOADING:
		load_moves(moves, w, i);
		break;
	case DRIVER_ARMING:
	case DRIVER_ARMED:
		arm_moves(moves, w, i);
		break;
	case DRIVER_FOLLOWING:
		follow_moves(moves, w, i);
		break;
	case DRIVER_CLOSING:
		closing_moves(moves, w, i);
		break;
	case DRIVER_CLEARING:
	case DRIVER_DECIDING:
		query_moves(moves, w, i);
		break;
	}
}

void
model_driver_moves(struct moves *moves, const struct world *w)
{
	for (unsigned i = 0; i < DRIVERS; i++)
		if (w->driver[i].phase != DRIVER_GONE)
			one_driver(moves, w, i);
}

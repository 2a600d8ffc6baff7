/* SPDX-License-Identifier: MIT */
/* The printer model's driver (drivers/print_start.c, print_query.c) and its printer. */
#include "config.h"
#include "tests/crash/model_print.h"

#include "drivers/print_follow.h"

void
print_printer_cancel(struct print_world *w, unsigned job)
{
	struct print_job *j = &w->job[job];

	if (j->state >= JOB_OPEN && j->state <= JOB_PROCESSING)
		j->state = JOB_CANCELED;
}

/* What the printer says of a job. */
static struct ipp_job_state
look(const struct moves *moves, const struct print_job *j)
{
	static const ipp_jstate_t states[] = {
		[JOB_NONE] = IPP_JSTATE_ABORTED,
		[JOB_OPEN] = IPP_JSTATE_HELD,
		[JOB_PART] = IPP_JSTATE_PENDING,
		[JOB_WHOLE] = IPP_JSTATE_PENDING,
		[JOB_PROCESSING] = IPP_JSTATE_PROCESSING,
		[JOB_COMPLETED] = IPP_JSTATE_COMPLETED,
		[JOB_CANCELED] = IPP_JSTATE_CANCELED,
		[JOB_ABORTED] = IPP_JSTATE_ABORTED,
	};

	return (struct ipp_job_state){.id = 1,
		.state = states[j->state],
		.counts = print_scene_of(moves)->job_counts,
		.impressions = j->pages,
		.unbegun = !j->begun,
		.starved = !j->has_all,
		.empty = print_scene_of(moves)->documents && !j->sent};
}

static struct print_count
count_of(const struct moves *moves, const struct print_world *w, unsigned before)
{
	return (struct print_count){print_scene_of(moves)->printer_counts, before,
		w->counter,
		w->ready_start || moves->mutant == PRINT_MUTANT_START_IGNORED};
}

static bool
is_busy(const struct print_world *w)
{
	for (unsigned job = 1; job <= PRINT_JOBS; job++)
		if (w->job[job].state >= JOB_WHOLE && w->job[job].state <= JOB_PROCESSING)
			return true;
	return false;
}

/* The result is told, if anybody listens. */
static void
tell(struct print_world *w, unsigned driver, enum print_message what)
{
	w->driver[driver].phase = PRINT_DRIVER_TOLD;
	if (driver == 0) {
		w->up = (uint8_t)what;
		w->up_before = 0;
	}
}

static enum print_message
message_of(const struct driver_result *result)
{
	switch (result->outcome) {
	case DRIVER_DONE:
		return PRINT_SAY_DONE;
	case DRIVER_FAILED:
		return PRINT_SAY_FAILED;
	case DRIVER_NEVER:
		return PRINT_SAY_NEVER;
	case DRIVER_DOUBT:
		return PRINT_SAY_DOUBT;
	case DRIVER_UNKNOWN:
	case DRIVER_LEAVE:
		break;
	}
	return PRINT_SAY_UNKNOWN;
}

static void
follow(struct moves *moves, const struct print_world *w, unsigned d)
{
	const struct print_model_driver *driver = &w->driver[d];
	const struct print_job *j = &w->job[driver->job];
	struct ipp_job_state state = look(moves, j);
	struct print_count count = count_of(moves, w, driver->before);
	struct driver_result result = {0};
	struct print_world *to;

	if (w->is_off || j->forgotten) {
		tell(print_move(moves, w, MOVE_WORK, "driver: no answer about its job"), d,
			PRINT_SAY_DOUBT);
		return;
	}
	if (moves->mutant == PRINT_MUTANT_CANCELED &&
		(j->state == JOB_CANCELED || j->state == JOB_ABORTED)) {
		tell(print_move(moves, w, MOVE_WORK, "driver: cancelled"), d, PRINT_SAY_FAILED);
	} else if (moves->mutant == PRINT_MUTANT_ONE_PAGE && j->state == JOB_COMPLETED) {
		tell(print_move(moves, w, MOVE_WORK, "driver: completed"), d, PRINT_SAY_DONE);
	} else if (print_follow_job(&result, &state, &count, true)) {
		tell(print_move(moves, w, MOVE_WORK, "driver: saw the end"), d,
			message_of(&result));
	}
	to = print_move(moves, w, MOVE_TROUBLE, "driver: deadline");
	tell(to, d, PRINT_SAY_DOUBT);
}

static void
query(struct moves *moves, const struct print_world *w, unsigned d)
{
	const struct print_model_driver *driver = &w->driver[d];
	const struct print_job *j = &w->job[driver->job];
	struct print_count count = count_of(moves, w, driver->before);
	struct driver_result result = {0};
	struct ipp_job_memory memory = {.found = j->state != JOB_NONE && !j->forgotten,
		.found_older = !w->job[driver->job - 1].forgotten &&
			       w->job[driver->job - 1].state >= JOB_COMPLETED};
	struct print_world *to;

	if (w->is_off) {
		tell(print_move(moves, w, MOVE_WORK, "driver: printer missing"), d,
			PRINT_SAY_UNKNOWN);
		return;
	}
	memory.state = look(moves, j);
	if (memory.found && print_follow_is_orphan(&memory.state)) {
		to = print_move(moves, w, MOVE_WORK, "driver: cancels what nobody sends");
		print_printer_cancel(to, driver->job);
		return;
	}
	if (!memory.found && moves->mutant == PRINT_MUTANT_LIST_BELIEVED) {
		tell(print_move(moves, w, MOVE_WORK, "driver: not found"), d, PRINT_SAY_NEVER);
		return;
	}
	if (moves->mutant == PRINT_MUTANT_UNBEGUN && j->state == JOB_CANCELED &&
		!j->begun) {
		tell(print_move(moves, w, MOVE_WORK, "driver: cancelled, never begun"), d,
			PRINT_SAY_NEVER);
		return;
	}
	if (print_follow_query(&result, &memory, &count, is_busy(w), true))
		tell(print_move(moves, w, MOVE_WORK, "driver: knows"), d, message_of(&result));
	tell(print_move(moves, w, MOVE_TROUBLE, "driver: deadline of the query"), d,
		PRINT_SAY_UNKNOWN);
}

/* The printer takes a job; its answer may be lost. */
static void
create(struct moves *moves, const struct print_world *w, unsigned d)
{
	struct print_world *to;
	unsigned job = w->driver[d].inbox_job;

	to = print_move(moves, w, MOVE_WORK, "driver: no job could be created");
	to->driver[d].inbox = 0;
	tell(to, d, PRINT_SAY_FAILED);
	if (w->is_off)
		return;
	to = print_move(moves, w, MOVE_WORK, "driver: created the job");
	to->driver[d].inbox = 0;
	to->driver[d].phase = PRINT_DRIVER_CREATED;
	to->job[job].state = JOB_OPEN;
	to = print_move(moves, w, MOVE_TROUBLE, "driver: created it unheard");
	to->driver[d].inbox = 0;
	to->job[job].state = JOB_OPEN;
	tell(to, d, PRINT_SAY_FAILED);
}

static void
send_document(struct moves *moves, const struct print_world *w, unsigned d)
{
	const struct print_model_driver *driver = &w->driver[d];
	const struct print_job *j = &w->job[driver->job];
	bool is_there = !w->is_off && !j->forgotten && j->state >= JOB_OPEN &&
			j->state <= JOB_PROCESSING;
	struct print_world *to;

	if (driver->phase == PRINT_DRIVER_CREATED) {
		to = print_move(moves, w, MOVE_TROUBLE, "driver: no byte could be sent");
		print_printer_cancel(to, driver->job);
		tell(to, d, PRINT_SAY_FAILED);
		to = print_move(moves, w, MOVE_WORK, "driver: sends");
		to->driver[d].phase = PRINT_DRIVER_SENDING;
		if (!is_there)
			return;
		to->job[driver->job].state = JOB_PART;
		to->job[driver->job].sent = 1;
		return;
	}
	to = print_move(moves, w, is_there ? MOVE_TROUBLE : MOVE_WORK,
		"driver: the document broke off");
	to->driver[d].phase = PRINT_DRIVER_BROKEN;
	if (!is_there)
		return;
	to = print_move(moves, w, MOVE_WORK, "driver: sent all");
	to->driver[d].phase = PRINT_DRIVER_FOLLOWING;
	to->job[driver->job].has_all = 1;
	if (j->state == JOB_PART)
		to->job[driver->job].state = JOB_WHOLE;
}

/* It has failed only when the printer gives it up by itself; else it is cancelled. */
static void
broken_off(struct moves *moves, const struct print_world *w, unsigned d)
{
	const struct print_model_driver *driver = &w->driver[d];
	struct print_count count = count_of(moves, w, driver->before);
	struct ipp_job_state state;
	struct print_world *to = print_move(moves, w, MOVE_WORK, "driver: asks, cancels");

	if (w->is_off || w->job[driver->job].forgotten) {
		tell(to, d, PRINT_SAY_DOUBT);
		return;
	}
	state = look(moves, &to->job[driver->job]);
	if (print_follow_gave_up(&state, &count)) {
		tell(to, d, PRINT_SAY_FAILED);
		return;
	}
	print_printer_cancel(to, driver->job);
	tell(to, d, PRINT_SAY_DOUBT);
}

static void
read_inbox(struct moves *moves, const struct print_world *w, unsigned d)
{
	const struct print_model_driver *driver = &w->driver[d];
	struct print_world *to;

	if (driver->inbox == PRINT_SAY_START && driver->phase == PRINT_DRIVER_LOADED) {
		create(moves, w, d);
		return;
	}
	if (driver->phase != PRINT_DRIVER_IDLE)
		return;
	to = print_move(moves, w, MOVE_WORK,
		driver->inbox == PRINT_SAY_LOAD ? "driver: ready" : "driver: asked");
	to->driver[d].inbox = 0;
	to->driver[d].job = driver->inbox_job;
	if (driver->inbox == PRINT_SAY_QUERY) {
		to->driver[d].before = driver->inbox_before;
		to->driver[d].phase = PRINT_DRIVER_QUERY;
		return;
	}
	to->driver[d].before = to->ready_counter = w->counter;
	to->ready_start = 1;
	to->driver[d].phase = PRINT_DRIVER_LOADED;
	if (d == 0) {
		to->up = PRINT_SAY_READY;
		to->up_before = w->counter;
	}
}

static void
one_driver(struct moves *moves, const struct print_world *w, unsigned d)
{
	const struct print_model_driver *driver = &w->driver[d];
	bool has_ended = driver->phase == PRINT_DRIVER_TOLD;
	struct print_world *to;

	if (driver->phase == PRINT_DRIVER_GONE)
		return;
	/* Killed, or it has read the end of its input. */
	to = print_move(moves, w,
		has_ended || driver->is_orphan ? MOVE_WORK : MOVE_TROUBLE, "driver: ends");
	memset(&to->driver[d], 0, sizeof to->driver[d]);
	if (has_ended || (d == 0 && w->up))
		return;
	switch ((enum print_driver_phase)driver->phase) {
	case PRINT_DRIVER_GONE:
	case PRINT_DRIVER_TOLD:
		break;
	case PRINT_DRIVER_IDLE:
	case PRINT_DRIVER_LOADED:
		if (driver->inbox)
			read_inbox(moves, w, d);
		break;
	case PRINT_DRIVER_CREATED:
	case PRINT_DRIVER_SENDING:
		send_document(moves, w, d);
		break;
	case PRINT_DRIVER_BROKEN:
		broken_off(moves, w, d);
		break;
	case PRINT_DRIVER_FOLLOWING:
		follow(moves, w, d);
		break;
	case PRINT_DRIVER_QUERY:
		query(moves, w, d);
		break;
	}
}

void
print_driver_moves(struct moves *moves, const struct print_world *w)
{
	for (unsigned d = 0; d < PRINT_DRIVERS; d++)
		one_driver(moves, w, d);
}

static void
page(struct print_world *w, unsigned job)
{
	w->job[job].pages++;
	w->counter++;
}

static void
job_moves(struct moves *moves, const struct print_world *w, unsigned job)
{
	const struct print_job *j = &w->job[job];
	struct print_world *to;

	if (j->state == JOB_WHOLE || j->state == JOB_PART) {
		/* Some begin with the first bytes. */
		to = print_move(moves, w, j->has_all ? MOVE_WORK : MOVE_TROUBLE,
			"printer: begins");
		to->job[job].state = JOB_PROCESSING;
		to->job[job].begun = 1;
	}
	if (j->state == JOB_PROCESSING && j->pages < 2)
		page(print_move(moves, w, MOVE_WORK, "printer: a page"), job);
	if (j->state == JOB_PROCESSING && j->has_all)
		/* Also one that swallowed a page. */
		print_move(moves, w, j->pages == 2 ? MOVE_WORK : MOVE_TROUBLE,
			"printer: completed")
			->job[job]
			.state = JOB_COMPLETED;
	if (j->state >= JOB_OPEN && j->state <= JOB_PROCESSING)
		print_move(moves, w, MOVE_TROUBLE, "printer: aborts the job")
			->job[job]
			.state = JOB_ABORTED;
	/* The net gives up what it held back, long after whoever sent it has died; a
	 * cancelled job of which nothing had come takes no document any more. */
	if (j->state == JOB_CANCELED && j->sent && !j->begun) {
		to = print_move(moves, w, MOVE_TROUBLE,
			"printer: takes the rest of a cancelled job");
		to->job[job].begun = 1;
		to->job[job].has_all = 1;
	}
	/* What it has drawn in comes out all the same. */
	if (j->state == JOB_CANCELED && j->begun && j->pages < 2)
		page(print_move(moves, w, MOVE_TROUBLE, "printer: a page of a cancelled job"),
			job);
}

void
print_printer_moves(struct moves *moves, const struct print_world *w)
{
	struct print_world *to;

	if (w->is_off) {
		print_move(moves, w, MOVE_WORK, "people: switch it on")->is_off = 0;
		return;
	}
	for (unsigned job = 1; job <= PRINT_JOBS; job++)
		if (!w->job[job].forgotten)
			job_moves(moves, w, job);
	/* The oldest first, when it has ended. */
	for (unsigned job = 0; job <= PRINT_JOBS; job++) {
		if (w->job[job].forgotten)
			continue;
		if (w->job[job].state >= JOB_COMPLETED)
			print_move(moves, w, MOVE_TROUBLE, "printer: forgets an old job")
				->job[job]
				.forgotten = 1;
		break;
	}
	to = print_move(moves, w, MOVE_TROUBLE, "printer: loses its power and its memory");
	to->is_off = 1;
	to->ready_start = 0;
	if (print_scene_of(moves)->older && w->jobs)
		to->counter = w->ready_counter;
	for (unsigned job = 0; job <= PRINT_JOBS; job++)
		if (w->job[job].state != JOB_NONE)
			to->job[job].forgotten = 1;
}

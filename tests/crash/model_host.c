/* SPDX-License-Identifier: MIT */
/* The model's daemon (daemon/job.c, station_job.c, recipe_etch.c) and its people. */
#include "tests/crash/model.h"

#include <string.h>
#include "proto/wallet_balance.h"
#include "proto/wallet_state.h"

unsigned
model_owner(const struct world *w, unsigned job)
{
	return w->owners >> job & 1;
}

/* A step of the real table; false: it has none. */
static bool
step(struct world *w, unsigned wallet, enum wallet_event event)
{
	int next = wallet_state_next(MODE_USA, w->wallet[wallet], event);

	if (next < 0)
		return false;
	w->wallet[wallet] = (uint8_t)next;
	return true;
}

static void
read_up(struct world *w)
{
	w->up = SAY_NOTHING;
	w->up_counter = 0;
	w->door_before = w->door_after;
	w->door_after = 0;
}

static void
rest(struct world *w)
{
	w->host = HOST_IDLE;
	w->host_job = w->host_counter = 0;
}

void
model_host_leaves(struct world *w)
{
	if (w->driver[0].phase != DRIVER_GONE) {
		w->driver[1] = w->driver[0];
		w->driver[1].orphan = 1;
	}
	memset(&w->driver[0], 0, sizeof w->driver[0]);
	w->up = w->up_counter = w->door_before = w->door_after = 0;
}

/* Two orphans at once are not modelled. */
static bool
may_leave(const struct world *w)
{
	return w->driver[0].phase == DRIVER_GONE || w->driver[1].phase == DRIVER_GONE;
}

static void
say(struct world *w, enum message what, unsigned job, unsigned counter)
{
	w->driver[0].inbox = (uint8_t)what;
	w->driver[0].inbox_job = (uint8_t)job;
	w->driver[0].inbox_counter = (uint8_t)counter;
}

/* The job is over before it was started: its intent, if any, and its claim. */
static void
not_done(struct world *w)
{
	unsigned wallet = model_owner(w, w->host_job);

	if (w->open_job == w->host_job) {
		(void)step(w, wallet, WALLET_ETCH_FAILED);
		w->open_job = w->open_counter = 0;
	}
	if (w->wallet[wallet] == WALLET_CLAIMED)
		(void)step(w, wallet, WALLET_UNCLAIM);
	rest(w);
}

/* The outcome becomes durable; what the table refuses stays open. */
static void
close_intent(struct moves *moves, struct world *w, enum wallet_event event)
{
	unsigned wallet = model_owner(w, w->open_job);

	if (event == WALLET_DOUBT && moves->mutant == MUTANT_DOUBT_RETRIED)
		event = WALLET_ETCH_FAILED;
	if ((event == WALLET_DOUBT && moves->mutant == MUTANT_DOUBT_FORGOTTEN)
		|| (w->open_job && step(w, wallet, event)))
		w->open_job = w->open_counter = 0;
	rest(w);
}

static bool
driver_rests(const struct world *w)
{
	return w->driver[0].phase == DRIVER_IDLE && !w->driver[0].inbox && !w->up;
}

static bool
has_room(const struct world *w)
{
	for (unsigned i = 0; i < WALLETS; i++)
		if (w->wallet[i] == WALLET_CLAIMED || w->wallet[i] == WALLET_ETCHING ||
			w->wallet[i] == WALLET_ETCHED)
			return false;
	return true;
}

static void
idle_moves(struct moves *moves, const struct world *w)
{
	struct world *to;

	if (w->open_job && driver_rests(w)) {
		to = model_move(moves, w, MOVE_WORK, "host: query");
		say(to, SAY_QUERY, w->open_job, w->open_counter);
		to->host = HOST_ASKING;
	} else if (!w->open_job && w->wallet[w->part] == WALLET_ARRIVED && has_room(w) &&
		   w->jobs < scene_of(moves)->jobs && w->driver[0].phase >= DRIVER_IDLE) {
		to = model_move(moves, w, MOVE_WORK, "host: scanned");
		to->host = HOST_CHECKING;
		/* Whose it is; its number comes with the load. */
		to->host_job = w->part;
	}
}

static void
load(struct moves *moves, const struct world *w)
{
	struct world *to;
	unsigned wallet = w->host_job;

	if (!driver_rests(w))
		return;
	to = model_move(moves, w, MOVE_WORK, "host: claim, load");
	if (!step(to, wallet, WALLET_CLAIM)) {
		rest(to);
		return;
	}
	to->host_job = ++to->jobs;
	to->owners |= (uint8_t)(wallet << to->jobs);
	say(to, SAY_LOAD, to->jobs, 0);
	to->host = HOST_LOADING;
}

/* Ready is read: the intent, then the start. */
static void
go_moves(struct moves *moves, const struct world *w)
{
	bool first = moves->mutant == MUTANT_ACT_FIRST;
	struct world *to;

	if ((w->host == HOST_READY && !first) || w->host == HOST_ACTED) {
		to = model_move(moves, w, MOVE_WORK, "host: intent");
		to->host = first ? HOST_STARTED : HOST_INTENT;
		if (step(to, model_owner(w, w->host_job), WALLET_ETCH_INTENT)) {
			to->open_job = w->host_job;
			to->open_counter = w->host_counter;
		} else {
			to->host = HOST_GIVING_UP;
		}
		return;
	}
	to = model_move(moves, w, MOVE_WORK, "host: start");
	if (to->driver[0].phase != DRIVER_GONE)
		say(to, SAY_START, w->host_job, 0);
	to->host = first ? HOST_ACTED : HOST_STARTED;
	if (w->host == HOST_INTENT) {
		to = model_move(
			moves, w, MOVE_WORK, "host: left Execute after the intent");
		to->host = HOST_GIVING_UP;
	}
}

/* The driver's answer, in the phase that waits for it. */
static void
answer(struct moves *moves, struct world *w)
{
	enum message up = (enum message)w->up;
	unsigned counter = w->up_counter;
	bool asking = w->host == HOST_ASKING;

	read_up(w);
	if (w->host == HOST_LOADING && up == SAY_READY) {
		w->host = HOST_READY;
		w->host_counter = (uint8_t)counter;
	} else if (up == SAY_REFUSED || up == SAY_CANCELLED) {
		not_done(w);
	} else if (up == SAY_DONE) {
		bool fits = asking || counter == w->host_counter + 1u ||
			    moves->mutant == MUTANT_DONE_UNCHECKED;

		close_intent(moves, w, fits ? WALLET_ETCH_DONE : WALLET_DOUBT);
	} else if (up == SAY_FAILED || up == SAY_NEVER) {
		close_intent(moves, w, WALLET_ETCH_FAILED);
	} else if (up == SAY_DOUBT || up == SAY_UNKNOWN) {
		close_intent(moves, w, WALLET_DOUBT);
	}
}

/* The door was opened: what is not started is given up. */
static void
door(struct world *w)
{
	w->door_before = 0;
	if (w->host == HOST_CHECKING)
		rest(w);
	else if (w->host == HOST_LOADING || w->host == HOST_READY)
		w->host = HOST_GIVING_UP;
}

/* Ready, intent and start are one callback: nothing is read between them. */
static bool
reads(const struct world *w)
{
	return w->host != HOST_DEAD && w->host != HOST_READY && w->host != HOST_INTENT &&
	       w->host != HOST_ACTED;
}

/* Nothing will come from the driver any more. */
static void
lost(struct moves *moves, struct world *w)
{
	switch ((enum host_phase)w->host) {
	case HOST_DEAD:
	case HOST_IDLE:
	case HOST_READY:
	case HOST_INTENT:
	case HOST_ACTED:
		break;
	case HOST_CHECKING:
		rest(w);
		break;
	case HOST_LOADING:
	case HOST_GIVING_UP:
	case HOST_CANCELLING:
		not_done(w);
		break;
	case HOST_STARTED:
		/* The intent stays open: the next driver is asked. */
		if (moves->mutant == MUTANT_START_REPEATED)
			close_intent(moves, w, WALLET_ETCH_FAILED);
		rest(w);
		break;
	case HOST_ASKING:
		close_intent(moves, w, WALLET_DOUBT);
		break;
	}
}

static void
pipe_moves(struct moves *moves, const struct world *w)
{
	bool waits = w->host >= HOST_LOADING;
	struct world *to;

	if (w->door_before) {
		door(model_move(moves, w, MOVE_WORK, "host: door told"));
		return;
	}
	if (w->up)
		answer(moves, model_move(moves, w, MOVE_WORK, "host: answer"));
	else if (w->driver[0].phase == DRIVER_GONE && w->host != HOST_IDLE)
		lost(moves, model_move(moves, w, MOVE_WORK, "host: driver lost"));
	else if (waits && may_leave(w)) {
		/* It hangs, or it seems so: both ends are given up. */
		to = model_move(moves, w, MOVE_WORK, "host: timeout");
		model_host_leaves(to);
		lost(moves, to);
	}
	if (w->host == HOST_LOADING) {
		to = model_move(moves, w, MOVE_WORK, "person: hold");
		to->host = HOST_GIVING_UP;
	}
	if (w->host == HOST_GIVING_UP && !w->driver[0].inbox &&
		w->driver[0].phase != DRIVER_GONE) {
		to = model_move(moves, w, MOVE_WORK, "host: cancel");
		say(to, SAY_CANCEL, w->host_job, 0);
		to->host = HOST_CANCELLING;
	}
}

static void
start_up(struct moves *moves, const struct world *w)
{
	struct world *to = model_move(moves, w, MOVE_WORK, "host: starts");

	rest(to);
	for (unsigned i = 0; i < WALLETS; i++)
		if (to->wallet[i] == WALLET_CLAIMED)
			(void)step(to, i, WALLET_UNCLAIM);
	if (moves->mutant == MUTANT_NO_QUERY && to->open_job)
		close_intent(moves, to, WALLET_ETCH_FAILED);
}

void
model_host_moves(struct moves *moves, const struct world *w)
{
	bool room =
		w->driver[0].phase == DRIVER_GONE &&
		(w->driver[1].phase == DRIVER_GONE || moves->mutant == MUTANT_NO_FLOCK);
	struct world *to;

	if (w->host == HOST_DEAD) {
		start_up(moves, w);
		return;
	}
	if (may_leave(w)) {
		to = model_move(moves, w, MOVE_TROUBLE, "host: killed");
		model_host_leaves(to);
		rest(to);
		to->host = HOST_DEAD;
	}
	if (w->host == HOST_IDLE && room && !w->up && !w->door_before)
		model_move(moves, w, MOVE_WORK, "host: spawns a driver")
			->driver[0]
			.phase = DRIVER_CONNECTING;
	if (reads(w))
		pipe_moves(moves, w);
	if (w->host == HOST_IDLE)
		idle_moves(moves, w);
	else if (w->host == HOST_CHECKING)
		load(moves, w);
	else if (!reads(w))
		go_moves(moves, w);
}

/* What people do to one wallet; the machine's own events are the host's. */
static const enum wallet_event acts[] = {WALLET_SEAL, WALLET_SPOIL, WALLET_RESOLVE_GOOD,
	WALLET_RESOLVE_SPOILED, WALLET_CONFIRM, WALLET_REJECT, WALLET_ARRIVE, WALLET_LOSE,
	WALLET_FIND, WALLET_WITHDRAW, WALLET_OPEN_GOOD, WALLET_OPEN_BAD};
enum { ACTS = sizeof acts / sizeof acts[0], ACTS_FEW = 4 };

/* They look at the part, and say what they see. */
static bool
may_say(const struct world *w, unsigned wallet, enum wallet_event event)
{
	bool good = w->whole[wallet] == 1 && !w->partial[wallet];

	return event != WALLET_RESOLVE_GOOD || good;
}

/* An intent whose device does not come back is settled by people (ctl_wallet.c). */
static void
resolve_open(struct moves *moves, const struct world *w)
{
	unsigned wallet = model_owner(w, w->open_job);
	bool good = may_say(w, wallet, WALLET_RESOLVE_GOOD);
	struct world *to;

	if (!w->open_job || w->host != HOST_IDLE || w->wallet[wallet] != WALLET_ETCHING)
		return;
	to = model_move(moves, w, MOVE_WORK, "people: resolve an open intent");
	to->open_job = to->open_counter = 0;
	(void)step(to, wallet, WALLET_DOUBT);
	(void)step(to, wallet, good ? WALLET_RESOLVE_GOOD : WALLET_RESOLVE_SPOILED);
}

/* By the real equation, sealed counted as released. */
static bool
closes(const struct world *w)
{
	uint64_t counts[WALLET_STATE_COUNT] = {0};
	struct wallet_balance balance;

	for (unsigned i = 0; i < WALLETS; i++)
		counts[w->wallet[i] == WALLET_SEALED ? WALLET_RELEASED : w->wallet[i]]++;
	return wallet_balance_of(&balance, MODE_USA, WALLETS, counts, 0) == WALLET_CLOSES;
}

/* Release as the ledger does it: one person may sign at any time; the counts are taken
 * when the other one does. */
static void
release(struct moves *moves, const struct world *w)
{
	struct world *to;

	if (!w->release_asked) {
		model_move(moves, w, MOVE_WORK, "person: asks for the release")
			->release_asked = 1;
		return;
	}
	if (!closes(w) && moves->mutant != MUTANT_OPEN_RELEASE)
		return;
	to = model_move(moves, w, MOVE_WORK, "person: approves the release");
	for (unsigned i = 0; i < WALLETS; i++)
		if (w->wallet[i] == WALLET_SEALED)
			(void)step(to, i, WALLET_RELEASE);
	to->released = 1;
}

void
model_people_moves(struct moves *moves, const struct world *w)
{
	unsigned limit = scene_of(moves)->all_acts ? ACTS : ACTS_FEW;
	struct world *to;

	for (unsigned i = 0; i < WALLETS && w->host != HOST_DEAD; i++) {
		for (unsigned a = 0; a < limit; a++) {
			struct world probe = *w;

			if (!may_say(w, i, acts[a]) || !step(&probe, i, acts[a]) ||
				probe.wallet[i] == w->wallet[i])
				continue;
			to = model_move(moves, w, MOVE_WORK, wallet_event_name(acts[a]));
			*to = probe;
		}
	}
	if (w->host != HOST_DEAD && !w->released)
		release(moves, w);
	resolve_open(moves, w);
	/* The door, another part, the door: seen by a driver that looks. */
	to = model_move(moves, w, MOVE_WORK, "people: exchange the part");
	model_device_stop(to);
	to->part = !w->part;
	for (unsigned i = 0; i < DRIVERS; i++)
		if (w->driver[i].phase >= DRIVER_LOADING)
			to->driver[i].opened = 1;
	if (w->driver[0].phase >= DRIVER_IDLE && w->host != HOST_DEAD) {
		if (w->up)
			to->door_after = 1;
		else
			to->door_before = 1;
	}
}

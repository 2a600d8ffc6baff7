/* SPDX-License-Identifier: MIT */
/* The printer model's daemon (daemon/job.c, recipe_print.c) and its people. */
#include "config.h"
#include "tests/crash/model_print.h"

#include "proto/wallet_state.h"

/* A step of the real table; false: it has none. */
static bool
step(struct print_world *w, enum wallet_event event)
{
	int next = wallet_state_next(MODE_CHINA, w->wallet, event);

	if (next < 0)
		return false;
	w->wallet = (uint8_t)next;
	return true;
}

static void
rest(struct print_world *w)
{
	w->host = PRINT_HOST_IDLE;
	w->host_job = w->host_before = 0;
}

static void
say(struct print_world *w, enum print_message what, unsigned job, unsigned before)
{
	w->driver[0].inbox = (uint8_t)what;
	w->driver[0].inbox_job = (uint8_t)job;
	w->driver[0].inbox_before = (uint8_t)before;
}

/* The daemon's end of the pipes is closed; what was a driver is an orphan. */
static void
leave_driver(struct print_world *w)
{
	if (w->driver[0].phase != PRINT_DRIVER_GONE) {
		w->driver[1] = w->driver[0];
		w->driver[1].is_orphan = 1;
	}
	memset(&w->driver[0], 0, sizeof w->driver[0]);
	w->up = w->up_before = 0;
}

/* Two orphans at once are not modelled. */
static bool
may_leave(const struct print_world *w)
{
	return w->driver[0].phase == PRINT_DRIVER_GONE ||
	       w->driver[1].phase == PRINT_DRIVER_GONE;
}

static void
close_intent(struct print_world *w, enum wallet_event event)
{
	if (w->open_job && step(w, event))
		w->open_job = w->open_before = 0;
	rest(w);
}

static void
answer(struct moves *moves, struct print_world *w)
{
	enum print_message up = (enum print_message)w->up;
	unsigned before = w->up_before;

	w->up = w->up_before = 0;
	if (up == PRINT_SAY_READY && w->host == PRINT_HOST_LOADING) {
		w->host = PRINT_HOST_READY;
		w->host_before = (uint8_t)before;
	} else if (up == PRINT_SAY_DONE) {
		close_intent(w, WALLET_PRINT_DONE);
	} else if (up == PRINT_SAY_FAILED || up == PRINT_SAY_NEVER) {
		close_intent(w, WALLET_PRINT_FAILED);
	} else if (up == PRINT_SAY_DOUBT || up == PRINT_SAY_UNKNOWN) {
		close_intent(w, moves->mutant == PRINT_MUTANT_UNKNOWN_RETRIED
				? WALLET_PRINT_FAILED
				: WALLET_DOUBT);
	}
}

/* Nothing will come from the driver any more. */
static void
lost(struct moves *moves, struct print_world *w)
{
	if (w->host == PRINT_HOST_STARTED && moves->mutant == PRINT_MUTANT_RETRIED)
		close_intent(w, WALLET_PRINT_FAILED);
	else if (w->host == PRINT_HOST_ASKING)
		close_intent(w, WALLET_DOUBT);
	else if (w->host == PRINT_HOST_LOADING || w->host == PRINT_HOST_STARTED)
		rest(w); /* an open intent is asked about by the next driver */
}

/* Ready, intent and start are one callback: nothing is read between them. */
static void
go_moves(struct moves *moves, const struct print_world *w)
{
	bool first = moves->mutant == PRINT_MUTANT_ACT_FIRST;
	struct print_world *to;

	if ((w->host == PRINT_HOST_READY && !first) || w->host == PRINT_HOST_ACTED) {
		to = print_move(moves, w, MOVE_WORK, "host: intent");
		to->host = first ? PRINT_HOST_STARTED : PRINT_HOST_INTENT;
		if (step(to, WALLET_PRINT_INTENT)) {
			to->open_job = w->host_job;
			to->open_before = w->host_before;
		} else {
			rest(to);
		}
		return;
	}
	to = print_move(moves, w, MOVE_WORK, "host: start");
	if (to->driver[0].phase != PRINT_DRIVER_GONE)
		say(to, PRINT_SAY_START, w->host_job, 0);
	to->host = first ? PRINT_HOST_ACTED : PRINT_HOST_STARTED;
}

static void
idle_moves(struct moves *moves, const struct print_world *w)
{
	bool room = w->driver[0].phase == PRINT_DRIVER_GONE &&
		    (w->driver[1].phase == PRINT_DRIVER_GONE ||
			    moves->mutant == PRINT_MUTANT_NO_FLOCK);
	bool rests = w->driver[0].phase == PRINT_DRIVER_IDLE && !w->driver[0].inbox && !w->up;
	struct print_world *to;

	if (room && !w->up)
		print_move(moves, w, MOVE_WORK, "host: spawns a driver")->driver[0].phase =
			PRINT_DRIVER_IDLE;
	if (!rests)
		return;
	if (w->open_job) {
		to = print_move(moves, w, MOVE_WORK, "host: query");
		say(to, PRINT_SAY_QUERY, w->open_job, w->open_before);
		to->host = PRINT_HOST_ASKING;
	} else if (w->wallet == WALLET_MINTED && w->jobs < PRINT_JOBS) {
		to = print_move(moves, w, MOVE_WORK, "host: load");
		to->host_job = ++to->jobs;
		say(to, PRINT_SAY_LOAD, to->jobs, 0);
		to->host = PRINT_HOST_LOADING;
	}
}

static void
pipe_moves(struct moves *moves, const struct print_world *w)
{
	struct print_world *to;

	if (w->up)
		answer(moves, print_move(moves, w, MOVE_WORK, "host: answer"));
	else if (w->driver[0].phase == PRINT_DRIVER_GONE && w->host != PRINT_HOST_IDLE)
		lost(moves, print_move(moves, w, MOVE_WORK, "host: driver lost"));
	else if (w->host != PRINT_HOST_IDLE && may_leave(w)) {
		to = print_move(moves, w, MOVE_WORK, "host: gives the driver up");
		leave_driver(to);
		lost(moves, to);
	}
}

void
print_host_moves(struct moves *moves, const struct print_world *w)
{
	struct print_world *to;

	if (w->host == PRINT_HOST_DEAD) {
		to = print_move(moves, w, MOVE_WORK, "host: starts");
		rest(to);
		if (moves->mutant == PRINT_MUTANT_NO_QUERY && to->open_job)
			close_intent(to, WALLET_PRINT_FAILED);
		return;
	}
	if (may_leave(w)) {
		to = print_move(moves, w, MOVE_TROUBLE, "host: killed");
		leave_driver(to);
		rest(to);
		to->host = PRINT_HOST_DEAD;
	}
	switch ((enum print_host)w->host) {
	case PRINT_HOST_READY:
	case PRINT_HOST_INTENT:
	case PRINT_HOST_ACTED:
		go_moves(moves, w);
		break;
	case PRINT_HOST_IDLE:
		idle_moves(moves, w);
		pipe_moves(moves, w);
		break;
	case PRINT_HOST_DEAD:
	case PRINT_HOST_LOADING:
	case PRINT_HOST_STARTED:
	case PRINT_HOST_ASKING:
		pipe_moves(moves, w);
		break;
	}
}

/* One whole sticker, and nothing that could still come out. */
static bool
is_whole(const struct print_world *w)
{
	unsigned whole = 0, part = 0;

	for (unsigned job = 1; job <= PRINT_JOBS; job++) {
		whole += w->job[job].pages == 2;
		part += w->job[job].pages == 1;
	}
	return whole == 1 && !part;
}

/* Two persons say the same; the state is looked at when the second one signs. */
static void
resolve(struct moves *moves, const struct print_world *w, uint8_t person)
{
	bool good = is_whole(w) || moves->mutant == PRINT_MUTANT_BLIND;
	bool second = w->signed_by && (w->signed_by != person ||
					      moves->mutant == PRINT_MUTANT_ONE_PERSON);
	struct print_world *to;

	if (!w->signed_by) {
		to = print_move(moves, w, MOVE_WORK, "person: asks to resolve");
		to->signed_by = person;
		return;
	}
	if (!second)
		return;
	to = print_move(moves, w, MOVE_WORK, "person: approves");
	to->settled_by_one = w->signed_by == person;
	to->signed_by = 0;
	(void)step(to, good ? WALLET_RESOLVE_GOOD : WALLET_RESOLVE_SPOILED);
}

static void
act(struct moves *moves, const struct print_world *w, enum wallet_event event)
{
	struct print_world probe = *w;

	if (step(&probe, event) && probe.wallet != w->wallet)
		*print_move(moves, w, MOVE_WORK, wallet_event_name(event)) = probe;
}

void
print_people_moves(struct moves *moves, const struct print_world *w)
{
	static const enum wallet_event acts[] = {WALLET_PAIR, WALLET_SHIP, WALLET_SPOIL,
		WALLET_LOSE, WALLET_WITHDRAW, WALLET_REJECT};

	if (w->host == PRINT_HOST_DEAD)
		return;
	if (w->wallet == WALLET_IN_DOUBT) {
		resolve(moves, w, 1);
		resolve(moves, w, 2);
	}
	/* A driver may be at work with it: the ledger's table says what goes. */
	for (unsigned i = 0; i < sizeof acts / sizeof acts[0]; i++)
		act(moves, w, acts[i]);
	if (!w->shipped && (!wallet_state_is_open(MODE_CHINA, w->wallet) ||
				   moves->mutant == PRINT_MUTANT_OPEN_SHIP))
		print_move(moves, w, MOVE_WORK, "people: ship")->shipped = 1;
}

/* SPDX-License-Identifier: MIT */
/*
 * What was scanned at the etching station is checked: the wallet is verified anew, and the
 * token of that check is spent on the one line that loads the laser.
 */
#include "config.h"
#include "daemon/recipe_etch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/alarm.h"
#include "daemon/check.h"
#include "daemon/host.h"
#include "daemon/job.h"
#include "daemon/ledger_batch.h"
#include "daemon/ledger_wallet.h"
#include "daemon/pool_memory.h"
#include "daemon/recipes.h"
#include "daemon/station.h"
#include "proto/secret.h"
#include "proto/verified.h"

struct etch_check {
	uv_work_t request;
	struct station *station;
	unsigned generation;
	struct check check;
	int error;
};

static bool
address_fits(const struct etch_bench *bench, const char *address)
{
	size_t len = strlen(address);

	if (!bench->typed)
		return strcmp(bench->address, address) == 0;
	return len >= ETCH_ADDRESS_END
		&& strcmp(bench->address, address + len - ETCH_ADDRESS_END) == 0;
}

/* The wallet is out for good, and no other of its batch goes on until a person
 * has found out why. */
static void
reject(struct station *station, const char *serial, int error, const char *hold)
{
	struct host *host = station_line(station);
	struct ledger_by by = host_by(station_actor(station));
	struct ledger_wallet wallet;
	int result = host_step(host, station_actor(station), serial, WALLET_REJECT,
		error_name(error));

	if (result == 0)
		result = ledger_wallet_get(&wallet, host->ledger, serial);
	if (result == 0)
		result = ledger_batch_hold(host->ledger, &by, wallet.batch, hold);
	/* It stands when the station and the batch were let on: the part is still there. */
	alarm_raise(host->alarms, "wallet-rejected", serial, by.now_ms);
	(void)host_trouble(host, result);
	station_hold(station, hold);
}

static void
unclaim(struct station *station, const char *serial)
{
	struct host *host = station_line(station);
	struct ledger_wallet wallet;
	int error = ledger_wallet_get(&wallet, host->ledger, serial);

	if (error == 0 && wallet.state == WALLET_CLAIMED)
		error = host_step(
			host, station_actor(station), serial, WALLET_UNCLAIM, NULL);
	/* When it is room that lacks, it comes with that (job_end_left). */
	if (error && !host_bar(host))
		station_hold(station, "ledger");
}

static void
on_end(struct station *station, const char *serial, enum ledger_outcome outcome,
	const char *code)
{
	struct etch_bench *bench = recipe_etch_bench(station);

	(void)code;
	bench->busy = false;
	recipe_etch_forget(bench);
	if (outcome == LEDGER_OUTCOME_DONE)
		station_count_good(station);
	else if (outcome != LEDGER_OUTCOME_DOUBT && outcome != LEDGER_OUTCOME_OPEN
		&& serial[0])
		unclaim(station, serial);
	host_wake(station_line(station));
}

/* Claims the wallet, spends the token on the load line, and loads. */
static int
claim_and_load(struct station *station, struct check *check)
{
	struct host *host = station_line(station);
	struct job job = { .kind = LEDGER_PLATE, .on_end = on_end };
	struct secret *line = NULL;
	int error = host_step(
		host, station_actor(station), check->serial, WALLET_CLAIM, NULL);

	if (error == 0)
		error = job_ticket_new(&job.ticket, host);
	if (error)
		return error;
	(void)snprintf(job.serial, sizeof job.serial, "%s", check->serial);
	error = verified_spend(&line, &check->token, job.ticket.name, job.ticket.nonce,
		!host->settings->production);
	if (error == 0)
		error = job_begin(station, &line, &job);
	return error;
}

/* Why this wallet may not be etched now: a fault's code, or NULL. */
static const char *
obstacle(struct station *station, const char *serial)
{
	struct host *host = station_line(station);
	const char *misfit = recipe_misfit(station, serial, WALLET_ARRIVED);
	struct ledger_wallet wallet;
	struct ledger_batch batch;
	struct ledger_drawn drawn;
	uint64_t unsealed;

	if (misfit)
		return misfit;
	if (ledger_wallet_get(&wallet, host->ledger, serial) != 0)
		return "ledger";
	if (ledger_batch_get(&batch, host->ledger, wallet.batch) != 0
		|| ledger_wallet_drawn(&drawn, host->ledger, wallet.batch) != 0
		|| host_unsealed(&unsealed, host) != 0)
		return "ledger";
	if (ledger_batch_rests(&batch) || wallet.held)
		return "batch-held";
	if (drawn.drawn < batch.draws)
		return "not-drawn";
	return unsealed >= host->settings->unsealed_max ? "blocked" : NULL;
}

/* The part stays as it is; what was read of it is forgotten. */
static void
turn_away(struct station *station, const char *why)
{
	recipe_etch_forget(recipe_etch_bench(station));
	if (strcmp(why, "blocked") == 0) {
		/* It is scanned again when there is room. */
		station_set_wallet(station, NULL);
		station_suspend(station, why);
	} else
		station_hold(station, why);
}

/* A slip of the fingers must not cost a wallet: what a person typed counts against it when
 * the same has been typed twice.  What a scanner read counts at once. */
static bool
is_typed_slip(struct etch_bench *bench)
{
	char typed[sizeof bench->doubted];
	bool again;

	if (!bench->typed)
		return false;
	(void)snprintf(typed, sizeof typed, "%s %s", bench->serial, bench->address);
	again = strcmp(typed, bench->doubted) == 0;
	(void)snprintf(bench->doubted, sizeof bench->doubted, "%s", again ? "" : typed);
	return !again;
}

static void
decide(struct station *station, struct etch_check *work)
{
	struct etch_bench *bench = recipe_etch_bench(station);
	struct check *check = &work->check;
	int error = work->error;
	const char *why;

	if (error == 0 && !address_fits(bench, check->address))
		error = KE_MISMATCH_ADDRESS;
	if (error == KE_MISMATCH_ADDRESS && work->error == 0 && is_typed_slip(bench)) {
		station_hold(station, "typed-differs");
	} else if (error == KE_MISMATCH_ADDRESS && work->error == 0) {
		reject(station, check->serial, error, "wrong-address");
	} else if (error && check_condemns(error)) {
		reject(station, check->serial, error, "check-failed");
	} else if (error) {
		station_hold(station, "check-impossible");
	} else if ((why = obstacle(station, check->serial)) != NULL) {
		/* While it was checked: scanned at another station, held, ... */
		turn_away(station, why);
	} else {
		error = claim_and_load(station, check);
		if (error == 0)
			return;
		unclaim(station, check->serial);
		if (!host_trouble(station_line(station), error))
			station_hold(station, error == KE_HELD ? "batch-held" : "device-error");
	}
	bench->busy = false;
	recipe_etch_forget(bench);
}

static void
go_on(struct station *station, struct etch_check *work)
{
	decide(station, work);
	station_typed_end(station);
}

static void
check_work(uv_work_t *request)
{
	struct etch_check *work = request->data;

	pool_memory_lend(POOL_CHECK);
	work->error = check_run(&work->check);
	pool_memory_return();
}

static void
check_done(uv_work_t *request, int status)
{
	struct etch_check *work = request->data;
	struct etch_bench *bench = recipe_etch_bench(work->station);

	pool_memory_used();
	if (status != 0)
		work->error = KE_IO;
	if (bench && work->generation == bench->generation)
		go_on(work->station, work);
	check_clear(&work->check);
	free(work);
}

void
recipe_etch_check(struct station *station)
{
	struct host *host = station_line(station);
	struct etch_bench *bench = recipe_etch_bench(station);
	const char *why = bench->open ? bench->open : obstacle(station, bench->serial);
	struct etch_check *work = why ? NULL : calloc(1, sizeof *work);

	station_set_wallet(station, bench->serial);
	if (!why && (!work || check_fetch(&work->check, host, bench->serial) != 0))
		why = "check-impossible";
	if (why) {
		free(work);
		turn_away(station, why);
		return;
	}
	work->request.data = work;
	work->station = station;
	work->generation = bench->generation;
	bench->busy = true;
	station_cycle_begin(station);
	station_typed_wait(station);
	(void)uv_queue_work(host->loop, &work->request, check_work, check_done);
}

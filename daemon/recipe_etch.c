/* SPDX-License-Identifier: MIT */
/*
 * The etching station.  No scan, no move: serial and address are both read from the
 * part in the fixture, the wallet is verified anew, and the token of that check is
 * spent on the one line that loads the laser.
 */
#include "config.h"
#include "daemon/recipes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/check.h"
#include "daemon/host.h"
#include "daemon/job.h"
#include "daemon/ledger_batch.h"
#include "daemon/ledger_wallet.h"
#include "daemon/station.h"
#include "proto/secret.h"
#include "proto/verified.h"

enum { ADDRESS_END = 6, ADDRESS_MIN = 26 };

#define ADDRESS_CHARACTERS \
	"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz:"

/* What stands in the fixture, as far as it was read. */
struct etch_bench {
	char serial[SERIAL_SIZE];
	char address[ADDRESS_SIZE];
	/* address holds its last six characters only, typed from the part. */
	bool typed;
	/* The serial and end that were typed and did not agree: typed once more they reject. */
	char doubted[SERIAL_SIZE + ADDRESS_SIZE];
	/* A check runs or a job is loaded: further scans are not for us. */
	bool busy;
	/* By the device: a hand can reach the part, so nothing read of it counts. */
	const char *open;
	/* Grows when the station leaves Execute: an older check is then void. */
	unsigned generation;
};

struct etch_check {
	uv_work_t request;
	struct station *station;
	unsigned generation;
	struct check check;
	int error;
};

static struct etch_bench *
bench_of(struct station *station)
{
	return job_recipe_data(station);
}

static void
forget_scans(struct etch_bench *bench)
{
	bench->serial[0] = '\0';
	bench->address[0] = '\0';
	bench->typed = false;
}

static bool
address_fits(const struct etch_bench *bench, const char *address)
{
	size_t len = strlen(address);

	if (!bench->typed)
		return strcmp(bench->address, address) == 0;
	return len >= ADDRESS_END
		&& strcmp(bench->address, address + len - ADDRESS_END) == 0;
}

/* The wallet is out for good, and no other of its batch goes on until a person
 * has found out why. */
static void
reject(struct station *station, const char *serial, int error, const char *hold)
{
	struct host *host = station_line(station);
	struct ledger_by by = host_by(station_name(station));
	struct ledger_wallet wallet;
	int result = host_step(host, station_name(station), serial, WALLET_REJECT,
		error_name(error));

	if (result == 0)
		result = ledger_wallet_get(&wallet, host->ledger, serial);
	if (result == 0)
		result = ledger_batch_hold(host->ledger, &by, wallet.batch, hold);
	if (result && ledger_failed(host->ledger))
		host_stop_work(host, result);
	station_hold(station, hold);
}

static void
unclaim(struct station *station, const char *serial)
{
	struct host *host = station_line(station);
	struct ledger_wallet wallet;

	if (ledger_wallet_get(&wallet, host->ledger, serial) == 0
		&& wallet.state == WALLET_CLAIMED
		&& host_step(host, station_name(station), serial, WALLET_UNCLAIM, NULL) != 0)
		station_hold(station, "ledger");
}

static void
on_end(struct station *station, const char *serial, enum ledger_outcome outcome,
	const char *code)
{
	struct etch_bench *bench = bench_of(station);

	(void)code;
	bench->busy = false;
	forget_scans(bench);
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
		host, station_name(station), check->serial, WALLET_CLAIM, NULL);

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
	if (batch.held || wallet.held)
		return "batch-held";
	if (drawn.drawn < batch.draws)
		return "not-drawn";
	return unsealed >= host->settings->unsealed_max ? "blocked" : NULL;
}

/* The part stays as it is; what was read of it is forgotten. */
static void
turn_away(struct station *station, const char *why)
{
	forget_scans(bench_of(station));
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
	struct etch_bench *bench = bench_of(station);
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
		station_hold(station, error == KE_HELD ? "batch-held" : "device-error");
	}
	bench->busy = false;
	forget_scans(bench);
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

	work->error = check_run(&work->check);
}

static void
check_done(uv_work_t *request, int status)
{
	struct etch_check *work = request->data;
	struct etch_bench *bench = bench_of(work->station);

	if (status != 0)
		work->error = KE_IO;
	if (bench && work->generation == bench->generation)
		go_on(work->station, work);
	check_clear(&work->check);
	free(work);
}

static void
begin_check(struct station *station)
{
	struct host *host = station_line(station);
	struct etch_bench *bench = bench_of(station);
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

static bool
is_scanned_address(const struct etch_bench *bench, const char *text)
{
	char address[ADDRESS_SIZE];

	host_scan_address(address, sizeof address, text);
	return strcmp(address, bench->address) == 0;
}

/* The shortest address of the table has 26 characters, with or without a prefix; a serial
 * that was read wrongly, or the code of another thing, must not reject a wallet. */
static bool
looks_like_address(const char *text)
{
	char address[ADDRESS_SIZE];
	size_t len;

	host_scan_address(address, sizeof address, text);
	len = strlen(address);
	return len >= ADDRESS_MIN && strspn(address, ADDRESS_CHARACTERS) == len;
}

static void
on_scan(struct station *station, const char *text)
{
	struct etch_bench *bench = bench_of(station);

	if (bench->busy || station_is_busy(station) || job_is_unsettled(station)) {
		/* Scanners read a code again while they are held to it. */
		if (strcmp(text, bench->serial) != 0 && !is_scanned_address(bench, text))
			station_scan_ignored(station, "scan-ignored");
		return;
	}
	if (host_scan_is_serial(station_line(station), text))
		(void)snprintf(bench->serial, sizeof bench->serial, "%s", text);
	else if (looks_like_address(text))
		host_scan_address(bench->address, sizeof bench->address, text);
	else
		station_scan_ignored(station, "not-an-address");
	if (bench->serial[0] && bench->address[0])
		begin_check(station);
}

static int
on_typed(struct station *station, const char *serial, const char *address_end)
{
	struct etch_bench *bench = bench_of(station);

	if (!host_scan_is_serial(station_line(station), serial))
		return KE_BAD_SERIAL;
	if (!address_end || strlen(address_end) != ADDRESS_END)
		return KE_BAD_LENGTH;
	if (bench->busy || station_is_busy(station) || job_is_unsettled(station))
		return KE_BUSY;
	(void)snprintf(bench->serial, sizeof bench->serial, "%s", serial);
	(void)snprintf(bench->address, sizeof bench->address, "%s", address_end);
	bench->typed = true;
	begin_check(station);
	return station_is_executing(station) ? 0 : KE_BAD_STATE;
}

/* Opening the door voids the claim: whatever was read is read anew. */
static void
on_pause(struct station *station)
{
	struct etch_bench *bench = bench_of(station);

	bench->generation++;
	/* A check under way counts no more; what is scanned anew need not wait for it. */
	bench->busy = false;
	forget_scans(bench);
	station_typed_end(station);
}

/* With the emergency stop pressed the device does not tell of its door. */
static const char *
opening_of(const char *code)
{
	static const char *const openings[] = { "door-open", "e-stop", "interlock" };

	for (size_t i = 0; code && i < sizeof openings / sizeof openings[0]; i++)
		if (strcmp(code, openings[i]) == 0)
			return openings[i];
	return NULL;
}

/* The part may have been exchanged, though nothing was held for it: when the door
 * opens, and until it closes. */
static void
on_condition(struct station *station, const char *code)
{
	struct etch_bench *bench = bench_of(station);
	const char *before = bench->open;
	bool was_scanned = bench->serial[0] || bench->address[0];

	bench->open = opening_of(code);
	if (!before && !bench->open)
		return;
	if (was_scanned && station_is_executing(station)) {
		station_scan_ignored(station, "scan-again");
		/* A job's end is told under its wallet. */
		if (!station_is_busy(station))
			station_set_wallet(station, NULL);
	}
	on_pause(station);
	/* What is loaded is given up; what was started is the device's to end. */
	if (station_cancel(station) != 0)
		return;
}

static int
on_open(struct station *station)
{
	struct etch_bench *bench = calloc(1, sizeof *bench);

	if (!bench)
		return KE_NO_MEMORY;
	job_set_recipe_data(station, bench);
	return job_recipe_data(station) ? 0 : KE_NO_MEMORY;
}

static void
on_link(struct station *station, bool up)
{
	if (up)
		job_resume(station, NULL);
}

/* What was scanned before the mark may no longer be what stands there. */
static void
setup_end(struct station *station, const char *serial, enum ledger_outcome outcome,
	const char *code)
{
	(void)serial;
	(void)outcome;
	(void)code;
	forget_scans(bench_of(station));
}

static int
on_setup(struct station *station)
{
	return bench_of(station)->busy ? KE_BAD_STATE : recipe_setup(station, setup_end);
}

const struct recipe recipe_etch = { .kind = SETTINGS_KIND_ETCH,
	.counter_step = 1,
	.on_open = on_open,
	.on_close = job_forget,
	.on_link = on_link,
	.on_condition = on_condition,
	.on_pause = on_pause,
	.on_scan = on_scan,
	.on_typed = on_typed,
	.on_setup = on_setup };

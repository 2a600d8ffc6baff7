/* SPDX-License-Identifier: MIT */
/*
 * The etching station.  No scan, no move: serial and address are both read from the
 * part in the fixture, and whatever lets a hand reach the part voids them.
 */
#include "config.h"
#include "daemon/recipe_etch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/host.h"
#include "daemon/job.h"
#include "daemon/job_counter.h"
#include "daemon/job_doubt.h"
#include "daemon/ledger_wallet.h"
#include "daemon/recipes.h"
#include "daemon/station.h"

enum { ADDRESS_MIN = 26 };

#define ADDRESS_CHARACTERS \
	"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz:"

struct etch_bench *
recipe_etch_bench(struct station *station)
{
	return job_recipe_data(station);
}

void
recipe_etch_forget(struct etch_bench *bench)
{
	bench->serial[0] = '\0';
	bench->address[0] = '\0';
	bench->typed = false;
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

/* 1: a wallet is at work here, or a job is not settled; 0; or the ledger's error. */
static int
occupied(struct station *station)
{
	if (recipe_etch_bench(station)->busy || station_is_busy(station))
		return 1;
	return job_unsettled(station);
}

static void
on_scan(struct station *station, const char *text)
{
	struct etch_bench *bench = recipe_etch_bench(station);
	struct layer_mark mark;
	int found = occupied(station);

	if (found < 0) {
		recipe_etch_forget(bench);
		job_hold_unread(station, found);
		return;
	}
	if (found) {
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
		station_scan_ignored(
			station, host_scan_mark(&mark, station_line(station), text) == 0
					 ? "lower-layer"
					 : "not-an-address");
	if (bench->serial[0] && bench->address[0])
		recipe_etch_check(station);
}

static int
on_typed(struct station *station, const char *serial, const char *address_end)
{
	struct etch_bench *bench = recipe_etch_bench(station);
	int found;

	if (!host_scan_is_serial(station_line(station), serial))
		return KE_BAD_SERIAL;
	if (!address_end || strlen(address_end) != ETCH_ADDRESS_END)
		return KE_BAD_LENGTH;
	found = occupied(station);
	if (found)
		return found < 0 ? found : KE_BUSY;
	(void)snprintf(bench->serial, sizeof bench->serial, "%s", serial);
	(void)snprintf(bench->address, sizeof bench->address, "%s", address_end);
	bench->typed = true;
	recipe_etch_check(station);
	return station_is_executing(station) ? 0 : KE_BAD_STATE;
}

/* Opening the door voids the claim: whatever was read is read anew. */
static void
on_pause(struct station *station)
{
	struct etch_bench *bench = recipe_etch_bench(station);

	bench->generation++;
	/* A check under way counts no more; what is scanned anew need not wait for it. */
	bench->busy = false;
	recipe_etch_forget(bench);
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

/* What was read is void, and that is told. */
static void
void_scan(struct station *station)
{
	struct etch_bench *bench = recipe_etch_bench(station);

	if ((bench->serial[0] || bench->address[0]) && station_is_executing(station)) {
		station_scan_ignored(station, "scan-again");
		/* A job's end is told under its wallet. */
		if (!station_is_busy(station))
			station_set_wallet(station, NULL);
	}
	on_pause(station);
}

/* The check's end would claim the wallet under another's name. */
static bool
is_at_work(struct station *station)
{
	return recipe_etch_bench(station)->busy;
}

/* The part may have been exchanged, though nothing was held for it: when the door
 * opens, and until it closes. */
static void
on_condition(struct station *station, const char *code)
{
	struct etch_bench *bench = recipe_etch_bench(station);
	const char *before = bench->open;

	bench->open = opening_of(code);
	if (!before && !bench->open)
		return;
	void_scan(station);
	/* What is loaded is given up; what was started is the device's to end. */
	if (station_cancel(station) != 0)
		return;
}

static int
on_open(struct station *station)
{
	struct etch_bench *bench = calloc(1, sizeof *bench);

	return bench ? job_open(station, bench) : KE_NO_MEMORY;
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
	recipe_etch_forget(recipe_etch_bench(station));
}

static int
on_setup(struct station *station)
{
	return recipe_etch_bench(station)->busy ? KE_BAD_STATE : recipe_setup(station, setup_end);
}

/* Nothing arms the laser before two persons have seen to what is not known. */
static const char *
bar(const struct station *station)
{
	const char *code = job_counter_bar(station);

	return code ? code : job_doubt_bar(station);
}

struct unsealed {
	char *out;
	size_t used;
};

static int
name_one(void *context, const struct ledger_wallet *wallet)
{
	struct unsealed *list = context;

	if (list->used + LEDGER_SERIAL_SIZE + 4 >= RECIPE_TELL_BYTES)
		return 1;
	list->used += (size_t)snprintf(list->out + list->used,
		RECIPE_TELL_BYTES - list->used, "%s %s", list->used ? "," : " Waiting:",
		wallet->serial);
	return 0;
}

/* The numbers of a count that is not known; the cards that wait for their strip. */
static void
explain(char out[RECIPE_TELL_BYTES], const struct station *station)
{
	struct host *host = station_line(station);
	struct unsealed list = {out, 0};

	job_counter_tell(out, station);
	if (out[0] == '\0')
		recipe_explain(out, station);
	if (strcmp(station_reason_code(station), "blocked") != 0)
		return;
	/* Cut where they do not fit; none at all when the ledger cannot be read. */
	if (ledger_wallet_list(host->ledger, NULL, WALLET_ETCHED, name_one, &list) < 0)
		out[0] = '\0';
	if (out[0])
		(void)snprintf(out + list.used, RECIPE_TELL_BYTES - list.used, ".");
}

const struct recipe recipe_etch = {.kind = SETTINGS_KIND_ETCH,
	.counter_step = 1,
	.on_open = on_open,
	.on_close = job_forget,
	.on_link = on_link,
	.on_condition = on_condition,
	.on_pause = on_pause,
	.is_at_work = is_at_work,
	.on_operator = void_scan,
	.bar = bar,
	.bar_action = job_doubt_action,
	.explain = explain,
	.on_scan = on_scan,
	.on_typed = on_typed,
	.on_setup = on_setup};

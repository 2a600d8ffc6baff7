/* SPDX-License-Identifier: MIT */
/* What the ledger knows of the devices of a batch, against their own counters; and of
 * labels and ribbons. */
#include "config.h"
#include "daemon/reconcile_inner.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/ledger_use.h"
#include "daemon/supply.h"
#include "proto/utc.h"

/* A number that we wrote behind key into an event's detail. */
static bool
number_of(uint64_t *out, const struct ledger_event_row *row, const char *key)
{
	const char *at = row->event.detail ? strstr(row->event.detail, key) : NULL;

	if (at)
		*out = strtoull(at + strlen(key), NULL, 10);
	return at != NULL;
}

/* The device's counter after a job; 0: it is not known. */
static int
read_after(void *context, const struct ledger_event_row *row)
{
	uint64_t *counter = context;

	/* The intent itself has the counter before it. */
	if (row->event.to_state && strcmp(row->event.to_state, "open") != 0)
		(void)number_of(counter, row, "counter=");
	return 0;
}

/* Marks that people took as they were: the event `device-counter' after a job.  Where
 * that job was in doubt ("ledger=5-6"), it may be one of them. */
struct taken {
	const struct ledger_use_device *device;
	uint32_t first;
	int64_t marks;
	int64_t doubts;
};

/* "ledger=5-6" */
static bool
is_range(const struct ledger_event_row *row)
{
	const char *at = strstr(row->event.detail, " ledger=");

	return at[strcspn(at + 1, " -") + 1] == '-';
}

static int
read_taken(void *context, const struct ledger_event_row *row)
{
	struct taken *taken = context;
	uint64_t counter, ledger, job;

	if (number_of(&counter, row, "counter=") && number_of(&ledger, row, " ledger=") &&
		number_of(&job, row, " job=") && job >= taken->first &&
		job < taken->device->last) {
		taken->marks += (int64_t)(counter - ledger);
		taken->doubts += is_range(row);
	}
	return 0;
}

/* What a device counted from the first of the jobs to the last, and what it should have.
 */
struct counters {
	uint64_t before, after;
	int64_t low, high, taken;
	/* How many of the taken ones may be of jobs in doubt. */
	int64_t doubts;
};

static int
read_counters(struct counters *out, struct reconciling *r,
	const struct ledger_use_device *device, const struct ledger_use *use,
	int64_t each)
{
	struct ledger *ledger = r->host->ledger;
	struct taken taken = {.device = device, .first = use->first};
	char job[16];
	struct ledger_event_filter jobs = {.kind = "job", .object = job};
	struct ledger_event_filter takings = {.kind = "device", .object = device->device};
	const uint64_t *const all[] = {use->wallets, use->others, use->setups};
	uint64_t done = 0, doubt = 0;
	int error;

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		done += all[i][LEDGER_OUTCOME_DONE];
		doubt += all[i][LEDGER_OUTCOME_DOUBT] + all[i][LEDGER_OUTCOME_OPEN];
	}
	(void)snprintf(job, sizeof job, "%" PRIu32, device->last);
	out->before = use->counter;
	out->after = 0;
	error = ledger_event_list(ledger, &jobs, read_after, &out->after);
	if (error == 0 && device->device[0])
		error = ledger_event_list(ledger, &takings, read_taken, &taken);
	out->taken = taken.marks;
	out->doubts = taken.doubts;
	/* A doubt whose mark is in what was taken is not counted twice. */
	out->low = (int64_t)done * each + taken.marks;
	out->high = out->low + ((int64_t)doubt - taken.doubts) * each;
	return error;
}

/* What an etcher marked beside the ledger is nobody's part. */
static void
add_difference(
	struct reconciling *r, const char *section, int64_t counted, const char *known)
{
	char status[RECONCILE_NOTE_SIZE];

	(void)snprintf(status, sizeof status,
		"%s counted %" PRId64
		" marks from its first to its last job for %s, and the "
		"ledger has %s.",
		section, counted, r->batch->id, known);
	reconcile_obstacle(r->report, status,
		"Find out what was marked, and where the part is; write it down on this page.");
}

static void
judge(struct reconciling *r, struct reconcile_row *row, const struct counters *c,
	bool is_etcher)
{
	int64_t counted = (int64_t)(c->after - c->before);
	char known[64];

	if (c->low == c->high)
		(void)snprintf(known, sizeof known, "%" PRId64, c->low);
	else
		(void)snprintf(
			known, sizeof known, "%" PRId64 " to %" PRId64, c->low, c->high);
	if (counted < c->low || counted > c->high)
		reconcile_note(row, "IT DIFFERS: the ledger has %s. %s", known,
			is_etcher ? "Nobody else marks with it: find out what it marked."
				  : "Others may have printed there.");
	else
		reconcile_note(row, "The ledger has %s%s.", known,
			c->low == c->high ? ", too"
					  : ", by what became of those in doubt");
	if (is_etcher && (counted < c->low || counted > c->high))
		add_difference(r, row->section, counted, known);
}

static void
add_taken(struct reconcile *report, const char *section, const struct counters *c)
{
	struct reconcile_row *row =
		reconcile_add(report, section, "counter taken as it was");

	if (c->doubts == 0)
		reconcile_note(row,
			"%" PRId64
			" marks that the ledger did not know were taken as they "
			"were, by two persons: see the events `device-counter'.",
			c->taken);
	else
		reconcile_note(row,
			"%" PRId64 " to %" PRId64
			" marks that the ledger did not know were taken as they were, by two "
			"persons: see the events `device-counter'. Jobs in doubt there may "
			"have made %" PRId64 ": see how those were settled.",
			c->taken - c->doubts, c->taken, c->doubts);
}

static void
add_counters(struct reconciling *r, const char *section, const struct counters *c,
	bool is_etcher)
{
	struct reconcile *report = r->report;
	const char *unit = is_etcher ? "marks" : "labels";
	char name[RECONCILE_NAME_SIZE];

	if (!is_etcher && c->before == 0 && c->after == 0) {
		reconcile_note(reconcile_add(report, section, ""),
			"This printer tells no counter: nothing is compared.");
		return;
	}
	reconcile_count(
		report, section, "the device's counter before the first", c->before);
	if (c->after == 0) {
		reconcile_note(reconcile_add(report, section, ""),
			"What the counter was after the last of these jobs is not in the "
			"ledger: that job is in doubt or open. Nothing is compared.");
		return;
	}
	reconcile_count(report, section, "the device's counter after the last", c->after);
	if (c->taken != 0)
		add_taken(report, section, c);
	(void)snprintf(name, sizeof name, "%s that it counted", unit);
	judge(r, reconcile_count(report, section, name, c->after - c->before), c,
		is_etcher);
}

/* A row for what there is, and always one for what was done. */
static void
add_outcomes(struct reconciling *r, const char *section, const char *what,
	const uint64_t ended[LEDGER_OUTCOME_COUNT])
{
	static const char *const words[LEDGER_OUTCOME_COUNT] = {
		[LEDGER_OUTCOME_OPEN] = "under way",
		[LEDGER_OUTCOME_DONE] = "done",
		[LEDGER_OUTCOME_FAILED] = "tried, and nothing was marked",
		[LEDGER_OUTCOME_NEVER] = "never begun, as the device said",
		[LEDGER_OUTCOME_DOUBT] = "in doubt at the device",
	};
	char name[RECONCILE_NAME_SIZE];

	for (int i = 0; i < LEDGER_OUTCOME_COUNT; i++) {
		if (ended[i] == 0 && i != LEDGER_OUTCOME_DONE)
			continue;
		(void)snprintf(name, sizeof name, "%s: %s", what, words[i]);
		reconcile_count(r->report, section, name, ended[i]);
	}
}

static bool
are_any(const uint64_t ended[LEDGER_OUTCOME_COUNT])
{
	uint64_t sum = 0;

	for (int i = 0; i < LEDGER_OUTCOME_COUNT; i++)
		sum += ended[i];
	return sum > 0;
}

/* Setup parts behind the batch's last wallet: as long as no other batch follows, there is
 * none to count them with. */
static int
add_later(struct reconciling *r, const char *section,
	const struct ledger_use_device *device, const char *what)
{
	struct ledger_use_device later = *device;
	struct ledger_use use;
	int error;

	later.before = device->last;
	later.last = UINT32_MAX;
	error = ledger_use_count(&use, r->host->ledger, r->batch->id, &later);
	if (error == 0 && are_any(use.setups) && !are_any(use.others))
		add_outcomes(r, section, what, use.setups);
	return error;
}

static int
add_device(void *context, const struct ledger_use_device *device)
{
	struct reconciling *r = context;
	bool is_etcher = device->kind == LEDGER_PLATE;
	char section[RECONCILE_SECTION_SIZE];
	struct counters counters;
	struct ledger_use use;
	int error = ledger_use_count(&use, r->host->ledger, r->batch->id, device);

	if (error)
		return error;
	(void)snprintf(section, sizeof section, "%s at station %s%s%s",
		is_etcher ? "Etcher" : "Printer", device->station,
		device->device[0] ? ", device " : "", device->device);
	add_outcomes(r, section, is_etcher ? "plates" : "stickers", use.wallets);
	add_outcomes(r, section, is_etcher ? "setup marks" : "test stickers", use.setups);
	if (are_any(use.others))
		add_outcomes(r, section, "of other batches meanwhile", use.others);
	error = read_counters(
		&counters, r, device, &use, is_etcher ? 1 : SUPPLY_LABELS_EACH);
	if (error == 0)
		add_counters(r, section, &counters, is_etcher);
	if (error == 0)
		error = add_later(r, section, device,
			is_etcher ? "setup marks since" : "test stickers since");
	return error;
}

int
reconcile_devices(struct reconciling *r)
{
	static const char section[] = "Parts by device";

	reconcile_note(reconcile_add(r->report, section, ""),
		"Setup marks and test stickers are counted with the batch whose wallets the "
		"device took next: those since the last wallet of another batch. Those since "
		"this batch's last wallet are told apart until another batch follows.%s",
		r->host->settings->stages & SETTINGS_PRINT
			? " A sticker, and a test sticker, is two labels."
			: "");
	return ledger_use_devices(r->host->ledger, r->batch->id, add_device, r);
}

static void
add_range(struct reconciling *r, const char *section, const char *name,
	const struct supply_range *range)
{
	struct reconcile_row *row;

	if (range->low == range->high && range->low >= 0) {
		reconcile_count(r->report, section, name, (uint64_t)range->low);
		return;
	}
	row = reconcile_add(r->report, section, name);
	if (range->low == range->high)
		reconcile_note(row,
			"%" PRId64 ": fewer than none. Something was loaded that "
			"was not recorded, or counted wrong.",
			range->low);
	else
		reconcile_note(row,
			"%" PRId64 " to %" PRId64
			": jobs in doubt may have taken some or not.",
			range->low, range->high);
}

static void
add_count(struct reconciling *r, const char *section, const struct supply_tally *t)
{
	struct reconcile_row *row;
	char time[UTC_SIZE];

	if (!t->was_counted)
		return;
	if (utc_format(time, t->counted_ms / 1000) != 0)
		time[0] = '\0';
	row = reconcile_count(r->report, section, "counted last", t->counted);
	if ((int64_t)t->counted >= t->expected.low &&
		(int64_t)t->counted <= t->expected.high)
		reconcile_note(row, "On %s; as many as there should have been.", time);
	else
		reconcile_note(row,
			"On %s; THERE SHOULD HAVE BEEN %" PRId64 " to %" PRId64 ".", time,
			t->expected.low, t->expected.high);
}

static int
add_supply(struct reconciling *r, const char *station, enum supply_what what)
{
	char section[RECONCILE_SECTION_SIZE];
	struct supply_tally t;
	int error = supply_tally(&t, r->host->ledger, station, what);

	if (error)
		return error;
	(void)snprintf(section, sizeof section, "%s at station %s, of all batches",
		what == SUPPLY_LABELS ? "Labels" : "Ribbons", station);
	if (!t.is_known) {
		reconcile_note(reconcile_add(r->report, section, ""),
			"Not in this ledger: none was ever recorded, with \"keylinectl "
			"station supply %s %s N --reason TEXT\".",
			station, supply_what_name(what));
		return 0;
	}
	reconcile_count(r->report, section, "loaded", t.loaded);
	reconcile_count(r->report, section, "taken out", t.removed);
	if (what == SUPPLY_LABELS)
		add_range(r, section, "used by jobs since the first record", &t.used);
	else
		reconcile_note(reconcile_add(r->report, section, ""),
			"How much of a ribbon a sticker takes is not in the ledger. A ribbon "
			"holds a negative of each sticker: what is taken out is destroyed by "
			"two.");
	add_count(r, section, &t);
	add_range(r, section, "should be there now", &t.left);
	return 0;
}

int
reconcile_supplies(struct reconciling *r)
{
	const struct settings *settings = r->host->settings;
	int error = 0;

	for (size_t i = 0; error == 0 && i < settings->station_count; i++)
		if (settings->stations[i].kind == SETTINGS_KIND_PRINT)
			for (int what = 0; error == 0 && what < SUPPLY_WHATS; what++)
				error = add_supply(r, settings->stations[i].name,
					(enum supply_what)what);
	return error;
}

/* SPDX-License-Identifier: MIT */
/* What was drawn for QA, and how surely opening it finds a bad lot. */
#include "config.h"
#include "daemon/reconcile_inner.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/ledger_wallet.h"
#include "proto/detection.h"

static const char section[] = "Drawn for QA";

bool
reconcile_may_tell_drawn(const struct reconciling *r)
{
	return r->balance.open == r->counts[WALLET_SEALED];
}

/* "count=2 of=12", as closing_draw.c writes it. */
static int
read_lot(void *context, const struct ledger_event_row *row)
{
	const char *of = row->event.detail ? strstr(row->event.detail, " of=") : NULL;

	if (of)
		*(uint64_t *)context = strtoull(of + 4, NULL, 10);
	return 0;
}

static int
add_found(struct reconciling *r, const char *name, uint64_t lot, uint64_t bad,
	uint64_t opened)
{
	struct reconcile_row *row = reconcile_count(r->report, section, name, bad);

	row->has_ppm = true;
	return detection_ppm(&row->ppm, lot, bad, opened);
}

static int
add_detection(struct reconciling *r, uint64_t lot, uint64_t opened)
{
	static const struct {
		const char *name;
		uint32_t ppm;
	} bounds[] = {{"so many bad are found with 95 % or more", 950000},
		{"so many bad are found with 99 % or more", 990000}};
	uint64_t bad;
	int error = add_found(r, "one bad wallet in the lot", lot, 1, opened);

	if (error == 0)
		error = add_found(r, "1 % of the lot bad", lot, (lot + 99) / 100, opened);
	if (error == 0)
		error = add_found(r, "5 % of the lot bad", lot, (lot + 19) / 20, opened);
	for (size_t i = 0; error == 0 && i < sizeof bounds / sizeof bounds[0]; i++) {
		error = detection_least(&bad, lot, opened, bounds[i].ppm);
		if (error == 0)
			error = add_found(r, bounds[i].name, lot, bad, opened);
	}
	reconcile_note(reconcile_add(r->report, section, ""),
		"The percentage is the probability that at least one of so many bad wallets "
		"is among the %" PRIu64 " opened of a lot of %" PRIu64
		", drawn by lot: 1 - C(lot - bad, opened) / C(lot, opened), rounded down. It "
		"counts on every drawn wallet being opened.",
		opened, lot);
	return error;
}

static void
add_outcomes(struct reconciling *r, const struct ledger_drawn *drawn)
{
	struct reconcile_row *failed;

	reconcile_count(r->report, section, "opened, good", drawn->good);
	reconcile_count(r->report, section, "opened, bad", drawn->bad);
	failed = reconcile_count(r->report, section,
		"failed: out of play before it was opened", drawn->failed);
	if (drawn->failed > 0)
		reconcile_note(failed,
			"Spoiled, lost, rejected or void: QA has not seen it, and the batch "
			"is not released.");
	reconcile_count(r->report, section, "still to be opened",
		drawn->drawn - drawn->good - drawn->bad - drawn->failed);
}

int
reconcile_draw(struct reconciling *r)
{
	struct ledger_event_filter filter = {.kind = "draw", .object = r->batch->id};
	struct ledger_drawn drawn;
	uint64_t lot = 0;
	int error = ledger_wallet_drawn(&drawn, r->host->ledger, r->batch->id);

	if (error == 0)
		error = ledger_event_list(r->host->ledger, &filter, read_lot, &lot);
	if (error)
		return error;
	reconcile_count(r->report, section, "to be drawn, by the order", r->batch->draws);
	reconcile_count(r->report, section, "drawn", drawn.drawn);
	if (drawn.drawn == 0) {
		reconcile_note(reconcile_add(r->report, section, ""),
			"As long as none is opened, no bad wallet is found by opening.");
		return 0;
	}
	if (reconcile_may_tell_drawn(r))
		add_outcomes(r, &drawn);
	else
		reconcile_note(reconcile_add(r->report, section, ""),
			"Which they are, and what became of them, is told when all wallets of "
			"the batch are sealed.");
	if (lot == 0) {
		reconcile_note(reconcile_add(r->report, section, ""),
			"Of how many they were drawn is not in this ledger (an older version "
			"of the program drew them): the probability is not told.");
		return 0;
	}
	reconcile_count(
		r->report, section, "the lot: in the house when they were drawn", lot);
	return add_detection(r, lot, drawn.drawn);
}

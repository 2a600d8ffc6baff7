/* SPDX-License-Identifier: MIT */
/* The commands about reports, and about what they count beside parts. */
#include "config.h"
#include "daemon/ctl_common.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/ctl_refuse.h"
#include "daemon/host.h"
#include "daemon/reconcile_build.h"
#include "daemon/report_sign.h"
#include "daemon/settings.h"
#include "daemon/supply.h"

/* Bytes of a page in one answer: escaped it still fits into a line. */
enum { PIECE_BYTES = 8192 };

static void
answer_report(struct ctl_call *call, const struct reconcile *report)
{
	json_t *answer = ctl_answer_new("report");

	ctl_put(&answer, "report", json_string("reconcile"));
	ctl_put(&answer, "batch", json_string(report->batch));
	ctl_put(&answer, "product", json_string(report->product));
	ctl_put(&answer, "coins", json_string(report->coins));
	ctl_put(&answer, "state", json_string(report->state));
	ctl_put(&answer, "host", json_string(report->host));
	ctl_put(&answer, "mode", json_string(report->mode));
	ctl_put(&answer, "use", json_string(report->use));
	ctl_put(&answer, "time", json_string(report->time));
	ctl_put(&answer, "tool", json_string(report->tool));
	ctl_put(&answer, "closes", json_boolean(report->closes));
	ctl_put(&answer, "seq", json_integer((json_int_t)report->seq));
	ctl_put(&answer, "hash", json_string(report->hash));
	ctl_call_answer(call, answer);
}

static void
answer_rows(struct ctl_call *call, const struct reconcile *report)
{
	for (size_t i = 0; i < report->count; i++) {
		const struct reconcile_row *row = &report->rows[i];
		json_t *answer = ctl_answer_new("row");

		ctl_put(&answer, "section", json_string(row->section));
		if (row->name[0])
			ctl_put(&answer, "name", json_string(row->name));
		if (row->has_count)
			ctl_put(&answer, "count", json_integer((json_int_t)row->count));
		if (row->has_ppm)
			ctl_put(&answer, "probability_ppm", json_integer(row->ppm));
		if (row->note[0])
			ctl_put(&answer, "note", json_string(row->note));
		ctl_call_answer(call, answer);
	}
	for (size_t i = 0; i < report->obstacle_count; i++) {
		json_t *answer = ctl_answer_new("obstacle");

		ctl_put(&answer, "status", json_string(report->obstacles[i].status));
		ctl_put(&answer, "action", json_string(report->obstacles[i].action));
		ctl_call_answer(call, answer);
	}
}

static void
answer_page(struct ctl_call *call, const char *text, size_t len)
{
	size_t piece;

	for (size_t at = 0; at < len; at += piece) {
		json_t *answer = ctl_answer_new("page");

		piece = len - at < PIECE_BYTES ? len - at : PIECE_BYTES;
		/* Not between the bytes of one character. */
		while (at + piece < len &&
			((unsigned char)text[at + piece] & 0xc0) == 0x80)
			piece--;
		ctl_put(&answer, "text", json_stringn(text + at, piece));
		ctl_call_answer(call, answer);
	}
}

static int
answer_signed(struct ctl_call *call, struct host *host, const char *text, size_t len)
{
	unsigned char *der;
	size_t der_len;
	int error = report_sign(&der, &der_len, host, text, len);

	if (error == 0)
		ctl_answer_signed(call, der, der_len);
	free(der);
	return error;
}

static void
report_reconcile(struct ctl_call *call, void *context)
{
	struct host *host = ctl_host(context);
	const char *batch = ctl_call_text(call, "batch");
	struct reconcile_batch kept;
	struct reconcile report;
	char *text = NULL;
	size_t len;
	int error = reconcile_build(&report, &kept, host, batch);

	if (error == 0)
		error = reconcile_text(&text, &len, &report);
	if (error == 0) {
		answer_report(call, &report);
		answer_rows(call, &report);
		answer_page(call, text, len);
		if (ctl_call_text(call, "signed"))
			error = answer_signed(call, host, text, len);
	}
	free(text);
	reconcile_clear(&report);
	if (error == KE_NOT_FOUND)
		ctl_refuse_unknown(call, CTL_BATCH, batch);
	else if (error == KE_NO_KEY)
		ctl_refuse(call, error, NULL, "Make it first:  keylinectl key new site",
			"This host has no site key to sign with.");
	else
		ctl_finish(call, host, error);
}

/* A number from 0 on; false: it is none, or too large. */
static bool
read_count(uint64_t *out, const char *text)
{
	char *end;

	*out = strtoull(text, &end, 10);
	return text[0] >= '0' && text[0] <= '9' && *end == '\0' &&
	       *out <= SUPPLY_COUNT_MAX;
}

/* The station's place in the settings, if it prints. */
static const struct settings_station *
printer_named(const struct host *host, const char *name)
{
	for (size_t i = 0; i < host->settings->station_count; i++)
		if (strcmp(host->settings->stations[i].name, name) == 0)
			return &host->settings->stations[i];
	return NULL;
}

/* What was recorded, and what should be there by it. */
static int
answer_supply(struct ctl_call *call, struct host *host, const char *station,
	enum supply_what what)
{
	struct supply_tally tally;
	int error = supply_tally(&tally, host->ledger, station, what);
	json_t *answer = ctl_answer_new("supply");

	ctl_put(&answer, "station", json_string(station));
	ctl_put(&answer, "what", json_string(supply_what_name(what)));
	ctl_put(&answer, "loaded", json_integer((json_int_t)tally.loaded));
	ctl_put(&answer, "removed", json_integer((json_int_t)tally.removed));
	ctl_put(&answer, "used_least", json_integer(tally.used.low));
	ctl_put(&answer, "used_most", json_integer(tally.used.high));
	ctl_put(&answer, "left_least", json_integer(tally.left.low));
	ctl_put(&answer, "left_most", json_integer(tally.left.high));
	if (tally.was_counted)
		ctl_put(&answer, "counted", json_integer((json_int_t)tally.counted));
	if (error)
		json_decref(answer);
	else
		ctl_call_answer(call, answer);
	return error;
}

static void
station_supply(struct ctl_call *call, void *context)
{
	struct host *host = ctl_host(context);
	const char *name = ctl_call_text(call, "station");
	const char *act_text = ctl_call_text(call, "act");
	const struct settings_station *station = printer_named(host, name);
	char actor[CTL_ACTOR_SIZE];
	struct ledger_by by = ctl_by(call, actor);
	enum supply_what what;
	enum supply_act act;
	uint64_t count;
	int64_t left = 0;
	int error;

	if (!station) {
		ctl_refuse_unknown(call, CTL_STATION, name);
		return;
	}
	if (station->kind != SETTINGS_KIND_PRINT) {
		ctl_refuse(call, KE_BAD_STATE, NULL,
			"Choose a printer:  keylinectl station list",
			"%s is a station of kind %s: it takes no labels and no ribbon.",
			name, settings_kind_name(station->kind));
		return;
	}
	if (supply_what_from_name(&what, ctl_call_text(call, "what")) != 0 ||
		supply_act_from_name(&act, act_text ? act_text : "loaded") != 0 ||
		!read_count(&count, ctl_call_text(call, "count"))) {
		ctl_refuse(call, KE_BAD_ARGUMENT, NULL,
			"Give what it is, and how many:  keylinectl station supply STATION "
			"labels|ribbon N --reason TEXT",
			"That is no supply: labels or ribbon, and a number up to %d.",
			SUPPLY_COUNT_MAX);
		return;
	}
	error = supply_check(&left, host->ledger, name, what, act, count);
	if (error == KE_BAD_STATE) {
		ctl_refuse(call, error, NULL,
			"Count what is in it, and tell that:  keylinectl station supply "
			"STATION WHAT N --as counted --reason TEXT",
			"%s: %" PRIu64 " %s cannot be removed where at most %" PRId64
			" are left by the counts.",
			name, count, supply_what_name(what), left < 0 ? 0 : left);
		return;
	}
	if (error == 0 && !ctl_call_is_dry_run(call))
		error = supply_record(host->ledger, &by, name, what, act, count,
			ctl_call_text(call, "reason"));
	if (error == 0)
		error = answer_supply(call, host, name, what);
	ctl_finish(call, host, error);
}

const struct ctl_command ctl_report_commands[] = {
	{"report reconcile", CTL_VIEWER, false, "batch signed?", report_reconcile},
	{"station supply", CTL_SUPERVISOR, true, "station what count act? reason",
		station_supply},
	{NULL, CTL_VIEWER, false, NULL, NULL},
};

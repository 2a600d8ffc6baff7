/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/supply.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/ledger_use.h"

#define KIND "supply"

static const char *const what_names[SUPPLY_WHATS] = {
	[SUPPLY_LABELS] = "labels",
	[SUPPLY_RIBBON] = "ribbon",
};

static const char *const act_names[SUPPLY_ACTS] = {
	[SUPPLY_LOADED] = "loaded",
	[SUPPLY_COUNTED] = "counted",
	[SUPPLY_REMOVED] = "removed",
};

const char *
supply_what_name(enum supply_what what)
{
	return (unsigned)what < SUPPLY_WHATS ? what_names[what] : "unknown";
}

const char *
supply_act_name(enum supply_act act)
{
	return (unsigned)act < SUPPLY_ACTS ? act_names[act] : "unknown";
}

static int
find(const char *const *names, int count, const char *name)
{
	for (int i = 0; i < count; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	return KE_NOT_FOUND;
}

int
supply_what_from_name(enum supply_what *out, const char *name)
{
	int found = find(what_names, SUPPLY_WHATS, name);

	*out = found < 0 ? SUPPLY_WHATS : (enum supply_what)found;
	return found < 0 ? found : 0;
}

int
supply_act_from_name(enum supply_act *out, const char *name)
{
	int found = find(act_names, SUPPLY_ACTS, name);

	*out = found < 0 ? SUPPLY_ACTS : (enum supply_act)found;
	return found < 0 ? found : 0;
}

int
supply_record(struct ledger *ledger, const struct ledger_by *by, const char *station,
	enum supply_what what, enum supply_act act, uint64_t count, const char *reason)
{
	char detail[LEDGER_TEXT_MAX + 1];
	struct ledger_event event = {.kind = KIND,
		.object = station,
		.event = supply_act_name(act),
		.detail = detail};
	uint32_t job;
	int length, error = ledger_use_last_job(&job, ledger);

	if (count > SUPPLY_COUNT_MAX || (unsigned)what >= SUPPLY_WHATS ||
		(unsigned)act >= SUPPLY_ACTS)
		return KE_BAD_ARGUMENT;
	length = snprintf(detail, sizeof detail,
		"what=%s count=%" PRIu64 " job=%" PRIu32 " %s", supply_what_name(what),
		count, job, reason ? reason : "");
	if (length < 0 || (size_t)length >= sizeof detail)
		return KE_TOO_LONG;
	return error ? error : ledger_event_add(ledger, by, &event);
}

struct summing {
	struct ledger *ledger;
	struct supply_tally *tally;
	enum supply_what what;
	/* The last job that is in the sums. */
	uint32_t job;
};

/* The labels of the jobs up to this one. */
static int
use_up_to(struct summing *sum, const char *station, uint32_t job)
{
	uint64_t counts[LEDGER_OUTCOME_COUNT];
	struct supply_tally *t = sum->tally;
	int64_t done, doubt;
	int error;

	if (sum->what != SUPPLY_LABELS)
		return 0;
	error = ledger_use_station(counts, sum->ledger, station, sum->job, job);
	if (error)
		return error;
	done = (int64_t)counts[LEDGER_OUTCOME_DONE] * SUPPLY_LABELS_EACH;
	doubt = (int64_t)(counts[LEDGER_OUTCOME_DOUBT] + counts[LEDGER_OUTCOME_OPEN]) *
		SUPPLY_LABELS_EACH;
	t->used.low += done;
	t->used.high += done + doubt;
	t->left.low -= done + doubt;
	t->left.high -= done;
	sum->job = job;
	return 0;
}

static void
apply(struct supply_tally *t, enum supply_act act, uint64_t count, int64_t time_ms)
{
	switch (act) {
	case SUPPLY_LOADED:
		t->loaded += count;
		t->left.low += (int64_t)count;
		t->left.high += (int64_t)count;
		break;
	case SUPPLY_REMOVED:
		t->removed += count;
		t->left.low -= (int64_t)count;
		t->left.high -= (int64_t)count;
		break;
	case SUPPLY_COUNTED:
		t->was_counted = true;
		t->counted = count;
		t->counted_ms = time_ms;
		t->expected = t->left;
		t->left = (struct supply_range){(int64_t)count, (int64_t)count};
		break;
	case SUPPLY_ACTS:
		break;
	}
}

/* What stands behind key in "what=labels count=500 job=17 reason", as we wrote it. */
static const char *
value_of(const char *detail, const char *key)
{
	const char *at = strstr(detail, key);

	return at ? at + strlen(key) : "";
}

static int
sum_event(void *context, const struct ledger_event_row *row)
{
	struct summing *sum = context;
	const char *detail = row->event.detail ? row->event.detail : "";
	const char *word = value_of(detail, "what=");
	const char *name = supply_what_name(sum->what);
	uint64_t count = strtoull(value_of(detail, " count="), NULL, 10);
	uint32_t job = (uint32_t)strtoul(value_of(detail, " job="), NULL, 10);
	enum supply_act act;
	int error;

	if (supply_act_from_name(&act, row->event.event) != 0)
		return KE_LEDGER;
	if (strncmp(word, name, strlen(name)) != 0)
		return 0;
	/* A count that comes first has nothing to differ from. */
	if (!sum->tally->is_known && act == SUPPLY_COUNTED)
		sum->tally->left = (struct supply_range){(int64_t)count, (int64_t)count};
	if (!sum->tally->is_known)
		sum->job = job;
	sum->tally->is_known = true;
	error = use_up_to(sum, row->event.object, job);
	if (error == 0)
		apply(sum->tally, act, count, row->time_ms);
	return error;
}

int
supply_tally(struct supply_tally *out, struct ledger *ledger, const char *station,
	enum supply_what what)
{
	struct ledger_event_filter filter = {.kind = KIND, .object = station};
	struct summing sum = {.ledger = ledger, .tally = out, .what = what};
	uint32_t last;
	int error;

	memset(out, 0, sizeof *out);
	error = ledger_event_list(ledger, &filter, sum_event, &sum);
	if (error == 0)
		error = ledger_use_last_job(&last, ledger);
	if (error == 0 && out->is_known)
		error = use_up_to(&sum, station, last);
	return error;
}

int
supply_check(int64_t *left, struct ledger *ledger, const char *station,
	enum supply_what what, enum supply_act act, uint64_t count)
{
	struct supply_tally tally;
	int error;

	*left = 0;
	if (act != SUPPLY_REMOVED)
		return 0;
	error = supply_tally(&tally, ledger, station, what);
	if (error)
		return error;
	*left = tally.left.high;
	return (int64_t)count > *left ? KE_BAD_STATE : 0;
}

/* SPDX-License-Identifier: MIT */
#include "daemon/ledger_use.h"
#include "daemon/ledger_rows.h"

#include <stdlib.h>
#include <string.h>

enum { DEVICES_MAX = 256 };

static int
find_name(const char *(*name)(int), int count, sqlite3_stmt *s, int column)
{
	const char *text = (const char *)sqlite3_column_text(s, column);

	for (int i = 0; text && i < count; i++)
		if (strcmp(name(i), text) == 0)
			return i;
	return KE_LEDGER;
}

static const char *
kind_name(int kind)
{
	return ledger_job_kind_name((enum ledger_job_kind)kind);
}

static const char *
outcome_name(int outcome)
{
	return ledger_outcome_name((enum ledger_outcome)outcome);
}

static int
read_device(struct ledger_use_device *out, struct ledger *l, sqlite3_stmt *s)
{
	int kind = find_name(kind_name, LEDGER_JOB_KINDS, s, 2);
	int rc = kind < 0 ? ledger_fail(l, KE_LEDGER, "a job of an unknown kind") : 0;

	memset(out, 0, sizeof *out);
	if (rc == 0)
		rc = ledger_column_text(l, out->device, sizeof out->device, s, 0);
	if (rc == 0)
		rc = ledger_column_text(l, out->station, sizeof out->station, s, 1);
	out->kind = (enum ledger_job_kind)kind;
	out->first = (uint32_t)sqlite3_column_int64(s, 3);
	out->last = (uint32_t)sqlite3_column_int64(s, 4);
	return rc;
}

static int
read_devices(struct ledger_use_device *devices, size_t *count, struct ledger *l,
	const char *batch)
{
	sqlite3_stmt *s;
	int rc = LEDGER_PREPARE(&s, l, SQL_USE_DEVICES, V_TEXT(batch));

	*count = 0;
	if (rc != 0)
		return rc;
	while ((rc = ledger_step(l, s)) == 1) {
		rc = *count < DEVICES_MAX ? read_device(&devices[*count], l, s)
					  : KE_EXHAUSTED;
		if (rc != 0)
			break;
		++*count;
	}
	ledger_reset(s);
	return rc;
}

static int
find_before(struct ledger_use_device *device, struct ledger *l, const char *batch)
{
	sqlite3_stmt *s;
	int rc = LEDGER_FIRST(&s, l, SQL_USE_BEFORE, V_TEXT(device->device),
		V_TEXT(device->station), V_INT(device->first), V_TEXT(batch));

	if (rc < 0)
		return rc;
	if (rc == 1)
		device->before = (uint32_t)sqlite3_column_int64(s, 0);
	ledger_reset(s);
	return 0;
}

int
ledger_use_devices(struct ledger *l, const char *batch, ledger_use_cb *cb, void *context)
{
	struct ledger_use_device *devices = calloc(DEVICES_MAX, sizeof *devices);
	size_t count;
	int rc;

	if (!devices)
		return KE_NO_MEMORY;
	rc = read_devices(devices, &count, l, batch);
	for (size_t i = 0; rc == 0 && i < count; i++) {
		rc = find_before(&devices[i], l, batch);
		if (rc == 0)
			rc = cb(context, &devices[i]);
	}
	free(devices);
	return rc;
}

static int
add_count(struct ledger_use *out, struct ledger *l, sqlite3_stmt *s)
{
	int kind = find_name(kind_name, LEDGER_JOB_KINDS, s, 0);
	int outcome = find_name(outcome_name, LEDGER_OUTCOME_COUNT, s, 1);
	uint64_t n = (uint64_t)sqlite3_column_int64(s, 3);

	if (kind < 0 || outcome < 0)
		return ledger_fail(l, KE_LEDGER, "an intent of unknown kind or outcome");
	if (kind == LEDGER_SETUP)
		out->setups[outcome] += n;
	else if (sqlite3_column_int(s, 2) != 0)
		out->wallets[outcome] += n;
	else
		out->others[outcome] += n;
	return 0;
}

static int
find_first(
	struct ledger_use *out, struct ledger *l, const struct ledger_use_device *device)
{
	sqlite3_stmt *s;
	int rc = LEDGER_FIRST(&s, l, SQL_USE_FIRST, V_TEXT(device->device),
		V_TEXT(device->station), V_INT(device->before));

	if (rc < 0)
		return rc;
	if (rc == 1) {
		out->first = (uint32_t)sqlite3_column_int64(s, 0);
		out->counter = (uint64_t)sqlite3_column_int64(s, 1);
	}
	ledger_reset(s);
	return 0;
}

int
ledger_use_count(struct ledger_use *out, struct ledger *l, const char *batch,
	const struct ledger_use_device *device)
{
	sqlite3_stmt *s;
	int rc = LEDGER_PREPARE(&s, l, SQL_USE_COUNTS, V_TEXT(device->device),
		V_TEXT(device->station), V_INT(device->before), V_INT(device->last),
		V_TEXT(batch));

	memset(out, 0, sizeof *out);
	if (rc != 0)
		return rc;
	while ((rc = ledger_step(l, s)) == 1) {
		rc = add_count(out, l, s);
		if (rc != 0)
			break;
	}
	ledger_reset(s);
	return rc == 0 ? find_first(out, l, device) : rc;
}

int
ledger_use_station(uint64_t counts[LEDGER_OUTCOME_COUNT], struct ledger *l,
	const char *station, uint32_t after, uint32_t last)
{
	sqlite3_stmt *s;
	int outcome, rc = LEDGER_PREPARE(&s, l, SQL_USE_STATION, V_INT(after),
			     V_INT(last), V_TEXT(station));

	memset(counts, 0, LEDGER_OUTCOME_COUNT * sizeof counts[0]);
	if (rc != 0)
		return rc;
	while ((rc = ledger_step(l, s)) == 1) {
		outcome = find_name(outcome_name, LEDGER_OUTCOME_COUNT, s, 0);
		if (outcome < 0) {
			rc = ledger_fail(l, KE_LEDGER, "an intent of unknown outcome");
			break;
		}
		counts[outcome] = (uint64_t)sqlite3_column_int64(s, 1);
	}
	ledger_reset(s);
	return rc;
}

int
ledger_use_last_job(uint32_t *job, struct ledger *l)
{
	sqlite3_stmt *s;
	int rc = LEDGER_FIRST(&s, l, SQL_META_GET, V_TEXT("job"));

	*job = 0;
	if (rc < 0)
		return rc;
	if (rc == 1)
		*job = (uint32_t)strtoul(
			(const char *)sqlite3_column_text(s, 0), NULL, 10);
	ledger_reset(s);
	return 0;
}

/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/intake.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/alarm.h"
#include "daemon/host_disks.h"
#include "daemon/intake_file.h"
#include "daemon/intake_report.h"
#include "daemon/intake_wait.h"
#include "daemon/log.h"
#include "daemon/settings.h"
#include "daemon/spool.h"
#include "daemon/spool_watch.h"
#include "proto/report.h"
#include "proto/text.h"
#include "proto/utc.h"

/* What a file is, by its name's ending; what it says is judged after. */
int
intake_judge(struct intake_file *file)
{
	static const struct {
		const char *ending;
		int (*take)(struct intake_file *file);
	} kinds[] = { { ".csv", intake_order }, { ".cms", intake_signed },
		{ ".crt", intake_certificate } };

	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (text_ends_in(file->name, kinds[i].ending))
			return kinds[i].take(file);
	return issue_add(&file->issues, 0, 0, KE_WRONG_KIND, NULL);
}

void
intake_tell_known(struct intake_file *file, const struct ledger_file *known)
{
	bool is_order = strcmp(known->kind, "order") == 0;
	char when[UTC_SIZE] = "";

	if (utc_format(when, (time_t)(known->time_ms / 1000)) != 0)
		when[0] = '\0';

	(void)snprintf(file->kind, sizeof file->kind, "%s", known->kind);
	(void)snprintf(file->batch, sizeof file->batch, "%s", known->batch);
	(void)snprintf(file->action, sizeof file->action,
		"Nothing is to be done: this very file was taken at %s.%s", when,
		is_order ? " To order more, name another batch." : "");
}

/* A file of this host itself is for another one, or in the ledger since it was made. */
int
intake_refuse_own(struct intake_file *file, const struct ledger_file *known)
{
	(void)snprintf(file->kind, sizeof file->kind, "%s", known->kind);
	(void)snprintf(file->batch, sizeof file->batch, "%s", known->batch);
	if (strcmp(known->recipient, file->host->settings->host) == 0)
		(void)snprintf(file->action, sizeof file->action,
			"Nothing is to be done: this host wrote it for itself, and has its "
			"rows.");
	else
		(void)snprintf(file->action, sizeof file->action,
			"This host wrote it itself: bring it to %s.", known->recipient);
	return issue_add(&file->issues, 0, 0, KE_WRONG_RECIPIENT, NULL);
}

/* Moves the file to where it ends, with its two reports; code: what is told of it
 * under the name that it has there, or NULL. */
static int
finish(struct intake_file *file, struct spool_file *dropped, enum spool_folder folder,
	const char *outcome, int error, const char *code)
{
	char name[SPOOL_NAME_SIZE];
	char time[UTC_SIZE];
	struct report report = intake_report_of(file, outcome, error, time);
	char *text = NULL, *json = NULL;
	struct spool_result result = { 0 };
	int failed = report_text(&text, &result.text_len, &report);

	if (failed == 0)
		failed = report_json(&json, &result.json_len, &report);
	result.text = text;
	result.json = json;
	if (failed == 0)
		failed = spool_finish(name, file->host->spool, dropped, folder, &result);
	if (code)
		alarm_raise(file->host->alarms, code, failed ? file->name : name,
			host_now_ms());
	free(text);
	free(json);
	log_event(LOG_FILE,
		&(struct log_fields){ .batch = file->batch[0] ? file->batch : NULL,
			.code = error_name(error),
			.detail = outcome });
	return failed;
}

/* Takes back what was told of earlier files of that name: NAME, NAME.2, NAME.3 ... */
static void
acknowledge(struct host *host, const char *name)
{
	char object[ALARM_OBJECT_SIZE];
	size_t len = strlen(name);

	alarm_acknowledge(host->alarms, name);
	for (size_t i = alarm_count(host->alarms); i-- > 0;) {
		(void)snprintf(object, sizeof object, "%s",
			alarm_at(host->alarms, i)->object);
		if (strncmp(object, name, len) == 0 && object[len] == '.'
			&& object[len + 1] != '\0'
			&& strspn(object + len + 1, "0123456789")
				== strlen(object + len + 1)) {
			alarm_acknowledge(host->alarms, object);
			i = alarm_count(host->alarms);
		}
	}
}

/* Ends a judged file in the folder that its result asks for, and tells. */
static int
end(struct intake_file *file, struct spool_file *dropped, int error)
{
	struct host *host = file->host;

	/* No word on the file: what the disk said. */
	if (host_trouble(host, error))
		return error;
	if (error == KE_OUT_OF_SEQUENCE) {
		error = spool_defer(host->spool, dropped, error);
		alarm_raise_told(host->alarms, "file-waiting", dropped->name, file->waits,
			host_now_ms());
		return error;
	}
	acknowledge(host, file->name);
	if (file->is_known)
		return finish(file, dropped, SPOOL_DUPLICATE, "duplicate", error,
			"file-duplicate");
	if (error == 0)
		return finish(file, dropped, SPOOL_DONE, "accepted", 0, NULL);
	return finish(file, dropped, SPOOL_FAILED, "refused", error, "file-refused");
}

/* The same bytes were taken before: harmless, and done already when a crash came
 * between the ledger's commit and the move to done/. */
static int
end_known(struct intake_file *file, struct spool_file *dropped)
{
	if (dropped->recovered)
		return finish(file, dropped, SPOOL_DONE, "accepted", 0, NULL);
	return finish(file, dropped, SPOOL_DUPLICATE, "duplicate", KE_DUPLICATE,
		"file-duplicate");
}

/* What kept a file from being read at all. */
static void
add_error(struct intake_file *file, const struct spool_file *dropped, int error)
{
	struct issue issue = { .code = error };

	if (error == KE_TOO_LONG)
		issue.detail = (struct issue_detail){ dropped->size,
			spool_max_bytes(file->host->spool), "bytes", 0 };
	(void)issue_add_whole(&file->issues, &issue);
}

static int
take_dropped(struct host *host, struct spool_file *dropped)
{
	struct intake_file file = { .host = host, .name = dropped->dropped };
	struct ledger_file known;
	unsigned char *bytes = NULL;
	int error = dropped->code;
	bool is_known = false;

	host->changed = true;

	if (error == 0)
		error = spool_read(&bytes, &file.len, host->spool, dropped);
	file.bytes = bytes;
	if (error == 0)
		error = intake_identify(&file);
	if (error)
		add_error(&file, dropped, error);
	if (error == 0)
		is_known = ledger_file_get(&known, host->ledger, file.sha256) == 0;
	if (is_known && known.direction == LEDGER_IN) {
		intake_tell_known(&file, &known);
		error = dropped->recovered ? 0 : intake_receipt_again(&file, &known);
		/* Without a key to sign with there is none; a disk is waited for. */
		if (!host_trouble(host, error))
			error = end_known(&file, dropped);
	} else {
		if (error == 0)
			error = is_known ? intake_refuse_own(&file, &known) : intake_judge(&file);
		error = end(&file, dropped, error);
	}
	/* It was not ended, nor put back: it is given out once more. */
	if (error && !host_trouble(host, error))
		alarm_raise(host->alarms, "file-refused", file.name, host_now_ms());
	if (error && spool_again(host->spool, dropped) != 0)
		error = KE_NO_MEMORY;
	intake_file_clear(&file);
	free(bytes);
	return error;
}

/* Waiting work is looked for when something came in; else now and then, as a net. */
enum { WAKE_ANYWAY_RUNS = 15 };

/* So much is taken in one turn of the loop: stations, clients and the watchdog come in
 * between, however many files were dropped. */
enum { TURN_FILES = 16, TURN_MS = 100, SCAN_MS = 1000 };

static int64_t
monotonic_ms(void)
{
	return (int64_t)(uv_hrtime() / 1000000);
}

/* A folder of many files is not looked through anew for each turn, but no less often than
 * without them. */
static int
scan(struct host *host)
{
	int64_t now = monotonic_ms();

	if (host->intake_left && now - host->intake_scanned_ms < SCAN_MS)
		return 0;
	host->intake_scanned_ms = now;
	return spool_scan(host->spool, now);
}

/* Takes what is ready, in its order, until the turn is over; KE_NOT_FOUND: nothing is
 * left. */
static int
take_some(struct host *host)
{
	int64_t until = monotonic_ms() + TURN_MS;
	struct spool_file dropped = { .fd = -1 };
	int error = 0;

	for (unsigned i = 0; error == 0 && i < TURN_FILES && monotonic_ms() < until;
		i++) {
		error = spool_take(&dropped, host->spool);
		if (error == 0)
			error = take_dropped(host, &dropped);
		else if (error != KE_NOT_FOUND && !host_trouble(host, error))
			alarm_raise(host->alarms, "file-refused",
				dropped.dropped[0] ? dropped.dropped : error_name(error),
				host_now_ms());
	}
	return error;
}

static void
tell_crowded(struct host *host)
{
	if (spool_is_crowded(host->spool))
		alarm_raise(host->alarms, "spool-crowded", "incoming", host_now_ms());
	else
		alarm_clear(host->alarms, "spool-crowded", "incoming");
}

void
intake_run(struct host *host)
{
	int error;

	if (host->ending || host_bar(host) || host_disks_wait(host, PLACE_KEYS))
		return;
	intake_disk_look(host);
	error = scan(host);
	tell_crowded(host);
	if (error == 0)
		error = take_some(host);
	host->intake_left = error == 0 || intake_disk_is_left(host);
	if (host->intake_left)
		spool_watch_again(host->watch);
	/* A disk that failed ends the work; a file that cannot be claimed or ended was told. */
	if (error && error != KE_NOT_FOUND)
		(void)host_trouble(host, error);
	intake_growing_show(host);
	if (!host->changed && ++host->quiet_runs < WAKE_ANYWAY_RUNS)
		return;
	host->changed = false;
	host->quiet_runs = 0;
	host_wake(host);
}

void
intake_close(struct host *host)
{
	intake_disk_forget(host);
	intake_growing_forget(host);
}

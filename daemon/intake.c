/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/intake.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "daemon/alarm.h"
#include "daemon/intake_file.h"
#include "daemon/log.h"
#include "daemon/publish.h"
#include "daemon/secure_disk.h"
#include "daemon/settings.h"
#include "daemon/spool.h"
#include "daemon/stage.h"
#include "daemon/store.h"
#include "proto/hash.h"
#include "proto/report.h"
#include "proto/text.h"
#include "proto/utc.h"

/* What a file is, by its name's ending; what it says is judged after. */
static int
judge(struct intake_file *file)
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

static const char *
name_products(struct intake_file *file)
{
	const struct settings *settings = file->host->settings;
	size_t len, size = sizeof file->action;

	len = (size_t)snprintf(file->action, size, "Name a product of this host:");
	for (size_t i = 0; i < settings->product_count && len < size; i++)
		len += (size_t)snprintf(file->action + len, size - len, "%s %s",
			i ? "," : "", settings->products[i].name);
	return file->action;
}

/* The next step for the person who dropped a refused file. */
static const char *
action_of(struct intake_file *file, int error)
{
	static const struct {
		int error;
		const char *action;
	} actions[] = {
		{ KE_NO_KEY, "Make or bring the key (keylinectl key new, key list), then drop "
			     "the file again." },
		{ KE_UNTRUSTED_SIGNER, "Ask its sender for the fingerprint, trust the site's "
				       "certificate (keylinectl key trust), then drop this "
				       "file again: nothing is known to be wrong with it." },
		{ KE_OWN_CERTIFICATE, "Nothing is to be done here: take it to the hosts that "
				      "send to this one." },
		{ KE_UNKNOWN_COLUMN, "The columns are batch, product, count, first_serial, lot, "
				     "sequence, draws, spares: see keyline-batch(5)." },
		{ KE_MISSING_COLUMN, "The first row names the columns, product and count among "
				     "them: see keyline-batch(5)." },
		{ KE_WRONG_RECIPIENT, "Bring the file to the host that it is for." },
		{ KE_WRONG_KIND, "Bring the file to a host whose stages take it." },
		{ KE_WRONG_USE, "Test and production do not mix: find out where it came "
				"from." },
		{ KE_BAD_SIGNATURE, "The file was altered: have it sent again, and find out "
				    "where." },
		{ KE_OUT_OF_SEQUENCE, "Bring the file before it first." },
		{ KE_SECURE_DISK, "Stickers are taken from the secure disk alone: remove "
				  "this copy and mount the disk." },
		{ KE_DUPLICATE, "It names something that was taken before: ask its sender "
				"which file is right." },
	};

	if (error == KE_UNKNOWN_PRODUCT)
		return name_products(file);
	if (file->action[0])
		return file->action;
	for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++)
		if (actions[i].error == error)
			return actions[i].action;
	return "Mend what the list names, then drop the file again.";
}

static struct report
report_of(struct intake_file *file, const char *outcome, int error, char *time)
{
	if (utc_format(time, host_now_ms() / 1000) != 0)
		time[0] = '\0';
	return (struct report){ .file = file->name,
		.outcome = outcome,
		.kind = file->kind[0] ? file->kind : NULL,
		.batch = file->batch[0] ? file->batch : NULL,
		.time = time,
		.code = error,
		.action = error ? action_of(file, error) : NULL,
		.issues = &file->issues };
}

/* Moves the file to where it ends, with its two reports; code: what is told of it
 * under the name that it has there, or NULL. */
static int
finish(struct intake_file *file, struct spool_file *dropped, enum spool_folder folder,
	const char *outcome, int error, const char *code)
{
	char name[SPOOL_NAME_SIZE];
	char time[UTC_SIZE];
	struct report report = report_of(file, outcome, error, time);
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

/* A file of this host itself is for another one, or in the ledger since it was made. */
static int
refuse_own(struct intake_file *file, const struct ledger_file *known)
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

	if (error && ledger_failed(host->ledger)) {
		/* Nothing was taken: it stays in working/ for the next start. */
		host_stop_work(host, error);
		return error;
	}
	if (error == KE_OUT_OF_SEQUENCE) {
		alarm_raise(host->alarms, "file-waiting", file->name, host_now_ms());
		return spool_defer(host->spool, dropped, error);
	}
	acknowledge(host, file->name);
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
		error = hash_sha256(file.sha256, bytes, file.len);
	if (error)
		(void)issue_add(&file.issues, 0, 0, error, NULL);
	if (error == 0)
		is_known = ledger_file_get(&known, host->ledger, file.sha256) == 0;
	if (is_known && known.direction == LEDGER_IN) {
		(void)snprintf(file.kind, sizeof file.kind, "%s", known.kind);
		(void)snprintf(file.batch, sizeof file.batch, "%s", known.batch);
		error = end_known(&file, dropped);
	} else {
		if (error == 0)
			error = is_known ? refuse_own(&file, &known) : judge(&file);
		error = end(&file, dropped, error);
	}
	issue_list_clear(&file.issues);
	free(bytes);
	return error;
}

/* Which files of the secure disk were judged in this run of the daemon; those that
 * were not taken are judged again when another file or a certificate has come. */
struct intake_seen {
	struct intake_seen *next;
	struct timespec mtime;
	bool refused;
	char name[];
};

/* A file that is to be judged, or NULL: it was. */
static struct intake_seen *
see(struct host *host, const char *name, const struct timespec *mtime)
{
	struct intake_seen *seen = host->secure_seen;

	while (seen && strcmp(seen->name, name) != 0)
		seen = seen->next;
	if (seen && seen->mtime.tv_sec == mtime->tv_sec
		&& seen->mtime.tv_nsec == mtime->tv_nsec)
		return NULL;
	if (!seen) {
		seen = calloc(1, sizeof *seen + strlen(name) + 1);
		if (!seen)
			return NULL;
		memcpy(seen->name, name, strlen(name) + 1);
		seen->next = host->secure_seen;
		host->secure_seen = seen;
	}
	seen->mtime = *mtime;
	return seen;
}

static void
see_refused_again(struct host *host)
{
	for (struct intake_seen *seen = host->secure_seen; seen; seen = seen->next)
		if (seen->refused)
			seen->mtime = (struct timespec){ 0 };
}

/* What lies on the disk was not taken: why is told there alone, it has no result file. */
static void
tell_secure(struct host *host, const char *name, int error)
{
	static const char waiting[] = "file-waiting", refused[] = "stickers-refused";
	bool waits = error == KE_OUT_OF_SEQUENCE;

	alarm_clear(host->alarms, waits ? refused : waiting, name);
	alarm_raise(host->alarms, waits ? waiting : refused, name, host_now_ms());
}

/* A file of stickers is taken in where it lies.  Returns 0 or why it was not. */
static int
take_secure(struct host *host, int dir, const char *name)
{
	struct intake_file file = { .host = host, .name = name, .is_secure = true };
	struct ledger_file known;
	unsigned char *bytes = NULL;
	int error = store_read(&bytes, &file.len, dir, name);

	host->changed = true;
	file.bytes = bytes;
	if (error == 0)
		error = hash_sha256(file.sha256, bytes, file.len);
	if (error == 0 && ledger_file_get(&known, host->ledger, file.sha256) != 0) {
		error = intake_signed(&file);
		if (error && ledger_failed(host->ledger))
			host_stop_work(host, error);
		log_event(LOG_FILE,
			&(struct log_fields){ .batch = file.batch[0] ? file.batch : NULL,
				.code = error_name(error),
				.detail = error ? "refused" : "accepted" });
	}
	if (error)
		tell_secure(host, name, error);
	else
		alarm_acknowledge(host->alarms, name);
	issue_list_clear(&file.issues);
	free(bytes);
	return error;
}

/* One look at all that lies there; true: something was taken. */
static bool
scan_secure_once(struct host *host, DIR *list)
{
	struct intake_seen *seen;
	struct dirent *entry;
	struct stat st;
	bool taken = false;

	while ((entry = readdir(list))) {
		if (entry->d_name[0] == '.' || !text_ends_in(entry->d_name, ".stickers.cms")
			|| fstatat(dirfd(list), entry->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0
			|| !S_ISREG(st.st_mode)
			|| !(seen = see(host, entry->d_name, &st.st_mtim)))
			continue;
		seen->refused = take_secure(host, dirfd(list), entry->d_name) != 0;
		taken = taken || !seen->refused;
	}
	return taken;
}

/* A folder has no order and the files have one: what waits follows what was taken. */
static void
scan_secure(struct host *host, int dir)
{
	DIR *list = fdopendir(dir);

	if (!list) {
		(void)close(dir);
		return;
	}
	if (host->secure_retry)
		see_refused_again(host);
	host->secure_retry = false;
	while (!ledger_failed(host->ledger) && scan_secure_once(host, list)) {
		see_refused_again(host);
		rewinddir(list);
	}
	(void)closedir(list);
}

/* The disk may come and go; while it is away that is an alarm, and no more. */
static void
look_at_disk(struct host *host)
{
	int dir;
	int error;

	if (!host->settings->disk.path || host->stage_busy)
		return;
	error = secure_disk_open(&dir, host->settings);
	if (error) {
		host->secure_recovered = false;
		alarm_raise(host->alarms, "secure-disk", host->settings->disk.path,
			host_now_ms());
		return;
	}
	alarm_clear(host->alarms, "secure-disk", host->settings->disk.path);
	if (!host->secure_recovered && publish_recover_secure(host) == 0) {
		host->secure_recovered = true;
		host->changed = true;
		stage_retry(host);
	}
	if (host->settings->stages & SETTINGS_PRINT)
		scan_secure(host, dir);
	else
		(void)close(dir);
}

/* A file that is being copied for longer than a copy takes is worth a word. */
enum { GROWING_TOLD_MS = 3000 };

/* What lies in incoming/ and is not taken: still growing, or no file at all. */
struct intake_growing {
	struct intake_growing *next;
	const char *code;
	int64_t since_ms;
	bool is_there;
	/* once: a person may have acknowledged it */
	bool is_told;
	char name[];
};

static struct intake_growing *
growing_of(struct host *host, const char *name, const char *code)
{
	struct intake_growing *g = host->growing;

	while (g && (g->code != code || strcmp(g->name, name) != 0))
		g = g->next;
	if (g)
		return g;
	g = calloc(1, sizeof *g + strlen(name) + 1);
	if (!g)
		return NULL;
	memcpy(g->name, name, strlen(name) + 1);
	g->code = code;
	g->since_ms = host_now_ms();
	g->next = host->growing;
	host->growing = g;
	return g;
}

static void
note_growing(void *context, const struct spool_waiting *waiting)
{
	static const char growing[] = "file-growing", strange[] = "not-a-file";
	struct intake_growing *g;

	if (waiting->is_file && (waiting->ready || waiting->code != 0))
		return;
	g = growing_of(context, waiting->name, waiting->is_file ? growing : strange);
	if (g)
		g->is_there = true;
}

/* Files that still grow are shown, as long as they do. */
static void
show_growing(struct host *host)
{
	struct intake_growing **at = &host->growing;
	int64_t now = host_now_ms();

	spool_list(host->spool, note_growing, host);
	while (*at) {
		struct intake_growing *g = *at;

		if (!g->is_there) {
			alarm_clear(host->alarms, g->code, g->name);
			*at = g->next;
			free(g);
			continue;
		}
		if (!g->is_told && now - g->since_ms >= GROWING_TOLD_MS) {
			alarm_raise(host->alarms, g->code, g->name, now);
			g->is_told = true;
		}
		g->is_there = false;
		at = &g->next;
	}
}

/* Waiting work is looked for when something came in; else now and then, as a net. */
enum { WAKE_ANYWAY_RUNS = 15 };

void
intake_run(struct host *host)
{
	struct spool_file dropped;
	int error;

	if (host->ending || ledger_failed(host->ledger))
		return;
	look_at_disk(host);
	error = spool_scan(host->spool, (int64_t)(uv_hrtime() / 1000000));
	while (error == 0 && (error = spool_take(&dropped, host->spool)) == 0)
		error = take_dropped(host, &dropped);
	/* One file that cannot be claimed is told; a disk that failed ends the work. */
	if (error && error != KE_NOT_FOUND && spool_failed(host->spool))
		host_stop_work(host, error);
	else if (error && error != KE_NOT_FOUND && !ledger_failed(host->ledger))
		alarm_raise(host->alarms, "file-refused", error_name(error), host_now_ms());
	show_growing(host);
	if (!host->changed && ++host->quiet_runs < WAKE_ANYWAY_RUNS)
		return;
	host->changed = false;
	host->quiet_runs = 0;
	host_wake(host);
}

/* As many fit into one answer; the others are counted. */
enum { ISSUES_TOLD = 400 };

static json_t *
issues_json(const struct issue_list *issues)
{
	json_t *list = json_array();

	for (size_t i = 0; list && i < issues->count && i < ISSUES_TOLD; i++) {
		const struct issue *issue = &issues->items[i];

		(void)json_array_append_new(list,
			json_pack("{s:i, s:i, s:s, s:s, s:s?}", "line", (int)issue->line,
				"column", (int)issue->column, "code",
				error_name(issue->code), "text", error_text(issue->code),
				"field", issue->field));
	}
	return list;
}

int
intake_check(json_t **answer, struct host *host, const char *path)
{
	const char *slash = strrchr(path, '/');
	struct intake_file file = { .host = host,
		.name = slash ? slash + 1 : path,
		.check_only = true };
	struct ledger_file known;
	unsigned char *bytes = NULL;
	int error = store_read(&bytes, &file.len, AT_FDCWD, path);

	if (error)
		return error;
	file.bytes = bytes;
	file.is_secure = text_ends_in(path, ".stickers.cms");
	error = hash_sha256(file.sha256, bytes, file.len);
	if (error == 0 && ledger_file_get(&known, host->ledger, file.sha256) == 0)
		error = known.direction == LEDGER_IN
				? issue_add(&file.issues, 0, 0, KE_DUPLICATE, NULL)
				: refuse_own(&file, &known);
	if (error == 0)
		error = judge(&file);
	*answer = json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:o, s:s*}", "type", "check",
		"file", file.name, "kind", file.kind, "batch", file.batch, "outcome",
		error ? "refused" : "good", "issues_total", (json_int_t)file.issues.total,
		"issues", issues_json(&file.issues), "action",
		error ? action_of(&file, error) : NULL);
	issue_list_clear(&file.issues);
	free(bytes);
	return error;
}

void
intake_close(struct host *host)
{
	while (host->secure_seen) {
		struct intake_seen *next = host->secure_seen->next;

		free(host->secure_seen);
		host->secure_seen = next;
	}
	while (host->growing) {
		struct intake_growing *next = host->growing->next;

		free(host->growing);
		host->growing = next;
	}
}

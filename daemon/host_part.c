/* SPDX-License-Identifier: MIT */
/*
 * Brings the host up and down: ledger first (it says whether this state may be
 * worked on at all), then keys, spool, what a crash left staged or claimed.
 */
#include "config.h"
#include "daemon/host_part.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "daemon/alarm.h"
#include "daemon/approvals.h"
#include "daemon/check_control.h"
#include "daemon/closing_secrets.h"
#include "daemon/ctl_common.h"
#include "daemon/ctl_refuse.h"
#include "daemon/dual.h"
#include "daemon/durable.h"
#include "daemon/fault.h"
#include "daemon/guesses.h"
#include "daemon/host.h"
#include "daemon/host_clock.h"
#include "daemon/host_disks.h"
#include "daemon/intake.h"
#include "daemon/job.h"
#include "daemon/job_doubt.h"
#include "daemon/job_place.h"
#include "daemon/key_announce.h"
#include "daemon/key_missing.h"
#include "daemon/keystore.h"
#include "daemon/ledger_wallet.h"
#include "daemon/log.h"
#include "daemon/publish.h"
#include "daemon/random.h"
#include "daemon/random_extra.h"
#include "daemon/recipes.h"
#include "daemon/request_waits.h"
#include "daemon/spool.h"
#include "daemon/spool_watch.h"
#include "daemon/stage.h"
#include "daemon/start.h"
#include "daemon/station_operator.h"
#include "daemon/station_show.h"
#include "proto/cms_check.h"
#include "proto/name.h"
#include "proto/scrypt.h"

enum { RESCAN_MS = 1000, THEN_BYTES = ALARM_OBJECT_SIZE + 120 };

/* What is said of an alarm in place of its table's words. */
struct alarm_said {
	char what[KEY_MISSING_SIZE];
	char action[KEY_MISSING_SIZE];
};

static const struct recipe *const recipes[] = {&recipe_print, &recipe_pair, &recipe_ship,
	&recipe_arrive, &recipe_etch, &recipe_seal};

/* A batch in another state, a wallet that needs a person: for the journal. */
static void
log_change(void *context, bool is_batch, const char *object, const char *state)
{
	(void)context;
	if (is_batch)
		log_event(
			LOG_BATCH, &(struct log_fields){.batch = object, .code = state});
	else
		log_event(LOG_WALLET,
			&(struct log_fields){.serial = object, .code = state});
}

static int
open_ledger(struct host *host)
{
	const struct settings *settings = host->settings;
	struct ledger_place place = {.state_path = settings->state,
		.mark_path = settings->highwater,
		.host = settings->host,
		.mode = settings->mode,
		.use = settings->production ? "production" : "test"};
	struct ledger_by by = host_by("daemon");
	char text[512];
	int error = ledger_open(&host->ledger, &place, &by);

	if (error == 0)
		ledger_on_change(host->ledger, log_change, NULL);
	(void)snprintf(text, sizeof text, "ledger in %s with its mark in %s",
		settings->state, settings->highwater);
	return start_told(START_LEDGER, error, text);
}

static int
open_keys(struct host *host)
{
	const struct settings *settings = host->settings;
	char bad[512] = "", place[768];
	int error = keystore_open(&host->keys, settings->key_folder, settings->host,
		settings->production ? USE_PRODUCTION : USE_TEST, bad, sizeof bad);

	/* A file of it is told by its name in it. */
	if (bad[0] && bad[0] != '/')
		(void)snprintf(place, sizeof place, "%s/%s", settings->key_folder, bad);
	else
		(void)snprintf(place, sizeof place, "%s", settings->key_folder);
	return start_told(START_KEYS, error, place);
}

/* What the daemon does not make itself: they are meant to be mounts of their own. */
static int
check_folders(struct host *host)
{
	const struct {
		const char *key;
		const char *path;
	} folders[] = {{"highwater", host->settings->highwater},
		{"spool", host->settings->spool}};
	char place[512];

	for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
		struct stat st;
		int missing = stat(folders[i].path, &st) != 0;

		if (!missing && S_ISDIR(st.st_mode))
			continue;
		(void)snprintf(place, sizeof place, "%s, named by `%s'", folders[i].path,
			folders[i].key);
		return start_told(START_FOLDER,
			missing ? durable_error(errno) : KE_BAD_NAME, place);
	}
	return 0;
}

static int
open_folders(struct host *host)
{
	static const char *const names[] = {"store", "staged", "reports"};
	int *const fds[] = {&host->store_fd, &host->staged_fd, &host->reports_fd};
	int state = open(host->settings->state, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int error = state < 0 ? KE_IO : 0;

	for (size_t i = 0; error == 0 && i < sizeof fds / sizeof fds[0]; i++) {
		*fds[i] = durable_open_dir(state, names[i], 0700);
		error = *fds[i] < 0 ? *fds[i] : 0;
	}
	if (state >= 0)
		(void)close(state);
	return error;
}

static int
open_spool(struct host *host)
{
	struct spool_place place = {
		.path = host->settings->spool, .state_path = host->settings->state};

	return start_told(START_SPOOL, spool_open(&host->spool, &place), place.path);
}

/* A wallet that was claimed when the daemon ended was never started: an open intent
 * is what says otherwise, and that has its own state. */
static int
unclaim(void *context, const struct ledger_wallet *wallet)
{
	struct host *host = context;
	struct ledger_by by = host_by("daemon");

	return ledger_wallet_step(
		host->ledger, &by, wallet->serial, WALLET_UNCLAIM, "after restart");
}

/* Nobody knows yet what became of it: that is told until two people have said. */
static int
tell_doubt(void *context, const struct ledger_wallet *wallet)
{
	struct host *host = context;

	alarm_raise(host->alarms, "in-doubt", wallet->serial, wallet->changed_ms);
	return 0;
}

/* A setup mark of a station and a device that are no more: it has no wallet that people
 * could settle, and would be told, and hold up a newer ledger, for ever. */
static int
tell_open(void *context, const struct ledger_intent *intent)
{
	struct host *host = context;
	struct ledger_by by = host_by("daemon");

	if (intent->kind == LEDGER_SETUP && !job_place_asker(host->settings, intent))
		return ledger_intent_close(host->ledger, &by, intent->job,
			LEDGER_OUTCOME_DOUBT, 0, "no station");
	job_tell_open(host, intent);
	return 0;
}

static int
open_approvals(struct host *host)
{
	host->approvals = approvals_new(host->ledger, host->settings->host,
		host->settings->production ? USE_PRODUCTION : USE_TEST);
	return host->approvals ? approvals_expire(host->approvals, approvals_clock())
			       : KE_NO_MEMORY;
}

static int
compile(struct host *host)
{
	int error =
		serial_pattern_compile(&host->serials, host->settings->serial_pattern);

	return error ? error
		     : passphrase_alphabet_compile(
			       &host->alphabet, host->settings->alphabet);
}

/* A processor that computes wrongly would reject every wallet, or make useless ones. */
static int
check_scrypt(struct host *host)
{
	const char *failed = "";
	char text[128];
	int error = scrypt_self_check(&failed);

	(void)host;
	(void)snprintf(text, sizeof text, "scrypt by %s against OpenSSL's", failed);
	return start_told(START_PROCESS, error, text);
}

/* One that cannot open what is sealed would call each row unreadable. */
static int
check_cms(struct host *host)
{
	(void)host;
	return cms_self_check();
}

/* A host that cannot check a wallet that is right would reject all others, too. */
static int
check_known_wallet(struct host *host)
{
	return host->settings->stages & SETTINGS_ETCH
		       ? check_control_new(&host->control, time(NULL))
		       : 0;
}

/* A name that is taken in outgoing/ is for a person, and keeps no line from its start. */
static int
recover_staged(struct host *host)
{
	int error = publish_recover(host);

	host->unfinished = error == KE_DUPLICATE;
	return host->unfinished ? 0 : error;
}

static int
take_random_extra(struct host *host)
{
	const char *path = host->settings->random_extra;

	return start_told(START_RANDOM, random_extra_take(host), path ? path : "");
}

/* The steps of the start, each with the words that tell where it failed; NULL: the
 * step has told it. */
static const struct {
	const char *name;
	enum start_step kind;
	int (*step)(struct host *host);
} steps[] = {
	{"serial pattern or alphabet", START_PROCESS, compile},
	{NULL, START_PROCESS, check_scrypt},
	{"signing and sealing", START_PROCESS, check_cms},
	{"check of a known wallet", START_PROCESS, check_known_wallet},
	{NULL, START_FOLDER, check_folders},
	{NULL, START_LEDGER, open_ledger},
	{NULL, START_RANDOM, take_random_extra},
	{"times of events in the ledger", START_LEDGER, host_clock_open},
	{"requests of two persons", START_LEDGER, open_approvals},
	{"operators who stood at stations", START_LEDGER, station_operators_begin},
	{NULL, START_KEYS, open_keys},
	{"folders in the state directory", START_STATE, open_folders},
	{NULL, START_SPOOL, open_spool},
	{"staged files", START_STATE, recover_staged},
	{"keys that were made or trusted and not recorded", START_STATE, key_record_rest},
};

static int
open_all(struct host *host)
{
	int error = start_told(START_PROCESS, random_self_check(), "random source");

	for (size_t i = 0; error == 0 && i < sizeof steps / sizeof steps[0]; i++) {
		error = steps[i].step(host);
		if (steps[i].name)
			error = start_told(steps[i].kind, error, steps[i].name);
	}
	if (error == 0)
		error = start_told(START_LEDGER,
			ledger_wallet_list(
				host->ledger, NULL, WALLET_CLAIMED, unclaim, host),
			"claimed wallets");
	if (error == 0)
		error = start_told(START_LEDGER,
			ledger_wallet_list(
				host->ledger, NULL, WALLET_IN_DOUBT, tell_doubt, host),
			"wallets in doubt");
	if (error == 0)
		error = start_told(START_LEDGER,
			ledger_intent_list_open(host->ledger, tell_open, host),
			"open intents");
	return error;
}

/* What settles an alarm about one wallet or station, word for word; "": the table's
 * action does. */
static void
alarm_then(char *out, size_t size, const struct alarm *alarm)
{
	out[0] = '\0';
	if (strcmp(alarm->code, "in-doubt") == 0)
		(void)snprintf(out, size,
			"Run:  keylinectl wallet resolve %s --good (or "
			"--spoiled) --reason CODE  (keylinectl(1) lists the codes)",
			alarm->object);
	else if (strcmp(alarm->code, "file-refused") == 0 ||
		 strcmp(alarm->code, "file-duplicate") == 0)
		/* A name of other signs would want quotes of one's shell. */
		(void)snprintf(out, size,
			"Then take it off this list:  keylinectl alarm ack %s",
			name_is_word(alarm->object, strlen(alarm->object))
				? alarm->object
				: "NAME");
	else if (strcmp(alarm->code, "counter-unknown") == 0)
		(void)snprintf(out, size, "Then two persons run:  keylinectl station rearm %s --reason TEXT",
			alarm->object);
	else if (strcmp(alarm->code, "wallet-rejected") == 0)
		(void)snprintf(out, size,
			"Then two persons run:  keylinectl wallet "
			"destroyed %s",
			alarm->object);
	else if (strcmp(alarm->code, "erase-due") == 0
		|| strcmp(alarm->code, "erase-cut-off") == 0)
		(void)snprintf(out, size, "Run:  keylinectl batch destroy %s",
			alarm->object);
}

/* A setup part at rest found another count than the ledger's: with the numbers. */
static void
tell_counter(struct alarm_said *said, const struct host *host, const struct alarm *alarm)
{
	const struct station *station =
		host->stations ? station_set_find(host->stations, alarm->object) : NULL;
	const struct fault *fault = fault_of(alarm->code);
	char more[RECIPE_TELL_BYTES];

	if (!station)
		return;
	station_show_more(more, station);
	(void)snprintf(said->what, sizeof said->what, "%s%s", fault->status, more);
	(void)snprintf(said->action, sizeof said->action, "%s", fault->action);
}

/* The table's row; or for a missing key whose it is and how it comes, and for an open job
 * that nobody can be asked about what is done: *said has the texts then. */
static struct fault
alarm_fault(struct alarm_said *said, const struct host *host, const struct alarm *alarm)
{
	struct fault fault = *fault_of(alarm->code);

	said->what[0] = '\0';
	if (strcmp(alarm->code, "no-key") == 0)
		key_missing_tell(said->what, said->action, host, alarm->object);
	else if (strcmp(alarm->code, "job-open") == 0)
		job_place_tell(
			said->what, said->action, sizeof said->what, host, alarm->object);
	else if (strcmp(alarm->code, "in-doubt") == 0)
		job_doubt_tell(
			said->what, said->action, sizeof said->what, host, alarm->object);
	else if (strcmp(alarm->code, "counter-unknown") == 0)
		tell_counter(said, host, alarm);
	else if (alarm->told[0]) {
		(void)snprintf(said->what, sizeof said->what, "%s", alarm->told);
		(void)snprintf(said->action, sizeof said->action, "%s", fault.action);
	}
	/* A key that has come meanwhile: its stage looks again in a moment. */
	if (said->what[0]) {
		fault.status = said->what;
		fault.action = said->action;
	}
	return fault;
}

static size_t
append_faults(json_t *array, void *context)
{
	struct host *host = context;
	size_t count = alarm_count(host->alarms);

	for (size_t i = 0; i < count; i++) {
		const struct alarm *alarm = alarm_at(host->alarms, i);
		struct alarm_said said;
		struct fault fault = alarm_fault(&said, host, alarm);
		char then[THEN_BYTES];

		alarm_then(then, sizeof then, alarm);
		(void)json_array_append_new(array,
			fault_show("ALARM", alarm->object, &fault, then[0] ? then : NULL,
				(time_t)(alarm->since_ms / 1000)));
	}
	return count + request_waits_append(array, host);
}

struct answering {
	struct ctl_call *call;
	struct host *host;
};

static int
answer_batch(void *context, const struct ledger_batch *batch)
{
	struct answering *a = context;

	if (batch->state < LEDGER_BATCH_CLOSED)
		ctl_answer_batch(a->call, a->host, batch);
	return 0;
}

static void
answer_batches(struct ctl_call *call, void *context)
{
	struct answering a = {call, context};

	int error = ledger_batch_list(a.host->ledger, answer_batch, &a);

	if (error)
		host_stop_work(a.host, error);
}

static bool
refuse_change(struct ctl_call *call, void *context)
{
	return ctl_refuse_change(call, context);
}

static void
look(void *context, int64_t now_ms)
{
	struct host *host = context;

	(void)now_ms;
	host->stations = host->keylined->stations;
	host_disks_look(host);
	host_clock_look(host);
	closing_secrets_look_again(host);
	host_apply_bar(host);
	station_operators_look(host->stations);
	intake_run(host);
}

static void
host_free(struct host *host)
{
	const int fds[] = {host->store_fd, host->staged_fd, host->reports_fd};

	intake_close(host);
	spool_close(host->spool);
	keystore_close(host->keys);
	approvals_free(host->approvals);
	ledger_close(host->ledger);
	check_control_free(host->control);
	random_end();
	alarm_list_free(host->alarms);
	guess_book_free(host->guesses);
	stage_forget(host);
	for (size_t i = 0; i < sizeof fds / sizeof fds[0]; i++)
		if (fds[i] >= 0)
			(void)close(fds[i]);
	free(host);
}

static void
plug_in(struct keylined *keylined, struct host *host)
{
	keylined->line = host;
	keylined->hooks = (struct keylined_hooks){.faults = append_faults,
		.batches = answer_batches,
		.refuse = refuse_change,
		.recipes = recipes,
		.recipe_count = sizeof recipes / sizeof recipes[0],
		.context = host};
	keylined_add_commands(keylined, ctl_batch_commands);
	keylined_add_commands(keylined, ctl_wallet_commands);
	keylined_add_commands(keylined, ctl_key_commands);
	keylined_add_commands(keylined, ctl_ledger_commands);
	keylined_add_commands(keylined, ctl_person_commands);
	keylined_add_commands(keylined, ctl_certificate_commands);
	keylined_add_commands(keylined, ctl_report_commands);
	keylined_add_commands(keylined, ctl_request_commands);
	keylined_add_commands(keylined, ctl_operator_commands);
	keylined_add_commands(keylined, ctl_sign_on_commands);
}

static int
part_open(struct keylined *keylined)
{
	struct host *host = calloc(1, sizeof *host);
	int error;

	if (!host)
		return start_told(START_PROCESS, KE_NO_MEMORY, "host");
	host->loop = keylined->loop;
	host->settings = keylined->settings;
	host->keylined = keylined;
	host->changed = true;
	host->store_fd = host->staged_fd = host->reports_fd = -1;
	host->alarms = alarm_list_new();
	error = host->alarms ? open_all(host)
			     : start_told(START_PROCESS, KE_NO_MEMORY, "alarms");
	if (error == 0)
		error = start_told(START_SPOOL,
			spool_watch_start(&host->watch, host->loop,
				spool_folder_path(host->spool, SPOOL_INCOMING), RESCAN_MS,
				look, host),
			"watch of the incoming folder");
	if (error) {
		host_free(host);
		return error;
	}
	plug_in(keylined, host);
	return 0;
}

static void
part_stop(struct keylined *keylined)
{
	struct host *host = keylined->line;

	host->ending = true;
	spool_watch_stop(&host->watch);
}

static void
part_close(struct keylined *keylined)
{
	host_free(keylined->line);
	keylined->line = NULL;
}

const struct keylined_part host_part = {"host", part_open, part_stop, part_close};

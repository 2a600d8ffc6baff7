/* SPDX-License-Identifier: MIT */
#include "station_fixture.h"
#include "daemon/station_show.h"

static void
on_ready(struct station *station, void *context, uint64_t counter,
	const unsigned char digest[LINE_DIGEST_LEN])
{
	(void)context;
	ck_assert(digest != NULL);
	ck_assert_uint_eq(counter, 7);
	note("ready", NULL);
	if (rig.starts)
		ck_assert_int_eq(station_start(station), 0);
}

static void
on_refused(struct station *station, void *context, const char *code)
{
	(void)context;
	ck_assert(!station_is_busy(station));
	note("refused", code);
}

static void
on_failed(struct station *station, void *context, const char *code)
{
	(void)station;
	(void)context;
	note("failed", code);
}

static void
on_doubt(struct station *station, void *context, const char *code)
{
	(void)context;
	ck_assert(!station_is_busy(station));
	note("doubt", code);
}

static void
on_lost(struct station *station, void *context, const char *code)
{
	(void)context;
	ck_assert(!station_is_busy(station));
	note("lost", code);
}

static int load_one(uint32_t number);

static void
on_done(struct station *station, void *context, uint64_t counter)
{
	char number[24];

	(void)context;
	snprintf(number, sizeof(number), "%u", (unsigned)counter);
	note("done", number);
	station_count_good(station);
	if (rig.loads_again) {
		rig.loads_again = false;
		ck_assert_int_eq(load_one(43), 0);
	}
}

static void
on_link(struct station *station, bool up)
{
	ck_assert(up == station_answers(station));
	note(up ? "up" : "down", NULL);
}

static void
on_condition(struct station *station, const char *code)
{
	(void)station;
	note("condition", code);
}

static void
on_execute(struct station *station)
{
	note("execute", NULL);
	if (rig.suspends) {
		station_suspend(station, rig.suspends);
		/* Not from within: it comes in its turn. */
		ck_assert(!heard("pause"));
	}
}

static void
on_pause(struct station *station)
{
	(void)station;
	note("pause", NULL);
}

static const char *
bar(const struct station *station)
{
	ck_assert_ptr_eq(station, rig.station);
	return rig.bars;
}

static void
bar_action(char out[RECIPE_TELL_BYTES], const struct station *station)
{
	snprintf(out, RECIPE_TELL_BYTES, "%s", bar(station) ? "settle it" : "");
}

static void
on_scan(struct station *station, const char *text)
{
	ck_assert(station_is_executing(station));
	note("scan", text);
}

static int
on_typed(struct station *station, const char *serial, const char *address_end)
{
	(void)station;
	note(serial, address_end);
	return 0;
}

static struct secret *
line_of(const char *kind, uint32_t number)
{
	struct secret *line = secret_new(LINE_BYTES_MAX);
	struct line_builder b;
	char job[16];

	ck_assert_ptr_nonnull(line);
	snprintf(job, sizeof(job), "%u", (unsigned)number);
	line_begin(&b, line, "load", job);
	line_add(&b, "kind", kind);
	if (strcmp(kind, "plate") == 0) {
		line_add(&b, "serial", "AA000001K");
		line_add(&b, "text", "AB CD%");
	}
	line_add(&b, "nonce", "0123456789abcdef");
	line_add(&b, "test", "1");
	ck_assert_int_gt(line_end(&b), 0);
	return line;
}

static int
load_kind(const char *kind, uint32_t number)
{
	static const struct station_job job = {
		on_ready, on_refused, on_done, on_failed, on_doubt, on_lost, NULL};
	struct secret *line = line_of(kind, number);
	int error = station_load(rig.station, number, &line, &job);

	ck_assert_ptr_null(line);
	return error;
}

static int
load_one(uint32_t number)
{
	return load_kind("plate", number);
}

static int
on_setup(struct station *station)
{
	(void)station;
	return load_kind("setup", 9);
}

/* A device that falls silent is waited for in vain, a busy one after its first job; any other
 * may take its time. */
enum { SILENT_SECONDS = 1, BUSY_SECONDS = 5, PATIENT_SECONDS = 60 };

static unsigned
patience_with(const char *how)
{
	if (strncmp(how, "silent", 6) == 0)
		return SILENT_SECONDS;
	return strcmp(how, "busy-after") == 0 ? BUSY_SECONDS : PATIENT_SECONDS;
}

/* rig_begin() says how long it waits for its device. */
static struct recipe etch = {
	.kind = SETTINGS_KIND_ETCH,
	.counter_step = 1,
	.on_link = on_link,
	.on_condition = on_condition,
	.on_execute = on_execute,
	.on_pause = on_pause,
	.bar = bar,
	.bar_action = bar_action,
	.on_scan = on_scan,
	.on_typed = on_typed,
	.on_setup = on_setup,
};
static const struct recipe print = {
	.kind = SETTINGS_KIND_PRINT,
	.on_link = on_link,
	.on_execute = on_execute,
	.on_pause = on_pause,
};
static const struct recipe *const recipes[] = {&etch, &print};

/* A rig with one station whose device behaves so. */
static void
rig_begin(enum settings_kind kind, const char *how, const char *scanner)
{
	static char device[64];
	struct settings_station *settings = rig.stations;

	memset(&rig, 0, sizeof(rig));
	rig_folder();
	rig.settings.state = rig.folder;
	snprintf(rig.socket, sizeof(rig.socket), "%s/socket", rig.folder);
	rig.settings.socket = rig.socket;
	rig.settings.drivers = rig.folder;
	rig.settings.stations = rig.stations;
	rig.settings.station_count = 1;
	strcpy(settings->name, "laser1");
	settings->kind = kind;
	etch.load_seconds = etch.run_seconds = patience_with(how);
	snprintf(device, sizeof(device),
		kind == SETTINGS_KIND_ETCH ? "tcp:%s:1" : "ipps://%s:1/x", how);
	settings->device = kind == SETTINGS_KIND_ETCH ? device : NULL;
	settings->uri = kind == SETTINGS_KIND_PRINT ? device : NULL;
	settings->unit = 1;
	settings->scanner = scanner ? (char *)(uintptr_t)scanner : NULL;
	settings->scanner_baud = 9600;
	rig.starts = true;
	ck_assert_int_eq(uv_loop_init(&rig.loop), 0);
	ck_assert_int_eq(
		station_set_new(&rig.set, &rig.loop, &rig.settings, recipes, 2, &rig), 0);
	rig.station = station_set_find(rig.set, "laser1");
	ck_assert_ptr_nonnull(rig.station);
	ck_assert_ptr_eq(station_line(rig.station), &rig);
	ck_assert_int_eq(rig.station->state, PACKML_STOPPED);
}

static void
rig_open(const char *how, const char *scanner)
{
	rig_begin(SETTINGS_KIND_ETCH, how, scanner);
}

static void
stopped(void *context)
{
	(void)context;
	rig.is_stopped = true;
}

static void
rig_close(void)
{
	station_set_stop(rig.set, stopped, NULL);
	WAIT_UNTIL(rig.is_stopped);
	station_set_free(rig.set);
	ck_assert_int_eq(uv_run(&rig.loop, UV_RUN_DEFAULT), 0);
	ck_assert_int_eq(uv_loop_close(&rig.loop), 0);
	rig_folder_remove();
}

static int
order(enum packml_command command)
{
	const struct fault *why;

	return station_order(rig.station, command, &why);
}

static bool
is_in(enum packml_state state)
{
	return rig.station->state == state;
}

static bool
reason_is(const char *code)
{
	return rig.station->reason && strcmp(rig.station->reason->code, code) == 0;
}

static void
to_execute(void)
{
	ck_assert_int_eq(order(PACKML_START), 0);
	WAIT_UNTIL(heard("execute"));
}

START_TEST(a_job_goes_through)
{
	rig_open("normal", NULL);
	ck_assert(reason_is("service-start"));
	ck_assert_int_eq(load_one(42), KE_BAD_STATE);
	to_execute();
	ck_assert_str_eq(rig.notes.text[0], "up");
	ck_assert_int_eq(load_one(42), 0);
	ck_assert_int_eq(load_one(43), KE_BAD_STATE);
	WAIT_UNTIL(heard("done 8"));
	WAIT_UNTIL(rig.station->link.ok == 11);
	ck_assert_uint_eq(rig.station->link.errors, 2);
	ck_assert_uint_eq(rig.station->link.retries, 3);
	ck_assert_uint_eq(rig.station->link.latency_us, 4);
	ck_assert_uint_eq(rig.station->good, 1);
	ck_assert_uint_eq(rig.station->cycles.count, 1);
	ck_assert(is_in(PACKML_EXECUTE));
	rig_close();
}
END_TEST

/* How the device behaves, and how the job must end. */
struct end_row {
	const char *how;
	const char *end;
};

static const struct end_row ends[] = {
	{"refuses", "refused no-part"},
	{"unknown-code", "refused unknown"},
	{"dies-on-load", "refused device-error"},
	{"silent-on-load", "refused timeout"},
	{"garbage", "refused bad-line"},
	{"too-long", "refused bad-line"},
	{"other-job", "refused bad-line"},
	{"wrong-digest", "refused readback"},
	{"done-before-start", "refused bad-line"},
	{"dies-on-start", "lost device-error"},
	{"dies-hard-on-start", "lost driver-died"},
	{"closes-on-start", "lost driver-died"},
	{"silent-on-start", "lost timeout"},
	{"no-counter", "lost bad-line"},
	{"wrong-counter", "doubt counter-mismatch"},
	{"doubts", "doubt offline"},
	{"fails", "failed laser-fault"},
	{"fails-when-started", "doubt refused-yet-started"},
	{"door-on-start", "failed door-open"},
	{"noisy", "done 8"},
	{"env", "done 8"},
};

static bool
is_end(const char *text)
{
	return strncmp(text, "refused", 7) == 0 || strncmp(text, "doubt", 5) == 0 ||
	       strncmp(text, "lost", 4) == 0 || strncmp(text, "failed", 6) == 0 || strncmp(text, "done", 4) == 0;
}

START_TEST(a_job_ends_once_and_rightly)
{
	size_t i, count = 0;

	rig_open(ends[_i].how, NULL);
	to_execute();
	ck_assert_int_eq(load_one(42), 0);
	WAIT_UNTIL(!station_is_busy(rig.station));
	ck_assert_msg(heard(ends[_i].end), "%s: %s and not %s", ends[_i].how,
		rig.notes.text[rig.notes.count - 1], ends[_i].end);
	rig_close();
	for (i = 0; i < rig.notes.count; i++)
		count += is_end(rig.notes.text[i]);
	ck_assert_uint_eq(count, 1);
}
END_TEST

START_TEST(a_dead_driver_comes_again_and_a_person_unholds)
{
	rig_open("dies-on-start", NULL);
	to_execute();
	ck_assert_int_eq(load_one(42), 0);
	WAIT_UNTIL(heard("lost device-error"));
	WAIT_UNTIL(is_in(PACKML_HELD) || rig.station->link.is_fresh);
	ck_assert(heard("pause"));
	WAIT_UNTIL(heard_times("up") == 2);
	ck_assert_uint_eq(heard_times("down"), 1);
	ck_assert(is_in(PACKML_HELD));
	ck_assert(reason_is("device-error"));
	ck_assert_int_eq(order(PACKML_UNHOLD), 0);
	WAIT_UNTIL(heard_times("execute") == 2);
	rig_close();
}
END_TEST

START_TEST(a_driver_of_one_job_is_started_again_without_a_fault)
{
	rig_begin(SETTINGS_KIND_PRINT, "one-job", NULL);
	to_execute();
	rig.loads_again = true;
	ck_assert_int_eq(load_one(42), 0);
	WAIT_UNTIL(heard_times("done 8") == 2);
	ck_assert(is_in(PACKML_EXECUTE));
	ck_assert_uint_eq(heard_times("up"), 1);
	ck_assert_uint_eq(heard_times("down"), 0);
	ck_assert_uint_eq(heard_times("pause"), 0);
	rig_close();
}
END_TEST

START_TEST(what_is_not_started_is_cancelled_by_a_hold)
{
	rig_open("normal", NULL);
	rig.starts = false;
	to_execute();
	ck_assert_int_eq(load_one(42), 0);
	WAIT_UNTIL(heard("ready"));
	ck_assert_int_eq(order(PACKML_HOLD), 0);
	/* From the instant of the hold nothing can be started any more. */
	ck_assert_int_eq(station_start(rig.station), KE_BAD_STATE);
	WAIT_UNTIL(is_in(PACKML_HELD));
	ck_assert(heard("refused operator"));
	ck_assert_str_eq(rig.notes.text[rig.notes.count - 2], "pause");
	ck_assert_int_eq(order(PACKML_UNHOLD), 0);
	WAIT_UNTIL(heard_times("execute") == 2);
	rig_close();
}
END_TEST

START_TEST(a_refusal_that_crosses_a_cancel_ends_the_job)
{
	rig_open("refuses-late", NULL);
	rig.starts = false;
	to_execute();
	ck_assert_int_eq(load_one(42), 0);
	WAIT_UNTIL(heard("ready"));
	ck_assert_int_eq(station_cancel(rig.station), 0);
	ck_assert_int_eq(station_start(rig.station), KE_BAD_STATE);
	WAIT_UNTIL(heard("refused cancelled"));
	ck_assert(is_in(PACKML_EXECUTE));
	ck_assert_int_eq(station_cancel(rig.station), KE_BAD_STATE);
	rig_close();
}
END_TEST

START_TEST(an_open_door_holds_and_voids)
{
	const struct fault *why;

	rig_open("door", NULL);
	rig.starts = false;
	to_execute();
	ck_assert_int_eq(load_one(42), 0);
	WAIT_UNTIL(is_in(PACKML_HELD));
	ck_assert(heard("refused door-open"));
	ck_assert(heard("down"));
	ck_assert(reason_is("door-open"));
	ck_assert_int_eq(station_order(rig.station, PACKML_UNHOLD, &why), KE_BAD_STATE);
	ck_assert_ptr_nonnull(why);
	ck_assert_str_eq(why->code, "door-open");
	ck_assert_int_eq(order(PACKML_STOP), 0);
	WAIT_UNTIL(is_in(PACKML_STOPPED));
	rig_close();
}
END_TEST

START_TEST(an_abort_loses_what_runs)
{
	rig_open("silent-on-start", NULL);
	to_execute();
	ck_assert_int_eq(load_one(42), 0);
	WAIT_UNTIL(rig.station->job.phase == JOB_RUNNING);
	ck_assert_int_eq(order(PACKML_ABORT), 0);
	WAIT_UNTIL(is_in(PACKML_ABORTED));
	ck_assert(heard("lost aborted"));
	ck_assert_int_eq(order(PACKML_UNHOLD), KE_BAD_STATE);
	ck_assert_int_eq(order(PACKML_START), KE_BAD_STATE);
	ck_assert_int_eq(order(PACKML_CLEAR), 0);
	WAIT_UNTIL(is_in(PACKML_STOPPED));
	to_execute();
	WAIT_UNTIL(heard_times("execute") == 2);
	rig_close();
}
END_TEST

START_TEST(an_emergency_stop_aborts_and_bars_clear)
{
	rig_open("e-stop", NULL);
	WAIT_UNTIL(is_in(PACKML_ABORTED));
	ck_assert(reason_is("e-stop"));
	/* While its driver is away, too, and when the next one has asked. */
	WAIT_UNTIL(!rig.station->link.is_known);
	ck_assert_int_eq(order(PACKML_CLEAR), KE_BAD_STATE);
	WAIT_UNTIL(rig.station->link.is_fresh);
	ck_assert_int_eq(order(PACKML_CLEAR), KE_BAD_STATE);
	rig_close();
}
END_TEST

START_TEST(an_emergency_stop_aborts_at_rest_too)
{
	rig_open("e-stop-at-rest", NULL);
	WAIT_UNTIL(is_in(PACKML_ABORTED));
	ck_assert(reason_is("e-stop"));
	WAIT_UNTIL(rig.station->link.is_fresh);
	ck_assert_int_eq(order(PACKML_CLEAR), KE_BAD_STATE);
	rig_close();
}
END_TEST

START_TEST(a_latched_fault_goes_when_a_person_says_so)
{
	rig_open("latched", NULL);
	WAIT_UNTIL(rig.station->link.is_fresh);
	/* Nothing goes by itself. */
	ck_assert(rig.station->link.is_latched);
	ck_assert_int_eq(station_setup_check(rig.station), KE_BAD_STATE);
	ck_assert_int_eq(order(PACKML_START), 0);
	WAIT_UNTIL(is_in(PACKML_EXECUTE));
	ck_assert_ptr_null(rig.station->link.fault);
	ck_assert(!rig.station->link.is_acknowledging);
	rig_close();
}
END_TEST

/* What became of a job need not wait for a person to acknowledge a fault. */
START_TEST(a_device_with_a_latched_fault_can_be_asked)
{
	rig_open("latched-again", NULL);
	WAIT_UNTIL(rig.station->link.is_fresh);
	WAIT_UNTIL(heard("up"));
	ck_assert(rig.station->link.is_latched);
	ck_assert(!station_is_up(rig.station));
	rig_close();
}
END_TEST

START_TEST(a_latched_fault_that_stays_holds_again)
{
	rig_open("latched-again", NULL);
	WAIT_UNTIL(rig.station->link.is_fresh);
	ck_assert_int_eq(order(PACKML_START), 0);
	WAIT_UNTIL(is_in(PACKML_HELD));
	ck_assert(reason_is("door-open"));
	ck_assert_int_eq(order(PACKML_UNHOLD), 0);
	ck_assert(is_in(PACKML_UNHOLDING));
	WAIT_UNTIL(is_in(PACKML_HELD));
	ck_assert(!heard("execute"));
	rig_close();
}
END_TEST

/* Aborting ends the driver; started again at once the station would abort for ever. */
START_TEST(a_released_emergency_stop_holds_and_aborts_no_more)
{
	rig_open("latched-e-stop", NULL);
	ck_assert_int_eq(order(PACKML_START), 0);
	WAIT_UNTIL(is_in(PACKML_HELD));
	ck_assert(reason_is("e-stop"));
	ck_assert_int_eq(order(PACKML_UNHOLD), 0);
	WAIT_UNTIL(is_in(PACKML_EXECUTE));
	WAIT_UNTIL(heard_times("execute") == 1);
	rig_close();
}
END_TEST

START_TEST(a_door_that_opens_and_closes_is_told)
{
	rig_open("door-moves", NULL);
	WAIT_UNTIL(heard("condition"));
	ck_assert(heard("condition door-open"));
	to_execute();
	ck_assert(is_in(PACKML_EXECUTE));
	rig_close();
}
END_TEST

START_TEST(a_device_that_is_away_holds_the_start)
{
	rig_open("away", NULL);
	ck_assert_int_eq(order(PACKML_START), 0);
	WAIT_UNTIL(is_in(PACKML_HELD));
	ck_assert(reason_is("offline"));
	ck_assert_int_eq(order(PACKML_UNHOLD), KE_BAD_STATE);
	ck_assert(!heard("execute"));
	rig_close();
}
END_TEST

/* A driver that never gets so far: what the station shows. */
static const struct end_row no_starts[] = {
	{"lock-held", "lock-held"},
	{"usage", "driver-usage"},
	{"wrong-hello", "wrong-hello"},
	{"wrong-protocol", "wrong-hello"},
	{"odd-status", "bad-line"},
};

START_TEST(a_driver_that_does_not_come_up_is_told)
{
	rig_open(no_starts[_i].how, NULL);
	ck_assert_int_eq(order(PACKML_START), 0);
	WAIT_UNTIL(is_in(PACKML_HELD));
	ck_assert_msg(reason_is(no_starts[_i].end), "%s: %s", no_starts[_i].how,
		rig.station->reason->code);
	rig_close();
}
END_TEST

START_TEST(a_missing_driver_is_told)
{
	char path[128];

	rig_open("normal", NULL);
	snprintf(path, sizeof(path), "%s/etch-modbus", rig.folder);
	unlink(path);
	ck_assert_int_eq(order(PACKML_START), 0);
	WAIT_UNTIL(is_in(PACKML_HELD));
	ck_assert(reason_is("driver-missing"));
	rig_close();
}
END_TEST

static void
query_done(struct station *station, void *context, uint64_t counter)
{
	(void)station;
	(void)context;
	ck_assert_uint_eq(counter, 8);
	note("query done", NULL);
}

static void
query_never(struct station *station, void *context, const struct station_begun *begun)
{
	(void)station;
	(void)context;
	(void)begun;
	note("query never", NULL);
}

static void
query_unknown(struct station *station, void *context, const char *code)
{
	(void)station;
	(void)context;
	note("query unknown", code);
}

static const char *const query_ends[] = {
	"query done", "query never", "query unknown in-doubt"};

START_TEST(a_query_works_in_any_state)
{
	struct station_query query = {(uint32_t)(3 + _i), 7, 3, "0123456789abcdef",
		"AA000001K", query_done, query_never, query_unknown, NULL, NULL};

	rig_open("normal", NULL);
	ck_assert_int_eq(station_query(rig.station, &query), 0);
	ck_assert_int_eq(station_query(rig.station, &query), KE_BAD_STATE);
	WAIT_UNTIL(heard(query_ends[_i]));
	ck_assert(is_in(PACKML_STOPPED));
	rig_close();
}
END_TEST

/* What cannot be, after what is known of the job, is not believed. */
struct answer_row {
	const char *how;
	uint32_t number;
	uint64_t counter;
	const char *end;
};

static const struct answer_row answers[] = {
	{"normal", 3, 6, "query unknown counter-mismatch"}, /* done */
	{"normal", 3, 8, "query unknown counter-mismatch"},
	{"normal", 4, 6, "query unknown counter-mismatch"}, /* never */
	{"normal", 4, 8, "query unknown counter-mismatch"},
	{"never-uncounted", 4, 7, "query unknown bad-line"},
	{"tells-boot", 4, 7, "query unknown in-doubt"},
};

START_TEST(an_answer_fits_what_was_asked)
{
	const struct answer_row *row = &answers[_i];
	struct station_query query = {row->number, row->counter, 3, "0123456789abcdef",
		NULL, query_done, query_never, query_unknown, NULL, NULL};

	rig_open(row->how, NULL);
	ck_assert_int_eq(station_query(rig.station, &query), 0);
	WAIT_UNTIL(heard(row->end));
	rig_close();
}
END_TEST

/* Two jobs of which a query says `never': only one was said to have started. */
START_TEST(a_job_that_was_started_is_not_never)
{
	struct station_query query = {43, 7, 77, "0123456789abcdef", NULL, query_done,
		query_never, query_unknown, NULL, NULL};

	rig_open("dies-when-started", NULL);
	to_execute();
	ck_assert_int_eq(load_one(43), 0);
	WAIT_UNTIL(heard("lost device-error"));
	ck_assert_int_eq(station_query(rig.station, &query), 0);
	WAIT_UNTIL(heard("query unknown refused-yet-started"));
	query.number = 46;
	ck_assert_int_eq(station_query(rig.station, &query), 0);
	WAIT_UNTIL(heard("query never"));
	rig_close();
}
END_TEST

/* The block that status has of that code: its words, and since when; "": there is none. */
static const char *
told(const char *code, const char *key)
{
	static char text[1024];
	json_t *faults = json_array();

	text[0] = '\0';
	(void)station_show_faults(rig.station, faults);
	for (size_t i = 0; i < json_array_size(faults); i++) {
		const json_t *fault = json_array_get(faults, i);

		if (strcmp(json_string_value(json_object_get(fault, "code")), code) == 0)
			snprintf(text, sizeof(text), "%s",
				json_string_value(json_object_get(fault, key)));
	}
	json_decref(faults);
	return text;
}

/* The code of the fault that is told first. */
static const char *
first_told(void)
{
	static char text[64];
	json_t *faults = json_array();

	ck_assert_uint_gt(station_show_faults(rig.station, faults), 0);
	snprintf(text, sizeof(text), "%s",
		json_string_value(json_object_get(json_array_get(faults, 0), "code")));
	json_decref(faults);
	return text;
}

START_TEST(a_settled_doubt_is_told_as_settled)
{
	rig_open("normal", NULL);
	to_execute();
	station_hold(rig.station, "in-doubt");
	WAIT_UNTIL(is_in(PACKML_HELD));
	station_settled(rig.station, "in-doubt", "doubt-settled");
	ck_assert(reason_is("doubt-settled"));
	ck_assert(is_in(PACKML_HELD));
	rig_close();
}
END_TEST

/* What holds the station would have a part scanned again: one in doubt never is. */
START_TEST(a_part_in_doubt_is_not_scanned_again)
{
	static const char *const rows[][2] = {
		{"no-part", "Look for its part, and leave it where it is."},
		{"door-open", "Close the door."},
	};
	const char *code = rows[_i][0];
	char text[256];

	rig_open("normal", NULL);
	to_execute();
	station_hold(rig.station, code);
	WAIT_UNTIL(is_in(PACKML_HELD));
	ck_assert_ptr_nonnull(strstr(told(code, "action"), "Afterwards scan"));
	/* What is barred by its count alone has no part in doubt. */
	rig.bars = "counter-unknown";
	ck_assert_ptr_nonnull(strstr(told(code, "action"), "Afterwards scan"));
	rig.bars = "in-doubt";
	snprintf(text, sizeof(text),
		"%s Two persons run:  settle it  Only after that run:  keylinectl station "
		"unhold laser1",
		rows[_i][1]);
	ck_assert_str_eq(told(code, "action"), text);
	rig_close();
}
END_TEST

/* Stopped, or held for something else, it tells so all the same, until it is let on. */
START_TEST(a_settled_doubt_is_told_wherever_the_station_stands)
{
	rig_open("normal", NULL);
	station_settled(rig.station, "in-doubt", "doubt-settled");
	ck_assert(reason_is("service-start"));
	ck_assert_ptr_nonnull(strstr(told("doubt-settled", "action"), "out of the machine"));
	to_execute();
	ck_assert_str_eq(told("doubt-settled", "action"), "");
	rig_close();
}
END_TEST

/* A block is of its own fault: since that one, and without its cause when that is over. */
START_TEST(a_fault_is_told_as_it_is_now)
{
	rig_open("dies-on-start", NULL);
	to_execute();
	station_hold(rig.station, "operator");
	WAIT_UNTIL(is_in(PACKML_HELD));
	rig.station->since = rig.station->reason_since = 5;
	station_link_set_fault(&rig.station->link, fault_of("offline"));
	ck_assert_str_eq(told("operator", "since"), "1970-01-01T00:00:05Z");
	ck_assert_str_ne(told("offline", "since"), "1970-01-01T00:00:05Z");
	rig.station->link.fault = NULL;
	ck_assert_int_eq(order(PACKML_UNHOLD), 0);
	WAIT_UNTIL(is_in(PACKML_EXECUTE));
	ck_assert_int_eq(load_one(42), 0);
	WAIT_UNTIL(is_in(PACKML_HELD) && reason_is("device-error"));
	ck_assert_ptr_null(strstr(told("device-error", "status"), "That is over"));
	WAIT_UNTIL(rig.station->link.is_fresh);
	ck_assert_ptr_nonnull(strstr(told("device-error", "status"), "That is over"));
	ck_assert_str_eq(first_told(), "device-error");
	/* What is so now comes before what was. */
	station_link_set_fault(&rig.station->link, fault_of("wrong-pin"));
	ck_assert_str_eq(first_told(), "wrong-pin");
	ck_assert_str_ne(told("device-error", "action"), "");
	rig_close();
}
END_TEST

START_TEST(a_kept_fault_is_told_with_its_cause)
{
	rig_open("latched", NULL);
	WAIT_UNTIL(rig.station->link.is_fresh);
	ck_assert_ptr_nonnull(strstr(told("fault-latched", "status"), "door open (door-open)"));
	rig_close();
}
END_TEST

static const struct end_row conditions[] = {
	{"no-part", "no-part"},
	{"door-at-rest", "door-open"},
	/* whatever it is held for */
	{"door-at-rest", "operator"},
};

/* While the device says so a hold stays, though the device is ready. */
START_TEST(what_the_device_still_says_bars_unhold)
{
	const struct end_row *row = &conditions[_i];
	const struct fault *why;

	rig_open(row->how, NULL);
	to_execute();
	station_hold(rig.station, row->end);
	WAIT_UNTIL(is_in(PACKML_HELD));
	ck_assert_int_eq(station_order(rig.station, PACKML_UNHOLD, &why), KE_BAD_STATE);
	ck_assert_ptr_eq(why, rig.station->link.condition);
	rig.station->link.condition = NULL;
	ck_assert_int_eq(order(PACKML_UNHOLD), 0);
	rig_close();
}
END_TEST

/* Whatever leads to Execute, and a setup part, waits for what bars the station. */
START_TEST(what_bars_a_station_bars_each_way)
{
	const struct fault *why;

	rig_open("normal", NULL);
	rig.bars = "in-doubt";
	ck_assert_int_eq(station_order(rig.station, PACKML_START, &why), KE_BAD_STATE);
	ck_assert_str_eq(why->code, "in-doubt");
	ck_assert_int_eq(order(PACKML_RESET), 0);
	WAIT_UNTIL(is_in(PACKML_IDLE));
	ck_assert_int_eq(order(PACKML_START), KE_BAD_STATE);
	ck_assert_int_eq(station_setup(rig.station), KE_BAD_STATE);
	ck_assert_str_eq(station_setup_fault(rig.station)->code, "in-doubt");
	rig.bars = NULL;
	to_execute();
	station_hold(rig.station, "in-doubt");
	WAIT_UNTIL(is_in(PACKML_HELD));
	rig.bars = "in-doubt";
	/* Its own words: the wallet's alarm has the others, the printer's differ. */
	ck_assert_ptr_nonnull(strstr(told("in-doubt", "status"),
		"It is not known whether its last wallet was marked."));
	ck_assert_ptr_nonnull(strstr(told("in-doubt", "action"), "Look at its part. "));
	ck_assert_ptr_nonnull(strstr(told("in-doubt", "action"),
		"Two persons run:  settle it  Only after that run:  keylinectl station unhold"));
	ck_assert_int_eq(station_order(rig.station, PACKML_UNHOLD, &why), KE_BAD_STATE);
	ck_assert_str_eq(why->code, "in-doubt");
	rig.bars = NULL;
	ck_assert_int_eq(order(PACKML_UNHOLD), 0);
	WAIT_UNTIL(is_in(PACKML_EXECUTE));
	/* Suspended when it came: neither a person nor the end of the cause goes on. */
	station_suspend(rig.station, "no-work");
	WAIT_UNTIL(is_in(PACKML_SUSPENDED));
	rig.bars = "in-doubt";
	ck_assert_int_eq(order(PACKML_UNSUSPEND), KE_BAD_STATE);
	station_unsuspend(rig.station, "no-work");
	WAIT_UNTIL(is_in(PACKML_HELD));
	ck_assert(reason_is("in-doubt"));
	ck_assert_uint_eq(heard_times("execute"), 2);
	rig_close();
}
END_TEST

START_TEST(a_query_ends_when_its_driver_dies)
{
	struct station_query query = {3, 7, 3, "0123456789abcdef", NULL, query_done,
		query_never, query_unknown, NULL, NULL};

	rig_open("dies-on-query", NULL);
	ck_assert_int_eq(station_query(rig.station, &query), 0);
	WAIT_UNTIL(heard("query unknown device-error"));
	rig_close();
}
END_TEST

static void
query_lost_once(struct station *station, void *context, const char *code)
{
	(void)station;
	(void)context;
	note("query lost", code);
}

/* Asking has changed nothing: whoever asked is told, and asks again. */
START_TEST(a_query_can_be_asked_again_when_its_driver_died)
{
	struct station_query query = {3, 7, 3, "0123456789abcdef", NULL, query_done,
		query_never, query_unknown, query_lost_once, NULL};

	rig_open("dies-on-query", NULL);
	ck_assert_int_eq(station_query(rig.station, &query), 0);
	WAIT_UNTIL(heard("query lost device-error"));
	ck_assert(!station_is_busy(rig.station));
	ck_assert_int_eq(station_query(rig.station, &query), 0);
	WAIT_UNTIL(heard_times("query lost device-error") == 2);
	ck_assert(!heard("query unknown device-error"));
	rig_close();
}
END_TEST

START_TEST(a_recipe_suspends_and_goes_on)
{
	rig_open("normal", NULL);
	rig.suspends = "no-work";
	to_execute();
	WAIT_UNTIL(is_in(PACKML_SUSPENDED));
	ck_assert(reason_is("no-work"));
	ck_assert(heard("pause"));
	rig.suspends = NULL;
	station_unsuspend(rig.station, "blocked");
	ck_assert(is_in(PACKML_SUSPENDED));
	station_unsuspend(rig.station, "no-work");
	WAIT_UNTIL(heard_times("execute") == 2);
	ck_assert_ptr_null(rig.station->reason);
	/* What a person suspends only a person lets go on. */
	ck_assert_int_eq(order(PACKML_SUSPEND), 0);
	WAIT_UNTIL(is_in(PACKML_SUSPENDED));
	station_unsuspend(rig.station, "operator");
	ck_assert(is_in(PACKML_SUSPENDED));
	ck_assert_int_eq(order(PACKML_UNSUSPEND), 0);
	WAIT_UNTIL(heard_times("execute") == 3);
	station_hold(rig.station, "wrong-part");
	WAIT_UNTIL(is_in(PACKML_HELD));
	ck_assert(reason_is("wrong-part"));
	rig_close();
}
END_TEST

/* What keeps the whole line from work and stays: held, and no way on. */
START_TEST(a_bar_that_stays_holds_and_lets_none_start)
{
	const struct fault *why;
	char then[64];

	rig_open("normal", NULL);
	to_execute();
	rig.starts = true;
	ck_assert_int_eq(load_one(42), 0);
	WAIT_UNTIL(heard("ready"));
	station_set_bar(rig.set, "sync");
	/* What was started comes to its end. */
	WAIT_UNTIL(heard("done 8"));
	WAIT_UNTIL(is_in(PACKML_HELD));
	ck_assert(reason_is("sync"));
	ck_assert_int_eq(station_order_check(rig.station, PACKML_UNHOLD, &why), KE_BAD_STATE);
	ck_assert_str_eq(why->code, "sync");
	station_show_then(then, sizeof(then), rig.station);
	ck_assert_str_eq(then, "");
	ck_assert_int_eq(order(PACKML_STOP), 0);
	WAIT_UNTIL(is_in(PACKML_STOPPED));
	ck_assert_int_eq(station_order_check(rig.station, PACKML_START, &why), KE_BAD_STATE);
	ck_assert_str_eq(why->code, "sync");
	ck_assert_int_eq(station_setup_check(rig.station), KE_BAD_STATE);
	rig_close();
}
END_TEST

/* One that goes by itself: suspended meanwhile, wherever the station came from. */
START_TEST(a_bar_that_goes_suspends_meanwhile)
{
	rig_open("normal", NULL);
	rig.suspends = "no-work";
	to_execute();
	WAIT_UNTIL(is_in(PACKML_SUSPENDED));
	rig.suspends = NULL;
	station_set_bar(rig.set, "busy");
	ck_assert(reason_is("no-work"));
	/* There is work again, and it must not be begun. */
	station_unsuspend(rig.station, "no-work");
	WAIT_UNTIL(is_in(PACKML_SUSPENDED) && reason_is("busy"));
	ck_assert_uint_eq(heard_times("execute"), 1);
	station_set_bar(rig.set, NULL);
	WAIT_UNTIL(heard_times("execute") == 2);
	station_set_bar(rig.set, "busy");
	WAIT_UNTIL(is_in(PACKML_SUSPENDED));
	ck_assert(heard_times("pause") == 2);
	/* Another one follows: it is told in place of the first. */
	station_set_bar(rig.set, "sync");
	WAIT_UNTIL(is_in(PACKML_HELD));
	ck_assert(reason_is("sync"));
	ck_assert_uint_eq(heard_times("execute"), 2);
	rig_close();
}
END_TEST

static void
on_typed_end(void *context, struct station *station)
{
	*(struct station **)context = station;
}

START_TEST(scans_count_only_in_execute)
{
	struct station *ended = NULL;

	rig_open("normal", "/dev/AA000001K+bitcoin:bc1q");
	WAIT_UNTIL(rig.station->scanner_link.is_known);
	/* They came while it was Stopped. */
	ck_assert_uint_eq(heard_times("scan AA000001K"), 0);
	to_execute();
	driver_end(rig.station->scanner, "timeout");
	WAIT_UNTIL(heard("scan bitcoin"));
	ck_assert(heard("scan AA000001K"));
	ck_assert_int_eq(
		station_typed(rig.station, "AA000002L", "abcdef", on_typed_end, &ended), 0);
	ck_assert_ptr_eq(ended, rig.station);
	ck_assert(heard("AA000002L abcdef"));
	rig_close();
}
END_TEST

static size_t
faults_with(const char *code)
{
	json_t *faults = json_array(), *fault;
	size_t i, found = 0;

	station_show_faults(rig.station, faults);
	json_array_foreach(faults, i, fault)
		found += strcmp(json_string_value(json_object_get(fault, "code")),
				 code) == 0;
	json_decref(faults);
	return found;
}

START_TEST(a_scan_that_cannot_be_read_is_told_until_one_can)
{
	rig_open("normal", _i == 0 ? "/dev/AA000001K+BAD" : "/dev/BAD+AA000001K");
	WAIT_UNTIL(rig.station->bad_scans == 1);
	/* Nobody works here yet. */
	ck_assert_uint_eq(faults_with("scan-too-long"), 0);
	to_execute();
	driver_end(rig.station->scanner, "timeout");
	WAIT_UNTIL(heard("scan AA000001K") && rig.station->bad_scans == 2);
	ck_assert_uint_eq(faults_with("scan-too-long"), _i == 0 ? 1 : 0);
	ck_assert_int_eq(order(PACKML_STOP), 0);
	WAIT_UNTIL(is_in(PACKML_STOPPED));
	ck_assert_uint_eq(faults_with("scan-too-long"), 0);
	rig_close();
}
END_TEST

static const char *
reason_shown(void)
{
	static char text[64];
	json_t *shown = station_show(rig.station);

	snprintf(text, sizeof(text), "%s",
		json_string_value(json_object_get(shown, "code")));
	json_decref(shown);
	return text;
}

START_TEST(a_job_waits_for_a_busy_device_in_sight)
{
	char path[128];
	int fd;

	rig_open("busy-after", NULL);
	to_execute();
	rig.loads_again = true;
	ck_assert_int_eq(load_one(42), 0);
	WAIT_UNTIL(heard("done 8") && station_link_is_busy(&rig.station->link));
	ck_assert(is_in(PACKML_EXECUTE));
	ck_assert_str_eq(reason_shown(), "busy");
	/* Given up as busy, not as offline; then it goes on by itself. */
	WAIT_UNTIL(is_in(PACKML_SUSPENDED));
	ck_assert(heard("refused busy"));
	ck_assert(reason_is("busy"));
	ck_assert_uint_eq(faults_with("busy"), 1);
	snprintf(path, sizeof(path), "%s/free", rig.folder);
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	close(fd);
	WAIT_UNTIL(heard_times("execute") == 2);
	ck_assert_uint_eq(faults_with("busy"), 0);
	unlink(path);
	rig_close();
}
END_TEST

START_TEST(setup_works_while_suspended)
{
	rig_open("normal", NULL);
	rig.suspends = "no-work";
	to_execute();
	WAIT_UNTIL(is_in(PACKML_SUSPENDED));
	ck_assert_int_eq(load_one(42), KE_BAD_STATE);
	ck_assert_int_eq(station_setup_check(rig.station), 0);
	ck_assert_int_eq(station_setup(rig.station), 0);
	ck_assert_int_eq(station_setup(rig.station), KE_BAD_STATE);
	WAIT_UNTIL(heard("done 8"));
	ck_assert(is_in(PACKML_SUSPENDED));
	station_hold(rig.station, "wrong-part");
	WAIT_UNTIL(is_in(PACKML_HELD));
	ck_assert_int_eq(station_setup_check(rig.station), KE_BAD_STATE);
	rig_close();
}
END_TEST

START_TEST(setup_needs_a_part_and_is_no_wallets)
{
	const struct fault *why;

	rig_open("no-part", NULL);
	ck_assert_int_eq(order(PACKML_RESET), 0);
	WAIT_UNTIL(is_in(PACKML_IDLE) && rig.station->link.condition);
	ck_assert_int_eq(station_setup(rig.station), KE_BAD_STATE);
	why = station_setup_fault(rig.station);
	ck_assert_ptr_nonnull(why);
	ck_assert_str_eq(why->code, "no-part");
	/* What waits for the laser is let on, and goes under no serial. */
	rig.station->link.condition = fault_of("laser-off");
	station_set_wallet(rig.station, "AA000001K");
	ck_assert_int_eq(station_setup(rig.station), 0);
	ck_assert_str_eq(rig.station->wallet, "");
	rig_close();
}
END_TEST

START_TEST(setup_works_in_idle)
{
	rig_open("normal", NULL);
	ck_assert_int_eq(station_setup(rig.station), KE_BAD_STATE);
	ck_assert_int_eq(order(PACKML_RESET), 0);
	WAIT_UNTIL(is_in(PACKML_IDLE));
	ck_assert_int_eq(load_one(42), KE_BAD_STATE);
	ck_assert_int_eq(station_setup(rig.station), 0);
	WAIT_UNTIL(heard("done 8"));
	ck_assert(is_in(PACKML_IDLE));
	ck_assert_int_eq(order(PACKML_HOLD), KE_BAD_STATE);
	rig_close();
}
END_TEST

START_TEST(a_stop_waits_for_what_runs)
{
	rig_open("normal", NULL);
	to_execute();
	ck_assert_int_eq(load_one(42), 0);
	WAIT_UNTIL(rig.station->job.phase == JOB_RUNNING || heard("done 8"));
	rig_close();
	ck_assert(heard("done 8"));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("station");
	TCase *all = tcase_create("all");

	rig_quiet();
	tcase_set_timeout(all, 60);
	tcase_add_test(all, a_job_goes_through);
	tcase_add_loop_test(all, a_job_ends_once_and_rightly, 0,
		(int)(sizeof(ends) / sizeof(ends[0])));
	tcase_add_test(all, a_dead_driver_comes_again_and_a_person_unholds);
	tcase_add_test(all, a_driver_of_one_job_is_started_again_without_a_fault);
	tcase_add_test(all, what_is_not_started_is_cancelled_by_a_hold);
	tcase_add_test(all, a_refusal_that_crosses_a_cancel_ends_the_job);
	tcase_add_test(all, an_open_door_holds_and_voids);
	tcase_add_test(all, an_abort_loses_what_runs);
	tcase_add_test(all, an_emergency_stop_aborts_and_bars_clear);
	tcase_add_test(all, an_emergency_stop_aborts_at_rest_too);
	tcase_add_test(all, a_latched_fault_goes_when_a_person_says_so);
	tcase_add_test(all, a_device_with_a_latched_fault_can_be_asked);
	tcase_add_test(all, a_latched_fault_that_stays_holds_again);
	tcase_add_test(all, a_released_emergency_stop_holds_and_aborts_no_more);
	tcase_add_test(all, a_door_that_opens_and_closes_is_told);
	tcase_add_test(all, a_device_that_is_away_holds_the_start);
	tcase_add_loop_test(all, a_driver_that_does_not_come_up_is_told, 0,
		(int)(sizeof(no_starts) / sizeof(no_starts[0])));
	tcase_add_test(all, a_missing_driver_is_told);
	tcase_add_loop_test(all, a_query_works_in_any_state, 0, 3);
	tcase_add_loop_test(all, an_answer_fits_what_was_asked, 0,
		sizeof answers / sizeof answers[0]);
	tcase_add_test(all, a_job_that_was_started_is_not_never);
	tcase_add_test(all, a_settled_doubt_is_told_as_settled);
	tcase_add_loop_test(all, a_part_in_doubt_is_not_scanned_again, 0, 2);
	tcase_add_test(all, a_settled_doubt_is_told_wherever_the_station_stands);
	tcase_add_test(all, a_fault_is_told_as_it_is_now);
	tcase_add_test(all, a_kept_fault_is_told_with_its_cause);
	tcase_add_loop_test(all, what_the_device_still_says_bars_unhold, 0, 3);
	tcase_add_test(all, what_bars_a_station_bars_each_way);
	tcase_add_test(all, a_query_ends_when_its_driver_dies);
	tcase_add_test(all, a_query_can_be_asked_again_when_its_driver_died);
	tcase_add_test(all, a_recipe_suspends_and_goes_on);
	tcase_add_test(all, a_bar_that_stays_holds_and_lets_none_start);
	tcase_add_test(all, a_bar_that_goes_suspends_meanwhile);
	tcase_add_test(all, scans_count_only_in_execute);
	tcase_add_loop_test(
		all, a_scan_that_cannot_be_read_is_told_until_one_can, 0, 2);
	tcase_add_test(all, a_job_waits_for_a_busy_device_in_sight);
	tcase_add_test(all, setup_works_while_suspended);
	tcase_add_test(all, setup_needs_a_part_and_is_no_wallets);
	tcase_add_test(all, setup_works_in_idle);
	tcase_add_test(all, a_stop_waits_for_what_runs);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}

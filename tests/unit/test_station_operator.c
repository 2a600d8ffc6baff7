/* SPDX-License-Identifier: MIT */
/* Who stands at a station: what its scanner reads, and what that does to its state. */
#include "config.h"
#include "harness.h"
#include "ledger_fixture.h"
#include "counting_rng.h"
#include "daemon/alarm.h"
#include "daemon/host.h"
#include "daemon/ledger_operator.h"
#include "daemon/log.h"
#include "daemon/station_inner.h"
#include "daemon/station_operator.h"
#include "proto/secret_bytes.h"
#include <fcntl.h>

enum { HOUR = 60 * 60 * 1000 };

/* One station without a device, a ledger, and two operators with badges. */
static struct rig {
	struct fixture fixture;
	struct host host;
	struct settings settings;
	struct settings_station station_settings[1];
	uv_loop_t loop;
	struct station_set *set;
	struct station *station;
	char ann[OPERATOR_BADGE_LEN + 1];
	char bob[OPERATOR_BADGE_LEN + 1];
	unsigned scans;
	unsigned changes;
	bool is_at_work;
	bool is_stopped;
} rig;

static void
on_scan(struct station *station, const char *text)
{
	(void)station;
	(void)text;
	rig.scans++;
}

static bool
is_at_work(struct station *station)
{
	(void)station;
	return rig.is_at_work;
}

static void
on_operator(struct station *station)
{
	(void)station;
	rig.changes++;
}

static const struct recipe seal = {.kind = SETTINGS_KIND_SEAL,
	.on_scan = on_scan,
	.is_at_work = is_at_work,
	.on_operator = on_operator};
static const struct recipe *const recipes[] = {&seal};

/* A new badge, and whose it is. */
static void
enroll(char out[OPERATOR_BADGE_LEN + 1], const char *name, uint64_t seed)
{
	struct ledger_operator o = {.kind = OPERATOR_BADGE, .salt = {(unsigned char)seed}};
	struct rng rng = {counting_rng_fill, &seed};
	struct secret *code;

	(void)snprintf(o.name, sizeof o.name, "%s", name);
	OK(operator_badge_make(&code, &rng));
	memcpy(out, secret_view(code), OPERATOR_BADGE_LEN);
	OK(operator_code_hash(o.hash, OPERATOR_BADGE, code, o.salt));
	secret_free(code);
	OK(ledger_operator_enroll(rig.fixture.ledger, &by_alice, &o));
}

static void
rig_open(bool required)
{
	memset(&rig, 0, sizeof rig);
	fixture_open(&rig.fixture, MODE_USA);
	enroll(rig.ann, "ann", 1);
	enroll(rig.bob, "bob", 2);
	rig.settings.state = rig.settings.socket = rig.fixture.state;
	rig.settings.drivers = rig.fixture.state;
	rig.settings.operators_required = required;
	rig.settings.shift_max = 12;
	rig.settings.stations = rig.station_settings;
	rig.settings.station_count = 1;
	strcpy(rig.station_settings[0].name, "seal1");
	rig.station_settings[0].kind = SETTINGS_KIND_SEAL;
	OK(uv_loop_init(&rig.loop));
	rig.host = (struct host){.loop = &rig.loop,
		.settings = &rig.settings,
		.ledger = rig.fixture.ledger,
		.alarms = alarm_list_new()};
	OK(station_set_new(&rig.set, &rig.loop, &rig.settings, recipes, 1, &rig.host));
	rig.station = station_set_find(rig.set, "seal1");
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
	OK(uv_run(&rig.loop, UV_RUN_DEFAULT));
	ck_assert(rig.is_stopped);
	station_set_free(rig.set);
	OK(uv_loop_close(&rig.loop));
	alarm_list_free(rig.host.alarms);
	fixture_verify(&rig.fixture);
	fixture_close(&rig.fixture);
}

/* What a scanner reads, after so long a time that it is no read of before. */
static void
scan(const char *text)
{
	struct line_field field = {"value", text, strlen(text)};
	struct line line = {.verb = "scan", .job = "-", .count = 1, .fields = {field}};

	rig.station->shift.read_ms = 0;
	station_scanner_line(rig.station, &line);
	station_turn(rig.station);
}

/* The same read as the one before. */
static void
scan_again(const char *text)
{
	uint64_t read_ms = rig.station->shift.read_ms;
	struct line_field field = {"value", text, strlen(text)};
	struct line line = {.verb = "scan", .job = "-", .count = 1, .fields = {field}};

	ck_assert_uint_ne(read_ms, 0);
	station_scanner_line(rig.station, &line);
	station_turn(rig.station);
}

static int
order(enum packml_command command, const char *why_not)
{
	const struct fault *why;
	int error = station_order(rig.station, command, &why);

	ck_assert_str_eq(why ? why->code : "", why_not);
	station_turn(rig.station);
	return error;
}

static bool
is_in(enum packml_state state, const char *code)
{
	return rig.station->state == state &&
	       strcmp(station_reason_code(rig.station), code) == 0;
}

static const char *
told(void)
{
	return rig.station->bad_scan ? rig.station->bad_scan->code : "";
}

static int
keep_last(void *context, const struct ledger_event_row *row)
{
	(void)snprintf(context, 200, "%s %s %s>%s %s", row->actor, row->event.event,
		row->event.from_state, row->event.to_state, row->event.detail);
	return 0;
}

/* The newest event of the station: "ACTOR EVENT FROM>TO DETAIL". */
static const char *
last_event(void)
{
	static char text[200];
	struct ledger_event_filter filter = {.kind = "station", .object = "seal1"};

	text[0] = '\0';
	OK(ledger_event_list(rig.fixture.ledger, &filter, keep_last, text));
	return text;
}

START_TEST(a_station_waits_for_its_operator)
{
	rig_open(true);
	ck_assert_str_eq(station_actor(rig.station), "seal1");
	ck_assert_int_eq(order(PACKML_START, "nobody-here"), KE_BAD_STATE);
	ck_assert(is_in(PACKML_STOPPED, "service-start"));
	scan(rig.ann);
	ck_assert_str_eq(station_operator(rig.station), "ann");
	ck_assert_str_eq(station_actor(rig.station), "seal1/ann");
	ck_assert_str_eq(last_event(), "seal1/ann sign-on none>ann badge");
	/* Nobody starts a station by a badge alone. */
	ck_assert(is_in(PACKML_STOPPED, "service-start"));
	ck_assert_int_eq(order(PACKML_START, ""), 0);
	ck_assert(is_in(PACKML_EXECUTE, ""));
	scan(rig.ann);
	ck_assert(is_in(PACKML_SUSPENDED, "nobody-here"));
	ck_assert_str_eq(last_event(), "seal1/ann sign-off ann>none badge");
	ck_assert_int_eq(order(PACKML_UNSUSPEND, "nobody-here"), KE_BAD_STATE);
	scan("AA0000016");
	ck_assert_uint_eq(rig.scans, 0);
	/* It goes on by itself for the next one. */
	scan(rig.bob);
	ck_assert(is_in(PACKML_EXECUTE, ""));
	scan("AA0000016");
	ck_assert_uint_eq(rig.scans, 1);
	rig_close();
}
END_TEST

START_TEST(a_hold_is_not_ended_by_a_badge)
{
	rig_open(true);
	scan(rig.ann);
	ck_assert_int_eq(order(PACKML_START, ""), 0);
	station_hold(rig.station, "wrong-part");
	station_turn(rig.station);
	scan(rig.ann);
	ck_assert(is_in(PACKML_HELD, "wrong-part"));
	ck_assert_int_eq(order(PACKML_UNHOLD, "nobody-here"), KE_BAD_STATE);
	scan(rig.ann);
	ck_assert(is_in(PACKML_HELD, "wrong-part"));
	ck_assert_int_eq(order(PACKML_UNHOLD, ""), 0);
	ck_assert(is_in(PACKML_EXECUTE, ""));
	rig_close();
}
END_TEST

START_TEST(where_none_is_required_all_goes_on)
{
	rig_open(false);
	ck_assert_int_eq(order(PACKML_START, ""), 0);
	scan(rig.ann);
	scan(rig.ann);
	ck_assert(is_in(PACKML_EXECUTE, ""));
	ck_assert_str_eq(station_actor(rig.station), "seal1");
	ck_assert_uint_eq(rig.changes, 2);
	rig_close();
}
END_TEST

START_TEST(another_badge_hands_over)
{
	rig_open(true);
	scan(rig.ann);
	ck_assert_int_eq(order(PACKML_START, ""), 0);
	scan(rig.bob);
	ck_assert_str_eq(last_event(), "seal1/bob handover ann>bob badge");
	ck_assert(is_in(PACKML_EXECUTE, ""));
	/* what ann had read is void */
	ck_assert_uint_eq(rig.changes, 2);
	/* A scanner that is held to it does not sign him off. */
	scan_again(rig.bob);
	ck_assert_str_eq(station_operator(rig.station), "bob");
	ck_assert_str_eq(told(), "");
	rig_close();
}
END_TEST

START_TEST(nobody_comes_or_goes_while_a_part_is_at_work)
{
	rig_open(true);
	scan(rig.ann);
	rig.is_at_work = true;
	scan(rig.bob);
	ck_assert_str_eq(told(), "badge-later");
	scan(rig.ann);
	ck_assert_str_eq(told(), "badge-later");
	ck_assert_str_eq(station_operator(rig.station), "ann");
	ck_assert_int_eq(station_stand(rig.station, NULL, NULL, "command"), KE_BUSY);
	/* What was refused is looked at as soon as it is shown again. */
	ck_assert_uint_eq(rig.station->shift.read_ms, 0);
	rig.is_at_work = false;
	scan(rig.bob);
	ck_assert_str_eq(station_operator(rig.station), "bob");
	ck_assert_str_eq(told(), "");
	rig_close();
}
END_TEST

START_TEST(strangers_are_counted)
{
	char stranger[OPERATOR_BADGE_LEN + 1] = "";
	struct rng rng;
	struct secret *code;
	uint64_t seed = 7;

	rig_open(true);
	rng = (struct rng){counting_rng_fill, &seed};
	OK(operator_badge_make(&code, &rng));
	memcpy(stranger, secret_view(code), OPERATOR_BADGE_LEN);
	secret_free(code);
	for (int turn = 1; turn < GUESSES_MAX; turn++) {
		scan(stranger);
		ck_assert_str_eq(told(), "code-unknown");
		scan_again(stranger);
	}
	ck_assert_uint_eq(alarm_count(rig.host.alarms), 0);
	scan(stranger);
	ck_assert_str_eq(told(), "sign-on-locked");
	ck_assert(alarm_stands_as(rig.host.alarms, "sign-on-locked", "seal1-sign-on"));
	scan(rig.ann);
	ck_assert_str_eq(told(), "sign-on-locked");
	ck_assert_str_eq(station_operator(rig.station), "");
	/* A minute later. */
	rig.station->shift.guesses.locked_until_ms = uv_now(&rig.loop);
	scan(rig.ann);
	ck_assert_str_eq(station_operator(rig.station), "ann");
	rig_close();
}
END_TEST

START_TEST(half_a_badge_is_no_wrong_one)
{
	char half[OPERATOR_BADGE_LEN + 1];

	rig_open(true);
	(void)snprintf(half, sizeof half, "%s", rig.ann);
	half[OPERATOR_BADGE_LEN - 1] = '\0';
	for (int turn = 0; turn < 2 * GUESSES_MAX; turn++) {
		scan(half);
		ck_assert_str_eq(told(), "code-unread");
	}
	scan("KLB-" "WHATEVER-THIS-IS-IT-IS-TOO-LONG-FOR-A-BADGE-AND-FOR-A-SERIAL");
	ck_assert_str_eq(told(), "code-unread");
	ck_assert_uint_eq(rig.station->shift.guesses.wrong, 0);
	ck_assert_uint_eq(rig.scans, 0);
	rig_close();
}
END_TEST

/* Makes the shift one that began so long ago. */
static void
shift_lasted(uint64_t ms)
{
	rig.station->shift.since_ms = uv_now(&rig.loop) - ms;
}

START_TEST(a_shift_ends_by_itself)
{
	rig_open(true);
	scan(rig.ann);
	ck_assert_int_eq(order(PACKML_START, ""), 0);
	shift_lasted(12 * (uint64_t)HOUR - 1);
	station_operators_look(rig.set);
	ck_assert_str_eq(station_operator(rig.station), "ann");
	shift_lasted(12 * (uint64_t)HOUR);
	station_operators_look(rig.set);
	station_turn(rig.station);
	ck_assert_str_eq(last_event(), "seal1/ann sign-off ann>none shift-over");
	ck_assert(is_in(PACKML_SUSPENDED, "nobody-here"));
	rig_close();
}
END_TEST

START_TEST(a_shift_that_a_job_keeps_begins_no_other)
{
	rig_open(true);
	scan(rig.ann);
	ck_assert_int_eq(order(PACKML_START, ""), 0);
	rig.is_at_work = true;
	shift_lasted(13 * (uint64_t)HOUR);
	station_operators_look(rig.set);
	station_turn(rig.station);
	ck_assert(is_in(PACKML_SUSPENDED, "nobody-here"));
	ck_assert_str_eq(station_operator(rig.station), "ann");
	ck_assert_int_eq(order(PACKML_UNSUSPEND, "nobody-here"), KE_BAD_STATE);
	rig.is_at_work = false;
	station_operators_look(rig.set);
	ck_assert_str_eq(station_operator(rig.station), "");
	rig_close();
}
END_TEST

START_TEST(who_is_removed_leaves)
{
	const char *where;

	rig_open(true);
	scan(rig.ann);
	rig.is_at_work = true;
	ck_assert_int_eq(station_operator_leaves(&where, rig.set, &by_alice, "ann"), KE_BUSY);
	ck_assert_str_eq(where, "seal1");
	rig.is_at_work = false;
	OK(station_operator_leaves(&where, rig.set, &by_alice, "bob"));
	ck_assert_str_eq(station_operator(rig.station), "ann");
	OK(station_operator_leaves(&where, rig.set, &by_alice, "ann"));
	ck_assert_str_eq(last_event(), "uid1000 sign-off ann>none removed");
	OK(ledger_operator_remove(rig.fixture.ledger, &by_alice, "ann", "left"));
	scan(rig.ann);
	ck_assert_str_eq(told(), "code-unknown");
	rig_close();
}
END_TEST

START_TEST(a_start_signs_everybody_off)
{
	rig_open(true);
	scan(rig.ann);
	OK(station_operators_begin(&rig.host));
	ck_assert_str_eq(last_event(), "daemon sign-off ann>none service-start");
	OK(station_operators_begin(&rig.host));
	rig_close();
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("station_operator");
	TCase *all = tcase_create("all");
	int null = open("/dev/null", O_WRONLY);

	/* Its log is for people. */
	dup2(null, STDERR_FILENO);
	close(null);
	tcase_add_test(all, a_station_waits_for_its_operator);
	tcase_add_test(all, a_hold_is_not_ended_by_a_badge);
	tcase_add_test(all, where_none_is_required_all_goes_on);
	tcase_add_test(all, another_badge_hands_over);
	tcase_add_test(all, nobody_comes_or_goes_while_a_part_is_at_work);
	tcase_add_test(all, strangers_are_counted);
	tcase_add_test(all, half_a_badge_is_no_wrong_one);
	tcase_add_test(all, a_shift_ends_by_itself);
	tcase_add_test(all, a_shift_that_a_job_keeps_begins_no_other);
	tcase_add_test(all, who_is_removed_leaves);
	tcase_add_test(all, a_start_signs_everybody_off);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}

/* SPDX-License-Identifier: MIT */
/* What a recipe does when the ledger cannot tell whether a job was left open. */
#include "config.h"
#include "harness.h"
#include "ledger_fixture.h"
#include "daemon/alarm.h"
#include "daemon/host.h"
#include "daemon/job.h"
#include "daemon/ledger_intent.h"
#include "daemon/recipe_etch.h"
#include "daemon/recipes.h"
#include "daemon/station_inner.h"

/* A station that prints and one that etches, neither with its driver. */
static struct rig {
	struct fixture fixture;
	struct host host;
	struct settings settings;
	struct settings_station stations[2];
	uv_loop_t loop;
	struct station_set *set;
	/* what ledger_intent_list_open() gives; 0: what it finds */
	int unread;
	bool is_stopped;
} rig;

int __real_ledger_intent_list_open(
	struct ledger *ledger, ledger_intent_cb *cb, void *context);
int __wrap_ledger_intent_list_open(
	struct ledger *ledger, ledger_intent_cb *cb, void *context);

int
__wrap_ledger_intent_list_open(
	struct ledger *ledger, ledger_intent_cb *cb, void *context)
{
	return rig.unread ? rig.unread
			  : __real_ledger_intent_list_open(ledger, cb, context);
}

static void
rig_open(void)
{
	static const struct recipe *const recipes[] = {&recipe_print, &recipe_etch};

	memset(&rig, 0, sizeof rig);
	fixture_open(&rig.fixture, MODE_USA);
	rig.settings.state = rig.settings.socket = rig.fixture.state;
	rig.settings.drivers = rig.fixture.state;
	rig.settings.stations = rig.stations;
	rig.settings.station_count = 2;
	strcpy(rig.stations[0].name, "print1");
	rig.stations[0].kind = SETTINGS_KIND_PRINT;
	strcpy(rig.stations[1].name, "laser1");
	rig.stations[1].kind = SETTINGS_KIND_ETCH;
	OK(uv_loop_init(&rig.loop));
	OK(serial_pattern_compile(&rig.host.serials, "AA000000C"));
	rig.host.loop = &rig.loop;
	rig.host.settings = &rig.settings;
	rig.host.ledger = rig.fixture.ledger;
	rig.host.alarms = alarm_list_new();
	OK(station_set_new(&rig.set, &rig.loop, &rig.settings, recipes, 2, &rig.host));
	rig.host.stations = rig.set;
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
	fixture_close(&rig.fixture);
}

/* The station, as it is when people have just let it on. */
static struct station *
executing(const char *name)
{
	struct station *station = station_set_find(rig.set, name);

	station->state = PACKML_EXECUTE;
	station->reason = NULL;
	return station;
}

static void
ck_held(struct station *station, const char *code)
{
	station_turn(station);
	ck_assert_int_eq(station->state, PACKML_HELD);
	ck_assert_str_eq(station_reason_code(station), code);
}

START_TEST(a_printing_station_does_not_stand_still_in_execute)
{
	struct station *station;

	rig_open();
	station = executing("print1");
	recipe_print.on_execute(station);
	station_turn(station);
	ck_assert_int_eq(station->state, PACKML_SUSPENDED);
	rig.unread = KE_NO_MEMORY;
	station = executing("print1");
	recipe_print.on_execute(station);
	ck_held(station, "no-memory");
	rig.unread = KE_LEDGER;
	station = executing("print1");
	recipe_print.on_execute(station);
	ck_held(station, "ledger");
	rig_close();
}
END_TEST

/* An address is not taken as if nothing were open, nor let go as if something were. */
START_TEST(an_etching_station_does_not_swallow_a_scan)
{
	static const char address[] = "1BoatSLRHtKNngkdXEeobR76b53LETtpyT";
	char serial[SERIAL_SIZE];
	struct station *station;

	rig_open();
	OK(serial_from_number(serial, &rig.host.serials, 1));
	rig.unread = KE_NO_MEMORY;
	station = executing("laser1");
	recipe_etch.on_scan(station, address);
	ck_held(station, "no-memory");
	ck_assert_ptr_null(station->bad_scan);
	station = executing("laser1");
	IS(recipe_etch.on_typed(station, serial,
		   address + strlen(address) - ETCH_ADDRESS_END), KE_NO_MEMORY);
	rig.unread = 0;
	IS(job_unsettled(station), 0);
	rig_close();
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("recipe");
	TCase *all = tcase_create("all");

	tcase_add_test(all, a_printing_station_does_not_stand_still_in_execute);
	tcase_add_test(all, an_etching_station_does_not_swallow_a_scan);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}

/* SPDX-License-Identifier: MIT */
/* Which station an intent bars, and whose device is asked about it. */
#include "config.h"
#include "daemon/job_place.h"
#include "daemon/settings.h"
#include "harness.h"
#include <stdio.h>
#include <string.h>

static char tcp[] = "tcp:127.0.0.1:502", ipps[] = "ipps://p/ipp/print";
static char one[] = "SIM-0001", two[] = "SIM-0002", pin[] = "sha256//ab",
	    scanner[] = "/dev/x";

static struct settings_station stations[] = {
	{.name = "laser1",
		.kind = SETTINGS_KIND_ETCH,
		.device = tcp,
		.device_serial = one},
	{.name = "laser2",
		.kind = SETTINGS_KIND_ETCH,
		.device = tcp,
		.device_serial = two},
	{.name = "printer1", .kind = SETTINGS_KIND_PRINT, .uri = ipps, .pin = pin},
	{.name = "seal1", .kind = SETTINGS_KIND_SEAL, .scanner = scanner},
};

static const struct {
	const char *station;
	const char *device;
	/* Its name, NULL: nobody. */
	const char *asker;
	/* Letters of the barred stations: 1, 2, p. */
	const char *barred;
} rows[] = {
	{"laser1", "SIM-0001", "laser1", "1"},
	{"lasera", "SIM-0001", "laser1", "1"},
	{"laser2", "SIM-0001", "laser1", "12"},
	{"laser1", "SIM-0009", "laser1", "1"},
	{"laser1", "", "laser1", "1"},
	{"lasera", "", NULL, ""},
	{"lasera", "SIM-0009", NULL, ""},
	{"lasera", "sim-0001", NULL, ""},
	{"printera", "SHA256//AB", "printer1", "p"},
	{"seal1", "SIM-0002", "laser2", "2"},
	{"seal1", "SIM-0009", NULL, ""},
};

START_TEST(places)
{
	struct settings settings = {.stations = stations,
		.station_count = sizeof stations / sizeof stations[0]};
	struct ledger_intent intent = {.job = 1};
	const struct settings_station *asker;
	char barred[8] = "";

	(void)snprintf(intent.station, sizeof intent.station, "%s", rows[_i].station);
	(void)snprintf(intent.device, sizeof intent.device, "%s", rows[_i].device);
	asker = job_place_asker(&settings, &intent);
	if (rows[_i].asker) {
		ck_assert_ptr_nonnull(asker);
		ck_assert_str_eq(asker->name, rows[_i].asker);
	} else {
		ck_assert_ptr_null(asker);
	}
	for (size_t i = 0; i < settings.station_count; i++)
		if (job_place_is_barred(&stations[i], &intent))
			(void)strncat(barred, &"12ps"[i], 1);
	ck_assert_str_eq(barred, rows[_i].barred);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("job_place");
	TCase *all = tcase_create("all");

	tcase_add_loop_test(all, places, 0, (int)(sizeof rows / sizeof rows[0]));
	suite_add_tcase(suite, all);
	return harness_run(suite);
}

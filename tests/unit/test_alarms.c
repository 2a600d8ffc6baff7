/* SPDX-License-Identifier: MIT */
/* The table of faults, and that keyline-alarms(7) says the same. */
#include "config.h"
#include "harness.h"
#include "daemon/alarm.h"
#include "daemon/fault.h"
#include "proto/error.h"
#include "proto/etch_profile.h"
#include <ctype.h>
#include <stdio.h>
#include <string.h>

static char page[1 << 16];

/* The page with every run of white space as one blank. */
static void
page_read(void)
{
	const char *srcdir = getenv("srcdir");
	char path[512];
	size_t len = 0;
	FILE *in;
	int c;

	snprintf(path, sizeof(path), "%s/man/keyline-alarms.7", srcdir ? srcdir : "..");
	in = fopen(path, "r");
	ck_assert_ptr_nonnull(in);
	while ((c = getc(in)) != EOF && len < sizeof(page) - 1) {
		if (!isspace(c))
			page[len++] = (char)c;
		else if (len > 0 && page[len - 1] != ' ')
			page[len++] = ' ';
	}
	fclose(in);
	page[len] = '\0';
	ck_assert_uint_lt(len, sizeof(page) - 1);
}

static const char *
effect_name(enum fault_effect effect)
{
	switch (effect) {
	case FAULT_HOLDS:
		return "Held";
	case FAULT_SUSPENDS:
		return "Suspended";
	case FAULT_ABORTS:
		return "Aborted";
	}
	return "";
}

/* What is so of one is told, and told anew, but its time stays; another has nothing of it. */
START_TEST(one_has_a_status_of_its_own)
{
	struct alarm_list *list = alarm_list_new();

	ck_assert_ptr_nonnull(list);
	alarm_raise_told(list, "file-waiting", "a.cms", "number 2", 1);
	alarm_raise_told(list, "file-waiting", "a.cms", "number 3", 2);
	alarm_raise(list, "file-waiting", "b.cms", 3);
	ck_assert_uint_eq(alarm_count(list), 2);
	ck_assert_str_eq(alarm_at(list, 0)->told, "number 3");
	ck_assert_int_eq(alarm_at(list, 0)->since_ms, 1);
	ck_assert_str_eq(alarm_at(list, 1)->told, "");
	alarm_list_free(list);
}
END_TEST

/* Two hundred bad files hide no wallet in doubt. */
START_TEST(a_flood_of_files_hides_nothing_else)
{
	struct alarm_list *list = alarm_list_new();
	char name[32];

	ck_assert_ptr_nonnull(list);
	alarm_raise(list, "in-doubt", "AA000001K", 1);
	for (int i = 0; i < 2 * ALARM_MAX; i++) {
		(void)snprintf(name, sizeof(name), "bad-%d.cms", i);
		alarm_raise(list, "file-refused", name, 2 + i);
	}
	ck_assert_uint_eq(alarm_count(list), ALARM_MAX + 1);
	ck_assert(alarm_stands_as(list, "in-doubt", "AA000001K"));
	ck_assert(!alarm_stands_as(list, "job-open", "AA000001K"));
	ck_assert(alarm_stands(list, name));
	ck_assert(!alarm_stands(list, "bad-0.cms"));
	alarm_list_free(list);
}
END_TEST

/* What stands until a person has seen it is hidden by no number of other things. */
START_TEST(a_flood_of_one_kind_hides_only_itself)
{
	struct alarm_list *list = alarm_list_new();
	char name[32];

	ck_assert_ptr_nonnull(list);
	alarm_raise(list, "persons-changed", "uid 64203", 1);
	alarm_raise(list, "ledger-forked", "cn-mint", 2);
	for (int i = 0; i < 2 * ALARM_MAX; i++) {
		(void)snprintf(name, sizeof(name), "F-%d", i);
		alarm_raise(list, "no-key", name, 3 + i);
		alarm_raise(list, "wallet-rejected", name, 3 + i);
	}
	ck_assert_uint_eq(alarm_count(list), 2 * ALARM_MAX + 2);
	ck_assert(alarm_stands_as(list, "persons-changed", "uid 64203"));
	ck_assert(alarm_stands_as(list, "ledger-forked", "cn-mint"));
	ck_assert(!alarm_stands_as(list, "no-key", "F-199"));
	ck_assert(alarm_stands_as(list, "no-key", "F-200"));
	alarm_list_free(list);
}
END_TEST

/* Why the host stands still is hidden by nothing, and nobody acknowledges it away. */
START_TEST(a_final_alarm_stays)
{
	struct alarm_list *list = alarm_list_new();
	char name[32];

	ck_assert_ptr_nonnull(list);
	alarm_raise(list, "sync", "/state", 1);
	for (int i = 0; i < 2 * ALARM_MAX; i++) {
		(void)snprintf(name, sizeof(name), "AA%07d", i);
		alarm_raise(list, "wallet-rejected", name, 2 + i);
	}
	ck_assert_uint_eq(alarm_count(list), ALARM_MAX + 1);
	alarm_acknowledge(list, "/state");
	ck_assert(alarm_stands_as(list, "sync", "/state"));
	ck_assert(!alarm_stands_as(list, "wallet-rejected", "AA0000000"));
	alarm_list_free(list);
}
END_TEST

START_TEST(the_page_says_what_the_table_says)
{
	const struct fault *fault;
	char entry[1024];
	size_t i;

	page_read();
	for (i = 0; i < fault_count(); i++) {
		fault = fault_at(i);
		snprintf(entry, sizeof(entry), ".It Sy %s Pq %s ; %s %s .br %s ",
			fault->code, fault->reason, effect_name(fault->effect),
			fault->status, fault->action);
		ck_assert_msg(strstr(page, entry) != NULL,
			"keyline-alarms(7) lacks: %s\nrun man/make-alarms", entry);
	}
}
END_TEST

START_TEST(the_page_has_no_more)
{
	const char *at;
	size_t count = 0;

	page_read();
	for (at = page; (at = strstr(at, ".It Sy ")) != NULL; at++)
		count++;
	ck_assert_uint_eq(count, fault_count());
}
END_TEST

START_TEST(codes_are_names_and_single)
{
	size_t i, k;

	for (i = 0; i < fault_count(); i++) {
		const char *code = fault_at(i)->code;

		ck_assert(strlen(code) <= 32);
		ck_assert(strspn(code, "abcdefghijklmnopqrstuvwxyz-") == strlen(code));
		for (k = 0; k < i; k++)
			ck_assert_str_ne(code, fault_at(k)->code);
		ck_assert_ptr_eq(fault_of(code), fault_at(i));
	}
}
END_TEST

static void
sentence_check(const char *text)
{
	ck_assert_msg(isupper((unsigned char)text[0]), "%s", text);
	ck_assert_msg(text[strlen(text) - 1] == '.', "%s", text);
}

START_TEST(texts_are_for_people)
{
	size_t i;

	for (i = 0; i < fault_count(); i++) {
		const struct fault *fault = fault_at(i);

		sentence_check(fault->status);
		sentence_check(fault->action);
		ck_assert_uint_le(strlen(fault->reason), 32);
		ck_assert(islower((unsigned char)fault->reason[0]));
	}
}
END_TEST

START_TEST(what_is_unknown_has_a_row)
{
	ck_assert_str_eq(fault_of(NULL)->code, "unknown");
	ck_assert_str_eq(fault_of("made-up")->code, "unknown");
	ck_assert_str_eq(fault_of("")->code, "unknown");
}
END_TEST

/* What drivers send beside the etcher's reasons: words of their own. */
static const char *const driver_codes[] = {"bad-content", "bad-line", "busy",
	"busy-limit", "code-mismatch", "counter", "cover-open", "device-absent",
	"device-code", "device-error", "device-gone", "device-locked", "does-not-fit",
	"internal", "job-aborted", "job-canceled", "label-unreadable", "media-empty",
	"media-jam", "no-done", "no-mirror", "no-tls", "not-accepting", "not-completed",
	"not-found", "not-loaded", "not-loading", "not-permitted", "not-started",
	"not-supported", "offline", "one-sided", "output-full", "partial", "paused",
	"printer-missing", "refused-yet-started", "ribbon-empty", "scan-incomplete",
	"scan-not-text", "scan-too-long", "timeout", "wrong-kind", "wrong-pin"};

/* What they send by error_name(). */
static const int driver_errors[] = {KE_LINK, KE_TIMEOUT, KE_WRONG_DEVICE, KE_READBACK,
	KE_DEVICE, KE_DEVICE_RESET, KE_STALLED, KE_IO, KE_NO_MEMORY};

static void
row_check(const char *code)
{
	ck_assert_msg(strcmp(fault_of(code)->code, code) == 0, "no row for %s", code);
}

START_TEST(what_drivers_say_has_a_row)
{
	size_t i;

	for (i = 0; i < sizeof(driver_codes) / sizeof(driver_codes[0]); i++)
		row_check(driver_codes[i]);
	for (i = 0; i < sizeof(driver_errors) / sizeof(driver_errors[0]); i++)
		row_check(error_name(driver_errors[i]));
	for (i = 0; i < ETCH_REASONS; i++)
		if (i != ETCH_REASON_NONE)
			row_check(etch_reason_name((enum etch_reason)i));
}
END_TEST

/* A held station takes no scan: the command that lets it go on comes first. */
START_TEST(scans_come_after_unhold)
{
	static const char *const codes[] = {"door-open", "no-part", "scan-too-long", "scan-not-text",
		"scan-incomplete", "not-a-serial", "lower-layer", "not-checked",
		"not-confirmed", "scan-again", "layers-differ"};
	static const char then[] = "Then run:  keylinectl station unhold gate1";
	const struct fault *fault = fault_of(codes[_i]);
	char text[1024];
	const char *run, *scan;

	fault_say_action(text, sizeof text, fault, then);
	run = strstr(text, then);
	ck_assert_msg(run && strncmp(run + strlen(then), "  Afterwards scan ", 18) == 0,
		"%s", text);
	scan = strstr(text, "scan ");
	ck_assert_msg(scan && scan > run, "%s", text);
	fault_say_action(text, sizeof text, fault, NULL);
	ck_assert_str_eq(text, fault->action);
}
END_TEST

START_TEST(a_command_comes_last)
{
	char text[1024];

	fault_say_action(text, sizeof text, fault_of("offline"), "Then run:  X");
	ck_assert_str_eq(text, "Check its power and cable. Then run:  X");
	/* The station's own command follows it, with its name in it. */
	ck_assert_ptr_null(strstr(fault_of("counter-unknown")->action, "STATION"));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("alarms");
	TCase *all = tcase_create("all");

	tcase_add_test(all, one_has_a_status_of_its_own);
	tcase_add_test(all, a_flood_of_files_hides_nothing_else);
	tcase_add_test(all, a_flood_of_one_kind_hides_only_itself);
	tcase_add_test(all, a_final_alarm_stays);
	tcase_add_test(all, the_page_says_what_the_table_says);
	tcase_add_test(all, the_page_has_no_more);
	tcase_add_test(all, codes_are_names_and_single);
	tcase_add_test(all, texts_are_for_people);
	tcase_add_test(all, what_drivers_say_has_a_row);
	tcase_add_test(all, what_is_unknown_has_a_row);
	tcase_add_loop_test(all, scans_come_after_unhold, 0, 11);
	tcase_add_test(all, a_command_comes_last);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}

/* SPDX-License-Identifier: MIT */
/* An etcher's own count against what the ledger knows of it: every case. */
#include "config.h"
#include "daemon/job_counter.h"
#include "harness.h"

enum { JOB = 12, NEXT = 13 };

static const struct {
	/* JOB, or 0: the ledger never had the device. */
	uint32_t job;
	enum ledger_outcome outcome;
	/* The intent's: what the device counted before it. */
	uint64_t before;
	/* 0: nobody took a counter. */
	uint64_t taken;
	/* What the device says before job NEXT. */
	uint32_t last_job;
	uint64_t counter;
	bool fits;
	uint64_t expected;
} rows[] = {
	/* One that is new here is taken as it is, but not when it has marked this number. */
	{0, LEDGER_OUTCOME_OPEN, 0, 0, 0, 0, true, 0},
	{0, LEDGER_OUTCOME_OPEN, 0, 0, 900, 7, true, 0},
	{0, LEDGER_OUTCOME_OPEN, 0, 0, NEXT, 7, false, 0},
	/* Done: one more, by that job, and nothing else. */
	{JOB, LEDGER_OUTCOME_DONE, 5, 0, JOB, 6, true, 6},
	{JOB, LEDGER_OUTCOME_DONE, 5, 0, 0, 6, true, 6},
	{JOB, LEDGER_OUTCOME_DONE, 5, 0, 0, 5, false, 6},
	{JOB, LEDGER_OUTCOME_DONE, 5, 0, JOB, 5, false, 6},
	{JOB, LEDGER_OUTCOME_DONE, 5, 0, JOB, 7, false, 6},
	{JOB, LEDGER_OUTCOME_DONE, 5, 0, JOB, 0, false, 6},
	{JOB, LEDGER_OUTCOME_DONE, 5, 0, 11, 6, false, 6},
	{JOB, LEDGER_OUTCOME_DONE, 5, 0, NEXT, 6, false, 6},
	{JOB, LEDGER_OUTCOME_DONE, UINT32_MAX, 0, JOB, 0, false, (uint64_t)UINT32_MAX + 1},
	/* Nothing was marked: as before, whichever job was the last one. */
	{JOB, LEDGER_OUTCOME_FAILED, 5, 0, 11, 5, true, 5},
	{JOB, LEDGER_OUTCOME_FAILED, 5, 0, JOB, 6, false, 5},
	{JOB, LEDGER_OUTCOME_FAILED, 5, 0, 0, 4, false, 5},
	{JOB, LEDGER_OUTCOME_NEVER, 5, 0, 0, 5, true, 5},
	{JOB, LEDGER_OUTCOME_NEVER, 5, 0, JOB, 6, false, 5},
	{JOB, LEDGER_OUTCOME_NEVER, 5, 0, NEXT, 5, false, 5},
	/* In doubt: the one or the other. */
	{JOB, LEDGER_OUTCOME_DOUBT, 5, 0, 11, 5, true, 5},
	{JOB, LEDGER_OUTCOME_DOUBT, 5, 0, JOB, 6, true, 5},
	{JOB, LEDGER_OUTCOME_DOUBT, 5, 0, 0, 6, true, 5},
	{JOB, LEDGER_OUTCOME_DOUBT, 5, 0, 11, 6, false, 5},
	{JOB, LEDGER_OUTCOME_DOUBT, 5, 0, JOB, 7, false, 5},
	{JOB, LEDGER_OUTCOME_DOUBT, 5, 0, 0, 4, false, 5},
	/* A person took 9: that, and no longer what the intent says. */
	{JOB, LEDGER_OUTCOME_DONE, 5, 9, 40, 9, true, 9},
	{JOB, LEDGER_OUTCOME_DONE, 5, 9, JOB, 6, false, 9},
	{JOB, LEDGER_OUTCOME_DONE, 5, 9, 40, 10, false, 9},
	{JOB, LEDGER_OUTCOME_DONE, 5, 9, NEXT, 9, false, 9},
	{JOB, LEDGER_OUTCOME_NEVER, 5, 9, 0, 5, false, 9},
};

START_TEST(fits)
{
	struct job_counter_known known = {
		.intent = {.job = rows[_i].job,
			.outcome = rows[_i].outcome,
			.counter = rows[_i].before},
		.is_taken = rows[_i].taken != 0,
		.taken = rows[_i].taken};

	ck_assert_int_eq(
		job_counter_fits(&known, NEXT, rows[_i].last_job, rows[_i].counter),
		rows[_i].fits);
	ck_assert_uint_eq(job_counter_expected(&known), rows[_i].expected);
	/* A doubt may be a mark, until somebody has taken the count. */
	ck_assert_int_eq(job_counter_or_one_more(&known),
		rows[_i].outcome == LEDGER_OUTCOME_DOUBT && rows[_i].taken == 0);
}
END_TEST

static const struct {
	const char *detail;
	int error;
	bool is_taken;
	uint64_t taken;
} details[] = {
	{"counter=7 ledger=5 job=12 last=9", 0, true, 7},
	{"counter=7 ledger=5-6 job=12 last=9", 0, true, 7},
	{"counter=18446744073709551615 ledger=5 job=12 last=0", 0, true, UINT64_MAX},
	/* Jobs came after it: the newest one says what the counter is. */
	{"counter=7 ledger=5 job=11 last=9", 0, false, 7},
	{"counter=7 ledger=5 job=120 last=9", 0, false, 7},
	{"counter=7 ledger=5 job=0 last=9", 0, false, 7},
	{"counter=7 ledger=5", KE_LEDGER, false, 0},
	{"ledger=5 counter=7 job=12", KE_LEDGER, false, 0},
	{"", KE_LEDGER, false, 0},
	{NULL, KE_LEDGER, false, 0},
};

START_TEST(reads_what_was_taken)
{
	struct job_counter_known known = {.intent = {.job = JOB}};

	ck_assert_int_eq(
		job_counter_read_taken(&known, details[_i].detail), details[_i].error);
	ck_assert_int_eq(known.is_taken, details[_i].is_taken);
	ck_assert_uint_eq(known.taken, details[_i].taken);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("job_counter");
	TCase *all = tcase_create("all");

	tcase_add_loop_test(all, fits, 0, (int)(sizeof rows / sizeof rows[0]));
	tcase_add_loop_test(
		all, reads_what_was_taken, 0, (int)(sizeof details / sizeof details[0]));
	suite_add_tcase(suite, all);
	return harness_run(suite);
}

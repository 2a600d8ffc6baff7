/* SPDX-License-Identifier: MIT */
/*
 * A host that has come to harm condemns no wallet.  The verifier stands in for whatever
 * may go wrong for good in a process: a library that could not set itself up, a
 * processor that errs.
 */
#include "config.h"
#include "harness.h"
#include "daemon/check.h"
#include "daemon/check_control.h"
#include "proto/verified.h"

enum { NOW = 1790000000 };

void __real_verified_new_many(struct verified_result *results,
	const struct verified_claim *claims, size_t count);
void __wrap_verified_new_many(struct verified_result *results,
	const struct verified_claim *claims, size_t count);

/* From this call on the verifier finds each wallet wrong, so many times. */
static int bad_from, bad_times, calls;
static int bad_error;

void
__wrap_verified_new_many(struct verified_result *results,
	const struct verified_claim *claims, size_t count)
{
	bool is_bad = calls >= bad_from && calls < bad_from + bad_times;

	calls++;
	if (!is_bad || count == 0) {
		__real_verified_new_many(results, claims, count);
		return;
	}
	for (size_t i = 0; i < count; i++)
		results[i] = (struct verified_result){NULL, bad_error};
}

static void
harm(int from, int times, int error)
{
	calls = 0;
	bad_from = from;
	bad_times = times;
	bad_error = error;
}

static struct check_control *control;

/* One for all tests: each is one heavy scrypt. */
static void
make_control(void)
{
	harm(0, 0, 0);
	ck_assert_int_eq(check_control_new(&control, NOW), 0);
}

static void
free_control(void)
{
	check_control_free(control);
}

static void
be_sound(void)
{
	harm(0, 0, 0);
}

/* Rows that nobody can open: wrong for good. */
static struct check
broken(void)
{
	static char text[] = "AAAA";
	struct check check = {.serial = "AA0000008", .control = control};

	check.passphrase.sealed = check.confirmation.sealed = text;
	check.passphrase.len = check.confirmation.len = 4;
	return check;
}

START_TEST(the_known_wallet_passes)
{
	/* A heavy scrypt each, as in the tests that follow. */
	for (unsigned i = 0; i < 2 && !harness_light(); i++)
		ck_assert_int_eq(check_control_run(control), 0);
}
END_TEST

START_TEST(what_is_wrong_is_condemned_by_a_sound_host)
{
	struct check check = broken();
	int error = check_run(&check);

	ck_assert(check_condemns(error));
	ck_assert_int_eq(error, check.error);
	ck_assert_ptr_null(check.token);
}
END_TEST

START_TEST(a_host_that_finds_all_wrong_condemns_nothing)
{
	struct check check = broken();

	harm(0, 1000, KE_WRONG_PASSPHRASE);
	ck_assert_int_eq(check_run(&check), KE_CRYPTO);
	ck_assert(!check_condemns(check.error));
	ck_assert_int_eq(check_control_run(control), KE_CRYPTO);
	harm(0, 1000, KE_NO_MEMORY);
	ck_assert_int_eq(check_run(&check), KE_NO_MEMORY);
	/* Sound again, it does. */
	harm(0, 0, 0);
	ck_assert(check_condemns(check_run(&check)));
}
END_TEST

START_TEST(a_host_that_cannot_check_has_no_control)
{
	struct check_control *other = NULL;

	harm(0, 1000, KE_MISMATCH_PUBKEY);
	ck_assert_int_eq(check_control_new(&other, NOW), KE_CRYPTO);
	ck_assert_ptr_null(other);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("check_control");
	TCase *all = tcase_create("all");

	tcase_add_unchecked_fixture(all, make_control, free_control);
	tcase_add_checked_fixture(all, be_sound, NULL);
	tcase_set_timeout(all, 120);
	tcase_add_test(all, the_known_wallet_passes);
	tcase_add_test(all, what_is_wrong_is_condemned_by_a_sound_host);
	tcase_add_test(all, a_host_that_finds_all_wrong_condemns_nothing);
	tcase_add_test(all, a_host_that_cannot_check_has_no_control);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}

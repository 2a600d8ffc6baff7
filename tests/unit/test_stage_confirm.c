/* SPDX-License-Identifier: MIT */
/* What a batch's checks come to in the ledger, many verdicts a commit. */
#include "config.h"
#include "harness.h"
#include "ledger_fixture.h"
#include "daemon/alarm.h"
#include "daemon/check.h"
#include "daemon/host.h"
#include "daemon/settings.h"
#include "daemon/stage.h"

enum { WALLETS = 40 };

/* A host that has all rows, and finds of each wallet what is written here. */
static struct rig {
	struct fixture fixture;
	struct host host;
	struct settings settings;
	uv_loop_t loop;
	int verdicts[WALLETS + 1];
	/* whose confirmation code this one has, too; 0: it has its own */
	int code_of[WALLETS + 1];
	bool ended;
} rig;

static int
number_of(const char *serial)
{
	return atoi(serial + 2);
}

int __wrap_check_fetch(struct check *out, struct host *host, const char *serial);
void __wrap_check_run_many(struct check *checks, size_t count);
int __wrap_ledger_row_get(struct ledger_row *out, struct ledger *ledger,
	const char *serial, const char *kind);
void __wrap_stage_end(struct host *host, const char *object, int error);

int
__wrap_check_fetch(struct check *out, struct host *host, const char *serial)
{
	(void)host;
	memset(out, 0, sizeof *out);
	(void)snprintf(out->serial, sizeof out->serial, "%s", serial);
	return 0;
}

void
__wrap_check_run_many(struct check *checks, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		int n = number_of(checks[i].serial);

		checks[i].error = rig.verdicts[n];
		memset(checks[i].pubkey_digest, n, LEDGER_DIGEST_LEN);
		memset(checks[i].confirmation_digest, rig.code_of[n] ? rig.code_of[n] : n,
			LEDGER_DIGEST_LEN);
	}
}

int
__wrap_ledger_row_get(struct ledger_row *out, struct ledger *ledger, const char *serial,
	const char *kind)
{
	(void)ledger;
	(void)kind;
	memset(out, 0, sizeof *out);
	(void)snprintf(out->serial, sizeof out->serial, "%s", serial);
	return 0;
}

void
__wrap_stage_end(struct host *host, const char *object, int error)
{
	ck_assert_str_eq(object, "B1");
	ck_assert_int_eq(error, 0);
	host->stage_busy = false;
	rig.ended = true;
}

static void
rig_open(void)
{
	memset(&rig, 0, sizeof rig);
	fixture_open(&rig.fixture, MODE_USA);
	fixture_batch(&rig.fixture, "B1", WALLETS, 0);
	OK(uv_loop_init(&rig.loop));
	rig.host.loop = &rig.loop;
	rig.host.settings = &rig.settings;
	rig.host.ledger = rig.fixture.ledger;
	rig.host.alarms = alarm_list_new();
}

static void
run(void)
{
	ck_assert(stage_confirm_begin(&rig.host));
	OK(uv_run(&rig.loop, UV_RUN_DEFAULT));
	ck_assert(rig.ended);
}

static void
rig_close(void)
{
	OK(uv_loop_close(&rig.loop));
	alarm_list_free(rig.host.alarms);
	fixture_verify(&rig.fixture);
	fixture_close(&rig.fixture);
}

static enum wallet_state
state_of(int number)
{
	char serial[LEDGER_SERIAL_SIZE];

	(void)snprintf(serial, sizeof serial, "BS%d", number);
	return fixture_state(&rig.fixture, serial);
}

START_TEST(all_are_confirmed)
{
	rig_open();
	run();
	for (int i = 1; i <= WALLETS; i++)
		ck_assert_int_eq(state_of(i), WALLET_CONFIRMED);
	ck_assert(!stage_confirm_begin(&rig.host));
	rig_close();
}
END_TEST

/* None of these touches the wallets whose verdicts come with it. */
START_TEST(each_has_its_own_verdict)
{
	rig_open();
	rig.verdicts[3] = KE_WRONG_PASSPHRASE;
	rig.code_of[8] = 7;
	OK(ledger_wallet_hold(rig.host.ledger, &by_alice, "BS9", "look"));
	run();
	for (int i = 1; i <= WALLETS; i++)
		if (i != 3 && i != 7 && i != 8 && i != 9)
			ck_assert_int_eq(state_of(i), WALLET_CONFIRMED);
	ck_assert_int_eq(state_of(3), WALLET_REJECTED);
	ck_assert_int_eq(state_of(9), WALLET_EXPECTED);
	/* Whoever comes first has it. */
	ck_assert((state_of(7) == WALLET_CONFIRMED && state_of(8) == WALLET_REJECTED) ||
		  (state_of(8) == WALLET_CONFIRMED && state_of(7) == WALLET_REJECTED));
	rig_close();
}
END_TEST

/* A person spoils one while it is verified. */
START_TEST(one_that_is_out_of_play_needs_no_verdict)
{
	rig_open();
	ck_assert(stage_confirm_begin(&rig.host));
	OK(ledger_wallet_step(rig.host.ledger, &by_alice, "BS4", WALLET_SPOIL, "bent"));
	OK(uv_run(&rig.loop, UV_RUN_DEFAULT));
	ck_assert(rig.ended);
	for (int i = 1; i <= WALLETS; i++)
		ck_assert_int_eq(state_of(i), i == 4 ? WALLET_SPOILED : WALLET_CONFIRMED);
	rig_close();
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("stage_confirm");
	TCase *all = tcase_create("all");

	tcase_add_test(all, all_are_confirmed);
	tcase_add_test(all, each_has_its_own_verdict);
	tcase_add_test(all, one_that_is_out_of_play_needs_no_verdict);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}

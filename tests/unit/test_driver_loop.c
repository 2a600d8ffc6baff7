/* SPDX-License-Identifier: MIT */
/* The job protocol against a device that only remembers what it was asked. */
#include "config.h"
#include "harness.h"
#include "drivers/driver_loop.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct fake {
	struct driver_loop *loop;
	const char *refusal;
	struct driver_result result;
	char log[512];
};

static struct fake fake;

static void
note(const char *text)
{
	strcat(fake.log, text);
	strcat(fake.log, ";");
}

static const char *
fake_load(void *device, struct driver_ready *ready, const char *job,
	const struct driver_load *load)
{
	ck_assert_ptr_eq(device, &fake);
	note("load");
	note(job);
	note(load->kind == DRIVER_LOAD_SETUP ? "setup" : load->serial);
	ready->counter = 41;
	memset(ready->digest, 0xab, sizeof ready->digest);
	return fake.refusal;
}

static void
fake_unload(void *device)
{
	(void)device;
	note("unload");
}

static void
fake_start(struct driver_result *result, void *device, const char *job)
{
	(void)device;
	note("start");
	driver_loop_started(fake.loop, job);
	if (!driver_loop_pump(fake.loop, 0))
		note("gone");
	*result = fake.result;
}

static void
fake_query(struct driver_result *result, void *device, const struct driver_query *query)
{
	(void)device;
	/* What is asked about outlives other lines that come meanwhile. */
	driver_loop_pump(fake.loop, 0);
	note("query");
	note(query->job);
	note(query->serial ? query->serial : "none");
	if (query->boot)
		note(query->boot == UINT64_MAX ? "boot-end" : "boot");
	*result = fake.result;
}

static const struct driver_ops ops = {
	.kinds = 1u << DRIVER_LOAD_STICKER | 1u << DRIVER_LOAD_SETUP,
	.idle_ms = -1,
	.load = fake_load,
	.unload = fake_unload,
	.start = fake_start,
	.query = fake_query,
};

/* Runs the loop over the whole of input; the exit code and what it wrote are checked. */
static void
expect(const struct driver_ops *with, const char *input, int code, const char *output,
	const char *log)
{
	static char text[4096];
	int in[2], out[2];
	struct driver_io *io;
	ssize_t n;

	ck_assert_int_eq(pipe(in), 0);
	ck_assert_int_eq(pipe(out), 0);
	ck_assert_int_eq(write(in[1], input, strlen(input)), (int)strlen(input));
	close(in[1]);
	fake.log[0] = '\0';
	io = driver_io_new(in[0], out[1]);
	fake.loop = driver_loop_new(with, &fake, io);
	ck_assert_int_eq(driver_loop_run(fake.loop), code);
	close(out[1]);
	n = read(out[0], text, sizeof text - 1);
	ck_assert_int_ge(n, 0);
	text[n] = '\0';
	ck_assert_str_eq(text, output);
	ck_assert_str_eq(fake.log, log);
	driver_loop_free(fake.loop);
	driver_io_free(io);
	close(in[0]);
	close(out[0]);
}

#define HEX8 "abababababababab"
#define READY(job) "ready " job " counter=41 digest=" HEX8 HEX8 HEX8 HEX8 "\n"
#define SETUP(job) "load " job " kind=setup nonce=0123456789abcdef test=1\n"
#define STICKER(job)                                                                     \
	"load " job " kind=sticker serial=AA1 epk=6P address=bc1 nonce=0123456789abcdef" \
	" test=0\n"

static void
reset(void)
{
	memset(&fake, 0, sizeof fake);
	fake.result = (struct driver_result){DRIVER_DONE, 42, NULL};
}

START_TEST(makes_a_job)
{
	/* The end of the input stands where the daemon would wait for `done`. */
	expect(&ops, STICKER("5") "start 5\n", DRIVER_EXIT_EOF,
		READY("5") "started 5\ndone 5 counter=42\n",
		"load;5;AA1;start;gone;unload;");
}
END_TEST

START_TEST(answers_pings_in_mid_job)
{
	expect(&ops, SETUP("5") "start 5\nping -\n", DRIVER_EXIT_EOF,
		READY("5") "started 5\npong -\ndone 5 counter=42\n",
		"load;5;setup;start;gone;unload;");
}
END_TEST

START_TEST(tells_failure_and_doubt)
{
	fake.result = (struct driver_result){DRIVER_FAILED, 0, "door-open"};
	expect(&ops, SETUP("5") "start 5\n", DRIVER_EXIT_EOF,
		READY("5") "started 5\nfailed 5 code=door-open\n",
		"load;5;setup;start;gone;unload;");
	fake.result = (struct driver_result){DRIVER_DOUBT, 0, "link"};
	expect(&ops, SETUP("5") "start 5\n", DRIVER_EXIT_EOF,
		READY("5") "started 5\ndoubt 5 code=link\n",
		"load;5;setup;start;gone;unload;");
	fake.result = (struct driver_result){DRIVER_LEAVE, 0, NULL};
	expect(&ops, SETUP("5") "start 5\n", DRIVER_EXIT_EOF, READY("5") "started 5\n",
		"load;5;setup;start;gone;unload;");
}
END_TEST

START_TEST(refuses_loads)
{
	fake.refusal = "offline";
	expect(&ops, SETUP("5"), DRIVER_EXIT_EOF, "refused 5 code=offline\n",
		"load;5;setup;unload;");
	fake.refusal = NULL;
	expect(&ops, "load 5 kind=plate serial=A text=T nonce=0123456789abcdef test=0\n",
		DRIVER_EXIT_EOF, "refused 5 code=wrong-kind\n", "unload;");
	expect(&ops, SETUP("5") SETUP("6"), DRIVER_EXIT_EOF,
		READY("5") "refused 6 code=busy\n", "load;5;setup;unload;");
}
END_TEST

static const char *const bad_loads[] = {
	"load 5 nonce=0123456789abcdef test=1\n",
	"load 5 kind=other nonce=0123456789abcdef test=1\n",
	"load 5 kind=setup nonce=0123456789abcde test=1\n",
	"load 5 kind=setup nonce=0123456789abcdeg test=1\n",
	"load 5 kind=setup nonce=0123456789abcdef test=2\n",
	"load 5 kind=setup nonce=0123456789abcdef test=\n",
	"load 5 kind=setup nonce=0123456789abcdef\n",
	"load 5 kind=setup nonce=0123456789abcdef test=1 epk=6P\n",
	"load 5 kind=sticker serial=A epk=6P nonce=0123456789abcdef test=1\n",
	"load 5 kind=sticker serial= epk=6P address=b nonce=0123456789abcdef test=1\n",
};

START_TEST(refuses_bad_loads)
{
	expect(&ops, bad_loads[_i], DRIVER_EXIT_EOF, "refused 5 code=bad-line\n",
		"unload;");
}
END_TEST

START_TEST(cancels_before_start_only)
{
	expect(&ops, SETUP("5") "cancel 5\nstart 5\n", DRIVER_EXIT_USAGE,
		READY("5") "cancelled 5\n", "load;5;setup;unload;unload;");
	expect(&ops, SETUP("5") "cancel 6\n", DRIVER_EXIT_EOF, READY("5"),
		"load;5;setup;unload;");
	expect(&ops, SETUP("5") "start 5\ncancel 5\n", DRIVER_EXIT_EOF,
		READY("5") "started 5\ndone 5 counter=42\n",
		"load;5;setup;start;gone;unload;");
}
END_TEST

START_TEST(answers_queries)
{
	expect(&ops, "query 5 counter=41 nonce=0123456789abcdef serial=AA1\nping -\n",
		DRIVER_EXIT_EOF, "pong -\ndone 5 counter=42\n", "query;5;AA1;unload;");
	fake.result = (struct driver_result){DRIVER_NEVER, 41, NULL};
	expect(&ops, "query 5 counter=41 nonce=0123456789abcdef\n", DRIVER_EXIT_EOF,
		"never 5 counter=41\n", "query;5;none;unload;");
	fake.result = (struct driver_result){DRIVER_UNKNOWN, 0, "offline"};
	expect(&ops, "query 5 counter=41 boot=7 nonce=0123456789abcdef\n", DRIVER_EXIT_EOF,
		"unknown 5 code=offline\n", "query;5;none;boot;unload;");
	expect(&ops,
		"query 5 counter=41 boot=18446744073709551615 nonce=0123456789abcdef\n",
		DRIVER_EXIT_EOF, "unknown 5 code=offline\n",
		"query;5;none;boot-end;unload;");
}
END_TEST

static const char *const breaches[] = {
	"start 5\n",
	"hello -\n",
	"ping 5\n",
	"load - kind=setup nonce=0123456789abcdef test=1\n",
	"load 0 kind=setup nonce=0123456789abcdef test=1\n",
	"load 4294967296 kind=setup nonce=0123456789abcdef test=1\n",
	"load J kind=setup nonce=0123456789abcdef test=1\n",
	"query 5 nonce=0123456789abcdef\n",
	"query 5 counter=1\n",
	"query 5 counter=1 boot=-1 nonce=0123456789abcdef\n",
	"query 5 counter=1 boot=18446744073709551616 nonce=0123456789abcdef\n",
	"query 5 counter=1 nonce=0123456789abcdef0\n",
	"query 5 counter=1 nonce=0123456789abcdef serial=AAAAAAAAAAAAAAAAAAAAA\n",
	"nonsense\n",
};

START_TEST(ends_on_a_breach)
{
	expect(&ops, breaches[_i], DRIVER_EXIT_USAGE, "", "unload;");
}
END_TEST

START_TEST(serves_no_second_start)
{
	expect(&ops, SETUP("5") "start 6\n", DRIVER_EXIT_USAGE, READY("5"),
		"load;5;setup;unload;");
	expect(&ops, SETUP("5") "start 5\nstart 5\n", DRIVER_EXIT_USAGE,
		READY("5") "started 5\ndone 5 counter=42\n",
		"load;5;setup;start;gone;unload;");
}
END_TEST

static void
fake_acknowledge(void *device)
{
	(void)device;
	note("acknowledge");
}

START_TEST(acknowledges_when_nothing_is_loaded)
{
	struct driver_ops with = ops;

	with.acknowledge = fake_acknowledge;
	expect(&with, "acknowledge -\n" SETUP("5") "acknowledge -\n", DRIVER_EXIT_EOF,
		"acknowledged -\n" READY("5") "acknowledged -\n",
		"acknowledge;load;5;setup;unload;");
	expect(&ops, "acknowledge -\n", DRIVER_EXIT_USAGE, "", "unload;");
}
END_TEST

START_TEST(may_live_for_one_job)
{
	struct driver_ops once = ops;

	once.one_job = true;
	expect(&once, SETUP("5") "cancel 5\nload 6\n", DRIVER_EXIT_EOF,
		READY("5") "cancelled 5\n", "load;5;setup;unload;unload;");
	fake.refusal = "offline";
	expect(&once, SETUP("5") SETUP("6"), DRIVER_EXIT_EOF, "refused 5 code=offline\n",
		"load;5;setup;unload;");
}
END_TEST

static int
idle_ends(void *device)
{
	(void)device;
	note("idle");
	return -1;
}

START_TEST(ends_when_the_device_is_lost)
{
	struct driver_ops lost = ops;

	lost.idle_ms = 0;
	lost.idle = idle_ends;
	expect(&lost, SETUP("5"), DRIVER_EXIT_DEVICE, READY("5"),
		"load;5;setup;idle;unload;");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("driver_loop");
	TCase *all = tcase_create("all");

	signal(SIGPIPE, SIG_IGN);
	tcase_add_checked_fixture(all, reset, NULL);
	tcase_add_test(all, makes_a_job);
	tcase_add_test(all, answers_pings_in_mid_job);
	tcase_add_test(all, tells_failure_and_doubt);
	tcase_add_test(all, refuses_loads);
	tcase_add_loop_test(
		all, refuses_bad_loads, 0, sizeof bad_loads / sizeof *bad_loads);
	tcase_add_test(all, cancels_before_start_only);
	tcase_add_test(all, answers_queries);
	tcase_add_loop_test(all, ends_on_a_breach, 0, sizeof breaches / sizeof *breaches);
	tcase_add_test(all, serves_no_second_start);
	tcase_add_test(all, acknowledges_when_nothing_is_loaded);
	tcase_add_test(all, may_live_for_one_job);
	tcase_add_test(all, ends_when_the_device_is_lost);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}

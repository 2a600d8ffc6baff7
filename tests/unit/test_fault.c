/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "harness.h"
#include "sim/fault.h"
#include <stdio.h>
#include <string.h>

static int
parse(struct fault *fault, const char *text)
{
	static char copy[256];
	char *words[10], *rest = NULL;
	size_t count = 0;

	snprintf(copy, sizeof copy, "%s", text);
	for (char *w = strtok_r(copy, " ", &rest); w && count < 10;
		w = strtok_r(NULL, " ", &rest))
		words[count++] = w;
	return fault_parse(fault, words, count);
}

static const struct parse_case {
	const char *text;
	int error;
	enum fault_name name;
	uint32_t value;
	int when, on;
	uint32_t after, times;
} cases[] = {
	{"mute", 0, FAULT_MUTE, 0, FAULT_ANY, FAULT_ANY, 1, 1},
	{"pretend", 0, FAULT_PRETEND, 0, FAULT_ANY, FAULT_ANY, 1, 1},
	{"late 250", 0, FAULT_LATE, 250, FAULT_ANY, FAULT_ANY, 1, 1},
	{"late", 0, FAULT_LATE, 600, FAULT_ANY, FAULT_ANY, 1, 1},
	{"late times=0", 0, FAULT_LATE, 600, FAULT_ANY, FAULT_ANY, 1, 0},
	{"door open", 0, FAULT_DOOR, 1, FAULT_ANY, FAULT_ANY, 1, 1},
	{"door closed when=busy", 0, FAULT_DOOR, 0, FAULT_BUSY, FAULT_ANY, 1, 1},
	{"part next", 0, FAULT_PART, 2, FAULT_ANY, FAULT_ANY, 1, 1},
	{"part on", 0, FAULT_PART, 1, FAULT_ANY, FAULT_ANY, 1, 1},
	{"estop", 0, FAULT_ESTOP, 1, FAULT_ANY, FAULT_ANY, 1, 1},
	{"disconnect after=12", 0, FAULT_DISCONNECT, 0, FAULT_ANY, FAULT_ANY, 12, 1},
	{"hang-up on=start times=3 after=2", 0, FAULT_HANG_UP, 0, FAULT_ANY, ETCH_START,
		2, 3},
	{"busy-forever", 0, FAULT_BUSY_FOREVER, 0, FAULT_ANY, FAULT_ANY, 1, 0},
	{"slow-mark", 0, FAULT_SLOW_MARK, 0, FAULT_ANY, FAULT_ANY, 1, 1},
	{"", KE_NOT_FOUND, 0, 0, 0, 0, 0, 0},
	{"fire", KE_NOT_FOUND, 0, 0, 0, 0, 0, 0},
	{"mutE", KE_NOT_FOUND, 0, 0, 0, 0, 0, 0},
	{"mute 3", KE_BAD_ARGUMENT, 0, 0, 0, 0, 0, 0},
	{"late x", KE_BAD_ARGUMENT, 0, 0, 0, 0, 0, 0},
	{"late 1 2", KE_BAD_ARGUMENT, 0, 0, 0, 0, 0, 0},
	{"late 9999999999", KE_BAD_ARGUMENT, 0, 0, 0, 0, 0, 0},
	{"door ajar", KE_BAD_ARGUMENT, 0, 0, 0, 0, 0, 0},
	{"door ope", KE_BAD_ARGUMENT, 0, 0, 0, 0, 0, 0},
	{"mute when=noon", KE_BAD_ARGUMENT, 0, 0, 0, 0, 0, 0},
	{"mute on=nothing", KE_BAD_ARGUMENT, 0, 0, 0, 0, 0, 0},
	{"mute after=0", KE_BAD_ARGUMENT, 0, 0, 0, 0, 0, 0},
	{"mute after=-1", KE_BAD_ARGUMENT, 0, 0, 0, 0, 0, 0},
	{"mute often=1", KE_BAD_ARGUMENT, 0, 0, 0, 0, 0, 0},
};

START_TEST(words_become_faults)
{
	const struct parse_case *c = &cases[_i];
	struct fault fault;
	int error = parse(&fault, c->text);

	ck_assert_msg(error == c->error, "%s: %d", c->text, error);
	if (error)
		return;
	ck_assert_int_eq(fault.name, c->name);
	ck_assert_uint_eq(fault.value, c->value);
	ck_assert_int_eq(fault.when, c->when);
	ck_assert_int_eq(fault.on, c->on);
	ck_assert_uint_eq(fault.after, c->after);
	ck_assert_uint_eq(fault.times, c->times);
}
END_TEST

START_TEST(every_name_is_a_fault)
{
	struct fault fault;

	for (int i = 0; i < FAULT_NAMES; i++) {
		ck_assert_int_eq(parse(&fault, fault_text((enum fault_name)i)), 0);
		ck_assert_int_eq(fault.name, i);
	}
}
END_TEST

/* An access to one item, as a bare number. */
static bool
touches(const void *access, enum etch_item item)
{
	return *(const int *)access == (int)item;
}

/* In which of 8 accesses it strikes: '1', else '0'. */
static const struct strike_case {
	const char *text;
	/* the item of each access */
	int items[8];
	const char *strikes;
} strikes[] = {
	{"mute", {0}, "10000000"},
	{"mute times=3", {0}, "11100000"},
	{"mute times=0", {0}, "11111111"},
	{"mute after=3", {0}, "00100000"},
	{"mute after=3 times=2", {0}, "00110000"},
	{"mute on=start", {1, ETCH_START, 2, ETCH_START, 3}, "01000000"},
	{"mute on=start after=2", {1, ETCH_START, 2, ETCH_START, 3}, "00010000"},
	{"mute when=busy", {0}, "00001000"},
	{"mute when=busy after=2 times=0", {0}, "00000111"},
};

START_TEST(faults_strike_in_their_moment)
{
	const struct strike_case *c = &strikes[_i];
	struct fault_set set = {.count = 0};
	struct fault fault, struck;
	char got[9] = "";

	ck_assert_int_eq(parse(&fault, c->text), 0);
	ck_assert_int_eq(fault_add(&set, &fault), 0);
	for (int i = 0; i < 8; i++) {
		/* the device is busy from the fifth access on */
		const struct fault_moment moment = {
			i < 4 ? FAULT_LOADED : FAULT_BUSY, touches, &c->items[i], false};
		size_t at = 0;

		strcat(got,
			fault_next(&struck, &at, &set, FAULT_WIRE, &moment) ? "1" : "0");
		ck_assert(!fault_next(&struck, &at, &set, FAULT_ACTION, &moment));
	}
	ck_assert_msg(strcmp(got, c->strikes) == 0, "%s: %s", c->text, got);
}
END_TEST

START_TEST(several_strike_in_one_moment)
{
	const int item = 0;
	const struct fault_moment moment = {FAULT_IDLE, touches, &item, true};
	struct fault_set set = {.count = 0};
	struct fault fault, struck;
	size_t at = 0;

	ck_assert_int_eq(parse(&fault, "mute"), 0);
	ck_assert_int_eq(fault_add(&set, &fault), 0);
	ck_assert_int_eq(parse(&fault, "wrong-value"), 0);
	ck_assert_int_eq(fault_add(&set, &fault), 0);
	ck_assert_int_eq(parse(&fault, "late times=2"), 0);
	ck_assert_int_eq(fault_add(&set, &fault), 0);
	ck_assert(fault_next(&struck, &at, &set, FAULT_WIRE, &moment));
	ck_assert_int_eq(struck.name, FAULT_MUTE);
	/* wrong-value waits for a read */
	ck_assert(fault_next(&struck, &at, &set, FAULT_WIRE, &moment));
	ck_assert_int_eq(struck.name, FAULT_LATE);
	ck_assert(!fault_next(&struck, &at, &set, FAULT_WIRE, &moment));
	ck_assert_uint_eq(set.count, 2);
}
END_TEST

START_TEST(quirks_are_asked_by_name)
{
	struct fault_set set = {.count = 0};
	struct fault fault;

	ck_assert_int_eq(parse(&fault, "lost-done after=2"), 0);
	ck_assert(fault_waits(&fault));
	ck_assert_int_eq(fault_add(&set, &fault), 0);
	ck_assert(!fault_strikes(&set, FAULT_LOST_COUNT, FAULT_BUSY));
	ck_assert(!fault_strikes(&set, FAULT_LOST_DONE, FAULT_BUSY));
	ck_assert(fault_strikes(&set, FAULT_LOST_DONE, FAULT_BUSY));
	ck_assert(!fault_strikes(&set, FAULT_LOST_DONE, FAULT_BUSY));
	ck_assert_uint_eq(set.count, 0);
}
END_TEST

START_TEST(only_bare_actions_do_not_wait)
{
	struct fault fault;

	ck_assert_int_eq(parse(&fault, "reset"), 0);
	ck_assert(!fault_waits(&fault));
	ck_assert_int_eq(parse(&fault, "reset when=busy"), 0);
	ck_assert(fault_waits(&fault));
	ck_assert_int_eq(parse(&fault, "reset after=1"), 0);
	ck_assert(fault_waits(&fault));
	ck_assert_int_eq(parse(&fault, "mute"), 0);
	ck_assert(fault_waits(&fault));
}
END_TEST

START_TEST(an_action_by_access_ignores_the_clock)
{
	const struct fault_moment tick = {.state = FAULT_IDLE};
	const int item = ETCH_START;
	const struct fault_moment access = {FAULT_IDLE, touches, &item, true};
	struct fault_set set = {.count = 0};
	struct fault fault, struck;
	size_t at = 0;

	ck_assert_int_eq(parse(&fault, "reset on=start"), 0);
	ck_assert_int_eq(fault_add(&set, &fault), 0);
	ck_assert(!fault_next(&struck, &at, &set, FAULT_ACTION, &tick));
	at = 0;
	ck_assert(fault_next(&struck, &at, &set, FAULT_ACTION, &access));
}
END_TEST

START_TEST(the_set_has_an_end_and_can_be_cleared)
{
	struct fault_set set = {.count = 0};
	struct fault mute, late;

	ck_assert_int_eq(parse(&mute, "mute times=0"), 0);
	ck_assert_int_eq(parse(&late, "late times=0"), 0);
	for (int i = 0; i < FAULT_MAX; i++)
		ck_assert_int_eq(fault_add(&set, i % 2 ? &mute : &late), 0);
	ck_assert_int_eq(fault_add(&set, &mute), KE_EXHAUSTED);
	fault_clear(&set, FAULT_MUTE);
	ck_assert_uint_eq(set.count, FAULT_MAX / 2);
	fault_clear(&set, FAULT_NAMES);
	ck_assert_uint_eq(set.count, 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("fault");
	TCase *all = tcase_create("all");

	tcase_add_loop_test(all, words_become_faults, 0, sizeof cases / sizeof cases[0]);
	tcase_add_test(all, every_name_is_a_fault);
	tcase_add_loop_test(all, faults_strike_in_their_moment, 0,
		sizeof strikes / sizeof strikes[0]);
	tcase_add_test(all, several_strike_in_one_moment);
	tcase_add_test(all, quirks_are_asked_by_name);
	tcase_add_test(all, only_bare_actions_do_not_wait);
	tcase_add_test(all, an_action_by_access_ignores_the_clock);
	tcase_add_test(all, the_set_has_an_end_and_can_be_cleared);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}

/* SPDX-License-Identifier: MIT */
#include "harness.h"
#include "proto/packml.h"

/* The model as a list of its arrows, written apart from the table. */
static const struct {
	enum packml_state from;
	enum packml_command command;
	enum packml_state to;
} arrows[] = {
	{PACKML_STOPPED, PACKML_RESET, PACKML_RESETTING},
	{PACKML_RESETTING, PACKML_DONE, PACKML_IDLE},
	{PACKML_IDLE, PACKML_START, PACKML_STARTING},
	{PACKML_STARTING, PACKML_DONE, PACKML_EXECUTE},
	{PACKML_EXECUTE, PACKML_DONE, PACKML_COMPLETING},
	{PACKML_EXECUTE, PACKML_FINISH, PACKML_COMPLETING},
	{PACKML_COMPLETING, PACKML_DONE, PACKML_COMPLETE},
	{PACKML_COMPLETE, PACKML_RESET, PACKML_RESETTING},
	{PACKML_EXECUTE, PACKML_SUSPEND, PACKML_SUSPENDING},
	{PACKML_SUSPENDING, PACKML_DONE, PACKML_SUSPENDED},
	{PACKML_SUSPENDED, PACKML_UNSUSPEND, PACKML_UNSUSPENDING},
	{PACKML_UNSUSPENDING, PACKML_DONE, PACKML_EXECUTE},
	{PACKML_HOLDING, PACKML_DONE, PACKML_HELD},
	{PACKML_HELD, PACKML_UNHOLD, PACKML_UNHOLDING},
	{PACKML_UNHOLDING, PACKML_DONE, PACKML_EXECUTE},
	{PACKML_STOPPING, PACKML_DONE, PACKML_STOPPED},
	{PACKML_ABORTING, PACKML_DONE, PACKML_ABORTED},
	{PACKML_ABORTED, PACKML_CLEAR, PACKML_CLEARING},
	{PACKML_CLEARING, PACKML_DONE, PACKML_STOPPED},
};

static int
expected(enum packml_state from, enum packml_command command)
{
	bool runs = from == PACKML_STARTING || from == PACKML_EXECUTE ||
		    from == PACKML_SUSPENDING || from == PACKML_SUSPENDED ||
		    from == PACKML_UNSUSPENDING || from == PACKML_UNHOLDING;
	bool stops = runs || from == PACKML_HOLDING || from == PACKML_HELD ||
		     from == PACKML_IDLE || from == PACKML_RESETTING ||
		     from == PACKML_COMPLETING || from == PACKML_COMPLETE;

	for (size_t i = 0; i < sizeof arrows / sizeof arrows[0]; i++)
		if (arrows[i].from == from && arrows[i].command == command)
			return (int)arrows[i].to;
	if (command == PACKML_HOLD && runs)
		return PACKML_HOLDING;
	if (command == PACKML_STOP && stops)
		return PACKML_STOPPING;
	if (command == PACKML_ABORT && from != PACKML_ABORTING &&
		from != PACKML_ABORTED && from != PACKML_UNDEFINED)
		return PACKML_ABORTING;
	return KE_BAD_STATE;
}

START_TEST(every_cell)
{
	for (int s = 0; s < PACKML_STATE_COUNT; s++)
		for (int c = 0; c < PACKML_COMMAND_COUNT; c++)
			ck_assert_msg(packml_next(s, c) == expected(s, c),
				"%s in %s gives %d", packml_command_name(c),
				packml_state_name(s), packml_next(s, c));
	ck_assert_int_eq(packml_next(PACKML_STATE_COUNT, PACKML_STOP), KE_BAD_STATE);
	ck_assert_int_eq(packml_next(PACKML_IDLE, PACKML_COMMAND_COUNT), KE_BAD_STATE);
}
END_TEST

START_TEST(numbers_are_those_of_packtags)
{
	ck_assert_int_eq(PACKML_CLEARING, 1);
	ck_assert_int_eq(PACKML_STOPPED, 2);
	ck_assert_int_eq(PACKML_IDLE, 4);
	ck_assert_int_eq(PACKML_EXECUTE, 6);
	ck_assert_int_eq(PACKML_ABORTED, 9);
	ck_assert_int_eq(PACKML_HELD, 11);
	ck_assert_int_eq(PACKML_RESETTING, 15);
	ck_assert_int_eq(PACKML_COMPLETE, 17);
	ck_assert_int_eq(PACKML_RESET, 1);
	ck_assert_int_eq(PACKML_CLEAR, 9);
}
END_TEST

START_TEST(names_go_both_ways)
{
	enum packml_state state;
	enum packml_command command;

	for (int s = PACKML_UNDEFINED + 1; s < PACKML_STATE_COUNT; s++) {
		ck_assert_int_eq(packml_state_from_name(&state, packml_state_name(s)), 0);
		ck_assert_int_eq(state, s);
	}
	for (int c = PACKML_DONE + 1; c < PACKML_COMMAND_COUNT; c++) {
		ck_assert_int_eq(
			packml_command_from_name(&command, packml_command_name(c)), 0);
		ck_assert_int_eq(command, c);
	}
	ck_assert_int_eq(packml_command_from_name(&command, "done"), KE_NOT_FOUND);
	ck_assert_int_eq(packml_state_from_name(&state, "unknown"), KE_NOT_FOUND);
	ck_assert_str_eq(packml_state_name(PACKML_STATE_COUNT), "unknown");
	ck_assert_str_eq(packml_command_name(PACKML_COMMAND_COUNT), "unknown");
	ck_assert_str_eq(packml_state_name(PACKML_UNSUSPENDING), "Unsuspending");
}
END_TEST

/* What ends by itself takes "done"; from everywhere a person can get to Idle. */
START_TEST(acting_states_end_and_none_is_a_trap)
{
	for (int s = PACKML_UNDEFINED + 1; s < PACKML_STATE_COUNT; s++) {
		enum packml_state at = s;

		ck_assert_int_eq(packml_is_acting(s), packml_next(s, PACKML_DONE) > 0);
		for (int i = 0; i < 8 && at != PACKML_IDLE; i++) {
			static const enum packml_command tries[] = {
				PACKML_CLEAR, PACKML_RESET, PACKML_DONE, PACKML_STOP};

			for (int t = 0; t < 4; t++)
				if (packml_next(at, tries[t]) > 0) {
					at = (enum packml_state)packml_next(at, tries[t]);
					break;
				}
		}
		ck_assert_msg(at == PACKML_IDLE, "%s", packml_state_name(s));
	}
	ck_assert(!packml_is_acting(PACKML_STATE_COUNT));
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("packml");
	TCase *all = tcase_create("all");

	tcase_add_test(all, every_cell);
	tcase_add_test(all, numbers_are_those_of_packtags);
	tcase_add_test(all, names_go_both_ways);
	tcase_add_test(all, acting_states_end_and_none_is_a_trap);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}

/* SPDX-License-Identifier: MIT */
#include "harness.h"
#include "proto/wallet_balance.h"
#include <string.h>

static enum wallet_state
next(enum mode mode, enum wallet_state state, enum wallet_event event)
{
	int rc = wallet_state_next(mode, state, event);

	ck_assert_int_ne(rc, WALLET_NONE);
	return rc < 0 ? WALLET_NONE : (enum wallet_state)rc;
}

START_TEST(names_go_both_ways)
{
	enum wallet_state state;
	enum wallet_event event;
	enum mode mode;

	for (int i = WALLET_NONE + 1; i < WALLET_STATE_COUNT; i++) {
		ck_assert_int_eq(wallet_state_from_name(&state, wallet_state_name(i)), 0);
		ck_assert_int_eq(state, i);
	}
	for (int i = 0; i < WALLET_EVENT_COUNT; i++) {
		ck_assert_int_eq(wallet_event_from_name(&event, wallet_event_name(i)), 0);
		ck_assert_int_eq(event, i);
	}
	for (int i = 0; i < MODE_COUNT; i++) {
		ck_assert_int_eq(mode_from_name(&mode, mode_name(i)), 0);
		ck_assert_int_eq(mode, i);
	}
	ck_assert_int_eq(wallet_state_from_name(&state, "none"), KE_NOT_FOUND);
	ck_assert_int_eq(wallet_state_from_name(&state, "Etched"), KE_NOT_FOUND);
	ck_assert_int_eq(wallet_event_from_name(&event, ""), KE_NOT_FOUND);
	ck_assert_int_eq(mode_from_name(&mode, "USA"), KE_NOT_FOUND);
	ck_assert_str_eq(wallet_state_name(WALLET_STATE_COUNT), "unknown");
	ck_assert_str_eq(wallet_event_name(WALLET_EVENT_COUNT), "unknown");
	ck_assert_str_eq(mode_name(MODE_COUNT), "unknown");
	ck_assert_str_eq(wallet_state_name(WALLET_IN_DOUBT), "in-doubt");
	ck_assert_str_eq(wallet_event_name(WALLET_ETCH_INTENT), "etch-intent");
}
END_TEST

START_TEST(out_of_range_is_no_step)
{
	ck_assert_int_eq(wallet_state_next(MODE_COUNT, WALLET_EXPECTED, WALLET_CONFIRM),
		KE_BAD_STATE);
	ck_assert_int_eq(wallet_state_next(MODE_USA, WALLET_STATE_COUNT, WALLET_CONFIRM),
		KE_BAD_STATE);
	ck_assert_int_eq(wallet_state_next(MODE_USA, WALLET_EXPECTED, WALLET_EVENT_COUNT),
		KE_BAD_STATE);
	ck_assert_int_eq(
		wallet_state_next(MODE_USA, (enum wallet_state) - 1, WALLET_CONFIRM),
		KE_BAD_STATE);
}
END_TEST

static void
walk(enum mode mode, const enum wallet_event *events, size_t count,
	const enum wallet_state *states)
{
	enum wallet_state state = WALLET_NONE;

	for (size_t i = 0; i < count; i++) {
		state = next(mode, state, events[i]);
		ck_assert_str_eq(wallet_state_name(state), wallet_state_name(states[i]));
	}
}

START_TEST(the_straight_ways)
{
	static const enum wallet_event usa[] = {WALLET_EXPECT, WALLET_CONFIRM,
		WALLET_ARRIVE, WALLET_CLAIM, WALLET_ETCH_INTENT, WALLET_ETCH_DONE,
		WALLET_SEAL, WALLET_RELEASE};
	static const enum wallet_state usa_states[] = {WALLET_EXPECTED, WALLET_CONFIRMED,
		WALLET_ARRIVED, WALLET_CLAIMED, WALLET_ETCHING, WALLET_ETCHED,
		WALLET_SEALED, WALLET_RELEASED};
	static const enum wallet_event china[] = {WALLET_RECEIVE, WALLET_MINT,
		WALLET_PRINT_INTENT, WALLET_PRINT_DONE, WALLET_PAIR, WALLET_SHIP};
	static const enum wallet_state china_states[] = {WALLET_RECEIVED, WALLET_MINTED,
		WALLET_PRINTING, WALLET_PRINTED, WALLET_PAIRED, WALLET_SHIPPED};

	walk(MODE_USA, usa, sizeof usa / sizeof usa[0], usa_states);
	walk(MODE_CHINA, china, sizeof china / sizeof china[0], china_states);
}
END_TEST

/* reach[a][b]: some events (also none) lead from a to b. */
static void
closure(enum mode mode, bool reach[WALLET_STATE_COUNT][WALLET_STATE_COUNT])
{
	memset(reach, 0, WALLET_STATE_COUNT * sizeof reach[0]);
	for (int s = 0; s < WALLET_STATE_COUNT; s++) {
		reach[s][s] = true;
		for (int e = 0; e < WALLET_EVENT_COUNT; e++)
			reach[s][next(mode, s, e)] = true;
	}
	for (int k = 0; k < WALLET_STATE_COUNT; k++)
		for (int a = 0; a < WALLET_STATE_COUNT; a++)
			for (int b = 0; b < WALLET_STATE_COUNT; b++)
				if (k != WALLET_NONE && reach[a][k] && reach[k][b])
					reach[a][b] = true;
}

START_TEST(work_is_entered_one_way_and_never_again)
{
	static const struct {
		enum mode mode;
		enum wallet_state work, before, done;
		enum wallet_event intent;
	} rows[] = {
		{MODE_USA, WALLET_ETCHING, WALLET_CLAIMED, WALLET_ETCHED,
			WALLET_ETCH_INTENT},
		{MODE_CHINA, WALLET_PRINTING, WALLET_MINTED, WALLET_PRINTED,
			WALLET_PRINT_INTENT},
	};
	bool reach[WALLET_STATE_COUNT][WALLET_STATE_COUNT];

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		for (int s = 0; s < WALLET_STATE_COUNT; s++)
			for (int e = 0; e < WALLET_EVENT_COUNT; e++)
				if (next(rows[i].mode, s, e) == rows[i].work) {
					ck_assert_int_eq(s, rows[i].before);
					ck_assert_int_eq(e, rows[i].intent);
				}
		closure(rows[i].mode, reach);
		ck_assert(reach[WALLET_NONE][rows[i].work]);
		ck_assert(!reach[rows[i].done][rows[i].work]);
		ck_assert(!reach[WALLET_IN_DOUBT][rows[i].work]);
		ck_assert(!reach[WALLET_SPOILED][rows[i].work]);
		ck_assert(!reach[WALLET_REJECTED][rows[i].work]);
		ck_assert(!reach[WALLET_MISSING][rows[i].work]);
		ck_assert(!reach[WALLET_VOID][rows[i].work]);
	}
}
END_TEST

/*
 * All paths of up to so many steps: the number of intents whose outcome was not
 * "failed" is at most one on each, and one where a wallet goes out.
 */
static void
every_path(enum mode mode, enum wallet_state state, int marks, unsigned depth)
{
	if (depth == 0)
		return;
	for (int e = 0; e < WALLET_EVENT_COUNT; e++) {
		enum wallet_state to = next(mode, state, e);
		int now = marks;

		if (to == WALLET_NONE)
			continue;
		if (e == WALLET_ETCH_INTENT || e == WALLET_PRINT_INTENT)
			now++;
		if (e == WALLET_ETCH_FAILED || e == WALLET_PRINT_FAILED)
			now--;
		ck_assert_int_le(now, 1);
		if (to == WALLET_RELEASED || to == WALLET_SHIPPED)
			ck_assert_int_eq(now, 1);
		every_path(mode, to, now, depth - 1);
	}
}

START_TEST(no_path_marks_twice)
{
	every_path(MODE_USA, WALLET_NONE, 0, 12);
	every_path(MODE_CHINA, WALLET_NONE, 0, 12);
}
END_TEST

START_TEST(final_states_are_final)
{
	static const struct {
		enum mode mode;
		enum wallet_state state;
		enum wallet_event only; /* the events that it takes, all back to itself */
	} rows[] = {
		{MODE_USA, WALLET_RELEASED, WALLET_EVENT_COUNT},
		{MODE_USA, WALLET_OPENED_GOOD, WALLET_EVENT_COUNT},
		{MODE_USA, WALLET_OPENED_BAD, WALLET_EVENT_COUNT},
		{MODE_USA, WALLET_VOID, WALLET_FIND},
		{MODE_USA, WALLET_REJECTED, WALLET_FIND},
		{MODE_USA, WALLET_SPOILED, WALLET_FIND},
		{MODE_CHINA, WALLET_OPENED_GOOD, WALLET_EVENT_COUNT},
		{MODE_CHINA, WALLET_OPENED_BAD, WALLET_EVENT_COUNT},
		{MODE_CHINA, WALLET_VOID, WALLET_FIND},
		{MODE_CHINA, WALLET_REJECTED, WALLET_FIND},
		{MODE_CHINA, WALLET_SPOILED, WALLET_FIND},
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		for (int e = 0; e < WALLET_EVENT_COUNT; e++)
			ck_assert_int_eq(next(rows[i].mode, rows[i].state, e),
				e == (int)rows[i].only ? rows[i].state : WALLET_NONE);
}
END_TEST

START_TEST(doubt_is_left_by_people_only)
{
	for (int m = 0; m < MODE_COUNT; m++)
		for (int e = 0; e < WALLET_EVENT_COUNT; e++)
			ck_assert_int_eq(next(m, WALLET_IN_DOUBT, e) != WALLET_NONE,
				e == WALLET_RESOLVE_GOOD || e == WALLET_RESOLVE_SPOILED);
	for (int s = 0; s < WALLET_STATE_COUNT; s++) {
		ck_assert_int_eq(next(MODE_USA, s, WALLET_DOUBT) != WALLET_NONE,
			s == WALLET_ETCHING);
		ck_assert_int_eq(next(MODE_CHINA, s, WALLET_DOUBT) != WALLET_NONE,
			s == WALLET_PRINTING);
	}
}
END_TEST

/* While START may be on its way nothing but its outcome moves the wallet. */
START_TEST(work_ends_by_its_outcome_only)
{
	for (int e = 0; e < WALLET_EVENT_COUNT; e++) {
		ck_assert_int_eq(next(MODE_USA, WALLET_ETCHING, e) != WALLET_NONE,
			e == WALLET_ETCH_DONE || e == WALLET_ETCH_FAILED ||
				e == WALLET_DOUBT);
		ck_assert_int_eq(next(MODE_CHINA, WALLET_PRINTING, e) != WALLET_NONE,
			e == WALLET_PRINT_DONE || e == WALLET_PRINT_FAILED ||
				e == WALLET_DOUBT);
	}
	ck_assert_int_eq(
		next(MODE_USA, WALLET_ETCHING, WALLET_ETCH_FAILED), WALLET_ARRIVED);
	ck_assert_int_eq(
		next(MODE_CHINA, WALLET_PRINTING, WALLET_PRINT_FAILED), WALLET_MINTED);
}
END_TEST

START_TEST(each_mode_knows_its_own_states_only)
{
	static const enum wallet_state usa[] = {WALLET_EXPECTED, WALLET_CONFIRMED,
		WALLET_ARRIVED, WALLET_CLAIMED, WALLET_ETCHING, WALLET_ETCHED,
		WALLET_SEALED, WALLET_RELEASED};
	static const enum wallet_state china[] = {WALLET_RECEIVED, WALLET_MINTED,
		WALLET_PRINTING, WALLET_PRINTED, WALLET_PAIRED, WALLET_SHIPPED};
	bool reach[WALLET_STATE_COUNT][WALLET_STATE_COUNT];

	closure(MODE_CHINA, reach);
	for (size_t i = 0; i < sizeof usa / sizeof usa[0]; i++)
		ck_assert(!reach[WALLET_NONE][usa[i]]);
	closure(MODE_USA, reach);
	for (size_t i = 0; i < sizeof china / sizeof china[0]; i++)
		ck_assert(!reach[WALLET_NONE][china[i]]);
	/* Every other state is reached. */
	for (int s = WALLET_NONE + 1; s < WALLET_RECEIVED; s++)
		ck_assert(reach[WALLET_NONE][s]);
	for (int s = WALLET_REJECTED; s < WALLET_STATE_COUNT; s++)
		ck_assert(reach[WALLET_NONE][s]);
}
END_TEST

/* From every open state some path closes the wallet: nobody is stuck. */
START_TEST(every_open_state_can_close)
{
	bool reach[WALLET_STATE_COUNT][WALLET_STATE_COUNT];

	for (int m = 0; m < MODE_COUNT; m++) {
		closure(m, reach);
		for (int s = WALLET_NONE + 1; s < WALLET_STATE_COUNT; s++) {
			bool closes = false;

			if (!reach[WALLET_NONE][s])
				continue;
			for (int t = 0; t < WALLET_STATE_COUNT; t++)
				closes |= reach[s][t] && wallet_state_is_closed(m, t);
			ck_assert_msg(closes, "%s is stuck", wallet_state_name(s));
			ck_assert(!(wallet_state_is_open(m, s) &&
				    wallet_state_is_closed(m, s)));
		}
	}
	ck_assert(!wallet_state_is_open(MODE_CHINA, WALLET_MISSING));
	ck_assert(wallet_state_is_closed(MODE_CHINA, WALLET_MISSING));
	ck_assert(!wallet_state_is_open(MODE_COUNT, WALLET_ARRIVED));
	ck_assert(!wallet_state_is_closed(MODE_COUNT, WALLET_RELEASED));
	ck_assert(!wallet_state_is_open(MODE_USA, WALLET_STATE_COUNT));
	ck_assert(!wallet_state_is_closed(MODE_USA, WALLET_STATE_COUNT));
	ck_assert(!wallet_state_is_open(MODE_USA, WALLET_NONE));
}
END_TEST

START_TEST(bad_parts)
{
	static const bool bad[WALLET_STATE_COUNT] = {[WALLET_REJECTED] = true,
		[WALLET_SPOILED] = true,
		[WALLET_IN_DOUBT] = true,
		[WALLET_VOID] = true,
		[WALLET_OPENED_GOOD] = true,
		[WALLET_OPENED_BAD] = true};

	for (int s = 0; s < WALLET_STATE_COUNT; s++)
		ck_assert_int_eq(wallet_state_is_bad_part(s), bad[s]);
	ck_assert(!wallet_state_is_bad_part(WALLET_STATE_COUNT));
	ck_assert_int_eq(wallet_event_part(WALLET_ARRIVE), 1);
	ck_assert_int_eq(wallet_event_part(WALLET_LOSE), -1);
	ck_assert_int_eq(wallet_event_part(WALLET_CLAIM), 0);
	ck_assert_int_eq(wallet_event_part(WALLET_EVENT_COUNT), 0);
	ck_assert(wallet_event_is_held_back(WALLET_ETCH_INTENT));
	ck_assert(!wallet_event_is_held_back(WALLET_DOUBT));
	ck_assert(!wallet_event_is_held_back(WALLET_EVENT_COUNT));
	ck_assert(!wallet_event_is_frozen_back(WALLET_EVENT_COUNT));
}
END_TEST

/* A frozen batch stands still: what leads a wallet on waits, what has happened to a part
 * is recorded, and no part is left open. */
START_TEST(a_freeze_stops_what_leads_on)
{
	static const bool recorded[WALLET_EVENT_COUNT] = {[WALLET_EXPECT] = true,
		[WALLET_RECEIVE] = true,
		[WALLET_REJECT] = true,
		[WALLET_UNCLAIM] = true,
		[WALLET_ETCH_DONE] = true,
		[WALLET_ETCH_FAILED] = true,
		[WALLET_PRINT_DONE] = true,
		[WALLET_PRINT_FAILED] = true,
		[WALLET_DOUBT] = true,
		[WALLET_RESOLVE_GOOD] = true,
		[WALLET_RESOLVE_SPOILED] = true,
		[WALLET_SEAL] = true,
		[WALLET_SPOIL] = true,
		[WALLET_LOSE] = true,
		[WALLET_FIND] = true,
		[WALLET_WITHDRAW] = true};

	for (int e = 0; e < WALLET_EVENT_COUNT; e++) {
		ck_assert_int_eq(wallet_event_is_frozen_back(e), !recorded[e]);
		ck_assert(
			!wallet_event_is_held_back(e) || wallet_event_is_frozen_back(e));
	}
}
END_TEST

struct balance_row {
	enum mode mode;
	uint64_t announced;
	struct {
		enum wallet_state state;
		uint64_t count;
	} counts[4];
	uint64_t parts_left;
	enum wallet_closing closing;
};

START_TEST(the_equation)
{
	static const struct balance_row rows[] = {
		{MODE_USA, 10,
			{{WALLET_RELEASED, 6}, {WALLET_OPENED_GOOD, 2},
				{WALLET_SPOILED, 1}, {WALLET_MISSING, 1}},
			0, WALLET_CLOSES},
		{MODE_USA, 10,
			{{WALLET_RELEASED, 6}, {WALLET_OPENED_BAD, 2},
				{WALLET_REJECTED, 1}, {WALLET_VOID, 1}},
			0, WALLET_CLOSES},
		{MODE_USA, 10, {{WALLET_RELEASED, 9}}, 0, WALLET_LEFT_OVER},
		{MODE_USA, 10, {{WALLET_RELEASED, 11}}, 0, WALLET_TOO_MANY},
		{MODE_USA, 10, {{WALLET_RELEASED, 9}, {WALLET_SEALED, 1}}, 0,
			WALLET_WORK_LEFT},
		{MODE_USA, 10, {{WALLET_RELEASED, 9}, {WALLET_IN_DOUBT, 1}}, 0,
			WALLET_DOUBT_LEFT},
		{MODE_USA, 10, {{WALLET_RELEASED, 9}, {WALLET_SPOILED, 1}}, 1,
			WALLET_PARTS_LEFT},
		{MODE_USA, 1, {{WALLET_SHIPPED, 1}}, 0, WALLET_WORK_LEFT},
		{MODE_USA, 0, {{WALLET_NONE, 0}}, 0, WALLET_CLOSES},
		{MODE_CHINA, 9,
			{{WALLET_SHIPPED, 6}, {WALLET_REJECTED, 1}, {WALLET_SPOILED, 1},
				{WALLET_VOID, 1}},
			0, WALLET_CLOSES},
		{MODE_CHINA, 9, {{WALLET_SHIPPED, 7}, {WALLET_OPENED_GOOD, 2}}, 0,
			WALLET_CLOSES},
		{MODE_CHINA, 9, {{WALLET_SHIPPED, 8}, {WALLET_MISSING, 1}}, 0,
			WALLET_CLOSES},
		{MODE_CHINA, 9, {{WALLET_RELEASED, 9}}, 0, WALLET_WORK_LEFT},
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint64_t counts[WALLET_STATE_COUNT] = {0};
		struct wallet_balance b;

		for (int k = 0; k < 4; k++)
			counts[rows[i].counts[k].state] += rows[i].counts[k].count;
		ck_assert_str_eq(wallet_balance_name(wallet_balance_of(&b, rows[i].mode,
					 rows[i].announced, counts, rows[i].parts_left)),
			wallet_balance_name(rows[i].closing));
		ck_assert_int_eq(b.closing, rows[i].closing);
		ck_assert_uint_eq(b.announced, rows[i].announced);
	}
	for (int c = 0; c < WALLET_CLOSING_COUNT; c++)
		ck_assert_str_ne(wallet_balance_text(c), "unknown");
	ck_assert_str_eq(wallet_balance_text(WALLET_CLOSING_COUNT), "unknown");
	ck_assert_str_eq(wallet_balance_name(WALLET_CLOSING_COUNT), "unknown");
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("wallet_state");
	TCase *all = tcase_create("all");

	tcase_add_test(all, names_go_both_ways);
	tcase_add_test(all, out_of_range_is_no_step);
	tcase_add_test(all, the_straight_ways);
	tcase_add_test(all, work_is_entered_one_way_and_never_again);
	tcase_add_test(all, no_path_marks_twice);
	tcase_add_test(all, final_states_are_final);
	tcase_add_test(all, doubt_is_left_by_people_only);
	tcase_add_test(all, work_ends_by_its_outcome_only);
	tcase_add_test(all, each_mode_knows_its_own_states_only);
	tcase_add_test(all, every_open_state_can_close);
	tcase_add_test(all, bad_parts);
	tcase_add_test(all, the_equation);
	tcase_add_test(all, a_freeze_stops_what_leads_on);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}

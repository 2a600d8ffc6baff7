/* SPDX-License-Identifier: MIT */
#include "harness.h"
#include "ctl/eta.h"
#include <stdio.h>
#include <string.h>

/* eta_s of each batch in order, -1 where there is none. */
static const struct {
	const char *objects;
	int eta[2];
} rows[] = {
	/* one laser, 20 s a wallet */
	{"[{'type':'station','kind':'etch','state':'Execute','cycles':10,"
	 "'cycle_median_ms':20000},{'type':'batch','left':30},{'type':'batch','left':3}]",
		{600, 660}},
	/* two lasers, one of which is held */
	{"[{'type':'station','kind':'etch','state':'Execute','cycles':50,"
	 "'cycle_median_ms':20000},{'type':'station','kind':'etch','state':'Held',"
	 "'cycles':50,'cycle_median_ms':20000},{'type':'batch','left':30}]",
		{600, 0}},
	/* two lasers */
	{"[{'type':'station','kind':'etch','state':'Execute','cycles':50,"
	 "'cycle_median_ms':20000},{'type':'station','kind':'etch','state':'Execute',"
	 "'cycles':50,'cycle_median_ms':20000},{'type':'batch','left':30}]",
		{300, 0}},
	/* too few cycles */
	{"[{'type':'station','kind':'etch','state':'Execute','cycles':9,"
	 "'cycle_median_ms':20000},{'type':'batch','left':30}]",
		{-1, 0}},
	/* a printer counts where there is no etcher; a scanner never does */
	{"[{'type':'station','kind':'print','state':'Execute','cycles':10,"
	 "'cycle_median_ms':1000},{'type':'station','kind':'seal','state':'Execute',"
	 "'cycles':99,'cycle_median_ms':10},{'type':'batch','left':5}]",
		{5, 0}},
	/* held, nothing left, told by the daemon */
	{"[{'type':'station','kind':'etch','state':'Execute','cycles':10,"
	 "'cycle_median_ms':20000},{'type':'batch','left':30,'held':true},"
	 "{'type':'batch','left':0}]",
		{-1, -1}},
	{"[{'type':'station','kind':'etch','state':'Execute','cycles':10,"
	 "'cycle_median_ms':20000},{'type':'batch','left':30,'eta_s':7}]",
		{7, 0}},
};

START_TEST(estimates)
{
	json_t *objects, *object;
	char text[512], *c;
	size_t index, batch = 0;

	snprintf(text, sizeof text, "%s", rows[_i].objects);
	for (c = text; *c; c++)
		if (*c == '\'')
			*c = '"';
	objects = json_loads(text, 0, NULL);
	ck_assert_ptr_nonnull(objects);
	eta_add(objects);
	json_array_foreach(objects, index, object)
	{
		const json_t *eta = json_object_get(object, "eta_s");

		if (strcmp(json_string_value(json_object_get(object, "type")), "batch"))
			continue;
		ck_assert_int_eq(eta ? json_integer_value(eta) : -1, rows[_i].eta[batch]);
		batch++;
	}
	json_decref(objects);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("ctl eta");
	TCase *all = tcase_create("all");

	tcase_add_loop_test(all, estimates, 0, (int)(sizeof rows / sizeof rows[0]));
	suite_add_tcase(suite, all);
	return harness_run(suite);
}

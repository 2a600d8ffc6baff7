/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "harness.h"
#include "proto/person.h"
#include "proto/utf8.h"
#include <string.h>

static const struct {
	const char *login;
	const char *gecos;
	const char *expected;
} texts[] = {
	{"ann", "Ann Lee,Room 3,,", "Ann Lee (ann, uid 1000)"},
	{"ann", "Ann Lee", "Ann Lee (ann, uid 1000)"},
	{"ann", "", "ann (uid 1000)"},
	{"ann", NULL, "ann (uid 1000)"},
	{"ann", ",,,", "ann (uid 1000)"},
	{"ann", "  ", "ann (uid 1000)"},
	{"daemon", "daemon", "daemon (uid 1000)"},
	{NULL, NULL, "uid 1000 (no user of this host)"},
	{"", "Ann Lee", "uid 1000 (no user of this host)"},
	{"li", "李伟", "李伟 (li, uid 1000)"},
	/* A line that would say another thing, a colour, bytes of an old character set.
	 */
	{"eve", "Eve\nwitnessed by: Ann", "Eve?witnessed by: Ann (eve, uid 1000)"},
	{"eve", "\x1b[31mEve\x7f", "?[31mEve? (eve, uid 1000)"},
	{"jos", "Jos\xe9 Gil", "Jos? Gil (jos, uid 1000)"},
};

START_TEST(names)
{
	char out[PERSON_SIZE];

	person_text(out, 1000, texts[_i].login, texts[_i].gecos);
	ck_assert_str_eq(out, texts[_i].expected);
}
END_TEST

/* Long names are cut, between two characters, and the number is always there. */
START_TEST(long_names)
{
	char long_name[400] = "xx", out[PERSON_SIZE];

	for (int i = 0; i < 130; i++)
		strcat(long_name, "\xe6\x9d\x8e");
	for (int from = 0; from < 3; from++) {
		person_text(out, 4294967295UL, long_name + 2, long_name + from);
		ck_assert_ptr_nonnull(strstr(out, "uid 4294967295)"));
		ck_assert_ptr_null(strchr(out, '?'));
		ck_assert(utf8_is_valid(out, strlen(out)));
	}
}
END_TEST

static const struct {
	const char *actor;
	bool is_user;
	unsigned long uid;
} actors[] = {
	{"uid0", true, 0},
	{"uid1000", true, 1000},
	{"uid4294967294", true, 4294967294UL},
	{"daemon", false, 0},
	{"uid", false, 0},
	{"uid-1", false, 0},
	{"uid 1", false, 0},
	{"uid1x", false, 0},
	{"", false, 0},
	{"u", false, 0},
};

START_TEST(actors_of_the_ledger)
{
	unsigned long uid = 0;

	ck_assert(person_uid(&uid, actors[_i].actor) == actors[_i].is_user);
	if (actors[_i].is_user)
		ck_assert_uint_eq(uid, actors[_i].uid);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("person");
	TCase *all = tcase_create("all");

	tcase_add_loop_test(all, names, 0, sizeof texts / sizeof texts[0]);
	tcase_add_test(all, long_names);
	tcase_add_loop_test(
		all, actors_of_the_ledger, 0, sizeof actors / sizeof actors[0]);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}

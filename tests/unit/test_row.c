/* SPDX-License-Identifier: MIT */
/* Split knowledge: a host does not fetch, let alone open, what is the other country's. */
#include "config.h"
#include "harness.h"
#include "daemon/host.h"
#include "daemon/row.h"
#include "daemon/settings.h"

/* The kinds of secret rows and who opens them, as DESIGN 4.2 has it. */
static const struct {
	enum batch_kind kind;
	unsigned stage;
} owners[] = {
	{BATCH_CODES, SETTINGS_MINT},
	{BATCH_PASSPHRASES, SETTINGS_ETCH},
	{BATCH_CONFIRMATIONS, SETTINGS_ETCH},
	{BATCH_STICKERS, SETTINGS_PRINT},
};

/* There is no ledger and no key to ask: whoever asked would fall. */
START_TEST(a_row_of_another_stage_is_not_looked_for)
{
	static const unsigned stages[] = {SETTINGS_GENERATE, SETTINGS_ETCH, SETTINGS_MINT,
		SETTINGS_PRINT, SETTINGS_GENERATE | SETTINGS_ETCH,
		SETTINGS_MINT | SETTINGS_PRINT};
	unsigned refused = 0;

	for (size_t s = 0; s < sizeof stages / sizeof stages[0]; s++)
		for (size_t k = 0; k < sizeof owners / sizeof owners[0]; k++) {
			struct settings settings = {.stages = stages[s]};
			struct host host = {.settings = &settings};
			struct row row;

			if (owners[k].stage & stages[s])
				continue;
			ck_assert_int_eq(
				row_fetch(&row, &host, "AA000001K", owners[k].kind),
				KE_WRONG_KIND);
			ck_assert_ptr_null(row.key);
			refused++;
		}
	ck_assert_uint_eq(refused, 16);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("row");
	TCase *all = tcase_create("all");

	tcase_add_test(all, a_row_of_another_stage_is_not_looked_for);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}

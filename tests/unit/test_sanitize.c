/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "harness.h"
#include "proto/sanitize.h"
#include <string.h>
#include <strings.h>

static const char *const keys[] = { "8e1c 0f3a", NULL };
static const char *const findings[] = { "The file system does not write in place.",
	NULL };
static const struct sanitize_file files[] = {
	{ "secure disk: US-1.1.stickers.cms", 4096, true, true, true, NULL },
	{ "store: US-1.1.codes.cms", 17, true, false, false, findings },
};

static struct sanitize
facts(void)
{
	return (struct sanitize){ .batch = "US-1",
		.host = "cn-print",
		.maker = "ACME",
		.serial = "S3R1AL",
		.media_type = "nvme",
		.file_system = "ext4",
		.keys = keys,
		.files = files,
		.file_count = 1,
		.tool = "keylined 0.1.0",
		.person = "Li Wei",
		.title = "Supervisor",
		.date = "2026-11-22T09:30:00Z",
		.witness = "Chen Yu" };
}

START_TEST(golden)
{
	static const char expected[] =
		"CERTIFICATE OF SANITIZATION (after NIST SP 800-88 rev. 2)\n\n"
		"                 batch: US-1\n"
		"                  host: cn-print\n"
		"\nMedia\n"
		"          manufacturer: ACME\n"
		"                 model: not recorded\n"
		"         serial number: S3R1AL\n"
		"            media type: nvme\n"
		"           file system: ext4\n"
		"\nSanitization\n"
		"                method: Clear\n"
		"             technique: cryptographic erase of each file's key, then "
		"overwrite in place\n"
		"         key destroyed: 8e1c 0f3a\n"
		"                  tool: keylined 0.1.0\n"
		"          verification: every byte read back and compared, file by file\n"
		"\nFiles (1)\n"
		"  secure disk: US-1.1.stickers.cms\n"
		"    4096 bytes: overwritten in place; read back from the device\n"
		"\nVerdict\n"
		"  All files were overwritten in place and verified.\n"
		"  This tells what one host overwrote.  It does not show that no copy was "
		"made,\n  nor what the medium's own controller keeps.  Destroy the medium.\n"
		"\nPeople\n"
		"          performed by: Li Wei\n"
		"                 title: Supervisor\n"
		"                  date: 2026-11-22T09:30:00Z\n"
		"                 place: not recorded\n"
		"             signature: ______________________________\n"
		"          witnessed by: Chen Yu\n"
		"             signature: ______________________________\n";
	struct sanitize f = facts();
	size_t len;
	char *text;

	ck_assert_int_eq(sanitize_text(&text, &len, &f), 0);
	ck_assert_uint_eq(len, strlen(text));
	ck_assert_str_eq(text, expected);
	free(text);
}
END_TEST

START_TEST(the_ledger_stands_at_the_end)
{
	static const char end[] = "\nLedger\n                newest: event 12, 67c2\n";
	struct sanitize f = facts();
	char *text;
	size_t len;

	f.ledger = "event 12, 67c2";
	ck_assert_int_eq(sanitize_text(&text, &len, &f), 0);
	ck_assert_uint_gt(len, strlen(end));
	ck_assert_str_eq(text + len - strlen(end), end);
	free(text);
}
END_TEST

START_TEST(a_weak_medium_is_told)
{
	struct sanitize_file unverified[] = { files[0] };
	struct sanitize f = facts();
	size_t len;
	char *text;

	f.file_count = 2;
	ck_assert_int_eq(sanitize_text(&text, &len, &f), 0);
	ck_assert_ptr_nonnull(strstr(text,
		"  store: US-1.1.codes.cms\n"
		"    17 bytes: overwritten and read back; DOWNGRADED: old blocks may remain\n"
		"    The file system does not write in place.\n"));
	ck_assert_ptr_nonnull(strstr(text, "NOT all files"));
	free(text);
	unverified[0].is_verified = false;
	f.files = unverified;
	f.file_count = 1;
	ck_assert_int_eq(sanitize_text(&text, &len, &f), 0);
	ck_assert_ptr_nonnull(strstr(text, "NOT VERIFIED"));
	ck_assert_ptr_nonnull(strstr(text, "NOT all files"));
	ck_assert_ptr_null(strstr(text, "All files were"));
	free(text);
}
END_TEST

START_TEST(it_never_claims_more_than_clear)
{
	struct sanitize f = facts();
	size_t len;
	char *text;

	for (size_t count = 0; count <= 2; count++) {
		f.file_count = count;
		ck_assert_int_eq(sanitize_text(&text, &len, &f), 0);
		ck_assert_ptr_null(strcasestr(text, "purge"));
		ck_assert_ptr_nonnull(strstr(text, "method: Clear\n"));
		free(text);
	}
	f.keys = NULL;
	ck_assert_int_eq(sanitize_text(&text, &len, &f), 0);
	ck_assert_ptr_nonnull(strstr(text, "technique: overwrite in place\n"));
	free(text);
}
END_TEST

START_TEST(wanted_fields_and_clean_lines)
{
	size_t len;
	char *text;

	for (int i = 0; i < 6; i++) {
		struct sanitize f = facts();

		if (i == 0)
			f.batch = NULL;
		else if (i == 1)
			f.host = "";
		else if (i == 2)
			f.tool = NULL;
		else if (i == 3)
			f.date = NULL;
		else if (i == 4)
			f.person = "Li\nmethod: Destroy";
		else
			f.model = "\x1b[31m";
		ck_assert_int_eq(sanitize_text(&text, &len, &f), KE_BAD_FIELD);
		ck_assert_ptr_null(text);
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("sanitize");
	TCase *all = tcase_create("all");

	tcase_add_test(all, golden);
	tcase_add_test(all, the_ledger_stands_at_the_end);
	tcase_add_test(all, a_weak_medium_is_told);
	tcase_add_test(all, it_never_claims_more_than_clear);
	tcase_add_test(all, wanted_fields_and_clean_lines);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}

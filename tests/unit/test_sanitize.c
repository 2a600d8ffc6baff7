/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "harness.h"
#include "proto/sanitize.h"
#include <string.h>
#include <strings.h>

static const char *const findings[] = { "The file system does not write in place.",
	NULL };
static const struct sanitize_medium media[] = {
	{ .source = "computer cn-print, secure disk",
		.maker = "ACME",
		.serial = "S3R1AL",
		.type = "scsi",
		.rotation = "solid state",
		.file_system = "ext4",
		.uuid = "11111111-2222-3333-4444-555555555555",
		.options = "rw,nosuid,nodev,noexec,relatime; rw,data=ordered,errors=remount-ro" },
	{ .source = "computer cn-print, key folder", .is_mapped = true },
};
static const struct sanitize_file files[] = {
	{ "keys/stickers.US-1.key", 241, 2, true, false, true, NULL },
	{ "secure/US-1.1.stickers.cms", 4096, 1, true, true, true, NULL },
	{ "store/US-1.1.codes.cms", 17, 0, true, false, false, findings },
};

#define KEY "8e1c 0f3a 8e1c 0f3a 8e1c 0f3a 8e1c 0f3a 8e1c 0f3a 8e1c 0f3a 8e1c 0f3a 8e1c 0f3a"

static struct sanitize
facts(void)
{
	return (struct sanitize){ .batch = "US-1",
		.host = "cn-print",
		.place = "Shenzhen, line 2",
		.media = media,
		.media_count = 2,
		.what = "secret: encrypted private keys (EPKs), each sealed to the batch's key",
		.key = KEY,
		.files = files,
		.file_count = 2,
		.tool = "keylined 0.1.0",
		.performed = { .name = "Li Wei (li, uid 1000)",
			.title = "supervisor",
			.date = "2026-11-22T09:30:00Z",
			.key = KEY },
		.witnessed = { .name = "Chen Yu (chen, uid 1001)",
			.title = "supervisor",
			.date = "2026-11-22T09:28:11Z" },
		.request = "request 12 of cn-print",
		.reason = "the batch was shipped",
		.date = "2026-11-22T09:30:00Z",
		.ledger = "471 of cn-print: " KEY };
}

/* Every field of the sample form stands there, known or not. */
START_TEST(golden)
{
	static const char expected[] =
		"CERTIFICATE OF SANITIZATION (after NIST SP 800-88 rev. 2)\n"
		"\n"
		"                 batch: US-1\n"
		"                  host: cn-print\n"
		"                  date: 2026-11-22T09:30:00Z\n"
		"\n"
		"Medium 1\n"
		"                source: computer cn-print, secure disk\n"
		"          manufacturer: ACME\n"
		"                 model: not known\n"
		"         serial number: S3R1AL\n"
		"       property number: not known\n"
		"            media type: scsi\n"
		"      kind, as it says: solid state\n"
		"           file system: ext4\n"
		"              its UUID: 11111111-2222-3333-4444-555555555555\n"
		"               mounted: rw,nosuid,nodev,noexec,relatime;\n"
		"                        rw,data=ordered,errors=remount-ro\n"
		"\n"
		"Medium 2\n"
		"                source: computer cn-print, key folder\n"
		"          manufacturer: not known\n"
		"                 model: not known\n"
		"         serial number: not known\n"
		"       property number: not known\n"
		"            media type: not known\n"
		"      kind, as it says: not known\n"
		"        under a mapper: yes: the file system lies on a mapped device\n"
		"           file system: not known\n"
		"              its UUID: not known\n"
		"               mounted: not known\n"
		"\n"
		"Sensitivity\n"
		"                before: secret: encrypted private keys (EPKs), each sealed\n"
		"                        to the batch's key\n"
		"                 after: as before, until the medium is destroyed\n"
		"                backup: none by this program; whether there is another is\n"
		"                        not known\n"
		"\n"
		"Sanitization\n"
		"                method: Clear\n"
		"             technique: cryptographic erase (the batch's key first), then\n"
		"                        overwrite in place\n"
		"         key destroyed: 8e1c 0f3a 8e1c 0f3a 8e1c 0f3a 8e1c 0f3a 8e1c 0f3a\n"
		"                        8e1c 0f3a 8e1c 0f3a 8e1c 0f3a\n"
		"                  tool: keylined 0.1.0\n"
		"          verification: every byte read back after a sync and compared, file\n"
		"                        by file\n"
		"           destination: physical destruction; told by two persons with\n"
		"                        keylinectl batch destroyed\n"
		"          reason given: the batch was shipped\n"
		"\n"
		"Files (2)\n"
		"  keys/stickers.US-1.key  (medium 2)\n"
		"    241 bytes: overwritten in place; read back, perhaps from the cache\n"
		"  secure/US-1.1.stickers.cms  (medium 1)\n"
		"    4096 bytes: overwritten in place; read back from the device\n"
		"\n"
		"Verdict\n"
		"  All files were overwritten in place and verified.\n"
		"  This tells what one host overwrote.  It does not show that no copy was\n"
		"  made, nor what the medium's own controller keeps.  Destroy the medium.\n"
		"\n"
		"People\n"
		"           approved as: request 12 of cn-print\n"
		"          performed by: Li Wei (li, uid 1000)\n"
		"                 title: supervisor\n"
		"          organization: not known\n"
		"                 place: Shenzhen, line 2\n"
		"               contact: not known\n"
		"                  date: 2026-11-22T09:30:00Z\n"
		"   approved by the key: 8e1c 0f3a 8e1c 0f3a 8e1c 0f3a 8e1c 0f3a 8e1c 0f3a\n"
		"                        8e1c 0f3a 8e1c 0f3a 8e1c 0f3a\n"
		"             signature: ______________________________\n"
		"\n"
		"          witnessed by: Chen Yu (chen, uid 1001)\n"
		"                 title: supervisor\n"
		"          organization: not known\n"
		"                 place: Shenzhen, line 2\n"
		"               contact: not known\n"
		"                  date: 2026-11-22T09:28:11Z\n"
		"   approved by the key: not known\n"
		"             signature: ______________________________\n"
		"\n"
		"Ledger\n"
		"          newest event: 471 of cn-print: 8e1c 0f3a 8e1c 0f3a 8e1c 0f3a 8e1c\n"
		"                        0f3a 8e1c 0f3a 8e1c 0f3a 8e1c 0f3a 8e1c 0f3a\n";
	struct sanitize f = facts();
	size_t len;
	char *text;

	ck_assert_int_eq(sanitize_text(&text, &len, &f), 0);
	ck_assert_uint_eq(len, strlen(text));
	ck_assert_str_eq(text, expected);
	free(text);
}
END_TEST

/* No line is wider than a printer's but for names, which stay whole; none ends in a blank. */
START_TEST(lines_fit_a_page)
{
	static const char name[] = "secure/a-file-whose-name-is-longer-than-a-line-of-a-printer-is"
				   "-on-a-sheet-of-paper.stickers.cms";
	struct sanitize_file named[] = { files[0] };
	struct sanitize f = facts();
	size_t len;
	char *text;

	named[0].name = name;
	f.files = named;
	f.file_count = 1;
	f.reason = "word word word word word word word word word word word word word word word "
		   "word word word word word";
	ck_assert_int_eq(sanitize_text(&text, &len, &f), 0);
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		ck_assert_msg(strlen(line) <= 76 || strstr(line, name), "%s", line);
		ck_assert_msg(line[strlen(line) - 1] != ' ', "%s", line);
	}
	free(text);
}
END_TEST

START_TEST(a_weak_medium_is_told)
{
	struct sanitize_file unverified[] = { files[0] };
	struct sanitize f = facts();
	size_t len;
	char *text;

	ck_assert(sanitize_is_clear(&f));
	f.file_count = 3;
	ck_assert(!sanitize_is_clear(&f));
	ck_assert_int_eq(sanitize_text(&text, &len, &f), 0);
	ck_assert_ptr_nonnull(strstr(text,
		"  store/US-1.1.codes.cms\n"
		"    17 bytes: overwritten and read back; DOWNGRADED: old blocks may remain\n"
		"    The file system does not write in place.\n"));
	ck_assert_ptr_nonnull(strstr(text, "NOT all files"));
	ck_assert_ptr_nonnull(strstr(text, "method: less than Clear: see the verdict\n"));
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

	for (size_t count = 0; count <= 3; count++) {
		bool is_clear = count == 1 || count == 2;

		f.file_count = count;
		ck_assert_int_eq(sanitize_text(&text, &len, &f), 0);
		ck_assert_ptr_null(strcasestr(text, "purge"));
		/* Nothing was overwritten: nothing is claimed. */
		ck_assert((strstr(text, "method: Clear\n") != NULL) == is_clear);
		ck_assert((strstr(text, "NOT all files were") == NULL) == is_clear);
		free(text);
	}
	f.key = NULL;
	f.key_elsewhere = "on us-etch, destroyed there: 8e1c";
	ck_assert_int_eq(sanitize_text(&text, &len, &f), 0);
	ck_assert_ptr_nonnull(strstr(text, "technique: overwrite in place\n"));
	ck_assert_ptr_nonnull(strstr(text, "key: on us-etch, destroyed there: 8e1c\n"));
	ck_assert_ptr_null(strstr(text, "cryptographic"));
	free(text);
}
END_TEST

START_TEST(wanted_fields_and_clean_lines)
{
	static const char bad[] = "Li\nmethod: Destroy";
	struct sanitize_medium odd_medium[] = { media[0] };
	struct sanitize_file odd_file[] = { files[1] };
	size_t len;
	char *text;

	for (int i = 0; i < 14; i++) {
		struct sanitize f = facts();
		const char **const texts[] = { &f.batch, &f.host, &f.tool, &f.date, &f.what,
			&f.ledger, &f.performed.name, &f.witnessed.key, &f.reason, &f.place };

		if (i < 6)
			*texts[i] = i % 2 ? "" : NULL;
		else if (i < 10)
			*texts[i] = bad;
		else if (i == 10)
			odd_medium[0].model = "\x1b[31m";
		else if (i == 11)
			odd_medium[0].source = NULL;
		else if (i == 12)
			odd_file[0].name = bad;
		else
			odd_file[0].medium = 3;
		if (i == 10 || i == 11) {
			f.media = odd_medium;
			f.media_count = 1;
			f.file_count = 0;
		}
		if (i >= 12)
			f.files = odd_file;
		f.file_count = i >= 12 ? 1 : f.file_count;
		ck_assert_int_eq(sanitize_text(&text, &len, &f), KE_BAD_FIELD);
		ck_assert_ptr_null(text);
		odd_medium[0] = media[0];
		odd_file[0] = files[1];
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("sanitize");
	TCase *all = tcase_create("all");

	tcase_add_test(all, golden);
	tcase_add_test(all, lines_fit_a_page);
	tcase_add_test(all, a_weak_medium_is_told);
	tcase_add_test(all, it_never_claims_more_than_clear);
	tcase_add_test(all, wanted_fields_and_clean_lines);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}

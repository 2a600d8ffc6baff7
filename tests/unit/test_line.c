/* SPDX-License-Identifier: MIT */
#include "counting_rng.h"
#include "harness.h"
#include "proto/line.h"
#include "proto/secret_bytes.h"
#include <stdio.h>
#include <string.h>

static char scratch[2 * LINE_BYTES_MAX];

static int
parse(struct line *line, const char *text)
{
	size_t len = strlen(text);

	memcpy(scratch, text, len + 1);
	return line_parse(line, scratch, len);
}

START_TEST(parses_a_line)
{
	struct line line;

	ck_assert_int_eq(
		parse(&line, "load J-1 kind=plate text=A%20b%3D%c3%a9 empty= n=10\n"), 0);
	ck_assert_str_eq(line.verb, "load");
	ck_assert_str_eq(line.job, "J-1");
	ck_assert_uint_eq(line.count, 4);
	ck_assert_str_eq(line_value(&line, "kind"), "plate");
	ck_assert_str_eq(line_value(&line, "text"), "A b=\xc3\xa9");
	ck_assert_uint_eq(line_field(&line, "text")->len, 6);
	ck_assert_str_eq(line_value(&line, "empty"), "");
	ck_assert_ptr_null(line_value(&line, "absent"));
	ck_assert_int_eq(parse(&line, "heartbeat -\n"), 0);
	ck_assert_str_eq(line.job, "-");
	ck_assert_uint_eq(line.count, 0);
}
END_TEST

static const char *const bad_lines[] = {
	"",
	"\n",
	"load\n",
	"load J",
	"load J k=v",
	" load J\n",
	"load  J\n",
	"load J \n",
	"load J  k=v\n",
	"load J k=v \n",
	"Load J\n",
	"1load J\n",
	"lo%61d J\n",
	"load J=1\n",
	"load J%20 k=v\n",
	"load J k\n",
	"load J =v\n",
	"load J K=v\n",
	"load J k=v k=w\n",
	"load J k=a=b\n",
	"load J k=%\n",
	"load J k=%4\n",
	"load J k=%4g\n",
	"load J k=%g4\n",
	"load J k=%-1\n",
	"load J k=%00\n",
	"load J k=%0a\n",
	"load J k=%7f\n",
	"load J k=%1F\n",
	"load J k=a\tb\n",
	"load J k=\x01\n",
	"load J k=\xc3\xa9\n",
	"load J k=~\n",
	"load J\tk=v\n",
	"load J k=v\r\n",
	"load J k=v\nstart J\n",
	"abcdefghijklmnopqrstuvwxyzabcdefg J\n",
	"load 12345678901234567890123456789012345678901234567890123456789012345\n",
};

START_TEST(refuses_what_is_not_a_line)
{
	struct line line;

	ck_assert_int_eq(parse(&line, bad_lines[_i]), KE_BAD_LINE);
}
END_TEST

START_TEST(refuses_a_nul_within)
{
	struct line line;

	memcpy(scratch, "load J k=a\0b\n", 13);
	ck_assert_int_eq(line_parse(&line, scratch, 13), KE_BAD_LINE);
	memcpy(scratch, "lo\0d J\n", 7);
	ck_assert_int_eq(line_parse(&line, scratch, 7), KE_BAD_LINE);
	memcpy(scratch, "load J k\0=v\n", 12);
	ck_assert_int_eq(line_parse(&line, scratch, 12), KE_BAD_LINE);
}
END_TEST

START_TEST(takes_the_longest_and_no_longer)
{
	struct line line;

	memset(scratch, 'x', sizeof scratch);
	memcpy(scratch, "load J k=", 9);
	scratch[LINE_BYTES_MAX - 1] = '\n';
	ck_assert_int_eq(line_parse(&line, scratch, LINE_BYTES_MAX), 0);
	ck_assert_uint_eq(line.fields[0].len, LINE_BYTES_MAX - 10);
	memset(scratch, 'x', sizeof scratch);
	memcpy(scratch, "load J k=", 9);
	scratch[LINE_BYTES_MAX] = '\n';
	ck_assert_int_eq(line_parse(&line, scratch, LINE_BYTES_MAX + 1), KE_BAD_LINE);
}
END_TEST

START_TEST(takes_so_many_fields_and_no_more)
{
	struct line line;
	char text[512] = "load J";

	for (unsigned i = 0; i < LINE_FIELDS_MAX; i++)
		sprintf(text + strlen(text), " k%u=", i);
	strcat(text, "\n");
	ck_assert_int_eq(parse(&line, text), 0);
	ck_assert_uint_eq(line.count, LINE_FIELDS_MAX);
	strcpy(text + strlen(text) - 1, " more=\n");
	ck_assert_int_eq(parse(&line, text), KE_BAD_LINE);
}
END_TEST

START_TEST(reads_numbers)
{
	static const struct {
		const char *line;
		int rc;
		uint64_t value;
	} rows[] = {
		{"x J n=0\n", 0, 0},
		{"x J n=18446744073709551615\n", 0, UINT64_MAX},
		{"x J n=18446744073709551616\n", KE_BAD_LINE, 0},
		{"x J n=99999999999999999999\n", KE_BAD_LINE, 0},
		{"x J n=00\n", KE_BAD_LINE, 0},
		{"x J n=01\n", KE_BAD_LINE, 0},
		{"x J n=\n", KE_BAD_LINE, 0},
		{"x J n=-1\n", KE_BAD_LINE, 0},
		{"x J n=+1\n", KE_BAD_LINE, 0},
		{"x J n=1%20\n", KE_BAD_LINE, 0},
		{"x J m=1\n", KE_BAD_LINE, 0},
	};
	struct line line;
	uint64_t value;

	for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		value = 0;
		ck_assert_int_eq(parse(&line, rows[i].line), 0);
		ck_assert_int_eq(line_number(&value, &line, "n", UINT64_MAX), rows[i].rc);
		ck_assert_uint_eq(value, rows[i].value);
	}
	ck_assert_int_eq(parse(&line, "x J n=5\n"), 0);
	ck_assert_int_eq(line_number(&value, &line, "n", 5), 0);
	ck_assert_int_eq(line_number(&value, &line, "n", 4), KE_BAD_LINE);
}
END_TEST

START_TEST(builds_what_it_parses)
{
	struct secret *out = secret_new(LINE_BYTES_MAX), *text = secret_new(16);
	struct line_builder b;
	struct line line;
	int len;

	ck_assert_int_eq(secret_set(text, "AB-C %\xff", 7), 0);
	line_begin(&b, out, "load", "J1");
	line_add(&b, "serial", "AB 1=");
	line_add_secret(&b, "text", text);
	line_add_number(&b, "zero", 0);
	line_add_number(&b, "max", UINT64_MAX);
	len = line_end(&b);
	ck_assert_int_eq(len, (int)secret_len(out));
	ck_assert_mem_eq(secret_view(out),
		"load J1 serial=AB%201%3D text=AB-C%20%25%FF zero=0 "
		"max=18446744073709551615\n",
		(size_t)len);
	ck_assert_int_eq(
		line_parse(&line, (char *)secret_bytes(out), secret_len(out)), 0);
	ck_assert_str_eq(line_value(&line, "text"), "AB-C %\xff");
	ck_assert_str_eq(line_value(&line, "serial"), "AB 1=");
	secret_free(out);
	secret_free(text);
}
END_TEST

START_TEST(every_byte_survives_or_is_refused)
{
	for (unsigned byte = 0; byte < 256; byte++) {
		unsigned char value = (unsigned char)byte;
		struct line_builder b;
		struct line line;
		char out[64];
		int len;

		line_begin_plain(&b, out, sizeof out, "v", "-");
		line_add_bytes(&b, "k", &value, 1);
		len = line_end(&b);
		if (byte < 0x20 || byte == 0x7f) {
			ck_assert_int_eq(len, KE_BAD_ARGUMENT);
			continue;
		}
		ck_assert_int_gt(len, 0);
		ck_assert_int_eq(line_parse(&line, out, (size_t)len), 0);
		ck_assert_uint_eq((unsigned char)line.fields[0].value[0], byte);
	}
}
END_TEST

START_TEST(builder_keeps_the_first_error)
{
	struct secret *room = secret_new(8), *text = secret_new(8);
	struct line_builder b;
	char out[16];

	line_begin(&b, room, "load", "J12");
	line_add(&b, "k", "v");
	ck_assert_int_eq(line_end(&b), KE_TOO_LONG);
	ck_assert_uint_eq(secret_len(room), 0);
	line_begin_plain(&b, out, sizeof out, "load", "J");
	line_add(&b, "k", "1");
	line_add(&b, "k", "2");
	ck_assert_int_eq(line_end(&b), KE_BAD_ARGUMENT);
	ck_assert_str_eq(out, "");
	line_begin_plain(&b, out, sizeof out, "Load", "J");
	ck_assert_int_eq(line_end(&b), KE_BAD_ARGUMENT);
	line_begin_plain(&b, out, sizeof out, "load", "");
	ck_assert_int_eq(line_end(&b), KE_BAD_ARGUMENT);
	line_begin_plain(&b, out, sizeof out, "load", "J");
	line_add_secret(&b, "text", text);
	ck_assert_int_eq(line_end(&b), KE_BAD_ARGUMENT);
	/* "load J k=12345\n" and its NUL are 16 bytes; one more does not fit. */
	line_begin_plain(&b, out, sizeof out, "load", "J");
	line_add(&b, "k", "12345");
	ck_assert_int_eq(line_end(&b), 15);
	line_begin_plain(&b, out, sizeof out, "load", "J");
	line_add(&b, "k", "123456");
	ck_assert_int_eq(line_end(&b), KE_TOO_LONG);
	secret_free(room);
	secret_free(text);
}
END_TEST

static uint64_t state = 1;

static unsigned
some(unsigned below)
{
	unsigned char bytes[4];

	counting_rng_fill(&state, bytes, sizeof bytes);
	return (bytes[0] << 16 | bytes[1] << 8 | bytes[2]) % below;
}

/* A line of random fields; the values are kept in values. */
static int
random_line(char out[LINE_BYTES_MAX + 1], unsigned char values[8][64], size_t lens[8],
	unsigned fields)
{
	static const char *const keys[] = {
		"a", "b-b", "c_c", "d1", "serial", "text", "epk", "nonce"};
	struct line_builder b;

	line_begin_plain(&b, out, LINE_BYTES_MAX + 1, "load", "7");
	for (unsigned i = 0; i < fields; i++) {
		lens[i] = some(64);
		for (size_t at = 0; at < lens[i]; at++)
			do
				values[i][at] = (unsigned char)some(256);
			while (values[i][at] < 0x20 || values[i][at] == 0x7f);
		line_add_bytes(&b, keys[i], values[i], lens[i]);
	}
	return line_end(&b);
}

START_TEST(random_lines_come_back)
{
	unsigned char values[8][64];
	char out[LINE_BYTES_MAX + 1];
	size_t lens[8];

	for (unsigned round = 0; round < 2000; round += harness_stride(20)) {
		unsigned fields = some(9);
		int len = random_line(out, values, lens, fields);
		struct line line;

		ck_assert_int_gt(len, 0);
		ck_assert_int_eq(line_parse(&line, out, (size_t)len), 0);
		ck_assert_uint_eq(line.count, fields);
		for (unsigned i = 0; i < fields; i++) {
			ck_assert_uint_eq(line.fields[i].len, lens[i]);
			ck_assert_int_eq(
				memcmp(line.fields[i].value, values[i], lens[i]), 0);
		}
	}
}
END_TEST

/* Whatever comes is a line or KE_BAD_LINE, and a line holds what one may hold. */
START_TEST(damaged_lines_are_lines_or_not)
{
	unsigned char values[8][64];
	char out[LINE_BYTES_MAX + 1];
	size_t lens[8];

	for (unsigned round = 0; round < 20000; round += harness_stride(50)) {
		int len = random_line(out, values, lens, some(9));
		struct line line;
		int rc;

		ck_assert_int_gt(len, 0);
		for (unsigned hits = 1 + some(3); hits > 0; hits--)
			out[some((unsigned)len)] =
				some(2) ? (char)some(256) : " =%\n%00Aa-"[some(10)];
		rc = line_parse(&line, out, (size_t)len);
		ck_assert(rc == 0 || rc == KE_BAD_LINE);
		for (size_t i = 0; rc == 0 && i < line.count; i++)
			for (size_t at = 0; at < line.fields[i].len; at++)
				ck_assert_uint_ge(
					(unsigned char)line.fields[i].value[at], 0x20);
	}
}
END_TEST

/* Computed apart, with Python's hashlib. */
static const unsigned char plate_digest[LINE_DIGEST_LEN] = {0x4a, 0xc5, 0x79, 0x24, 0x43,
	0x94, 0x26, 0xaa, 0x5b, 0x8d, 0xa4, 0x12, 0x04, 0xb4, 0x44, 0x00, 0xb6, 0x21,
	0xa5, 0x98, 0xf7, 0xbc, 0x1a, 0xde, 0x45, 0x27, 0x36, 0x70, 0x0e, 0x81, 0x70,
	0x7c};
static const unsigned char empty_digest[LINE_DIGEST_LEN] = {0xe1, 0x6a, 0xa8, 0x65, 0x67,
	0x19, 0xd5, 0x8c, 0x93, 0x14, 0xf8, 0x47, 0xd8, 0x79, 0xa5, 0xb7, 0x13, 0xc8,
	0xf0, 0xcc, 0xcf, 0xed, 0x9e, 0x7f, 0xd0, 0x85, 0xec, 0x2c, 0x88, 0x1a, 0xba,
	0x47};

START_TEST(digest_is_the_written_one)
{
	struct secret *built = secret_new(LINE_BYTES_MAX);
	struct line_digest_value none[LINE_DIGEST_KEYS] = {{NULL, 0}};
	struct line_builder b;
	unsigned char digest[LINE_DIGEST_LEN];
	struct line line;

	ck_assert_int_eq(parse(&line, "load J kind=plate serial=KL0000017 "
				      "test=0 text=AB%43 nonce=00ff extra=1\n"),
		0);
	ck_assert_int_eq(line_digest(digest, &line), 0);
	ck_assert_mem_eq(digest, plate_digest, sizeof digest);
	line_begin(&b, built, "load", "other");
	line_add(&b, "text", "ABC");
	line_add(&b, "nonce", "00ff");
	line_add(&b, "kind", "plate");
	line_add(&b, "serial", "KL0000017");
	line_add(&b, "test", "0");
	ck_assert_int_gt(line_end(&b), 0);
	memset(digest, 0, sizeof digest);
	ck_assert_int_eq(line_digest_built(digest, built), 0);
	ck_assert_mem_eq(digest, plate_digest, sizeof digest);
	ck_assert_int_eq(line_digest_values(digest, none), 0);
	ck_assert_mem_eq(digest, empty_digest, sizeof digest);
	secret_free(built);
}
END_TEST

START_TEST(digest_tells_empty_from_absent)
{
	struct line_digest_value values[LINE_DIGEST_KEYS] = {{NULL, 0}};
	unsigned char a[LINE_DIGEST_LEN], b[LINE_DIGEST_LEN];

	ck_assert_int_eq(line_digest_values(a, values), 0);
	values[LINE_DIGEST_EPK].bytes = "";
	ck_assert_int_eq(line_digest_values(b, values), 0);
	ck_assert_mem_ne(a, b, sizeof a);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("line");
	TCase *all = tcase_create("all");

	tcase_add_test(all, parses_a_line);
	tcase_add_loop_test(all, refuses_what_is_not_a_line, 0,
		(int)(sizeof bad_lines / sizeof bad_lines[0]));
	tcase_add_test(all, refuses_a_nul_within);
	tcase_add_test(all, takes_the_longest_and_no_longer);
	tcase_add_test(all, takes_so_many_fields_and_no_more);
	tcase_add_test(all, reads_numbers);
	tcase_add_test(all, builds_what_it_parses);
	tcase_add_test(all, every_byte_survives_or_is_refused);
	tcase_add_test(all, random_lines_come_back);
	tcase_add_test(all, damaged_lines_are_lines_or_not);
	tcase_add_test(all, builder_keeps_the_first_error);
	tcase_add_test(all, digest_is_the_written_one);
	tcase_add_test(all, digest_tells_empty_from_absent);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}

/* SPDX-License-Identifier: MIT */
#include "harness.h"
#include "proto/order.h"
#include <stdio.h>
#include <string.h>

static struct serial_pattern pattern;

static bool
is_card(void *state, const char *product)
{
	(void)state;
	return strcmp(product, "CARD") == 0;
}

static int
parse_bytes(struct order **out, struct issue_list *issues, const char *bytes, size_t len)
{
	struct order_context context = { .pattern = &pattern,
		.batch = "STEM-1",
		.product_exists = is_card };

	ck_assert_int_eq(serial_pattern_compile(&pattern, SERIAL_PATTERN_DEFAULT), 0);
	return order_parse(out, issues, bytes, len, &context);
}

static struct order *
parse(const char *text)
{
	struct issue_list issues = ISSUE_LIST_EMPTY;
	struct order *order;
	int rc = parse_bytes(&order, &issues, text, strlen(text));

	ck_assert_msg(rc == 0, "%s: line %u column %u %s", text,
		issues.count ? issues.items[0].line : 0,
		issues.count ? issues.items[0].column : 0, error_name(rc));
	ck_assert_uint_eq(issues.total, 0);
	return order;
}

/* The same order in every dress that a spreadsheet gives it. */
START_TEST(any_spreadsheet_will_do)
{
	static const char *const texts[] = {
		"batch,product,count,draws\nB-1,CARD,10,2\n",
		"batch,product,count,draws\r\nB-1,CARD,10,2\r\n",
		"batch,product,count,draws\rB-1,CARD,10,2\r",
		"batch,product,count,draws\nB-1,CARD,10,2",
		"\xef\xbb\xbf" "batch,product,count,draws\nB-1,CARD,10,2\n",
		"\xef\xbb\xbf" "batch;product;count;draws\r\nB-1;CARD;10;2\r\n",
		"Draws,COUNT,Product,BATCH\n2,10,CARD,B-1\n",
		"\"batch\",\"product\",\"count\",\"draws\"\n\"B-1\",\"CARD\",\"10\",\"2\"\n",
		"\n\nbatch,product,count,draws\n\n\nB-1,CARD,10,2\n\n\n",
		"batch,product,count,draws,,\nB-1,CARD,10,2,,\n,,,,,\n",
		"batch , product, count ,draws\n B-1 ,CARD , 10,2\n",
		"batch,product,count,draws,spares,first_serial,lot,sequence\n"
		"B-1,CARD,10,2,,NEXT,,\n",
	};

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct order *order = parse(texts[i]);

		ck_assert_uint_eq(order->count, 1);
		ck_assert_str_eq(order->rows[0].batch, "B-1");
		ck_assert(!order->batch_of_context);
		ck_assert_str_eq(order->rows[0].product, "CARD");
		ck_assert_uint_eq(order->rows[0].count, 10);
		ck_assert_uint_eq(order->rows[0].draws, 2);
		ck_assert_uint_eq(order->rows[0].spares, 0);
		ck_assert_uint_eq(order_made(&order->rows[0]), 12);
		ck_assert(!order->rows[0].first_given);
		ck_assert_int_eq(order->rows[0].lots, ORDER_LOTS_NONE);
		order_free(order);
	}
}
END_TEST

START_TEST(every_column_is_read)
{
	char serial[SERIAL_SIZE], text[200];
	struct order *order;

	order = parse("product,count\nCARD,1\n");
	ck_assert_str_eq(order->rows[0].batch, "STEM-1");
	ck_assert(order->batch_of_context);
	order_free(order);
	ck_assert_int_eq(serial_from_number(serial, &pattern, 41), 0);
	snprintf(text, sizeof text,
		"batch,product,count,first_serial,lot,sequence,draws,spares\n"
		"A,CARD,5,%s,9,4090,3,2\nB,CARD,1,next,next,,,\n", serial);
	order = parse(text);
	ck_assert_uint_eq(order->count, 2);
	ck_assert(order->rows[0].first_given);
	ck_assert_uint_eq(order->rows[0].first_number, 41);
	ck_assert_int_eq(order->rows[0].lots, ORDER_LOTS_GIVEN);
	ck_assert_uint_eq(order->rows[0].range.count, 10);
	ck_assert_uint_eq(allocation_last(&order->rows[0].range).lot, 10);
	ck_assert_uint_eq(allocation_last(&order->rows[0].range).sequence, 3);
	ck_assert_int_eq(order->rows[1].lots, ORDER_LOTS_NEXT);
	ck_assert_uint_eq(order->rows[1].line, 3);
	order_free(order);
}
END_TEST

/* One wrong place a text: where it is, and what it is called. */
START_TEST(each_error_has_its_place)
{
	static const struct {
		const char *text;
		unsigned line, column;
		int code;
	} cases[] = {
		{ "", 1, 0, KE_BAD_HEADER },
		{ "\n \n", 1, 0, KE_BAD_HEADER },
		{ "product,count\n", 1, 0, KE_NO_ROWS },
		{ "product\nCARD\n", 1, 0, KE_MISSING_COLUMN },
		{ "count\n1\n", 1, 0, KE_MISSING_COLUMN },
		{ "prodct,count\nCARD,1\n", 1, 1, KE_UNKNOWN_COLUMN },
		{ "product,cuont\nCARD,1\n", 1, 2, KE_UNKNOWN_COLUMN },
		{ "product,count,colour\nCARD,1,red\n", 1, 3, KE_UNKNOWN_COLUMN },
		{ "product,count,Count\nCARD,1,1\n", 1, 3, KE_TWICE },
		{ "product,count\nCARD,0\n", 2, 2, KE_BAD_FIELD },
		{ "product,count\nCARD,\n", 2, 2, KE_BAD_FIELD },
		{ "product,count\nCARD\n", 2, 2, KE_BAD_FIELD },
		{ "product,count\nCARD,1000001\n", 2, 2, KE_BAD_FIELD },
		{ "product,count\nCARD,-1\n", 2, 2, KE_BAD_FIELD },
		{ "product,count\nCARD,\"1,000\"\n", 2, 2, KE_BAD_FIELD },
		{ "product,count\nCARD,1e3\n", 2, 2, KE_BAD_FIELD },
		{ "product,count\nCARD,99999999999999999999999\n", 2, 2, KE_BAD_FIELD },
		{ "product,count\nPOUCH,1\n", 2, 1, KE_UNKNOWN_PRODUCT },
		{ "product,count\n=CARD,1\n", 2, 1, KE_BAD_FIELD },
		{ "product,count\nCARD,1,2\n", 2, 3, KE_BAD_FIELD },
		{ "batch,product,count\nb-1,CARD,1\n", 2, 1, KE_BAD_FIELD },
		{ "product,count\nCARD,1\nCARD,1\n", 2, 0, KE_BAD_FIELD },
		{ "batch,product,count\nA,CARD,1\n\nA,CARD,1\n", 4, 1, KE_TWICE },
		{ "product,count,first_serial\nCARD,1,AA000001\n", 2, 3, KE_BAD_LENGTH },
		{ "product,count,first_serial\nCARD,1,AA0000019\n", 2, 3, KE_BAD_CHECKSUM },
		{ "product,count,lot\nCARD,1,5\n", 2, 0, KE_BAD_FIELD },
		{ "product,count,lot,sequence\nCARD,1,5,\n", 2, 4, KE_BAD_FIELD },
		{ "product,count,lot,sequence\nCARD,1,,5\n", 2, 3, KE_BAD_FIELD },
		{ "product,count,lot,sequence\nCARD,1,next,5\n", 2, 4, KE_BAD_FIELD },
		{ "product,count,lot,sequence\nCARD,1,1,4096\n", 2, 4, KE_BAD_FIELD },
		{ "product,count,lot,sequence\nCARD,1,1048576,0\n", 2, 3, KE_BAD_FIELD },
		{ "product,count,lot,sequence\nCARD,2,1048575,4095\n", 2, 3, KE_EXHAUSTED },
		{ "product,count,draws\nCARD,1,100001\n", 2, 3, KE_BAD_FIELD },
		{ "product,count\nCA\"RD,1\n", 2, 1, KE_BAD_CSV },
		{ "product,count\nCARD,\"1\n", 2, 2, KE_BAD_CSV },
		{ "product,count\nCARD,\"1\"2\n", 2, 2, KE_BAD_CSV },
		{ "product,count\nCA\x01RD,1\n", 2, 1, KE_CONTROL_CHARACTER },
		{ "product,count\nCA\xffRD,1\n", 2, 1, KE_BAD_UTF8 },
		{ "product,count\n\"CA\nRD\",1\n", 2, 1, KE_CONTROL_CHARACTER },
		{ "pro\xc0\x80" "duct,count\nCARD,1\n", 1, 1, KE_BAD_UTF8 },
		{ "product,count\nCARDCARDCARDCARDCARDCARDCARDCARDCARDCARDCARDCARDCARD"
		  "CARDCARDCARDX,1\n", 2, 1, KE_TOO_LONG },
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct issue_list issues = ISSUE_LIST_EMPTY;
		struct order *order;
		int rc = parse_bytes(
			&order, &issues, cases[i].text, strlen(cases[i].text));

		ck_assert_msg(rc == cases[i].code, "%s: %s", cases[i].text, error_name(rc));
		ck_assert_ptr_null(order);
		ck_assert_uint_gt(issues.count, 0);
		/* One mistake, one issue, however many rows the column has. */
		if (rc == KE_UNKNOWN_COLUMN || rc == KE_MISSING_COLUMN)
			ck_assert_msg(issues.count == 1, "%s", cases[i].text);
		ck_assert_msg(issues.items[0].line == cases[i].line &&
				      issues.items[0].column == cases[i].column,
			"%s: line %u column %u", cases[i].text, issues.items[0].line,
			issues.items[0].column);
		issue_list_clear(&issues);
	}
}
END_TEST

START_TEST(all_errors_are_told_in_order)
{
	static const char text[] = "batch,product,count,lot,sequence\r\n"
				   "b,POUCH,0,7,9999\r\n"
				   "\r\n"
				   "OK,CARD,1,,\r\n"
				   "OK,CARD,x,,\r\n";
	static const struct {
		unsigned line, column;
		int code;
	} expected[] = {
		{ 2, 1, KE_BAD_FIELD },
		{ 2, 2, KE_UNKNOWN_PRODUCT },
		{ 2, 3, KE_BAD_FIELD },
		{ 2, 5, KE_BAD_FIELD },
		{ 5, 1, KE_TWICE },
		{ 5, 3, KE_BAD_FIELD },
	};
	struct issue_list issues = ISSUE_LIST_EMPTY;
	struct order *order;

	ck_assert_int_eq(
		parse_bytes(&order, &issues, text, strlen(text)), KE_BAD_FIELD);
	/* A batch that was refused counts as missing, too: told once more at most. */
	for (size_t i = 0, j = 0; i < sizeof expected / sizeof expected[0]; i++, j++) {
		while (j + 1 < issues.count && j > 0 &&
			issues.items[j].line == issues.items[j - 1].line &&
			issues.items[j].column == issues.items[j - 1].column)
			j++;
		ck_assert_uint_lt(j, issues.count);
		ck_assert_uint_eq(issues.items[j].line, expected[i].line);
		ck_assert_uint_eq(issues.items[j].column, expected[i].column);
		ck_assert_int_eq(issues.items[j].code, expected[i].code);
	}
	issue_list_clear(&issues);
}
END_TEST

START_TEST(ranges_in_one_file_do_not_overlap)
{
	char text[300], serial[2][SERIAL_SIZE];
	struct issue_list issues = ISSUE_LIST_EMPTY;
	struct order *order;

	ck_assert_int_eq(serial_pattern_compile(&pattern, SERIAL_PATTERN_DEFAULT), 0);
	ck_assert_int_eq(serial_from_number(serial[0], &pattern, 100), 0);
	ck_assert_int_eq(serial_from_number(serial[1], &pattern, 109), 0);
	snprintf(text, sizeof text,
		"batch,product,count,first_serial,lot,sequence\n"
		"A,CARD,10,%s,1,0\nB,CARD,10,%s,1,9\n", serial[0], serial[1]);
	ck_assert_int_eq(
		parse_bytes(&order, &issues, text, strlen(text)), KE_TWICE);
	ck_assert_uint_eq(issues.count, 2);
	ck_assert_uint_eq(issues.items[0].column, 4);
	ck_assert_uint_eq(issues.items[1].column, 5);
	issue_list_clear(&issues);
	snprintf(text, sizeof text,
		"batch,product,count,first_serial,lot,sequence\n"
		"A,CARD,9,%s,1,0\nB,CARD,10,%s,1,9\n", serial[0], serial[1]);
	order = parse(text);
	order_free(order);
}
END_TEST

START_TEST(a_nul_is_no_end)
{
	static const char text[] = "product,count\nCARD\0X,1\n";
	struct issue_list issues = ISSUE_LIST_EMPTY;
	struct order *order;

	ck_assert_int_eq(
		parse_bytes(&order, &issues, text, sizeof text - 1), KE_CONTROL_CHARACTER);
	ck_assert_uint_eq(issues.items[0].line, 2);
	issue_list_clear(&issues);
}
END_TEST

/* What is said of the first issue of a text. */
static void
words_are(const char *text, size_t len, const char *expected)
{
	struct issue_list issues = ISSUE_LIST_EMPTY;
	char words[ISSUE_WORDS_SIZE];
	struct order *order;

	ck_assert_int_ne(parse_bytes(&order, &issues, text, len), 0);
	ck_assert_uint_eq(issues.total, 1);
	issue_words(words, &issues.items[0]);
	ck_assert_str_eq(words, expected);
	issue_list_clear(&issues);
}

#define CONTROL "a control character, which no field has: "
#define BAD "a field is not valid: "
#define LONG "longer than its limit: "
#define SAID(text, expected) { text, sizeof(text) - 1, expected }

/* A limit is told with the value, a character that is not seen with its place. */
START_TEST(details_are_told)
{
	static const struct {
		const char *text;
		size_t len;
		const char *expected;
	} cases[] = {
		SAID("product,count\nCA\tRD,1\n",
			CONTROL "TAB, 0x09, is character 3 of it"),
		SAID("product,count\nCA\0RD,1\n",
			CONTROL "NUL, 0x00, is character 3 of it"),
		SAID("product,count\n\"CARD\n\",1\n",
			CONTROL "a line feed, 0x0a, is character 5 of it"),
		SAID("product,count\n\xc3\xa9\x7f,1\n",
			CONTROL "0x7f, is character 2 of it"),
		SAID("product,count\nCA\xffRD,1\n", "not valid UTF-8"),
		SAID("product,count\nCARD,1000001\n",
			BAD "1000001, and at most 1000000 is allowed"),
		SAID("product,count\nCARD,123456789012345678\n",
			BAD "123456789012345678, and at most 1000000 is allowed"),
		SAID("product,count\nCARD,12345678901234567890\n",
			"a field is not valid"),
		SAID("product,count\nCARD,0\n", "a field is not valid"),
		SAID("batch,product,count\nB 1,CARD,1\n", "a field is not valid"),
		SAID("product,count,first_serial\nCARD,1,x\n", "wrong length"),
		SAID("product,count\nCARD,x\n", "a field is not valid"),
		SAID("product,count,draws\nCARD,1,100001\n",
			BAD "100001, and at most 100000 is allowed"),
		SAID("product,count,lot,sequence\nCARD,1,1,4096\n",
			BAD "4096, and at most 4095 is allowed"),
		SAID("product,count\nCARDCARDCARDCARDCARDCARDCARDCARDX,1\n",
			BAD "33 characters, and at most 32 is allowed"),
		SAID("product,count\nCARDCARDCARDCARDCARDCARDCARDCARDCARDCARDCARDCARDCARD"
		     "CARDCARDCARDX,1\n",
			LONG "65 bytes, and at most 64 is allowed"),
		SAID("product,count\n",
			"nothing is ordered: no row follows the column names"),
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		words_are(cases[i].text, cases[i].len, cases[i].expected);
}
END_TEST

/* One row may leave out its batch, where the file's name is one. */
START_TEST(a_name_stands_for_a_batch)
{
	static const char *const names[] = {"STEM-1", "no batch", NULL};
	static const char text[] = "product,count\nCARD,1\n";

	for (size_t i = 0; i < 3; i++) {
		const struct order_context context = {
			.pattern = &pattern, .batch = names[i]};
		struct issue_list issues = ISSUE_LIST_EMPTY;
		struct order *order;
		int rc = order_parse(&order, &issues, text, strlen(text), &context);

		ck_assert_int_eq(rc, i == 0 ? 0 : KE_BAD_FIELD);
		ck_assert(i != 0 || strcmp(order->rows[0].batch, "STEM-1") == 0);
		order_free(order);
		issue_list_clear(&issues);
	}
}
END_TEST

/* What is given without a number beside one that has it claims nothing of that. */
START_TEST(one_given_serial_overlaps_nothing)
{
	order_free(parse(
		"batch,product,count,first_serial\nB-1,CARD,2,\nB-2,CARD,2,AA0000008\n"));
	order_free(parse(
		"batch,product,count,first_serial\nB-1,CARD,2,AA0000008\nB-2,CARD,2,\n"));
}
END_TEST

START_TEST(limits_hold)
{
	static char big[ORDER_FILE_MAX + 1];
	struct issue_list issues = ISSUE_LIST_EMPTY;
	struct order *order;
	size_t len;

	memset(big, '\n', sizeof big);
	ck_assert_int_eq(parse_bytes(&order, &issues, big, sizeof big), KE_TOO_LONG);
	issue_list_clear(&issues);
	len = (size_t)sprintf(big, "batch,product,count\n");
	for (int i = 0; i < ORDER_ROWS_MAX + 1; i++)
		len += (size_t)sprintf(big + len, "B%d,CARD,1\n", i);
	ck_assert_int_eq(parse_bytes(&order, &issues, big, len), KE_TOO_LONG);
	ck_assert_uint_eq(issues.items[0].line, ORDER_ROWS_MAX + 2);
	issue_list_clear(&issues);
	len += (size_t)sprintf(big + len, "C,CARD,1\n");
	words_are(big, len, LONG "1002 rows, and at most 1000 is allowed");
	words_are(big, sizeof big, LONG "1048577 bytes, and at most 1048576 is allowed");
}
END_TEST

START_TEST(stems)
{
	static const struct {
		const char *file;
		const char *batch;
	} cases[] = {
		{ "us-118.order.csv", "US-118" },
		{ "US-118.csv", "US-118" },
		{ "a b.csv", NULL },
		{ ".csv", NULL },
		{ "", NULL },
		{ "-x.csv", NULL },
		{ "a234567890123456789012345678901234.csv", NULL },
		{ "a{.csv", NULL },
	};
	char batch[NAME_BATCH_MAX + 1];

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		int rc = order_stem(batch, cases[i].file);

		ck_assert_int_eq(rc, cases[i].batch ? 0 : KE_BAD_FIELD);
		if (cases[i].batch)
			ck_assert_str_eq(batch, cases[i].batch);
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("order");
	TCase *all = tcase_create("all");

	tcase_add_test(all, any_spreadsheet_will_do);
	tcase_add_test(all, every_column_is_read);
	tcase_add_test(all, each_error_has_its_place);
	tcase_add_test(all, all_errors_are_told_in_order);
	tcase_add_test(all, ranges_in_one_file_do_not_overlap);
	tcase_add_test(all, a_nul_is_no_end);
	tcase_add_test(all, details_are_told);
	tcase_add_test(all, a_name_stands_for_a_batch);
	tcase_add_test(all, one_given_serial_overlaps_nothing);
	tcase_add_test(all, limits_hold);
	tcase_add_test(all, stems);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}

/* SPDX-License-Identifier: MIT */
#include "harness.h"
#include "proto/etch_record.h"
#include "proto/secret_bytes.h"
#include <string.h>

static const struct etch_record_header field = {5, 1000, 500, 4};
static const struct etch_record set = {ETCH_SET, 0, 0, 2, 800, 3};
static const struct etch_record origin = {ETCH_MOVE, 0, 0, 0, 0, 0};
static const struct etch_record corner = {ETCH_MARK, 200, 100, 0, 0, 0};
static const struct etch_record back = {ETCH_MARK, 0, 0, 0, 0, 0};

static struct secret *
job_of(const struct etch_record_header *header, const struct etch_record *records,
	size_t count)
{
	struct secret *job = secret_new(1024);

	ck_assert_int_eq(etch_record_put_header(job, header), 0);
	for (size_t i = 0; i < count; i++)
		ck_assert_int_eq(etch_record_put(job, &records[i]), 0);
	return job;
}

START_TEST(what_was_put_is_read)
{
	const struct etch_record in[4] = {set, origin, corner, back};
	struct secret *job = job_of(&field, in, 4);
	struct etch_record_header header;
	struct etch_record out;

	ck_assert_uint_eq(secret_len(job), 16 + 4 * 6);
	ck_assert_int_eq(
		etch_record_check(&header, secret_view(job), secret_len(job)), 0);
	ck_assert_uint_eq(header.scale, 5);
	ck_assert_uint_eq(header.width, 1000);
	ck_assert_uint_eq(header.height, 500);
	ck_assert_uint_eq(header.count, 4);
	for (size_t i = 0; i < 4; i++) {
		etch_record_get(&out, secret_view(job), i);
		ck_assert_int_eq(out.op, in[i].op);
		ck_assert_uint_eq(out.x, in[i].x);
		ck_assert_uint_eq(out.y, in[i].y);
		ck_assert_uint_eq(out.passes, in[i].passes);
		ck_assert_uint_eq(out.speed, in[i].speed);
		ck_assert_uint_eq(out.power, in[i].power);
	}
	secret_free(job);
}
END_TEST

START_TEST(the_bytes_are_the_documented_ones)
{
	static const unsigned char want[] = {'K', 'V', 0, 1, 0, 5, 0, 1, 0x11, 0x70, 0, 0,
		0x3e, 0x80, 0, 2, 3, 2, 3, 0x20, 0, 3, 2, 0, 0, 200, 0, 100};
	const struct etch_record_header header = {5, 70000, 16000, 2};
	const struct etch_record in[2] = {set, corner};
	struct secret *job = job_of(&header, in, 2);

	ck_assert_uint_eq(secret_len(job), sizeof want);
	ck_assert_mem_eq(secret_view(job), want, sizeof want);
	secret_free(job);
}
END_TEST

/* One byte of a good job changed: which, to what. */
static const struct {
	unsigned at, value;
} damage[] = {
	{0, 'k'}, {3, 2}, {5, 0}, {5, 255}, {8, 0}, {15, 3}, {15, 5}, {16, 1}, {16, 0},
	{17, 0}, {17, 101}, {18, 0xff}, {21, 16},                 /* the setting */
	{22, 2}, {22, 3}, {22, 4}, {23, 1}, {25, 201}, {27, 101}, /* the move */
	{28, 1}, {28, 0}, {29, 1}, {31, 201}, {33, 101},          /* the first mark */
	{34, 1}, {34, 3},                                         /* the last mark */
};

START_TEST(damage_is_refused)
{
	const struct etch_record in[4] = {set, origin, corner, back};
	struct secret *job = job_of(&field, in, 4);
	struct etch_record_header header;

	secret_bytes(job)[damage[_i].at] = (unsigned char)damage[_i].value;
	ck_assert_int_eq(etch_record_check(&header, secret_view(job), secret_len(job)),
		KE_BAD_RECORD);
	secret_free(job);
}
END_TEST

START_TEST(another_length_is_refused)
{
	const struct etch_record in[4] = {set, origin, corner, back};
	struct secret *job = job_of(&field, in, 4);
	struct etch_record_header header;

	ck_assert_int_eq(secret_append(job, "\0", 1), 0);
	for (size_t len = 0; len <= secret_len(job); len++)
		ck_assert_int_eq(etch_record_check(&header, secret_view(job), len),
			len == 40 ? 0 : KE_BAD_RECORD);
	secret_free(job);
}
END_TEST

START_TEST(a_mark_has_a_length)
{
	const struct etch_record in[4] = {set, origin, corner, corner};
	struct secret *job = job_of(&field, in, 4);
	struct etch_record_header header;

	ck_assert_int_eq(etch_record_check(&header, secret_view(job), secret_len(job)),
		KE_BAD_RECORD);
	secret_free(job);
}
END_TEST

/* A header whose width, height or count is nothing, or whose count is beyond all jobs. */
START_TEST(a_field_has_a_size_and_records)
{
	static const struct etch_record_header headers[] = {{5, 0, 500, 3},
		{5, 1000, 0, 3}, {5, 1000, 500, 0}, {0, 1000, 500, 3},
		{5, 1000, 500, ETCH_RECORDS_MAX + 1}};
	const struct etch_record in[3] = {set, origin, corner};
	struct etch_record_header header;

	for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
		size_t len = ETCH_RECORD_HEADER_BYTES +
			     (size_t)headers[i].count * ETCH_RECORD_BYTES;
		struct secret *job = secret_new(len + sizeof in);

		ck_assert_int_eq(etch_record_put_header(job, &headers[i]), 0);
		for (size_t j = 0; j < headers[i].count; j++)
			ck_assert_int_eq(etch_record_put(job, &in[j < 3 ? j : 2]), 0);
		ck_assert_int_eq(
			etch_record_check(&header, secret_view(job), secret_len(job)),
			KE_BAD_RECORD);
		secret_free(job);
	}
}
END_TEST

START_TEST(a_speed_is_not_nothing_and_settings_change_between_marks)
{
	static const struct etch_record slow = {ETCH_SET, 0, 0, 2, 0, 3};
	const struct {
		struct etch_record records[5];
		int rc;
	} cases[] = {
		{{set, origin, corner, set, origin}, KE_BAD_RECORD},
		{{set, origin, corner, origin, corner}, 0},
		{{slow, origin, corner, origin, corner}, KE_BAD_RECORD},
		{{set, set, origin, corner, back}, KE_BAD_RECORD},
		{{set, origin, set, origin, corner}, KE_BAD_RECORD},
		{{set, origin, {ETCH_MARK, 0, 100, 0, 0, 0},
			 {ETCH_MARK, 200, 100, 0, 0, 0}, back},
			0},
	};
	const struct etch_record_header of_five = {5, 1000, 500, 5};
	struct etch_record_header header;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct secret *job = job_of(&of_five, cases[i].records, 5);

		ck_assert_msg(etch_record_check(&header, secret_view(job),
				      secret_len(job)) == cases[i].rc,
			"case %zu", i);
		secret_free(job);
	}
}
END_TEST

START_TEST(a_full_buffer_is_told)
{
	struct secret *job = secret_new(20);

	ck_assert_int_eq(etch_record_put_header(job, &field), 0);
	ck_assert_int_eq(etch_record_put(job, &set), KE_TOO_LONG);
	secret_free(job);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("etch_record");
	TCase *all = tcase_create("all");

	tcase_add_test(all, what_was_put_is_read);
	tcase_add_test(all, the_bytes_are_the_documented_ones);
	tcase_add_loop_test(all, damage_is_refused, 0, sizeof damage / sizeof damage[0]);
	tcase_add_test(all, another_length_is_refused);
	tcase_add_test(all, a_mark_has_a_length);
	tcase_add_test(all, a_field_has_a_size_and_records);
	tcase_add_test(all, a_speed_is_not_nothing_and_settings_change_between_marks);
	tcase_add_test(all, a_full_buffer_is_told);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}

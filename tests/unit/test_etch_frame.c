/* SPDX-License-Identifier: MIT */
/* Frames by the examples of Modbus Application Protocol 1.1b3, 6.1 to 6.12, and what is
 * wrong by one bit. */
#include "config.h"
#include "harness.h"
#include "drivers/etch_frame.h"

#include <string.h>

enum { UNIT = 17, TRANSACTION = 0x1234, VALUES = 22, HEAD = 7, GUARD = 0x5a };

static const struct example {
	bool write;
	struct etch_span span;
	const char *asked, *answer; /* PDUs */
	size_t asked_len, answer_len,
		head_len; /* of the answer: what stands before data */
	uint16_t values[VALUES];
} examples[] = {
	{false, {ETCH_COIL, 0x13, 19}, "\x01\x00\x13\x00\x13", "\x01\x03\xcd\x6b\x05", 5,
		5, 2, {1, 0, 1, 1, 0, 0, 1, 1, 1, 1, 0, 1, 0, 1, 1, 0, 1, 0, 1}},
	{false, {ETCH_DISCRETE, 0xc4, 22}, "\x02\x00\xc4\x00\x16", "\x02\x03\xac\xdb\x35",
		5, 5, 2,
		{0, 0, 1, 1, 0, 1, 0, 1, 1, 1, 0, 1, 1, 0, 1, 1, 1, 0, 1, 0, 1, 1}},
	{false, {ETCH_HOLDING, 0x6b, 3}, "\x03\x00\x6b\x00\x03",
		"\x03\x06\x02\x2b\x00\x00\x00\x64", 5, 8, 2, {0x22b, 0, 100}},
	{false, {ETCH_INPUT, 8, 1}, "\x04\x00\x08\x00\x01", "\x04\x02\x00\x0a", 5, 4, 2,
		{10}},
	{true, {ETCH_COIL, 0xac, 1}, "\x05\x00\xac\xff\x00", "\x05\x00\xac\xff\x00", 5, 5,
		5, {1}},
	{true, {ETCH_COIL, 0xac, 1}, "\x05\x00\xac\x00\x00", "\x05\x00\xac\x00\x00", 5, 5,
		5, {0}},
	{true, {ETCH_HOLDING, 1, 1}, "\x06\x00\x01\x00\x03", "\x06\x00\x01\x00\x03", 5, 5,
		5, {3}},
	{true, {ETCH_COIL, 0x13, 10}, "\x0f\x00\x13\x00\x0a\x02\xcd\x01",
		"\x0f\x00\x13\x00\x0a", 8, 5, 5, {1, 0, 1, 1, 0, 0, 1, 1, 1, 0}},
	{true, {ETCH_HOLDING, 1, 2}, "\x10\x00\x01\x00\x02\x04\x00\x0a\x01\x02",
		"\x10\x00\x01\x00\x02", 10, 5, 5, {10, 0x102}},
};

enum { EXAMPLES = sizeof examples / sizeof examples[0] };

static uint16_t registers[VALUES];
static uint8_t bits[VALUES];
static struct etch_frame asked;
static uint8_t answer[ETCH_FRAME_MAX + 1];
static size_t answer_len, front;

static struct etch_request
request_of(const struct example *e)
{
	bool has_bits = e->span.table == ETCH_COIL || e->span.table == ETCH_DISCRETE;

	memset(registers, GUARD, sizeof registers);
	memset(bits, GUARD, sizeof bits);
	for (size_t i = 0; e->write && i < e->span.count; i++) {
		registers[i] = e->values[i];
		bits[i] = (uint8_t)e->values[i];
	}
	return (struct etch_request){
		e->write, e->span, has_bits ? NULL : registers, has_bits ? bits : NULL};
}

/* Puts a head before a PDU; the frame's length. */
static size_t
framed(uint8_t *out, const char *pdu, size_t len, bool is_tcp)
{
	const uint8_t head[HEAD] = {
		TRANSACTION >> 8, TRANSACTION & 0xff, 0, 0, 0, (uint8_t)(len + 1), UNIT};

	front = is_tcp ? HEAD : 1;
	memcpy(out, is_tcp ? head : head + HEAD - 1, front);
	memcpy(out + front, pdu, len);
	return front + len;
}

static struct etch_request
ask(const struct example *e, bool is_tcp)
{
	struct etch_request r = request_of(e);
	uint8_t wanted[ETCH_FRAME_MAX];
	size_t len = framed(wanted, e->asked, e->asked_len, is_tcp);

	asked = (struct etch_frame){.is_tcp = is_tcp};
	ck_assert_int_eq(etch_frame_request(&asked, &r, UNIT, TRANSACTION), 0);
	ck_assert_uint_eq(asked.len, len);
	ck_assert_mem_eq(asked.bytes, wanted, len);
	answer_len = framed(answer, e->answer, e->answer_len, is_tcp);
	return r;
}

/* It is refused, and nothing of it was taken. */
static void
is_refused(const struct etch_request *r)
{
	ck_assert_int_eq(etch_frame_answer(r, &asked, answer, answer_len), KE_LINK);
	for (size_t i = 0; !r->write && i < r->span.count; i++)
		ck_assert_uint_eq(r->bits ? bits[i] : registers[i] & 0xff, GUARD);
}

START_TEST(the_examples_of_the_standard)
{
	const struct example *e = &examples[_i / 2];
	struct etch_request r = ask(e, _i % 2);

	ck_assert_int_eq(etch_frame_answer(&r, &asked, answer, answer_len), 0);
	for (size_t i = 0; i < e->span.count; i++)
		ck_assert_uint_eq(r.bits ? bits[i] : registers[i], e->values[i]);
	for (size_t i = e->span.count; i < VALUES; i++)
		ck_assert_uint_eq(r.bits ? bits[i] : registers[i] & 0xff, GUARD);
}
END_TEST

/* All but the values that were read is known beforehand. */
START_TEST(one_wrong_bit)
{
	const struct example *e = &examples[_i / 2];
	struct etch_request r = ask(e, _i % 2);

	for (size_t at = 0; at < front + e->head_len; at++) {
		for (int bit = 0; bit < 8; bit++) {
			answer[at] ^= (uint8_t)(1 << bit);
			is_refused(&r);
			answer[at] ^= (uint8_t)(1 << bit);
		}
	}
	ck_assert_int_eq(etch_frame_answer(&r, &asked, answer, answer_len), 0);
}
END_TEST

START_TEST(another_length)
{
	const struct example *e = &examples[_i / 2];
	struct etch_request r = ask(e, _i % 2);
	size_t whole = answer_len;

	for (answer_len = 0; answer_len <= whole + 4; answer_len++) {
		if (answer_len == whole)
			continue;
		is_refused(&r);
		/* Also where the head says as much. */
		if (_i % 2 && answer_len > HEAD) {
			answer[5] = (uint8_t)(answer_len - HEAD + 1);
			is_refused(&r);
			answer[5] = (uint8_t)(whole - HEAD + 1);
		}
	}
}
END_TEST

START_TEST(an_exception_is_no_answer)
{
	const struct example *e = &examples[_i / 2];
	struct etch_request r = ask(e, _i % 2);
	const char pdu[2] = {(char)(e->asked[0] | 0x80), 2};

	answer_len = framed(answer, pdu, sizeof pdu, _i % 2);
	is_refused(&r);
}
END_TEST

START_TEST(more_than_a_frame_holds)
{
	static const struct {
		bool write;
		enum etch_table table;
		uint16_t most;
	} rows[] = {{false, ETCH_INPUT, 125}, {true, ETCH_HOLDING, 123}};
	static uint16_t many[126];
	struct etch_frame frame = {.is_tcp = true};
	struct etch_request r = {
		rows[_i].write, {rows[_i].table, 0, rows[_i].most}, many, NULL};

	ck_assert_int_eq(etch_frame_request(&frame, &r, UNIT, 1), 0);
	ck_assert_uint_le(frame.len, ETCH_FRAME_MAX);
	r.span.count++;
	ck_assert_int_eq(etch_frame_request(&frame, &r, UNIT, 1), KE_LINK);
	r.span.count = 0;
	ck_assert_int_eq(etch_frame_request(&frame, &r, UNIT, 1), KE_LINK);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("etch_frame");
	TCase *all = tcase_create("all");

	tcase_add_loop_test(all, the_examples_of_the_standard, 0, 2 * EXAMPLES);
	tcase_add_loop_test(all, one_wrong_bit, 0, 2 * EXAMPLES);
	tcase_add_loop_test(all, another_length, 0, 2 * EXAMPLES);
	tcase_add_loop_test(all, an_exception_is_no_answer, 0, 2 * EXAMPLES);
	tcase_add_loop_test(all, more_than_a_frame_holds, 0, 2);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}

/* SPDX-License-Identifier: MIT */
#include "harness.h"
#include "sim/modbus.h"
#include <string.h>

#define BYTES(...) {__VA_ARGS__}, sizeof((uint8_t[]){__VA_ARGS__})

START_TEST(the_crc_is_the_serial_guides)
{
	/* the worked example of the guide, and two frames seen on the wire of mbpoll */
	ck_assert_uint_eq(modbus_crc((const uint8_t *)"\x02\x07", 2), 0x1241);
	ck_assert_uint_eq(
		modbus_crc((const uint8_t *)"\x01\x04\x00\x00\x00\x02", 6), 0xcb71);
	ck_assert_uint_eq(modbus_crc(NULL, 0), 0xffff);
}
END_TEST

/* Requests as the application protocol shows them, and broken ones. */
static const struct parse_case {
	const char *name;
	uint8_t pdu[16];
	size_t len;
	int answer;
	enum modbus_table table;
	bool write;
	uint16_t address, count, first;
} cases[] = {
	{"read coils", BYTES(1, 0, 0x13, 0, 0x13), 0, MODBUS_COIL, false, 19, 19, 0},
	{"read discrete", BYTES(2, 0, 0xc4, 0, 0x16), 0, MODBUS_DISCRETE, false, 196, 22,
		0},
	{"read holding", BYTES(3, 0, 0x6b, 0, 3), 0, MODBUS_HOLDING, false, 107, 3, 0},
	{"read input", BYTES(4, 0, 8, 0, 1), 0, MODBUS_INPUT, false, 8, 1, 0},
	{"coil on", BYTES(5, 0, 0xac, 0xff, 0), 0, MODBUS_COIL, true, 172, 1, 1},
	{"coil off", BYTES(5, 0, 0xac, 0, 0), 0, MODBUS_COIL, true, 172, 1, 0},
	{"register", BYTES(6, 0, 1, 0, 3), 0, MODBUS_HOLDING, true, 1, 1, 3},
	{"coils", BYTES(15, 0, 0x13, 0, 10, 2, 0xcd, 1), 0, MODBUS_COIL, true, 19, 10, 1},
	{"registers", BYTES(16, 0, 1, 0, 2, 4, 0, 10, 1, 2), 0, MODBUS_HOLDING, true, 1,
		2, 10},
	{"no function", BYTES(0), MODBUS_ILLEGAL_FUNCTION, 0, false, 0, 0, 0},
	{"function 7", BYTES(7), MODBUS_ILLEGAL_FUNCTION, 0, false, 0, 0, 0},
	{"function 23", BYTES(23, 0, 0, 0, 1), MODBUS_ILLEGAL_FUNCTION, 0, false, 0, 0,
		0},
	{"read 0", BYTES(3, 0, 0, 0, 0), MODBUS_ILLEGAL_VALUE, 0, false, 0, 0, 0},
	{"read 126", BYTES(3, 0, 0, 0, 126), MODBUS_ILLEGAL_VALUE, 0, false, 0, 0, 0},
	{"read 2001 coils", BYTES(1, 0, 0, 7, 0xd1), MODBUS_ILLEGAL_VALUE, 0, false, 0, 0,
		0},
	{"too short", BYTES(3, 0, 0, 0), MODBUS_ILLEGAL_VALUE, 0, false, 0, 0, 0},
	{"too long", BYTES(3, 0, 0, 0, 1, 0), MODBUS_ILLEGAL_VALUE, 0, false, 0, 0, 0},
	{"coil half on", BYTES(5, 0, 0, 1, 0), MODBUS_ILLEGAL_VALUE, 0, false, 0, 0, 0},
	{"write none", BYTES(16, 0, 1, 0, 0, 0), MODBUS_ILLEGAL_VALUE, 0, false, 0, 0, 0},
	{"bytes too few", BYTES(16, 0, 1, 0, 2, 4, 0, 10, 1), MODBUS_ILLEGAL_VALUE, 0,
		false, 0, 0, 0},
	{"byte count lies", BYTES(16, 0, 1, 0, 2, 2, 0, 10, 1, 2), MODBUS_ILLEGAL_VALUE,
		0, false, 0, 0, 0},
};

START_TEST(requests_are_read_or_refused)
{
	const struct parse_case *c = &cases[_i];
	struct modbus_frame frame = {.len = c->len};
	struct modbus_access access;
	int answer;

	memcpy(frame.pdu, c->pdu, c->len);
	answer = modbus_parse(&access, &frame);
	ck_assert_msg(answer == c->answer, "%s: %d", c->name, answer);
	if (answer)
		return;
	ck_assert_int_eq(access.table, c->table);
	ck_assert_int_eq(access.write, c->write);
	ck_assert_uint_eq(access.address, c->address);
	ck_assert_uint_eq(access.count, c->count);
	if (c->write)
		ck_assert_uint_eq(access.values[0], c->first);
}
END_TEST

/* Builds a request on the wire. */
static size_t
wrap(uint8_t out[MODBUS_FRAME_MAX], enum modbus_wire kind, const char *pdu, size_t len)
{
	struct modbus_frame frame = {.transaction = 0x1234, .unit = 9, .len = len};

	memcpy(frame.pdu, pdu, len);
	return modbus_wrap(out, kind, &frame);
}

START_TEST(frames_come_byte_by_byte)
{
	const enum modbus_wire kind = _i ? MODBUS_RTU : MODBUS_TCP;
	static const struct {
		const char *pdu;
		size_t len;
	} requests[] = {{"\3\0\0\0\1", 5}, {"\6\0\0\0\1", 5}, {"\x10\0\0\0\1\2\5\6", 8},
		{"\x0f\0\0\0\1\1\1", 7}};
	struct modbus_frame request;
	uint8_t bytes[MODBUS_FRAME_MAX];
	size_t used = 0;

	for (size_t r = 0; r < sizeof requests / sizeof requests[0]; r++) {
		size_t len = wrap(bytes, kind, requests[r].pdu, requests[r].len);

		for (size_t i = 0; i < len; i++)
			ck_assert_int_eq(modbus_take(&request, kind, bytes, i, &used), 0);
		ck_assert_int_eq(modbus_take(&request, kind, bytes, len, &used), 1);
		ck_assert_uint_eq(used, len);
		ck_assert_uint_eq(request.unit, 9);
		ck_assert_uint_eq(request.transaction, _i ? 0 : 0x1234);
		ck_assert_uint_eq(request.len, requests[r].len);
		ck_assert_mem_eq(request.pdu, requests[r].pdu, request.len);
		/* what follows is not touched */
		bytes[len] = 0x77;
		ck_assert_int_eq(modbus_take(&request, kind, bytes, len + 1, &used), 1);
		ck_assert_uint_eq(used, len);
	}
}
END_TEST

START_TEST(broken_frames_are_told)
{
	struct modbus_frame request;
	uint8_t bytes[MODBUS_FRAME_MAX];
	size_t used, len = wrap(bytes, MODBUS_RTU, "\3\0\0\0\1", 5);

	for (size_t bit = 0; bit < 8 * len; bit++) {
		/* a flipped function may make it wait for more, never a request */
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
		ck_assert_int_le(modbus_take(&request, MODBUS_RTU, bytes, len, &used), 0);
		bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	len = wrap(bytes, MODBUS_TCP, "\3\0\0\0\1", 5);
	bytes[2] = 1;
	ck_assert_int_eq(
		modbus_take(&request, MODBUS_TCP, bytes, len, &used), KE_BAD_LINE);
	bytes[2] = 0;
	bytes[4] = 1;
	ck_assert_int_eq(
		modbus_take(&request, MODBUS_TCP, bytes, len, &used), KE_BAD_LINE);
	bytes[4] = bytes[5] = 0;
	ck_assert_int_eq(
		modbus_take(&request, MODBUS_TCP, bytes, len, &used), KE_BAD_LINE);
}
END_TEST

START_TEST(answers_have_their_form)
{
	struct modbus_frame request = {.unit = 1, .pdu = {1, 0, 0, 0, 10}, .len = 5},
			    reply;
	struct modbus_access access = {.table = MODBUS_COIL, .count = 10};

	access.values[0] = access.values[2] = access.values[9] = 1;
	modbus_reply(&reply, &request, &access);
	ck_assert_uint_eq(reply.len, 4);
	ck_assert_mem_eq(reply.pdu, "\1\2\5\2", 4);
	request.pdu[0] = 3;
	access = (struct modbus_access){
		.table = MODBUS_HOLDING, .count = 2, .values = {0x0102, 0xfffe}};
	modbus_reply(&reply, &request, &access);
	ck_assert_uint_eq(reply.len, 6);
	ck_assert_mem_eq(reply.pdu, "\3\4\1\2\xff\xfe", 6);
	memcpy(request.pdu, "\x10\1\2\0\1\2\0\5", 8);
	request.len = 8;
	access = (struct modbus_access){
		.table = MODBUS_HOLDING, .count = 1, .write = true};
	modbus_reply(&reply, &request, &access);
	ck_assert_uint_eq(reply.len, 5);
	ck_assert_mem_eq(reply.pdu, "\x10\1\2\0\1", 5);
	modbus_refuse(&reply, &request, MODBUS_ILLEGAL_ADDRESS);
	ck_assert_uint_eq(reply.len, 2);
	ck_assert_mem_eq(reply.pdu, "\x90\2", 2);
}
END_TEST

START_TEST(noise_does_no_harm)
{
	struct modbus_frame request;
	struct modbus_access access;
	uint8_t bytes[MODBUS_FRAME_MAX + 8];
	uint32_t seed = 1;
	size_t used;

	for (int round = 0; round < 20000; round++) {
		size_t len;

		seed = seed * 1664525 + 1013904223;
		len = seed >> 8 & 0xff;
		for (size_t i = 0; i < len; i++) {
			seed = seed * 1664525 + 1013904223;
			bytes[i] = (uint8_t)(seed >> 24);
		}
		if (len > 6)
			bytes[2] = bytes[3] = bytes[4] = 0;
		if (modbus_take(&request, MODBUS_TCP, bytes, len, &used) == 1) {
			ck_assert_uint_le(used, len);
			(void)modbus_parse(&access, &request);
		}
		ck_assert_int_le(modbus_take(&request, MODBUS_RTU, bytes, len, &used), 1);
	}
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("modbus");
	TCase *all = tcase_create("all");

	tcase_add_test(all, the_crc_is_the_serial_guides);
	tcase_add_loop_test(
		all, requests_are_read_or_refused, 0, sizeof cases / sizeof cases[0]);
	tcase_add_loop_test(all, frames_come_byte_by_byte, 0, 2);
	tcase_add_test(all, broken_frames_are_told);
	tcase_add_test(all, answers_have_their_form);
	tcase_add_test(all, noise_does_no_harm);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}

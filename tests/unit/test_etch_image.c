/* SPDX-License-Identifier: MIT */
#include "harness.h"
#include "etch_fixture.h"
#include "proto/etch_image.h"
#include <string.h>

static uint16_t holding[512], input[512];
static uint8_t coil[16], discrete[16];
static const struct etch_image image = {holding, input, coil, discrete};

static struct etch_profile
shipped(void)
{
	char *text = fixture_profile_text();
	struct etch_profile p;
	struct etch_profile_error error;

	ck_assert_int_eq(etch_profile_parse(&p, &error, text, strlen(text)), 0);
	free(text);
	memset(holding, 0, sizeof holding);
	memset(input, 0, sizeof input);
	return p;
}

START_TEST(numbers_lie_in_word_order)
{
	struct etch_profile p = shipped();

	etch_image_put(&image, &p, ETCH_BOOT_ID, 0x11223344);
	ck_assert_uint_eq(input[15], 0x1122);
	ck_assert_uint_eq(input[16], 0x3344);
	p.low_word_first = true;
	ck_assert_uint_eq(etch_image_get(&image, &p, ETCH_BOOT_ID), 0x33441122);
	etch_image_put(&image, &p, ETCH_BOOT_ID, 0x11223344);
	ck_assert_uint_eq(input[15], 0x3344);
	etch_image_put(&image, &p, ETCH_HEARTBEAT, 65535);
	ck_assert_uint_eq(etch_image_get(&image, &p, ETCH_HEARTBEAT), 65535);
}
END_TEST

START_TEST(bits_lie_where_they_should)
{
	struct etch_profile p = shipped();

	etch_image_put(&image, &p, ETCH_ARM, 1);
	etch_image_put(&image, &p, ETCH_START, 1);
	ck_assert_uint_eq(holding[7], 4 + 8);
	etch_image_put(&image, &p, ETCH_ARM, 0);
	ck_assert_uint_eq(holding[7], 8);
	ck_assert_uint_eq(etch_image_get(&image, &p, ETCH_START), 1);
	ck_assert_uint_eq(etch_image_get(&image, &p, ETCH_ARM), 0);
	p.places[ETCH_ARM] = (struct etch_place){ETCH_COIL, 3, 1, 0};
	p.places[ETCH_READY] = (struct etch_place){ETCH_DISCRETE, 5, 1, 0};
	etch_image_put(&image, &p, ETCH_ARM, 7);
	etch_image_put(&image, &p, ETCH_READY, 1);
	ck_assert_uint_eq(coil[3], 1);
	ck_assert_uint_eq(discrete[5], 1);
	etch_image_clear(&image, &p, ETCH_ARM);
	ck_assert_uint_eq(coil[3], 0);
}
END_TEST

START_TEST(bytes_are_high_byte_first_and_padded)
{
	struct etch_profile p = shipped();
	unsigned char out[ETCH_SERIAL_MAX];

	memset(input, 0xff, sizeof input);
	etch_image_put_bytes(&image, &p, ETCH_DEVICE_SERIAL, "ABC", 3);
	ck_assert_uint_eq(input[3], 0x4142);
	ck_assert_uint_eq(input[4], 0x4300);
	ck_assert_uint_eq(input[10], 0);
	ck_assert_uint_eq(input[11], 0xffff);
	etch_image_get_bytes(out, sizeof out, &image, &p, ETCH_DEVICE_SERIAL);
	ck_assert_mem_eq(out, "ABC\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	etch_image_clear(&image, &p, ETCH_DEVICE_SERIAL);
	ck_assert_uint_eq(input[3], 0);
}
END_TEST

/* Golden: printf '\0\0\0\7 12345678 \0\0\0\4 data' (without blanks) | sha256sum */
START_TEST(the_code_is_the_documented_hash)
{
	static const unsigned char want[ETCH_CODE_LEN] = {0x2b, 0x83, 0x99, 0x35, 0xc7,
		0xfa, 0xb8, 0x03, 0x6a, 0x8d, 0x70, 0x43, 0xeb, 0xac, 0x57, 0x14};
	unsigned char out[ETCH_CODE_LEN];

	ck_assert_int_eq(
		etch_code(out, 7, (const unsigned char *)"12345678", "data", 4), 0);
	ck_assert_mem_eq(out, want, sizeof want);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("etch_image");
	TCase *all = tcase_create("all");

	tcase_add_test(all, numbers_lie_in_word_order);
	tcase_add_test(all, bits_lie_where_they_should);
	tcase_add_test(all, bytes_are_high_byte_first_and_padded);
	tcase_add_test(all, the_code_is_the_documented_hash);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}

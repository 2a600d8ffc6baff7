/* SPDX-License-Identifier: MIT */
#include "harness.h"
#include "proto/low_s.h"
#include <string.h>

/* SEQUENCE { INTEGER 1, INTEGER s }, s as 33 bytes or fewer. */
struct form {
	unsigned char der[80];
	size_t len;
};

/* n and (n - 1) / 2 as SEC 2 and bc(1) have them; with the byte of the sign. */
static const unsigned char n[] =
	"\x00\xff\xff\xff\xff\x00\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\xff"
	"\xbc\xe6\xfa\xad\xa7\x17\x9e\x84\xf3\xb9\xca\xc2\xfc\x63\x25\x51";
static const unsigned char half[] =
	"\x7f\xff\xff\xff\x80\x00\x00\x00\x7f\xff\xff\xff\xff\xff\xff\xff"
	"\xde\x73\x7d\x56\xd3\x8b\xcf\x42\x79\xdc\xe5\x61\x7e\x31\x92\xa8";

static struct form
form_of(const void *s, size_t len)
{
	struct form f = {.len = len + 7};
	const unsigned char head[] = {0x30, (unsigned char)(len + 5), 0x02, 0x01, 0x01,
		0x02, (unsigned char)len};

	memcpy(f.der, head, sizeof head);
	memcpy(f.der + sizeof head, s, len);
	return f;
}

/* n plus a number, or the half of it plus one: only their last byte differs. */
static struct form
beside(const unsigned char *number, size_t len, int by)
{
	struct form f = form_of(number, len);

	f.der[f.len - 1] = (unsigned char)(f.der[f.len - 1] + by);
	return f;
}

static void
expect(struct form f, int code)
{
	int rc = low_s_check(f.der, f.len);

	ck_assert_msg(rc == code, "%s, not %s", error_name(rc), error_name(code));
}

START_TEST(the_half_is_the_last_low_one)
{
	expect(beside(half, 32, 0), 0);
	expect(beside(half, 32, -1), 0);
	expect(beside(half, 32, 1), KE_HIGH_S);
	expect(form_of("\x01", 1), 0);
	expect(beside(n, 33, -1), KE_HIGH_S);
}
END_TEST

START_TEST(numbers_outside_are_none)
{
	expect(beside(n, 33, 0), KE_BAD_SIGNATURE);
	expect(beside(n, 33, 1), KE_BAD_SIGNATURE);
	expect(form_of("\x00", 1), KE_BAD_SIGNATURE);
	expect(form_of("\xff", 1), KE_BAD_SIGNATURE);
	expect(form_of("\x00\x00\x01", 3), KE_BAD_SIGNATURE);
	expect(form_of("\x00\x01", 2), KE_BAD_SIGNATURE);
	expect(form_of("", 0), KE_BAD_SIGNATURE);
}
END_TEST

START_TEST(der_has_one_form)
{
	struct form f = form_of("\x01", 1), longer = f;
	static const unsigned char long_len[] = {
		0x30, 0x81, 0x06, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01};
	static const unsigned char open_len[] = {
		0x30, 0x80, 0x02, 0x01, 0x01, 0x02, 0x01, 0x01, 0x00, 0x00};

	for (size_t len = 0; len < f.len; len++)
		ck_assert_int_eq(low_s_check(f.der, len), KE_BAD_SIGNATURE);
	longer.len++;
	expect(longer, KE_BAD_SIGNATURE);
	ck_assert_int_eq(low_s_check(long_len, sizeof long_len), KE_BAD_SIGNATURE);
	ck_assert_int_eq(low_s_check(open_len, sizeof open_len), KE_BAD_SIGNATURE);
	longer.len = sizeof longer.der;
	expect(longer, KE_BAD_SIGNATURE);
}
END_TEST

START_TEST(a_high_one_is_made_low)
{
	struct form high = beside(half, 32, 1), low = form_of(half, 32);
	struct form last = beside(n, 33, -1), one = form_of("\x01", 1);
	struct form none = form_of(n, 33);
	unsigned char out[LOW_S_SIZE];
	size_t len;

	ck_assert_int_eq(low_s_make(out, &len, high.der, high.len), 0);
	ck_assert_uint_eq(len, low.len);
	ck_assert_mem_eq(out, low.der, len);
	ck_assert_int_eq(low_s_make(out, &len, low.der, low.len), 0);
	ck_assert_mem_eq(out, low.der, len);
	/* In place, and shorter by all of its bytes. */
	ck_assert_int_eq(low_s_make(last.der, &len, last.der, last.len), 0);
	ck_assert_uint_eq(len, one.len);
	ck_assert_mem_eq(last.der, one.der, len);
	ck_assert_int_eq(low_s_make(out, &len, none.der, none.len), KE_BAD_SIGNATURE);
	ck_assert_uint_eq(len, 0);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("low_s");
	TCase *all = tcase_create("all");

	tcase_add_test(all, the_half_is_the_last_low_one);
	tcase_add_test(all, numbers_outside_are_none);
	tcase_add_test(all, der_has_one_form);
	tcase_add_test(all, a_high_one_is_made_low);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}

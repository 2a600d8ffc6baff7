/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "harness.h"
#include "proto/batch_row.h"
#include "proto/secret_bytes.h"
#include <string.h>

#define INTERMEDIATE \
	"passphraseqVKbgU4mWMakKGgCteeVWbqLsU3SFrKfmRwEVt36WTXCHJ4a6AN6mELb1Tr6iT"
#define CONFIRMATION \
	"cfrm38VUF9PjRxQojZERDySt9Q7Z9FSdhQkMP5RFsouS4y3Emf2YD2CXXMCypQvv94dJujaPTfq"
#define EPK "6PnQmAyBky9ZXJyZBv9QSGRUXkKh9HfnVsZWPn4YtcwoKy5vufUgfA3Ld7"
#define PUBKEY "02e6a5b0c1d2e3f405162738495a6b7c8d9eafb0c1d2e3f405162738495a6b7c8d"
#define PASSPHRASE "0123-4567-89AB-CDEF-GHIJ"

static void
set(struct secret *s, const char *text)
{
	ck_assert_int_eq(secret_set(s, text, strlen(text)), 0);
}

static void
is(const struct secret *s, const char *text)
{
	ck_assert_uint_eq(secret_len(s), strlen(text));
	ck_assert_mem_eq(secret_view(s), text, strlen(text));
}

START_TEST(code_row)
{
	struct secret *plain = secret_new(BATCH_ROW_MAX);
	struct batch_code code = { INTERMEDIATE }, again;

	ck_assert_int_eq(batch_code_format(plain, "US-1", "AA000001A", &code), 0);
	is(plain, "codes,US-1,AA000001A," INTERMEDIATE);
	ck_assert_int_eq(batch_code_parse(&again, plain, "US-1", "AA000001A"), 0);
	ck_assert_str_eq(again.intermediate, INTERMEDIATE);
	batch_code_clear(&again);
	secret_free(plain);
}
END_TEST

START_TEST(passphrase_row)
{
	struct secret *plain = secret_new(BATCH_ROW_MAX);
	struct batch_passphrase p = { secret_new(PASSPHRASE_LEN), INTERMEDIATE }, again;

	set(p.passphrase, PASSPHRASE);
	ck_assert_int_eq(batch_passphrase_format(plain, "US-1", "AA000001A", &p), 0);
	is(plain, "passphrases,US-1,AA000001A," PASSPHRASE "," INTERMEDIATE);
	ck_assert_int_eq(batch_passphrase_parse(&again, plain, "US-1", "AA000001A"), 0);
	ck_assert(secret_equal(again.passphrase, p.passphrase));
	ck_assert_str_eq(again.intermediate, INTERMEDIATE);
	batch_passphrase_clear(&again);
	ck_assert_ptr_null(again.passphrase);
	batch_passphrase_clear(&p);
	secret_free(plain);
}
END_TEST

START_TEST(confirmation_row)
{
	static const char text[] = "confirmations,US-1,AA000001A," CONFIRMATION "," PUBKEY
				   ",BTC=bc1qxyz;BCH=bitcoincash:qq1";
	struct secret *plain = secret_new(BATCH_ROW_MAX), *back = secret_new(BATCH_ROW_MAX);
	struct batch_confirmation c;
	struct batch_coins coins;

	set(plain, text);
	ck_assert_int_eq(batch_confirmation_parse(&c, plain, "US-1", "AA000001A"), 0);
	ck_assert_str_eq(c.code, CONFIRMATION);
	ck_assert_uint_eq(c.pubkey[0], 2);
	ck_assert_uint_eq(c.pubkey[32], 0x8d);
	ck_assert_uint_eq(c.count, 2);
	ck_assert_str_eq(c.addresses[1].coin, "BCH");
	ck_assert_str_eq(c.addresses[1].address, "bitcoincash:qq1");
	ck_assert_int_eq(batch_confirmation_format(back, "US-1", "AA000001A", &c), 0);
	ck_assert(secret_equal(plain, back));
	ck_assert_int_eq(batch_coins_parse(&coins, "BTC,BCH"), 0);
	ck_assert(batch_confirmation_has_coins(&c, &coins));
	ck_assert_int_eq(batch_coins_parse(&coins, "BCH,BTC"), 0);
	ck_assert(!batch_confirmation_has_coins(&c, &coins));
	ck_assert_int_eq(batch_coins_parse(&coins, "BTC"), 0);
	ck_assert(!batch_confirmation_has_coins(&c, &coins));
	batch_confirmation_clear(&c);
	secret_free(plain);
	secret_free(back);
}
END_TEST

START_TEST(sticker_row)
{
	struct secret *plain = secret_new(BATCH_ROW_MAX);
	struct batch_sticker s = { secret_new(BIP38_EPK_LEN), "bc1qxyz" }, again;

	set(s.epk, EPK);
	ck_assert_int_eq(batch_sticker_format(plain, "US-1", "AA000001A", &s), 0);
	is(plain, "stickers,US-1,AA000001A," EPK ",bc1qxyz");
	ck_assert_int_eq(batch_sticker_parse(&again, plain, "US-1", "AA000001A"), 0);
	ck_assert(secret_equal(again.epk, s.epk));
	ck_assert_str_eq(again.address, "bc1qxyz");
	batch_sticker_clear(&again);
	batch_sticker_clear(&s);
	secret_free(plain);
}
END_TEST

static int
parse_any(char kind, const struct secret *plain)
{
	struct batch_confirmation confirmation;
	struct batch_passphrase passphrase;
	struct batch_sticker sticker;
	struct batch_code code;
	int rc;

	switch (kind) {
	case 'c':
		rc = batch_code_parse(&code, plain, "US-1", "AA000001A");
		break;
	case 'p':
		rc = batch_passphrase_parse(&passphrase, plain, "US-1", "AA000001A");
		ck_assert_ptr_null(passphrase.passphrase);
		break;
	case 'f':
		rc = batch_confirmation_parse(&confirmation, plain, "US-1", "AA000001A");
		break;
	default:
		rc = batch_sticker_parse(&sticker, plain, "US-1", "AA000001A");
		ck_assert_ptr_null(sticker.epk);
		break;
	}
	return rc;
}

START_TEST(wrong_rows_are_refused)
{
	static const struct {
		char kind;
		const char *text;
		int code;
	} cases[] = {
		{ 'c', "", KE_WRONG_KIND },
		{ 'c', "codes", KE_BAD_FIELD },
		{ 'c', "passphrases,US-1,AA000001A," INTERMEDIATE, KE_WRONG_KIND },
		{ 'c', "codes,US-2,AA000001A," INTERMEDIATE, KE_MISMATCH_ROW },
		{ 'c', "codes,US-1,AA0000028," INTERMEDIATE, KE_MISMATCH_ROW },
		{ 'c', "codes,US-1,AA000001A," INTERMEDIATE ",", KE_BAD_FIELD },
		{ 'c', "codes,US-1,AA000001A," INTERMEDIATE "\n", KE_BAD_FIELD },
		{ 'c', "codes,US-1,AA000001A,", KE_BAD_FIELD },
		{ 'c', "codes,US-1,AA000001A", KE_BAD_FIELD },
		{ 'p', "codes,US-1,AA000001A," PASSPHRASE "," INTERMEDIATE, KE_WRONG_KIND },
		{ 'p', "passphrases,US-1,AA000001A," PASSPHRASE, KE_BAD_FIELD },
		{ 'p', "passphrases,US-1,AA000001A,0123-4567-89AB-CDEF-GHI," INTERMEDIATE,
			KE_BAD_FIELD },
		{ 'p', "passphrases,US-2,AA000001A," PASSPHRASE "," INTERMEDIATE,
			KE_MISMATCH_ROW },
		{ 'p', "passphrases,US-1,AA000001A," PASSPHRASE ",passphrase", KE_BAD_FIELD },
		{ 'f', "confirmations,US-1,AA000001A," CONFIRMATION "," PUBKEY ",", KE_BAD_FIELD },
		{ 'f', "confirmations,US-1,AA000001A," CONFIRMATION "," PUBKEY ",BTC", KE_BAD_FIELD },
		{ 'f', "confirmations,US-1,AA000001A," CONFIRMATION "," PUBKEY ",BTC=", KE_BAD_FIELD },
		{ 'f', "confirmations,US-1,AA000001A," CONFIRMATION "," PUBKEY ",BTC=a;", KE_BAD_FIELD },
		{ 'f', "confirmations,US-1,AA000001A," CONFIRMATION "," PUBKEY ",BTC=a;BTC=b", KE_BAD_FIELD },
		{ 'f', "confirmations,US-1,AA000001A," CONFIRMATION "," PUBKEY ",BTC=a b", KE_BAD_FIELD },
		{ 'f', "confirmations,US-1,AA000001A," CONFIRMATION "," PUBKEY ",btc=a", KE_BAD_FIELD },
		{ 'f', "confirmations,US-1,AA000001A," CONFIRMATION "," "02,BTC=a", KE_BAD_FIELD },
		{ 'f', "confirmations,US-1,AA000001A,cfrm," PUBKEY ",BTC=a", KE_BAD_FIELD },
		{ 's', "stickers,US-1,AA000001A," EPK, KE_BAD_FIELD },
		{ 's', "stickers,US-1,AA000001A," EPK ",", KE_BAD_FIELD },
		{ 's', "stickers,US-1,AA000001A,6P,bc1q", KE_BAD_FIELD },
		{ 's', "stickers,US-1,AA000001B," EPK ",bc1q", KE_MISMATCH_ROW },
		{ 's', "confirmations,US-1,AA000001A," EPK ",bc1q", KE_WRONG_KIND },
	};
	struct secret *plain = secret_new(BATCH_ROW_MAX);

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		int rc;

		set(plain, cases[i].text);
		rc = parse_any(cases[i].kind, plain);
		ck_assert_msg(rc == cases[i].code, "%s: %s", cases[i].text, error_name(rc));
	}
	secret_free(plain);
}
END_TEST

/* Every byte in the place of one character. */
START_TEST(each_field_has_its_characters)
{
	static const char alphanumeric[] =
		"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	static const struct {
		const char *text, *at, *extra;
		enum batch_kind kind;
	} cases[] = {
		{"codes,B,A1," INTERMEDIATE, "passphrase", "", BATCH_CODES},
		{"stickers,B,A1," EPK ",bc1q", "6Pn", "", BATCH_STICKERS},
		{"stickers,B,A1," EPK ",bc1q", "bc1q", ":", BATCH_STICKERS},
	};
	struct secret *plain = secret_new(BATCH_ROW_MAX);

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		for (int c = 0; c < 256; c++) {
			char text[BATCH_ROW_MAX];
			struct batch_code code;
			struct batch_sticker sticker;
			bool good = c && (strchr(alphanumeric, c) ||
						 strchr(cases[i].extra, c));
			int rc;

			(void)strcpy(text, cases[i].text);
			*strstr(text, cases[i].at) = (char)c;
			ck_assert_int_eq(
				secret_set(plain, text, strlen(cases[i].text)), 0);
			if (cases[i].kind == BATCH_CODES) {
				rc = batch_code_parse(&code, plain, "B", "A1");
			} else {
				rc = batch_sticker_parse(&sticker, plain, "B", "A1");
				batch_sticker_clear(&sticker);
			}
			ck_assert_msg((rc == 0) == good, "case %zu: byte %d", i, c);
		}
	}
	secret_free(plain);
}
END_TEST

START_TEST(a_public_key_is_lower_case_hex)
{
	struct secret *plain = secret_new(BATCH_ROW_MAX);

	for (int c = 1; c < 256; c++) {
		char text[] = "confirmations,B,A1," CONFIRMATION "," PUBKEY ",BTC=1";
		struct batch_confirmation row;
		int rc;

		*strstr(text, "e6a5b0") = (char)c;
		set(plain, text);
		rc = batch_confirmation_parse(&row, plain, "B", "A1");
		ck_assert_msg((rc == 0) == (strchr("0123456789abcdef", c) != NULL),
			"byte %d", c);
	}
	secret_free(plain);
}
END_TEST

START_TEST(a_confirmation_has_no_more_coins_than_there_is_room)
{
	struct secret *plain = secret_new(BATCH_ROW_MAX);

	for (size_t count = BATCH_COINS_MAX; count <= BATCH_COINS_MAX + 1; count++) {
		char text[BATCH_ROW_MAX] =
			"confirmations,B,A1," CONFIRMATION "," PUBKEY ",";
		struct batch_confirmation row;

		for (size_t i = 0; i < count; i++) {
			char coin[] = ";Ax=1";

			coin[2] = (char)('A' + i);
			(void)strcat(text, i ? coin : coin + 1);
		}
		set(plain, text);
		ck_assert_int_eq(batch_confirmation_parse(&row, plain, "B", "A1"),
			count == BATCH_COINS_MAX ? 0 : KE_BAD_FIELD);
		batch_confirmation_clear(&row);
	}
	secret_free(plain);
}
END_TEST

START_TEST(a_row_that_does_not_fit_leaves_nothing)
{
	struct secret *plain = secret_new(40);
	struct batch_code code = { INTERMEDIATE };

	ck_assert_int_eq(
		batch_code_format(plain, "US-1", "AA000001A", &code), KE_TOO_LONG);
	ck_assert_uint_eq(secret_len(plain), 0);
	secret_free(plain);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("batch_row");
	TCase *all = tcase_create("all");

	tcase_add_test(all, code_row);
	tcase_add_test(all, passphrase_row);
	tcase_add_test(all, confirmation_row);
	tcase_add_test(all, sticker_row);
	tcase_add_test(all, wrong_rows_are_refused);
	tcase_add_test(all, each_field_has_its_characters);
	tcase_add_test(all, a_public_key_is_lower_case_hex);
	tcase_add_test(all, a_confirmation_has_no_more_coins_than_there_is_room);
	tcase_add_test(all, a_row_that_does_not_fit_leaves_nothing);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}

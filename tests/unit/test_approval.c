/* SPDX-License-Identifier: MIT */
/* The text that is signed, the signatures, and keys under a passphrase. */
#include "harness.h"
#include "keys.h"
#include "proto/approval.h"
#include "proto/public_key.h"

#include <stdio.h>

/* A key, a text and a signature that the openssl tool made. */
static const char pem[] =
	"-----BEGIN PUBLIC KEY-----\n"
	"MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEJoQErK+VxYws572ZLtbwLbr4cLD4\n"
	"DjzVhrZS6sCbN6mhfi6YWv+GtiO4TBzgleBKorsL99Cq8SC2JqdmuQzqYQ==\n"
	"-----END PUBLIC KEY-----\n";
#define KEY "cd572cfc8bf34b3f82fe0967b951414ba40d436fc43ec05fb41b2e7c6d63be1a"
static const char golden[] = "keyline approval 1\n"
			     "host: us-etch\n"
			     "use: production\n"
			     "request: 12\n"
			     "action: wallet resolve\n"
			     "object: AA000001K\n"
			     "with: outcome=good\n"
			     "reason: marked whole, gr\xc3\xb6\xc3\x9f"
			     "er \xe6\xa0\xb8\n"
			     "nonce: 00112233445566778899aabbccddeeff\n"
			     "created: 2026-11-22T09:30:00Z\n"
			     "expires: 2026-11-22T10:30:00Z\n"
			     "person: uid1000 (ann)\n"
			     "key: " KEY "\n";
static const char signature[] =
	"MEYCIQC6oQ0B2axUQa+ShtdtZECOIjOW+ZQPxsMiIKkshNuq5AIhAKT7L1Ga2vNWaRowI2G7gokDSWzW"
	"tDiyGU7KQFSySCs2";
/* Under the passphrase "correct-horse", with PBKDF2 as the tool takes it. */
static const char sealed[] =
	"-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
	"MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgqXMmymGroLAICA+gw\n"
	"DAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEDJD1FQqOi3pWSy/ghDSodkEgZAz\n"
	"Ks/QT6yt5FDqpu9Dv9F5nr64PaNhmuQyMVBt50dL2ngUYNKdDcqxZAxcpxL9y7zM\n"
	"2qleypdKVIpsUudJVBg/0yN0BiR276aexM2TuDYp4Nipab3lKJoNZoWMB92HAyDJ\n"
	"QSgt4R7Q7R2uufOIFedEwo1bTeIwzxWM29MUy8ssUSnCB5ryxHU173QfdQ63KSQ=\n"
	"-----END ENCRYPTED PRIVATE KEY-----\n";

static struct approval
plain(void)
{
	return (struct approval){"us-etch", USE_PRODUCTION, 12, "wallet resolve",
		"AA000001K", "outcome=good",
		"marked whole, gr\xc3\xb6\xc3\x9f"
		"er \xe6\xa0\xb8",
		"00112233445566778899aabbccddeeff", KEYS_NOW, KEYS_NOW + APPROVAL_LIFE,
		"uid1000", "ann", KEY};
}

static struct secret *
passphrase_of(const char *text)
{
	struct secret *passphrase = secret_new(64);

	ck_assert_ptr_nonnull(passphrase);
	ck_assert_int_eq(secret_set(passphrase, text, strlen(text)), 0);
	return passphrase;
}

START_TEST(the_text_has_one_form)
{
	struct approval a = plain();
	char text[APPROVAL_TEXT_MAX + 1];
	size_t len;

	ck_assert_int_eq(approval_text(text, &a), 0);
	ck_assert_str_eq(text, golden);
	ck_assert_ptr_eq(approval_value(&len, text, "nonce"),
		strstr(text, "00112233445566778899aabbccddeeff"));
	ck_assert_uint_eq(len, 32);
	ck_assert_ptr_null(approval_value(&len, text, "witness"));
	a.args = "";
	a.reason = NULL;
	ck_assert_int_eq(approval_text(text, &a), 0);
	ck_assert_ptr_nonnull(strstr(text, "\nwith: -\nreason: -\nnonce: "));
}
END_TEST

/* A part that would show something else than it says is not signed. */
static const struct {
	const char *reason;
	int error;
} reasons[] = {
	{"fine \xf0\x9f\x94\x91", 0},
	{"two\nlines", KE_BAD_CHARACTER},
	{"tab\t", KE_BAD_CHARACTER},
	{"del\x7f", KE_BAD_CHARACTER},
	{"c1 \xc2\x9b", KE_BAD_CHARACTER},
	{"soft\xc2\xadhyphen", KE_BAD_CHARACTER},
	/* NOLINTNEXTLINE(misc-misleading-bidirectional): that is what it is */
	{"right to left \xe2\x80\xae mark", KE_BAD_CHARACTER},
	/* NOLINTNEXTLINE(misc-misleading-bidirectional): that is what it is */
	{"isolate \xe2\x81\xa7", KE_BAD_CHARACTER},
	{"zero width \xe2\x80\x8b", KE_BAD_CHARACTER},
	{"byte order \xef\xbb\xbf", KE_BAD_CHARACTER},
	{"line \xe2\x80\xa8", KE_BAD_CHARACTER},
	{"tag \xf3\xa0\x80\xa0", KE_BAD_CHARACTER},
	{"no utf-8 \xff", KE_BAD_CHARACTER},
};

START_TEST(what_is_not_seen_is_refused)
{
	struct approval a = plain();
	char text[APPROVAL_TEXT_MAX + 1];

	a.reason = reasons[_i].reason;
	ck_assert_int_eq(approval_text(text, &a), reasons[_i].error);
	a = plain();
	a.args = reasons[_i].reason;
	ck_assert_int_eq(approval_text(text, &a), reasons[_i].error);
	a = plain();
	a.object = reasons[_i].reason;
	ck_assert_int_eq(approval_text(text, &a), reasons[_i].error);
}
END_TEST

START_TEST(parts_have_their_bounds)
{
	char text[APPROVAL_TEXT_MAX + 1], big[APPROVAL_TEXT_MAX + 1];
	struct approval a = plain();

	memset(big, 'x', sizeof big);
	big[APPROVAL_REASON_MAX + 1] = '\0';
	a.reason = big;
	ck_assert_int_eq(approval_text(text, &a), KE_TOO_LONG);
	a.args = NULL;
	ck_assert_int_eq(approval_text(text, &a), KE_TOO_LONG);
	a.reason = big + 1;
	ck_assert_int_eq(approval_text(text, &a), 0);
	memset(big, 'x', sizeof big);
	big[APPROVAL_ARGS_MAX + 1] = '\0';
	a = plain();
	a.args = big;
	ck_assert_int_eq(approval_text(text, &a), KE_TOO_LONG);
	memset(big, 'x', sizeof big);
	big[APPROVAL_TEXT_MAX] = '\0';
	a = plain();
	a.object = big;
	ck_assert_int_eq(approval_text(text, &a), KE_TOO_LONG);
	a = plain();
	a.object = "";
	ck_assert_int_eq(approval_text(text, &a), KE_BAD_ARGUMENT);
	a = plain();
	a.nonce = "0011";
	ck_assert_int_eq(approval_text(text, &a), KE_BAD_ARGUMENT);
	a = plain();
	a.key = "CD572CFC";
	ck_assert_int_eq(approval_text(text, &a), KE_BAD_ARGUMENT);
	a = plain();
	a.request = 0;
	ck_assert_int_eq(approval_text(text, &a), KE_BAD_ARGUMENT);
	a = plain();
	a.created = -1;
	ck_assert_int_eq(approval_text(text, &a), KE_BAD_ARGUMENT);
}
END_TEST

/* No line is found behind one that has not its form. */
START_TEST(each_line_has_its_form)
{
	static const struct {
		const char *place;
		const char *other;
	} rows[] = {{"use: ", "use; "}, {"use: ", "use:x"}, {"reason: ", "reason:\n"}};
	char text[APPROVAL_TEXT_MAX + 1];
	size_t len;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		(void)snprintf(text, sizeof text, "%s", golden);
		memcpy(strstr(text, rows[i].place), rows[i].other, strlen(rows[i].other));
		ck_assert_ptr_nonnull(approval_value(&len, text, "host"));
		ck_assert_ptr_null(approval_value(&len, text, "nonce"));
	}
}
END_TEST

/* What somebody signs is what he asked for, and no line more or less. */
START_TEST(the_signer_checks_the_text)
{
	char text[APPROVAL_TEXT_MAX + 1];

	ck_assert_int_eq(
		approval_check(golden, "wallet resolve", "AA000001K", NULL, KEY), 0);
	ck_assert_int_eq(approval_check(golden, "batch release", "AA000001K", NULL, KEY),
		KE_MISMATCH_APPROVAL);
	ck_assert_int_eq(approval_check(golden, "wallet resolve", "AA000002H", NULL, KEY),
		KE_MISMATCH_APPROVAL);
	ck_assert_int_eq(approval_check(golden, "wallet resolve", "AA000001K", "", KEY),
		KE_MISMATCH_APPROVAL);
	ck_assert_int_eq(
		approval_check(golden, "wallet resolve", "AA000001K", NULL, "00"),
		KE_MISMATCH_APPROVAL);
	(void)snprintf(text, sizeof text, "%smore: text\n", golden);
	ck_assert_int_eq(approval_check(text, "wallet resolve", "AA000001K", NULL, KEY),
		KE_BAD_MESSAGE);
	(void)snprintf(text, sizeof text, "%.*s", (int)strlen(golden) - 1, golden);
	ck_assert_int_eq(approval_check(text, "wallet resolve", "AA000001K", NULL, KEY),
		KE_BAD_MESSAGE);
	(void)snprintf(text, sizeof text, "%s", golden);
	*strstr(text, "use:") = 'U';
	ck_assert_int_eq(approval_check(text, "wallet resolve", "AA000001K", NULL, KEY),
		KE_BAD_MESSAGE);
	(void)snprintf(text, sizeof text, "%s", golden);
	*strstr(text, "good") = '\r';
	ck_assert_int_eq(approval_check(text, "wallet resolve", "AA000001K", NULL, KEY),
		KE_BAD_MESSAGE);
	(void)snprintf(text, sizeof text, "%s", golden);
	*strstr(text, "1\n") = '2';
	ck_assert_int_eq(approval_check(text, "wallet resolve", "AA000001K", NULL, KEY),
		KE_NEWER_FORMAT);
	ck_assert_int_eq(approval_check("pay me 100 coins\n", "a", "b", NULL, KEY),
		KE_BAD_MESSAGE);
	ck_assert_int_eq(approval_check("", "a", "b", NULL, KEY), KE_BAD_MESSAGE);
}
END_TEST

/* What a person signs is what approval_text writes, in every line of it. */
START_TEST(the_signer_takes_no_value_of_another_form)
{
	static const struct {
		const char *from, *to;
	} cases[] = {
		{"host: us-etch", "host: Us-Etch"},
		{"use: production", "use: Production"},
		{"use: production", "use: live"},
		{"request: 12", "request: 012"},
		{"request: 12", "request: 0"},
		{"request: 12", "request: -12"},
		{"request: 12", "request: 12 "},
		{"request: 12", "request: 99999999999999999999"},
		{"nonce: 00", "nonce: 000"},
		{"aabbccddeeff\n", "aabbccddeefF\n"},
		{"created: 2026-11-22T", "created: 2026-11-31T"},
		{"created: 2026-11-22T", "created: 2026-11-22 "},
		{"expires: 2026", "expires: 1926"},
		{"uid1000 (ann)", "uid1000"},
		{"uid1000 (ann)", "uid1000 (ann"},
		{"uid1000 (ann)", "uid1000 ann)"},
		{"uid1000 (ann)", "uid1000 ()"},
		{"uid1000 (ann)", " (ann)"},
		{"key: cd", "key: CD"},
		{"key: cd", "key: "},
	};

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const char *at = strstr(golden, cases[i].from);
		char text[APPROVAL_TEXT_MAX + 1];

		ck_assert_ptr_nonnull(at);
		(void)snprintf(text, sizeof text, "%.*s%s%s", (int)(at - golden), golden,
			cases[i].to, at + strlen(cases[i].from));
		ck_assert_msg(
			approval_check(text, NULL, NULL, NULL, NULL) == KE_BAD_MESSAGE,
			"%s", cases[i].to);
	}
}
END_TEST

/* As long as its parts may be, and no longer. */
START_TEST(the_signer_takes_no_longer_value)
{
	static const char head[] = "reason: ";
	const char *at = strstr(golden, head) + strlen(head);
	char reason[APPROVAL_REASON_MAX + 2], text[APPROVAL_TEXT_MAX + 1];

	for (size_t len = APPROVAL_REASON_MAX; len <= APPROVAL_REASON_MAX + 1; len++) {
		memset(reason, 'x', len);
		reason[len] = '\0';
		(void)snprintf(text, sizeof text, "%.*s%s%s", (int)(at - golden), golden,
			reason, strchr(at, '\n'));
		ck_assert_int_eq(approval_check(text, NULL, NULL, NULL, NULL),
			len == APPROVAL_REASON_MAX ? 0 : KE_BAD_MESSAGE);
	}
	/* The whole, too. */
	at = strstr(golden, "AA000001K");
	for (size_t len = APPROVAL_TEXT_MAX - strlen(golden), i = 0; i < 2; len++, i++) {
		char object[APPROVAL_TEXT_MAX + 1], longest[2 * APPROVAL_TEXT_MAX];

		memset(object, 'x', len);
		object[len] = '\0';
		(void)snprintf(longest, sizeof longest, "%.*s%s%s", (int)(at - golden),
			golden, object, at);
		ck_assert_int_eq(approval_check(longest, NULL, NULL, NULL, NULL),
			i == 0 ? 0 : KE_BAD_MESSAGE);
	}
}
END_TEST

START_TEST(a_key_has_one_form)
{
	struct public_key key, again;
	char text[PUBLIC_KEY_TEXT_SIZE], block[PUBLIC_KEY_PEM_MAX];
	unsigned char der[PUBLIC_KEY_DER_LEN];

	ck_assert_int_eq(public_key_parse_pem(&key, pem, strlen(pem)), 0);
	ck_assert_str_eq(key.fingerprint, KEY);
	public_key_pem(block, &key);
	ck_assert_str_eq(block, pem);
	public_key_text(text, &key);
	ck_assert_int_eq(public_key_parse(&again, text), 0);
	ck_assert_mem_eq(&again, &key, sizeof key);
	memcpy(der, key.der, sizeof der);
	ck_assert_int_eq(public_key_read(&again, der, sizeof der - 1), KE_BAD_KEY);
	der[sizeof der - 1] ^= 1;
	ck_assert_int_eq(public_key_read(&again, der, sizeof der), KE_BAD_KEY);
	der[sizeof der - 1] ^= 1;
	der[26] = 0x03;
	ck_assert_int_eq(public_key_read(&again, der, sizeof der), KE_BAD_KEY);
	ck_assert_int_eq(public_key_parse(&again, "MFkw"), KE_BAD_KEY);
	ck_assert_int_eq(public_key_parse(&again, ""), KE_BAD_KEY);
	ck_assert_int_eq(public_key_parse_pem(&again, pem, strlen(pem) - 1), KE_BAD_KEY);
	ck_assert_int_eq(
		public_key_parse_pem(&again, pem + 1, strlen(pem) - 1), KE_BAD_KEY);
	ck_assert_int_eq(
		public_key_parse_pem(&again, sealed, strlen(sealed)), KE_BAD_KEY);
}
END_TEST

START_TEST(lines_end_where_they_do)
{
	struct public_key key;
	char text[sizeof pem + 1];
	size_t at = strlen("-----BEGIN PUBLIC KEY-----\nMFkw");

	memcpy(text, pem, at);
	text[at] = '\n';
	memcpy(text + at + 1, pem + at, sizeof pem - at);
	ck_assert_int_eq(public_key_parse_pem(&key, text, strlen(text)), KE_BAD_KEY);
}
END_TEST

START_TEST(lines_may_end_in_crlf)
{
	struct public_key key;
	char text[2 * sizeof pem];
	size_t len = 0;

	for (const char *at = pem; *at; at++) {
		if (*at == '\n')
			text[len++] = '\r';
		text[len++] = *at;
	}
	ck_assert_int_eq(public_key_parse_pem(&key, text, len), 0);
	ck_assert_str_eq(key.fingerprint, KEY);
}
END_TEST

START_TEST(signatures_are_those_of_openssl)
{
	struct public_key key, other;
	struct private_key *own;
	unsigned char made[SIGNATURE_MAX];
	char changed[sizeof golden];
	size_t len;

	ck_assert_int_eq(public_key_parse_pem(&key, pem, strlen(pem)), 0);
	ck_assert_int_eq(
		public_key_verify_text(&key, signature, golden, strlen(golden)), 0);
	for (size_t i = 0; i < strlen(golden); i += harness_stride(16)) {
		memcpy(changed, golden, sizeof golden);
		changed[i] ^= 1;
		ck_assert_int_eq(
			public_key_verify_text(&key, signature, changed, strlen(golden)),
			KE_BAD_SIGNATURE);
	}
	ck_assert_int_eq(
		public_key_verify_text(&key, signature, golden, strlen(golden) - 1),
		KE_BAD_SIGNATURE);
	ck_assert_int_eq(
		public_key_verify_text(&key, signature + 4, golden, strlen(golden)),
		KE_BAD_SIGNATURE);
	ck_assert_int_eq(public_key_verify_text(&key, "", golden, strlen(golden)),
		KE_BAD_SIGNATURE);
	ck_assert_int_eq(private_key_generate(&own), 0);
	ck_assert_int_eq(public_key_of(&other, own), 0);
	ck_assert_int_eq(private_key_sign(made, &len, own, golden, strlen(golden)), 0);
	ck_assert_int_eq(public_key_verify(&other, made, len, golden, strlen(golden)), 0);
	ck_assert_int_eq(public_key_verify(&key, made, len, golden, strlen(golden)),
		KE_BAD_SIGNATURE);
	private_key_free(own);
}
END_TEST

START_TEST(a_key_opens_with_its_passphrase_alone)
{
	struct secret *right = passphrase_of("correct-horse");
	struct secret *wrong = passphrase_of("correct-hors");
	struct private_key *key, *again;
	struct public_key public, same;
	char text[PRIVATE_KEY_SEALED_MAX];

	ck_assert_int_eq(private_key_unseal(&key, sealed, strlen(sealed), right), 0);
	ck_assert_int_eq(public_key_of(&public, key), 0);
	ck_assert_str_eq(public.fingerprint, KEY);
	ck_assert_int_eq(private_key_unseal(&again, sealed, strlen(sealed), wrong),
		KE_WRONG_PASSPHRASE);
	ck_assert_ptr_null(again);
	/* A scrypt each. */
	if (!harness_light()) {
		ck_assert_int_eq(private_key_seal(text, key, right), 0);
		ck_assert_int_eq(
			private_key_unseal(&again, text, strlen(text), right), 0);
		ck_assert_int_eq(public_key_of(&same, again), 0);
		ck_assert_str_eq(same.fingerprint, KEY);
		private_key_free(again);
		ck_assert_int_eq(private_key_unseal(&again, text, strlen(text), wrong),
			KE_WRONG_PASSPHRASE);
		ck_assert_ptr_null(again);
	}
	private_key_free(key);
	ck_assert_int_eq(private_key_unseal(&again, pem, strlen(pem), right), KE_BAD_KEY);
	ck_assert_int_eq(private_key_unseal(&again, "", 0, right), KE_BAD_KEY);
	secret_free(right);
	secret_free(wrong);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("approval");
	TCase *all = tcase_create("all");

	tcase_add_test(all, the_text_has_one_form);
	tcase_add_loop_test(
		all, what_is_not_seen_is_refused, 0, sizeof reasons / sizeof reasons[0]);
	tcase_add_test(all, parts_have_their_bounds);
	tcase_add_test(all, each_line_has_its_form);
	tcase_add_test(all, the_signer_checks_the_text);
	tcase_add_test(all, the_signer_takes_no_value_of_another_form);
	tcase_add_test(all, the_signer_takes_no_longer_value);
	tcase_add_test(all, a_key_has_one_form);
	tcase_add_test(all, lines_end_where_they_do);
	tcase_add_test(all, lines_may_end_in_crlf);
	tcase_add_test(all, signatures_are_those_of_openssl);
	tcase_add_test(all, a_key_opens_with_its_passphrase_alone);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}

/* SPDX-License-Identifier: MIT */
/*
 * Certificates, public keys and private keys as PEM: each has one text (but for CRLF), so
 * what is taken is written again the same; fingerprints as people type them.
 */
#include "config.h"
#include "fuzz.h"
#include "proto/certificate.h"
#include "proto/private_key.h"
#include "proto/public_key.h"

/* Without the CR of each CRLF; free() it. */
static char *
without_cr(const uint8_t *bytes, size_t len)
{
	char *text = fuzz_text(bytes, len);
	size_t out = 0;

	for (size_t i = 0; i < len; i++)
		if (text[i] != '\r' || i + 1 == len || text[i + 1] != '\n')
			text[out++] = text[i];
	text[out] = '\0';
	return text;
}

static void
take_certificate(const char *bytes, size_t len, const char *plain)
{
	struct certificate *certificate = NULL;
	size_t pem_len;
	char *pem;

	if (certificate_parse(&certificate, bytes, len) != 0) {
		HOLDS(!certificate);
		return;
	}
	HOLDS(certificate_pem(&pem, &pem_len, certificate) == 0);
	HOLDS(strncmp(pem, plain, pem_len) == 0 && plain[pem_len] == '\0');
	HOLDS(certificate_subject_is_valid(certificate_subject(certificate)));
	HOLDS(strlen(certificate_fingerprint(certificate)) == FINGERPRINT_SIZE - 1);
	HOLDS(certificate_equal(certificate, certificate));
	free(pem);
	certificate_free(certificate);
}

static void
take_public_key(const char *bytes, size_t len, const char *plain)
{
	struct public_key key, again;
	char pem[PUBLIC_KEY_PEM_MAX], text[PUBLIC_KEY_TEXT_SIZE];

	if (public_key_parse_pem(&key, bytes, len) != 0)
		return;
	public_key_pem(pem, &key);
	HOLDS(strcmp(pem, plain) == 0);
	public_key_text(text, &key);
	HOLDS(public_key_parse(&again, text) == 0);
	HOLDS(memcmp(&again, &key, sizeof key) == 0);
}

static void
take_private_key(const uint8_t *bytes, size_t len)
{
	struct secret *text = fuzz_secret(bytes, len), *again;
	struct private_key *key = NULL;

	if (private_key_parse(&key, text) == 0) {
		again = secret_new(PRIVATE_KEY_PEM_LEN);
		HOLDS(again && private_key_pem(again, key) == 0);
		HOLDS(secret_equal(again, text));
		secret_free(again);
		private_key_free(key);
	} else {
		HOLDS(!key);
	}
	secret_free(text);
}

static void
take_fingerprint(const char *text)
{
	char digits[FINGERPRINT_SIZE], grouped[FINGERPRINT_GROUPED_SIZE];
	char again[FINGERPRINT_SIZE];

	if (fingerprint_parse(digits, text) != 0)
		return;
	HOLDS(strspn(digits, "0123456789abcdef") == FINGERPRINT_SIZE - 1);
	fingerprint_group(grouped, digits);
	HOLDS(fingerprint_parse(again, grouped) == 0 && strcmp(again, digits) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char *plain;

	if (len == 0 || len > CERTIFICATE_PEM_MAX)
		return 0;
	plain = without_cr(bytes, len);
	take_certificate((const char *)bytes, len, plain);
	take_public_key((const char *)bytes, len, plain);
	take_private_key(bytes, len);
	take_fingerprint(plain);
	free(plain);
	return 0;
}

FUZZ_BEGIN

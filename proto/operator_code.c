/* SPDX-License-Identifier: MIT */
#include "proto/operator_code.h"
#include "proto/hash.h"
#include "proto/name.h"
#include "proto/scrypt.h"
#include "proto/secret_bytes.h"

#include <openssl/crypto.h>
#include <string.h>

enum { PREFIX_LEN = 4, RANDOM_LEN = 21, CHECK_LEN = 3 };

#define PREFIX "KLB-"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
static const char badge_label[] = "keyline-badge-1", pin_label[] = "keyline-pin-1";

const char *
operator_kind_name(enum operator_kind kind)
{
	static const char *const names[OPERATOR_KINDS] = {"badge", "pin"};

	return names[kind];
}

const char *
operator_kind_word(enum operator_kind kind)
{
	static const char *const words[OPERATOR_KINDS] = {"badge", "PIN"};

	return words[kind];
}

bool
operator_name_is_good(const char *text)
{
	return name_is_host(text, strlen(text)) && strcmp(text, "none") != 0;
}

/* No serial is so long: a prefix that a serial happens to have makes no badge of it. */
bool
operator_badge_is_meant(const char *text)
{
	return strncmp(text, PREFIX, PREFIX_LEN) == 0 && strlen(text) > NAME_SERIAL_MAX;
}

/* Three letters of what stands before them. */
static int
check_letters(char out[CHECK_LEN], const unsigned char *code)
{
	unsigned char digest[HASH_SHA256_LEN];
	int error = hash_sha256(digest, code, PREFIX_LEN + RANDOM_LEN);

	for (size_t i = 0; error == 0 && i < CHECK_LEN; i++)
		out[i] = alphabet[digest[i] & 31];
	OPENSSL_cleanse(digest, sizeof digest);
	return error;
}

int
operator_badge_make(struct secret **out, struct rng *rng)
{
	struct secret *code = secret_new(OPERATOR_BADGE_LEN);
	unsigned char *bytes = code ? secret_bytes(code) : NULL;
	int error;

	*out = NULL;
	if (!code)
		return KE_NO_MEMORY;
	memcpy(bytes, PREFIX, PREFIX_LEN);
	error = rng->fill(rng->state, bytes + PREFIX_LEN, RANDOM_LEN);
	for (size_t i = PREFIX_LEN; error == 0 && i < PREFIX_LEN + RANDOM_LEN; i++)
		bytes[i] = (unsigned char)alphabet[bytes[i] & 31];
	if (error == 0)
		error = check_letters((char *)bytes + PREFIX_LEN + RANDOM_LEN, bytes);
	if (error == 0)
		error = secret_set_len(code, OPERATOR_BADGE_LEN);
	if (error)
		secret_free(code);
	else
		*out = code;
	return error;
}

enum operator_kind
operator_code_kind(const struct secret *code)
{
	return secret_len(code) >= PREFIX_LEN &&
			       memcmp(secret_view(code), PREFIX, PREFIX_LEN) == 0
		       ? OPERATOR_BADGE
		       : OPERATOR_PIN;
}

static int
badge_check(const unsigned char *code, size_t len)
{
	char check[CHECK_LEN];
	int error;

	if (len != OPERATOR_BADGE_LEN)
		return KE_BAD_LENGTH;
	if (memcmp(code, PREFIX, PREFIX_LEN) != 0)
		return KE_BAD_CHARACTER;
	for (size_t i = PREFIX_LEN; i < len; i++)
		if (code[i] == '\0' || !strchr(alphabet, code[i]))
			return KE_BAD_CHARACTER;
	error = check_letters(check, code);
	if (error == 0 && memcmp(check, code + len - CHECK_LEN, CHECK_LEN) != 0)
		error = KE_BAD_CHECKSUM;
	OPENSSL_cleanse(check, sizeof check);
	return error;
}

/* 123456, 654321, 135791, 111111: each digit is as far from the one before it. */
static bool
has_equal_steps(const unsigned char *pin, size_t len)
{
	for (size_t i = 2; i < len; i++)
		if ((pin[i] - pin[i - 1] + 10) % 10 != (pin[1] - pin[0] + 10) % 10)
			return false;
	return true;
}

/* 123123, 12121212 */
static bool
is_one_block(const unsigned char *pin, size_t len)
{
	for (size_t block = 1; block <= len / 2; block++)
		if (len % block == 0 && memcmp(pin, pin + block, len - block) == 0)
			return true;
	return false;
}

static int
pin_check(const unsigned char *pin, size_t len)
{
	unsigned seen = 0;

	if (len < OPERATOR_PIN_MIN || len > OPERATOR_PIN_MAX)
		return KE_BAD_LENGTH;
	for (size_t i = 0; i < len; i++) {
		if (pin[i] < '0' || pin[i] > '9')
			return KE_BAD_CHARACTER;
		seen |= 1u << (pin[i] - '0');
	}
	if (__builtin_popcount(seen) < 3 || has_equal_steps(pin, len) ||
		is_one_block(pin, len))
		return KE_WEAK_PIN;
	return 0;
}

int
operator_code_check(enum operator_kind kind, const struct secret *code)
{
	return kind == OPERATOR_BADGE ? badge_check(secret_view(code), secret_len(code))
				      : pin_check(secret_view(code), secret_len(code));
}

static int
badge_hash(unsigned char out[OPERATOR_HASH_LEN], const struct secret *code,
	const unsigned char salt[OPERATOR_SALT_LEN])
{
	const struct hash_part parts[] = {{badge_label, sizeof badge_label - 1},
		{salt, OPERATOR_SALT_LEN}, {secret_view(code), secret_len(code)}};

	return hash_sha256_parts(out, parts, sizeof parts / sizeof parts[0]);
}

static int
pin_hash(unsigned char out[OPERATOR_HASH_LEN], const struct secret *code,
	const unsigned char salt[OPERATOR_SALT_LEN])
{
	unsigned char labelled[sizeof pin_label - 1 + OPERATOR_SALT_LEN];

	memcpy(labelled, pin_label, sizeof pin_label - 1);
	memcpy(labelled + sizeof pin_label - 1, salt, OPERATOR_SALT_LEN);
	return scrypt_derive(out, OPERATOR_HASH_LEN, secret_view(code), secret_len(code),
		labelled, sizeof labelled, 16384, 8, 1);
}

int
operator_code_hash(unsigned char out[OPERATOR_HASH_LEN], enum operator_kind kind,
	const struct secret *code, const unsigned char salt[OPERATOR_SALT_LEN])
{
	int error = kind == OPERATOR_BADGE ? badge_hash(out, code, salt)
					   : pin_hash(out, code, salt);

	if (error)
		memset(out, 0, OPERATOR_HASH_LEN);
	return error;
}

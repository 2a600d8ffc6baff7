/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "proto/batch_row.h"

#include <string.h>
#include <openssl/crypto.h>
#include "proto/secret_bytes.h"

enum { FIELDS_MAX = 6, HEX_PUBKEY_LEN = 2 * BATCH_PUBKEY_LEN };

/* A field of a row, borrowed from the secret. */
struct field {
	const char *text;
	size_t len;
};

static bool
field_is(const struct field *field, const char *word)
{
	return field->len == strlen(word) && memcmp(field->text, word, field->len) == 0;
}

/* Splits the row at its commas into exactly count fields, and checks the first three. */
static int
split(struct field fields[FIELDS_MAX], size_t count, const struct secret *plain,
	enum batch_kind kind, const char *batch, const char *serial)
{
	const char *at = (const char *)secret_view(plain), *end = at + secret_len(plain);
	size_t found = 0;

	for (;;) {
		const char *comma = memchr(at, ',', (size_t)(end - at));

		if (found == count)
			return KE_BAD_FIELD;
		fields[found].text = at;
		fields[found++].len = (size_t)((comma ? comma : end) - at);
		if (!comma)
			break;
		at = comma + 1;
	}
	if (!field_is(&fields[0], batch_kind_name(kind)))
		return KE_WRONG_KIND;
	if (found != count)
		return KE_BAD_FIELD;
	return field_is(&fields[1], batch) && field_is(&fields[2], serial)
		       ? 0
		       : KE_MISMATCH_ROW;
}

/* Begins a row with kind, batch and serial, each with its comma. */
static int
begin(struct secret *plain, enum batch_kind kind, const char *batch, const char *serial)
{
	const char *const parts[] = {batch_kind_name(kind), batch, serial};
	int rc = 0;

	secret_clear(plain);
	for (size_t i = 0; rc == 0 && i < 3; i++) {
		rc = secret_append(plain, parts[i], strlen(parts[i]));
		if (rc == 0)
			rc = secret_append(plain, ",", 1);
	}
	return rc;
}

static int
append(struct secret *plain, const char *text)
{
	return secret_append(plain, text, strlen(text));
}

/* Leaves nothing of a row that could not be written. */
static int
end(struct secret *plain, int rc)
{
	if (rc != 0)
		secret_clear(plain);
	return rc;
}

static bool
is_code(const struct field *field, size_t len)
{
	if (field->len != len)
		return false;
	for (size_t i = 0; i < len; i++) {
		char c = field->text[i];

		if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
			    (c >= 'a' && c <= 'z')))
			return false;
	}
	return true;
}

/* Letters, digits and the colon of a prefix: what addresses are made of. */
static int
copy_address(char out[ADDRESS_SIZE], const struct field *field)
{
	if (field->len == 0 || field->len >= ADDRESS_SIZE)
		return KE_BAD_FIELD;
	for (size_t i = 0; i < field->len; i++) {
		char c = field->text[i];

		if (!((c >= '0' && c <= ':') || (c >= 'A' && c <= 'Z') ||
			    (c >= 'a' && c <= 'z')))
			return KE_BAD_FIELD;
	}
	memset(out, 0, ADDRESS_SIZE);
	memcpy(out, field->text, field->len);
	return 0;
}

static int
copy_code(char *out, const struct field *field, size_t len)
{
	if (!is_code(field, len))
		return KE_BAD_FIELD;
	memcpy(out, field->text, len);
	out[len] = '\0';
	return 0;
}

static int
copy_secret(struct secret **out, const struct field *field)
{
	*out = secret_new(field->len);
	return *out ? secret_set(*out, field->text, field->len) : KE_NO_MEMORY;
}

int
batch_code_format(struct secret *plain, const char *batch, const char *serial,
	const struct batch_code *code)
{
	int rc = begin(plain, BATCH_CODES, batch, serial);

	return end(plain, rc ? rc : append(plain, code->intermediate));
}

int
batch_code_parse(struct batch_code *out, const struct secret *plain, const char *batch,
	const char *serial)
{
	struct field fields[FIELDS_MAX];
	int rc = split(fields, 4, plain, BATCH_CODES, batch, serial);

	memset(out, 0, sizeof *out);
	return rc ? rc : copy_code(out->intermediate, &fields[3], BIP38_INTERMEDIATE_LEN);
}

void
batch_code_clear(struct batch_code *code)
{
	OPENSSL_cleanse(code, sizeof *code);
}

int
batch_passphrase_format(struct secret *plain, const char *batch, const char *serial,
	const struct batch_passphrase *passphrase)
{
	int rc = begin(plain, BATCH_PASSPHRASES, batch, serial);

	if (rc == 0)
		rc = secret_append_secret(plain, passphrase->passphrase);
	if (rc == 0)
		rc = secret_append(plain, ",", 1);
	return end(plain, rc ? rc : append(plain, passphrase->intermediate));
}

int
batch_passphrase_parse(struct batch_passphrase *out, const struct secret *plain,
	const char *batch, const char *serial)
{
	struct field fields[FIELDS_MAX];
	int rc = split(fields, 5, plain, BATCH_PASSPHRASES, batch, serial);

	memset(out, 0, sizeof *out);
	if (rc == 0)
		rc = copy_code(out->intermediate, &fields[4], BIP38_INTERMEDIATE_LEN);
	if (rc == 0)
		rc = copy_secret(&out->passphrase, &fields[3]);
	if (rc == 0 && !passphrase_is_well_formed(out->passphrase))
		rc = KE_BAD_FIELD;
	if (rc != 0)
		batch_passphrase_clear(out);
	return rc;
}

void
batch_passphrase_clear(struct batch_passphrase *passphrase)
{
	secret_free(passphrase->passphrase);
	OPENSSL_cleanse(passphrase, sizeof *passphrase);
}

static void
hex_encode(char *out, const unsigned char *in, size_t len)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < len; i++) {
		*out++ = digits[in[i] >> 4];
		*out++ = digits[in[i] & 15];
	}
	*out = '\0';
}

int
batch_confirmation_format(struct secret *plain, const char *batch, const char *serial,
	const struct batch_confirmation *confirmation)
{
	char pubkey[HEX_PUBKEY_LEN + 1];
	int rc = begin(plain, BATCH_CONFIRMATIONS, batch, serial);

	hex_encode(pubkey, confirmation->pubkey, BATCH_PUBKEY_LEN);
	if (rc == 0)
		rc = append(plain, confirmation->code);
	if (rc == 0)
		rc = append(plain, ",");
	if (rc == 0)
		rc = append(plain, pubkey);
	for (size_t i = 0; rc == 0 && i < confirmation->count; i++) {
		rc = append(plain, i ? ";" : ",");
		if (rc == 0)
			rc = append(plain, confirmation->addresses[i].coin);
		if (rc == 0)
			rc = append(plain, "=");
		if (rc == 0)
			rc = append(plain, confirmation->addresses[i].address);
	}
	return end(plain, rc);
}

static int
copy_pubkey(unsigned char out[BATCH_PUBKEY_LEN], const struct field *field)
{
	if (field->len != HEX_PUBKEY_LEN)
		return KE_BAD_FIELD;
	for (size_t i = 0; i < HEX_PUBKEY_LEN; i++) {
		char c = field->text[i];
		int value = c >= '0' && c <= '9'   ? c - '0'
			    : c >= 'a' && c <= 'f' ? c - 'a' + 10
						   : -1;

		if (value < 0)
			return KE_BAD_FIELD;
		out[i / 2] = (unsigned char)(i % 2 ? out[i / 2] | value : value << 4);
	}
	return 0;
}

/* COIN=ADDRESS;COIN=ADDRESS... */
static int
copy_addresses(struct batch_confirmation *out, const struct field *field)
{
	const char *at = field->text, *stop = at + field->len;

	while (at <= stop) {
		const char *semicolon = memchr(at, ';', (size_t)(stop - at));
		const char *last = semicolon ? semicolon : stop;
		const char *equals = memchr(at, '=', (size_t)(last - at));
		struct batch_address *address = &out->addresses[out->count];
		struct field value;

		if (out->count == BATCH_COINS_MAX || !equals ||
			!name_is_coin(at, (size_t)(equals - at)))
			return KE_BAD_FIELD;
		memcpy(address->coin, at, (size_t)(equals - at));
		value.text = equals + 1;
		value.len = (size_t)(last - value.text);
		if (copy_address(address->address, &value) != 0)
			return KE_BAD_FIELD;
		for (size_t i = 0; i < out->count; i++)
			if (strcmp(out->addresses[i].coin, address->coin) == 0)
				return KE_BAD_FIELD;
		out->count++;
		at = last + 1;
	}
	return 0;
}

int
batch_confirmation_parse(struct batch_confirmation *out, const struct secret *plain,
	const char *batch, const char *serial)
{
	struct field fields[FIELDS_MAX];
	int rc = split(fields, 6, plain, BATCH_CONFIRMATIONS, batch, serial);

	memset(out, 0, sizeof *out);
	if (rc == 0)
		rc = copy_code(out->code, &fields[3], BIP38_CONFIRMATION_LEN);
	if (rc == 0)
		rc = copy_pubkey(out->pubkey, &fields[4]);
	if (rc == 0)
		rc = copy_addresses(out, &fields[5]);
	if (rc != 0)
		batch_confirmation_clear(out);
	return rc;
}

void
batch_confirmation_clear(struct batch_confirmation *confirmation)
{
	OPENSSL_cleanse(confirmation, sizeof *confirmation);
}

bool
batch_confirmation_has_coins(
	const struct batch_confirmation *confirmation, const struct batch_coins *coins)
{
	if (confirmation->count != coins->count)
		return false;
	for (size_t i = 0; i < coins->count; i++)
		if (strcmp(confirmation->addresses[i].coin, coins->tickers[i]) != 0)
			return false;
	return true;
}

int
batch_sticker_format(struct secret *plain, const char *batch, const char *serial,
	const struct batch_sticker *sticker)
{
	int rc = begin(plain, BATCH_STICKERS, batch, serial);

	if (rc == 0)
		rc = secret_append_secret(plain, sticker->epk);
	if (rc == 0)
		rc = secret_append(plain, ",", 1);
	return end(plain, rc ? rc : append(plain, sticker->address));
}

int
batch_sticker_parse(struct batch_sticker *out, const struct secret *plain,
	const char *batch, const char *serial)
{
	struct field fields[FIELDS_MAX];
	int rc = split(fields, 5, plain, BATCH_STICKERS, batch, serial);

	memset(out, 0, sizeof *out);
	if (rc == 0 && !is_code(&fields[3], BIP38_EPK_LEN))
		rc = KE_BAD_FIELD;
	if (rc == 0)
		rc = copy_address(out->address, &fields[4]);
	if (rc == 0)
		rc = copy_secret(&out->epk, &fields[3]);
	if (rc != 0)
		batch_sticker_clear(out);
	return rc;
}

void
batch_sticker_clear(struct batch_sticker *sticker)
{
	secret_free(sticker->epk);
	OPENSSL_cleanse(sticker, sizeof *sticker);
}

/* SPDX-License-Identifier: MIT */
/* The verifier: the one place that makes tokens. */
#include "proto/verified.h"
#include "proto/bip38_owner.h"
#include "proto/secret_bytes.h"
#include "proto/verified_token.h"

#include <string.h>

static bool
text_can_be_etched(const struct secret *text)
{
	const unsigned char *bytes = secret_view(text);
	size_t len = secret_len(text);

	if (len == 0 || len > VERIFIED_TEXT_MAX)
		return false;
	for (size_t i = 0; i < len; i++)
		if (bytes[i] < 0x20 || bytes[i] > 0x7e)
			return false;
	return true;
}

/* The code that was issued must be the one that the confirmation code came from. */
static int
check_issued(const char *intermediate, const struct bip38_confirmation *confirmation,
	const struct bip38_confirmed *confirmed)
{
	struct bip38_intermediate issued;
	int rc = bip38_intermediate_decode(&issued, intermediate, strlen(intermediate));

	if (rc != 0)
		return rc;
	if (!bip38_same_owner(&issued.owner, &confirmation->owner))
		return KE_MISMATCH_OWNER;
	if (confirmed &&
		memcmp(issued.passpoint, confirmed->passpoint, BIP38_POINT_LEN) != 0)
		return KE_MISMATCH_OWNER;
	return 0;
}

static int
check_addresses(const struct verified_claim *claim, const unsigned char *pubkey)
{
	for (size_t i = 0; i < claim->address_count; i++) {
		const struct verified_address *claimed = &claim->addresses[i];
		char address[ADDRESS_SIZE];
		int rc = address_encode(address, sizeof address, claimed->coin, pubkey);

		if (rc != 0)
			return rc;
		if (strcmp(address, claimed->address) != 0)
			return KE_MISMATCH_ADDRESS;
	}
	return 0;
}

/* What costs nothing, before the scrypt. */
static int
check_cheaply(const struct verified_claim *claim, struct bip38_confirmation *confirmation)
{
	int rc;

	if (!name_is_serial(claim->serial, strlen(claim->serial)))
		return KE_BAD_SERIAL;
	if (!text_can_be_etched(claim->passphrase) || claim->address_count == 0)
		return KE_BAD_ARGUMENT;
	rc = bip38_confirmation_decode(
		confirmation, claim->confirmation, strlen(claim->confirmation));
	if (rc == 0 && !confirmation->compressed)
		rc = KE_NOT_COMPRESSED;
	if (rc == 0 && claim->intermediate)
		rc = check_issued(claim->intermediate, confirmation, NULL);
	return rc;
}

/* After the scrypt: everything that was claimed against what was computed. */
static int
check(const struct verified_claim *claim, const struct bip38_confirmation *confirmation,
	const struct bip38_confirmed *confirmed)
{
	int rc = 0;

	if (claim->intermediate)
		rc = check_issued(claim->intermediate, confirmation, confirmed);
	if (rc == 0 && memcmp(confirmed->pubkey, claim->pubkey, VERIFIED_PUBKEY_LEN) != 0)
		rc = KE_MISMATCH_PUBKEY;
	if (rc == 0)
		rc = check_addresses(claim, confirmed->pubkey);
	return rc;
}

static int
make_token(struct verified **out, const struct verified_claim *claim)
{
	struct verified_token content = {.text = secret_new(VERIFIED_TEXT_MAX)};
	int rc = KE_NO_MEMORY;

	if (content.text)
		rc = secret_append_secret(content.text, claim->passphrase);
	if (rc == 0) {
		/* Both lengths were checked with what they hold. */
		memcpy(content.serial, claim->serial, strlen(claim->serial) + 1);
		memcpy(content.sticker_address, claim->addresses[0].address,
			strlen(claim->addresses[0].address) + 1);
		*out = verified_token_put(&content);
		rc = *out ? 0 : KE_NO_MEMORY;
	}
	if (rc != 0)
		secret_free(content.text);
	return rc;
}

/* Up to BIP38_MANY_MAX claims. */
static void
verify_some(struct verified_result *results, const struct verified_claim *claims,
	size_t count)
{
	struct bip38_confirmation codes[BIP38_MANY_MAX];
	struct bip38_confirmed confirmed[BIP38_MANY_MAX];
	struct bip38_confirm wallets[BIP38_MANY_MAX];
	/* Which claim each of the wallets is of. */
	size_t of[BIP38_MANY_MAX], worth = 0;

	for (size_t i = 0; i < count; i++) {
		results[i].token = NULL;
		results[i].error = check_cheaply(&claims[i], &codes[worth]);
		if (results[i].error)
			continue;
		wallets[worth].out = &confirmed[worth];
		wallets[worth].code = &codes[worth];
		wallets[worth].passphrase = claims[i].passphrase;
		of[worth++] = i;
	}
	bip38_confirm_many(wallets, worth);
	for (size_t i = 0; i < worth; i++) {
		struct verified_result *result = &results[of[i]];

		result->error = wallets[i].error;
		if (result->error == 0)
			result->error = check(&claims[of[i]], &codes[i], &confirmed[i]);
		if (result->error == 0)
			result->error = make_token(&result->token, &claims[of[i]]);
	}
}

void
verified_new_many(struct verified_result *results, const struct verified_claim *claims,
	size_t count)
{
	for (size_t i = 0; i < count; i += BIP38_MANY_MAX)
		verify_some(results + i, claims + i,
			count - i < BIP38_MANY_MAX ? count - i : BIP38_MANY_MAX);
}

int
verified_new(struct verified **out, const struct verified_claim *claim)
{
	struct verified_result result;

	verified_new_many(&result, claim, 1);
	*out = result.token;
	return result.error;
}

const char *
verified_serial(const struct verified *token)
{
	return verified_token_look(token)->serial;
}

const char *
verified_sticker_address(const struct verified *token)
{
	return verified_token_look(token)->sticker_address;
}

void
verified_free(struct verified **token)
{
	struct verified_token content;

	if (!token || !*token)
		return;
	verified_token_take(&content, *token);
	*token = NULL;
	secret_free(content.text);
}

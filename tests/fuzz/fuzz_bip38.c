/* SPDX-License-Identifier: MIT */
/*
 * The three codes of BIP38.  Each text stands for one value and each value for one text.
 * A text of the right checksum is hard to come by, so an input may also be a payload
 * that gets its checksum here: its first byte says which.  No scrypt.
 */
#include "config.h"
#include "fuzz.h"
#include "proto/base58.h"
#include "proto/bip38.h"
#include "proto/secret_bytes.h"

enum { TEXT, PAYLOAD, TEXT_MAX = 128 };

static void
take_intermediate(const char *text, size_t len)
{
	struct bip38_intermediate value;
	char again[BIP38_INTERMEDIATE_LEN + 1];

	if (bip38_intermediate_decode(&value, text, len) != 0)
		return;
	HOLDS(bip38_intermediate_encode(again, &value) == 0);
	HOLDS(len == strlen(again) && memcmp(text, again, len) == 0);
	HOLDS(bip38_same_owner(&value.owner, &value.owner));
	HOLDS(!value.owner.has_lot || bip38_lot(&value.owner) <= BIP38_LOT_MAX);
	HOLDS(!value.owner.has_lot || bip38_sequence(&value.owner) <= BIP38_SEQUENCE_MAX);
}

static void
take_confirmation(const char *text, size_t len)
{
	struct bip38_confirmation value;
	char again[BIP38_CONFIRMATION_LEN + 1];

	if (bip38_confirmation_decode(&value, text, len) != 0)
		return;
	HOLDS(bip38_confirmation_encode(again, &value) == 0);
	HOLDS(len == strlen(again) && memcmp(text, again, len) == 0);
}

static void
take_epk(const char *text, size_t len)
{
	struct secret *secret = fuzz_secret((const uint8_t *)text, len), *again;
	struct bip38_epk value, of_secret;
	int rc = bip38_epk_decode(&value, text, len);

	HOLDS(bip38_epk_decode_secret(&of_secret, secret) == rc);
	if (rc == 0) {
		HOLDS(bip38_epk_encode(&again, &value) == 0);
		HOLDS(secret_equal(again, secret));
		HOLDS(value.ec || !value.owner.has_lot);
		secret_free(again);
	}
	secret_free(secret);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char text[2 * TEXT_MAX];

	if (len < 1 || len > TEXT_MAX)
		return 0;
	if (bytes[0] == PAYLOAD) {
		if (base58_check_encode(
			    text, sizeof text, bytes + 1, len - 1, base58_bitcoin) != 0)
			return 0;
		len = strlen(text);
	} else {
		memcpy(text, bytes, len);
	}
	take_intermediate(text, len);
	take_confirmation(text, len);
	take_epk(text, len);
	return 0;
}

FUZZ_BEGIN

/* SPDX-License-Identifier: MIT */
/* Intermediate codes. */
#include "proto/bip38_owner.h"
#include "proto/bip38_inner.h"
#include "proto/curve.h"
#include "proto/rng.h"
#include "proto/scrub.h"
#include "proto/secret_bytes.h"

#include <string.h>

static int
make_owner(struct bip38_owner *owner, const unsigned char *salt, bool with_lot,
	uint32_t lot, uint32_t sequence)
{
	uint32_t number = lot << 12 | sequence;

	if (with_lot && (lot > BIP38_LOT_MAX || sequence > BIP38_SEQUENCE_MAX))
		return KE_BAD_ARGUMENT;
	owner->has_lot = with_lot;
	memcpy(owner->entropy, salt, with_lot ? BIP38_SALT_WITH_LOT_LEN : BIP38_SALT_LEN);
	for (unsigned i = 0; with_lot && i < 4; i++)
		owner->entropy[BIP38_SALT_WITH_LOT_LEN + i] =
			(unsigned char)(number >> (24 - 8 * i));
	return 0;
}

int
bip38_intermediate_from_salt(char out[BIP38_INTERMEDIATE_LEN + 1],
	const unsigned char *salt, const struct secret *passphrase, bool with_lot,
	uint32_t lot, uint32_t sequence)
{
	struct bip38_intermediate code;
	struct secret *passfactor = NULL;
	int rc = make_owner(&code.owner, salt, with_lot, lot, sequence);

	if (rc == 0)
		rc = bip38_passfactor(&passfactor, passphrase, &code.owner);
	if (rc == 0)
		rc = curve_generate(code.passpoint, secret_view(passfactor));
	if (rc == 0)
		rc = bip38_intermediate_encode(out, &code);
	scrub_stack();
	secret_free(passfactor);
	return rc;
}

int
bip38_intermediate_new(char out[BIP38_INTERMEDIATE_LEN + 1], struct rng *rng,
	const struct secret *passphrase, bool with_lot, uint32_t lot, uint32_t sequence)
{
	unsigned char salt[BIP38_SALT_LEN];
	int rc = rng->fill(
		rng->state, salt, with_lot ? BIP38_SALT_WITH_LOT_LEN : BIP38_SALT_LEN);

	if (rc == 0)
		rc = bip38_intermediate_from_salt(
			out, salt, passphrase, with_lot, lot, sequence);
	return rc;
}

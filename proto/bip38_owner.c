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

/* One wallet between its salt and its code. */
struct issue {
	struct bip38_issue *wallet;
	struct bip38_intermediate code;
};

static int
write_code(struct issue *issue, const struct secret *passfactor)
{
	int rc = curve_generate(issue->code.passpoint, secret_view(passfactor));

	return rc == 0 ? bip38_intermediate_encode(issue->wallet->out, &issue->code) : rc;
}

/* Those whose salt is there. */
static void
issue_many(struct issue *issues, size_t count)
{
	struct bip38_factor factors[BIP38_MANY_MAX];

	for (size_t i = 0; i < count; i++) {
		factors[i].passphrase = issues[i].wallet->passphrase;
		factors[i].owner = &issues[i].code.owner;
	}
	bip38_passfactor_many(factors, count);
	for (size_t i = 0; i < count; i++)
		issues[i].wallet->error =
			factors[i].error ? factors[i].error
					 : write_code(&issues[i], factors[i].factor);
	scrub_stack();
	for (size_t i = 0; i < count; i++)
		secret_free(factors[i].factor);
}

static int
begin(struct issue *out, struct bip38_issue *wallet, const unsigned char *salt)
{
	out->wallet = wallet;
	return make_owner(
		&out->code.owner, salt, wallet->with_lot, wallet->lot, wallet->sequence);
}

int
bip38_intermediate_from_salt(char out[BIP38_INTERMEDIATE_LEN + 1],
	const unsigned char *salt, const struct secret *passphrase, bool with_lot,
	uint32_t lot, uint32_t sequence)
{
	struct bip38_issue wallet = {out, passphrase, with_lot, lot, sequence, 0};
	struct issue issue;

	wallet.error = begin(&issue, &wallet, salt);
	if (wallet.error == 0)
		issue_many(&issue, 1);
	return wallet.error;
}

void
bip38_intermediate_new_many(struct bip38_issue *wallets, size_t count, struct rng *rng)
{
	struct issue issues[BIP38_MANY_MAX];
	size_t begun = 0;

	for (size_t i = 0; i < count; i++) {
		unsigned char salt[BIP38_SALT_LEN];
		int rc = rng->fill(rng->state, salt,
			wallets[i].with_lot ? BIP38_SALT_WITH_LOT_LEN : BIP38_SALT_LEN);

		if (rc == 0)
			rc = begin(&issues[begun], &wallets[i], salt);
		wallets[i].error = rc;
		begun += rc == 0;
	}
	issue_many(issues, begun);
}

int
bip38_intermediate_new(char out[BIP38_INTERMEDIATE_LEN + 1], struct rng *rng,
	const struct secret *passphrase, bool with_lot, uint32_t lot, uint32_t sequence)
{
	struct bip38_issue wallet = {out, passphrase, with_lot, lot, sequence, 0};

	bip38_intermediate_new_many(&wallet, 1, rng);
	return wallet.error;
}

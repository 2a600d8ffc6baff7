/* SPDX-License-Identifier: MIT */
/*
 * What is inside a sealed row (DESIGN 4.2): one line of fields with commas that
 * begins with kind, batch and serial, compared when it is opened.  Each _format
 * writes into plain, which has room for BATCH_ROW_MAX; each _parse reads it and
 * returns 0, KE_WRONG_KIND, KE_MISMATCH_ROW (another batch or serial), KE_BAD_FIELD,
 * KE_NO_MEMORY.
 */
#ifndef KEYLINE_PROTO_BATCH_ROW_H
#define KEYLINE_PROTO_BATCH_ROW_H

#include "proto/address.h"
#include "proto/batch.h"
#include "proto/bip38.h"
#include "proto/passphrase.h"

enum { BATCH_ROW_MAX = 2048, BATCH_PUBKEY_LEN = 33 };

struct batch_code {
	char intermediate[BIP38_INTERMEDIATE_LEN + 1];
};

struct batch_passphrase {
	/* Owned after _parse: _clear frees it. */
	struct secret *passphrase;
	char intermediate[BIP38_INTERMEDIATE_LEN + 1];
};

struct batch_address {
	char coin[NAME_COIN_MAX + 1];
	char address[ADDRESS_SIZE];
};

struct batch_confirmation {
	char code[BIP38_CONFIRMATION_LEN + 1];
	unsigned char pubkey[BATCH_PUBKEY_LEN];
	struct batch_address addresses[BATCH_COINS_MAX];
	size_t count;
};

struct batch_sticker {
	/* Owned after _parse: _clear frees it. */
	struct secret *epk;
	char address[ADDRESS_SIZE];
};

KEYLINE_WARN_UNUSED int batch_code_format(struct secret *plain, const char *batch,
	const char *serial, const struct batch_code *code);
KEYLINE_WARN_UNUSED int batch_code_parse(struct batch_code *out,
	const struct secret *plain, const char *batch, const char *serial);
void batch_code_clear(struct batch_code *code);

KEYLINE_WARN_UNUSED int batch_passphrase_format(struct secret *plain, const char *batch,
	const char *serial, const struct batch_passphrase *passphrase);
KEYLINE_WARN_UNUSED int batch_passphrase_parse(struct batch_passphrase *out,
	const struct secret *plain, const char *batch, const char *serial);
void batch_passphrase_clear(struct batch_passphrase *passphrase);

KEYLINE_WARN_UNUSED int batch_confirmation_format(struct secret *plain, const char *batch,
	const char *serial, const struct batch_confirmation *confirmation);
KEYLINE_WARN_UNUSED int batch_confirmation_parse(struct batch_confirmation *out,
	const struct secret *plain, const char *batch, const char *serial);
void batch_confirmation_clear(struct batch_confirmation *confirmation);

/* Whether it has an address for each of the coins, in their order, and no other. */
bool batch_confirmation_has_coins(
	const struct batch_confirmation *confirmation, const struct batch_coins *coins);

KEYLINE_WARN_UNUSED int batch_sticker_format(struct secret *plain, const char *batch,
	const char *serial, const struct batch_sticker *sticker);
KEYLINE_WARN_UNUSED int batch_sticker_parse(struct batch_sticker *out,
	const struct secret *plain, const char *batch, const char *serial);
void batch_sticker_clear(struct batch_sticker *sticker);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * china: a part of codes becomes confirmations and stickers.  A worker makes some
 * wallets: opens the codes, mints, seals two rows each; an EPK in the clear never leaves
 * that worker's locked memory.  Both files are published in one commit: before it
 * the part may be minted again from scratch, after it never.
 */
#include "config.h"
#include "daemon/stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/crypto.h>
#include "daemon/host.h"
#include "daemon/keystore.h"
#include "daemon/ledger_batch.h"
#include "daemon/ledger_file.h"
#include "daemon/ledger_wallet.h"
#include "daemon/pool.h"
#include "daemon/publish.h"
#include "daemon/random.h"
#include "daemon/row.h"
#include "daemon/settings.h"
#include "proto/address.h"
#include "proto/batch.h"
#include "proto/batch_row.h"
#include "proto/bip38_mint.h"
#include "proto/cms_seal.h"
#include "proto/hash.h"

/* So many wallets are minted side by side. */
enum { AT_ONCE = BIP38_MANY_MAX };

/* One wallet as a worker leaves it. */
struct minted {
	struct row code;
	unsigned char *confirmation;
	size_t confirmation_len;
	unsigned char *sticker;
	size_t sticker_len;
	unsigned char digest[LEDGER_DIGEST_LEN];
};

struct mint {
	struct host *host;
	struct ledger_batch batch;
	uint32_t part;
	uint32_t parts;
	struct batch_coins coins;
	const struct certificate *confirmations_to;
	const struct certificate *stickers_to;
	size_t count;
	struct minted *minted;
	/* The file of codes that these wallets came in. */
	unsigned char file[LEDGER_DIGEST_LEN];
};

static void
mint_free(struct mint *m)
{
	for (size_t i = 0; m->minted && i < m->count; i++) {
		row_clear(&m->minted[i].code);
		free(m->minted[i].confirmation);
		free(m->minted[i].sticker);
	}
	free(m->minted);
	free(m);
}

/* All addresses of the batch's coins from the one public key. */
static int
make_addresses(struct batch_confirmation *out, const struct batch_coins *coins)
{
	int error = 0;

	out->count = coins->count;
	for (size_t i = 0; error == 0 && i < coins->count; i++) {
		(void)snprintf(out->addresses[i].coin, sizeof out->addresses[i].coin, "%s",
			coins->tickers[i]);
		error = address_encode(out->addresses[i].address,
			sizeof out->addresses[i].address, coins->tickers[i], out->pubkey);
	}
	return error;
}

/* What costs nothing to look at: EPK and confirmation code tell the same in the clear. */
static int
cross_check(const struct bip38_minted *minted)
{
	struct bip38_epk epk;
	struct bip38_confirmation code;
	int error = bip38_epk_decode_secret(&epk, minted->epk);

	if (error == 0)
		error = bip38_confirmation_decode(
			&code, minted->confirmation, BIP38_CONFIRMATION_LEN);
	if (error == 0 && !bip38_epk_agrees(&epk, &code))
		error = KE_CRYPTO;
	OPENSSL_cleanse(&epk, sizeof epk);
	return error;
}

static int
seal_rows(struct minted *out, const struct mint *m, struct bip38_minted *minted)
{
	const char *serial = out->code.serial;
	struct batch_confirmation confirmation = { 0 };
	struct batch_sticker sticker = { .epk = minted->epk };
	struct secret *plain = secret_new(BATCH_ROW_MAX);
	int error = plain ? 0 : KE_NO_MEMORY;

	memcpy(confirmation.code, minted->confirmation, sizeof confirmation.code);
	memcpy(confirmation.pubkey, minted->pubkey, sizeof confirmation.pubkey);
	if (error == 0)
		error = make_addresses(&confirmation, &m->coins);
	if (error == 0)
		error = batch_confirmation_format(
			plain, m->batch.id, serial, &confirmation);
	if (error == 0)
		error = cms_seal(&out->confirmation, &out->confirmation_len, plain,
			m->confirmations_to);
	memcpy(sticker.address, confirmation.addresses[0].address, sizeof sticker.address);
	if (error == 0)
		error = batch_sticker_format(plain, m->batch.id, serial, &sticker);
	if (error == 0)
		error = cms_seal(&out->sticker, &out->sticker_len, plain, m->stickers_to);
	secret_free(plain);
	return error;
}

static int
open_code(struct bip38_intermediate *out, struct minted *wallet, const struct mint *m)
{
	struct batch_code code;
	struct secret *plain = NULL;
	int error = row_open(&plain, &wallet->code);

	if (error == 0)
		error = batch_code_parse(
			&code, plain, m->batch.id, wallet->code.serial);
	if (error == 0)
		error = hash_sha256(
			wallet->digest, code.intermediate, strlen(code.intermediate));
	if (error == 0)
		error = bip38_intermediate_decode(
			out, code.intermediate, strlen(code.intermediate));
	secret_free(plain);
	return error;
}

static int
finish_wallet(struct minted *out, const struct mint *m, const struct bip38_mint *wallet)
{
	int error = wallet->error;

	if (error == 0)
		error = cross_check(wallet->out);
	return error == 0 ? seal_rows(out, m, wallet->out) : error;
}

/* Some wallets side by side. */
static int
work(void *context, size_t index)
{
	struct mint *m = context;
	struct minted *out = &m->minted[index * AT_ONCE];
	size_t left = m->count - index * AT_ONCE, count = left < AT_ONCE ? left : AT_ONCE;
	struct bip38_intermediate codes[AT_ONCE];
	struct bip38_minted minted[AT_ONCE] = { 0 };
	struct bip38_mint wallets[AT_ONCE];
	int error = 0;

	for (size_t i = 0; error == 0 && i < count; i++) {
		error = open_code(&codes[i], &out[i], m);
		wallets[i] = (struct bip38_mint){ &minted[i], &codes[i], 0 };
	}
	if (error == 0)
		bip38_mint_many(wallets, count, random_source(), true);
	for (size_t i = 0; error == 0 && i < count; i++)
		error = finish_wallet(&out[i], m, &wallets[i]);
	for (size_t i = 0; i < count; i++)
		bip38_minted_wipe(&minted[i]);
	return error;
}

/* One transaction: codes taken for ever, wallets minted, both files made. */
static int
record(struct mint *m, const struct ledger_by *by, struct publication *confirmations,
	struct publication *stickers)
{
	struct ledger *ledger = m->host->ledger;
	int error = ledger_begin(ledger);

	/* While it was minted. */
	if (error == 0)
		error = ledger_batch_check_rest(ledger, m->batch.id);
	for (size_t i = 0; error == 0 && i < m->count; i++) {
		error = ledger_take(ledger, by, "intermediate", m->minted[i].digest);
		if (error == 0)
			error = ledger_wallet_step(ledger, by, m->minted[i].code.serial,
				WALLET_MINT, NULL);
	}
	if (error == 0)
		error = publish_record(confirmations, m->host, by);
	if (error == 0)
		error = publish_record(stickers, m->host, by);
	/* Parts come in any order: one that was refused comes again behind the last. */
	if (error == 0)
		error = ledger_batch_make_when_minted(ledger, by, m->batch.id);
	return ledger_end(ledger, error);
}

static int
collect(struct batch_rows *confirmations, struct batch_rows *stickers, const struct mint *m)
{
	int error = 0;

	batch_rows_init(confirmations);
	batch_rows_init(stickers);
	for (size_t i = 0; error == 0 && i < m->count; i++) {
		const struct minted *one = &m->minted[i];

		error = batch_rows_add(confirmations, one->code.serial, one->confirmation,
			one->confirmation_len);
		if (error == 0)
			error = batch_rows_add(stickers, one->code.serial, one->sticker,
				one->sticker_len);
	}
	return error;
}

static int
publish(struct mint *m)
{
	const struct settings *settings = m->host->settings;
	struct publish_spec spec = { .batch = m->batch.id,
		.part = m->part,
		.parts = m->parts,
		.product = m->batch.product,
		.coins = m->batch.coins };
	struct ledger_by by = host_by("daemon");
	struct batch_rows confirmation_rows, sticker_rows;
	struct publication *confirmations = NULL, *stickers = NULL;
	int error = collect(&confirmation_rows, &sticker_rows, m);

	spec.kind = BATCH_CONFIRMATIONS;
	spec.recipient = settings->routes[SETTINGS_ROUTE_CONFIRMATIONS].hosts[0];
	if (error == 0)
		error = publish_stage(&confirmations, m->host, &spec, &confirmation_rows);
	spec.kind = BATCH_STICKERS;
	spec.recipient = settings->routes[SETTINGS_ROUTE_STICKERS].hosts[0];
	if (error == 0)
		error = publish_stage(&stickers, m->host, &spec, &sticker_rows);
	batch_rows_free(&confirmation_rows);
	batch_rows_free(&sticker_rows);
	if (error == 0)
		error = record(m, &by, confirmations, stickers);
	if (error == 0) {
		/* Both are committed: neither waits for the other. */
		int other = publish_finish(&stickers, m->host);

		error = publish_finish(&confirmations, m->host);
		error = other ? other : error;
	}
	publish_abandon(&confirmations, m->host);
	publish_abandon(&stickers, m->host);
	return error;
}

static void
finish(struct mint *m, int error)
{
	struct host *host = m->host;
	char object[LEDGER_BATCH_SIZE];

	(void)snprintf(object, sizeof object, "%s", m->batch.id);
	mint_free(m);
	stage_end(host, object, error);
}

static void
all_done(void *context, int error)
{
	struct mint *m = context;

	if (error == 0 && !m->host->ending)
		error = publish(m);
	finish(m, error);
}

/* Gathers the wallets of one file of codes: that of the first wallet still to mint. */
static int
gather(void *context, const struct ledger_wallet *wallet)
{
	struct mint *m = context;
	struct ledger_row place;
	struct minted *grown;
	int error = ledger_row_get(&place, m->host->ledger, wallet->serial, "codes");

	if (error)
		return error;
	if (m->count == 0)
		memcpy(m->file, place.file, sizeof m->file);
	else if (memcmp(m->file, place.file, sizeof m->file) != 0)
		return 0;
	grown = realloc(m->minted, (m->count + 1) * sizeof *grown);
	if (!grown)
		return KE_NO_MEMORY;
	m->minted = grown;
	memset(&grown[m->count], 0, sizeof grown[0]);
	error = row_fetch(&grown[m->count].code, m->host, wallet->serial, BATCH_CODES);
	if (error == 0)
		m->count++;
	return error;
}

static int
find_keys(struct mint *m)
{
	const struct settings *settings = m->host->settings;
	int error = keystore_of(&m->confirmations_to, m->host->keys,
		settings->routes[SETTINGS_ROUTE_CONFIRMATIONS].hosts[0],
		CERTIFICATE_CONFIRMATIONS, "");

	if (error == 0)
		error = keystore_of(&m->stickers_to, m->host->keys,
			settings->routes[SETTINGS_ROUTE_STICKERS].hosts[0],
			CERTIFICATE_STICKERS, m->batch.id);
	if (error == 0)
		error = batch_coins_parse(&m->coins, m->batch.coins);
	return error;
}

static int
prepare(struct mint *m)
{
	struct ledger_file file;
	int error = ledger_wallet_list(
		m->host->ledger, m->batch.id, WALLET_RECEIVED, gather, m);

	if (error == 0)
		error = ledger_file_get(&file, m->host->ledger, m->file);
	if (error == 0) {
		m->part = file.part;
		m->parts = file.parts;
		error = find_keys(m);
	}
	return error;
}

static int
find_batch(void *context, const struct ledger_batch *batch)
{
	struct mint *m = context;
	uint64_t counts[WALLET_STATE_COUNT];

	if (ledger_batch_rests(batch) || stage_is_stuck(m->host, batch->id)
		|| ledger_batch_counts(counts, m->host->ledger, batch->id) != 0
		|| counts[WALLET_RECEIVED] == 0)
		return 0;
	m->batch = *batch;
	return 1;
}

bool
stage_mint_begin(struct host *host)
{
	struct mint *m = calloc(1, sizeof *m);
	struct pool_run run = { work, NULL, all_done, m, 0, false, &host->ending };
	int error;

	if (!m)
		return false;
	m->host = host;
	if (ledger_batch_list(host->ledger, find_batch, m) != 1) {
		mint_free(m);
		return false;
	}
	host->stage_busy = true;
	error = prepare(m);
	run.count = (m->count + AT_ONCE - 1) / AT_ONCE;
	if (error == 0)
		error = pool_start(host->loop, &run);
	if (error)
		finish(m, error);
	return true;
}

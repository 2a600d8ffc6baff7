/* SPDX-License-Identifier: MIT */
/*
 * usa: an ordered batch becomes codes and passphrases, a file part at a time.  A
 * worker makes two wallets: passphrase, intermediate code, two sealed rows; nothing
 * of a passphrase outlives it but the row that only the etching host can open.
 */
#include "config.h"
#include "daemon/stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/host.h"
#include "daemon/keystore.h"
#include "daemon/ledger_batch.h"
#include "daemon/ledger_file.h"
#include "daemon/ledger_wallet.h"
#include "daemon/pool.h"
#include "daemon/publish.h"
#include "daemon/random.h"
#include "daemon/settings.h"
#include "proto/allocation.h"
#include "proto/batch.h"
#include "proto/batch_row.h"
#include "proto/bip38_owner.h"
#include "proto/cms_seal.h"
#include "proto/hash.h"

/* So many wallets are made side by side. */
enum { AT_ONCE = 2 };

/* One wallet as a worker leaves it. */
struct made {
	char serial[SERIAL_SIZE];
	struct lot_sequence pair;
	unsigned char *code;
	size_t code_len;
	unsigned char *passphrase;
	size_t passphrase_len;
	unsigned char digest[LEDGER_DIGEST_LEN];
};

struct generate {
	struct host *host;
	struct ledger_batch batch;
	uint32_t part;
	uint32_t parts;
	uint64_t first_row;
	bool with_lot;
	struct passphrase_alphabet alphabet;
	const struct certificate *codes_to;
	const struct certificate *passphrases_to;
	size_t count;
	struct made *made;
};

static void
generate_free(struct generate *g)
{
	for (size_t i = 0; g->made && i < g->count; i++) {
		free(g->made[i].code);
		free(g->made[i].passphrase);
	}
	free(g->made);
	free(g);
}

/* Seals both rows of a wallet whose texts are there. */
static int
seal_rows(struct made *made, const struct generate *g, const struct batch_passphrase *p)
{
	struct secret *plain = secret_new(BATCH_ROW_MAX);
	struct batch_code code;
	int error = plain ? 0 : KE_NO_MEMORY;

	memcpy(code.intermediate, p->intermediate, sizeof code.intermediate);
	if (error == 0)
		error = batch_code_format(plain, g->batch.id, made->serial, &code);
	if (error == 0)
		error = cms_seal(&made->code, &made->code_len, plain, g->codes_to);
	if (error == 0)
		error = batch_passphrase_format(plain, g->batch.id, made->serial, p);
	if (error == 0)
		error = cms_seal(&made->passphrase, &made->passphrase_len, plain,
			g->passphrases_to);
	secret_free(plain);
	return error;
}

static int
finish(struct made *made, const struct generate *g, const struct batch_passphrase *p)
{
	int error = hash_sha256(made->digest, p->intermediate, strlen(p->intermediate));

	return error == 0 ? seal_rows(made, g, p) : error;
}

/* Some wallets side by side. */
static int
work(void *context, size_t index)
{
	struct generate *g = context;
	struct made *made = &g->made[index * AT_ONCE];
	size_t left = g->count - index * AT_ONCE, count = left < AT_ONCE ? left : AT_ONCE;
	struct batch_passphrase p[AT_ONCE] = { 0 };
	struct bip38_issue issues[AT_ONCE];
	int error = 0;

	for (size_t i = 0; error == 0 && i < count; i++) {
		p[i].passphrase = secret_new(PASSPHRASE_LEN);
		error = p[i].passphrase ? passphrase_generate(p[i].passphrase, &g->alphabet,
						  random_source())
					: KE_NO_MEMORY;
		issues[i] = (struct bip38_issue){ p[i].intermediate, p[i].passphrase,
			g->with_lot, made[i].pair.lot, made[i].pair.sequence, 0 };
	}
	if (error == 0)
		bip38_intermediate_new_many(issues, count, random_source());
	for (size_t i = 0; error == 0 && i < count; i++)
		error = issues[i].error ? issues[i].error : finish(&made[i], g, &p[i]);
	for (size_t i = 0; i < count; i++)
		batch_passphrase_clear(&p[i]);
	return error;
}

/* Both files staged, and everything about them recorded in one transaction. */
static int
record(struct generate *g, const struct ledger_by *by, struct publication *codes,
	struct publication *passphrases)
{
	struct ledger *ledger = g->host->ledger;
	int error = ledger_begin(ledger);

	/* While it was generated. */
	if (error == 0)
		error = ledger_batch_check_rest(ledger, g->batch.id);
	for (size_t i = 0; error == 0 && i < g->count; i++) {
		error = ledger_take(ledger, by, "intermediate", g->made[i].digest);
		if (error == 0)
			error = ledger_wallet_insert(ledger, by, g->made[i].serial,
				g->batch.id, g->first_row + i, NULL);
	}
	if (error == 0)
		error = publish_record(codes, g->host, by);
	if (error == 0)
		error = publish_record(passphrases, g->host, by);
	if (error == 0 && g->part == g->parts)
		error = ledger_batch_set_state(
			ledger, by, g->batch.id, LEDGER_BATCH_MADE, NULL);
	return ledger_end(ledger, error);
}

static int
collect(struct batch_rows *codes, struct batch_rows *passphrases, const struct generate *g)
{
	int error = 0;

	batch_rows_init(codes);
	batch_rows_init(passphrases);
	for (size_t i = 0; error == 0 && i < g->count; i++) {
		const struct made *made = &g->made[i];

		error = batch_rows_add(codes, made->serial, made->code, made->code_len);
		if (error == 0)
			error = batch_rows_add(passphrases, made->serial,
				made->passphrase, made->passphrase_len);
	}
	return error;
}

static int
publish(struct generate *g)
{
	const struct settings *settings = g->host->settings;
	struct publish_spec spec = { .batch = g->batch.id,
		.part = g->part,
		.parts = g->parts,
		.product = g->batch.product,
		.coins = g->batch.coins };
	struct ledger_by by = host_by("daemon");
	struct batch_rows code_rows, passphrase_rows;
	struct publication *codes = NULL, *passphrases = NULL;
	int error = collect(&code_rows, &passphrase_rows, g);

	spec.kind = BATCH_CODES;
	spec.recipient = settings->routes[SETTINGS_ROUTE_CODES].hosts[0];
	if (error == 0)
		error = publish_stage(&codes, g->host, &spec, &code_rows);
	spec.kind = BATCH_PASSPHRASES;
	spec.recipient = settings->routes[SETTINGS_ROUTE_PASSPHRASES].hosts[0];
	spec.draws = g->batch.draws;
	if (error == 0)
		error = publish_stage(&passphrases, g->host, &spec, &passphrase_rows);
	batch_rows_free(&code_rows);
	batch_rows_free(&passphrase_rows);
	if (error == 0)
		error = record(g, &by, codes, passphrases);
	if (error == 0)
		error = publish_finish(&codes, g->host);
	if (error == 0)
		error = publish_finish(&passphrases, g->host);
	publish_abandon(&codes, g->host);
	publish_abandon(&passphrases, g->host);
	return error;
}

static void
all_done(void *context, int error)
{
	struct generate *g = context;
	struct host *host = g->host;
	char object[LEDGER_BATCH_SIZE];

	if (error == 0 && !host->ending)
		error = publish(g);
	(void)snprintf(object, sizeof object, "%s", g->batch.id);
	generate_free(g);
	stage_end(host, object, error);
}

/* The keys of the two hosts that the rows are for. */
static int
find_keys(struct generate *g)
{
	const struct settings *settings = g->host->settings;
	int error = keystore_of(&g->codes_to, g->host->keys,
		settings->routes[SETTINGS_ROUTE_CODES].hosts[0], CERTIFICATE_CODES, "");

	if (error == 0)
		error = keystore_of(&g->passphrases_to, g->host->keys,
			settings->routes[SETTINGS_ROUTE_PASSPHRASES].hosts[0],
			CERTIFICATE_PASSPHRASES, g->batch.id);
	return error;
}

/* Serials and, where ordered, lot and sequence of this part's wallets. */
static int
name_wallets(struct generate *g)
{
	struct allocation lots = { 0 };
	uint64_t first;
	int error = serial_to_number(&first, &g->host->serials, g->batch.first_serial,
		strlen(g->batch.first_serial));

	if (error == 0) {
		error = ledger_range_of(&lots.first, &lots.count, g->host->ledger, "lot",
			g->batch.id);
		g->with_lot = error == 0;
		error = error == KE_NOT_FOUND ? 0 : error;
	}
	for (size_t i = 0; error == 0 && i < g->count; i++) {
		uint64_t index = g->first_row - 1 + i;

		error = serial_from_number(
			g->made[i].serial, &g->host->serials, first + index);
		if (error == 0 && g->with_lot)
			error = allocation_at(&g->made[i].pair, &lots, index);
	}
	return error;
}

/* The first part that has no wallets yet. */
static int
find_part(struct generate *g)
{
	uint64_t counts[WALLET_STATE_COUNT], made = 0;
	int error = ledger_batch_counts(counts, g->host->ledger, g->batch.id);

	for (int s = 0; error == 0 && s < WALLET_STATE_COUNT; s++)
		made += counts[s];
	if (error)
		return error;
	g->parts = (uint32_t)((g->batch.made + BATCH_ROWS_MAX - 1) / BATCH_ROWS_MAX);
	g->part = (uint32_t)(made / BATCH_ROWS_MAX) + 1;
	g->first_row = made + 1;
	g->count = g->batch.made - made < BATCH_ROWS_MAX ? g->batch.made - made
							 : BATCH_ROWS_MAX;
	g->made = calloc(g->count, sizeof *g->made);
	return g->made ? 0 : KE_NO_MEMORY;
}

static int
find_ordered(void *context, const struct ledger_batch *batch)
{
	struct generate *g = context;
	uint64_t first, count;

	if (batch->state != LEDGER_BATCH_OPEN || ledger_batch_rests(batch)
		|| stage_is_stuck(g->host, batch->id))
		return 0;
	/* Ordered here, and not a batch whose passphrases came from elsewhere. */
	if (ledger_range_of(&first, &count, g->host->ledger, "serial", batch->id) != 0)
		return 0;
	g->batch = *batch;
	return 1;
}

bool
stage_generate_begin(struct host *host)
{
	struct generate *g = calloc(1, sizeof *g);
	struct pool_run run = { work, NULL, all_done, g, 0, false, &host->ending };
	int error;

	if (!g)
		return false;
	g->host = host;
	g->alphabet = host->alphabet;
	if (ledger_batch_list(host->ledger, find_ordered, g) != 1) {
		generate_free(g);
		return false;
	}
	host->stage_busy = true;
	error = find_part(g);
	if (error == 0)
		error = find_keys(g);
	if (error == 0)
		error = name_wallets(g);
	run.count = (g->count + AT_ONCE - 1) / AT_ONCE;
	if (error == 0)
		error = pool_start(host->loop, &run);
	if (error) {
		char object[LEDGER_BATCH_SIZE];

		(void)snprintf(object, sizeof object, "%s", g->batch.id);
		generate_free(g);
		stage_end(host, object, error);
	}
	return true;
}

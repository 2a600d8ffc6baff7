/* SPDX-License-Identifier: MIT */
/* What each kind of signed file does to the ledger, row by row. */
#include "config.h"
#include "daemon/intake_file.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "daemon/ledger_batch.h"
#include "daemon/ledger_wallet.h"
#include "daemon/settings.h"
#include "proto/hash.h"
#include "proto/text.h"

/* A file that is being applied. */
struct apply {
	struct intake_file *file;
	struct ledger *ledger;
	const struct ledger_by *by;
	const struct batch_file *batch;
	const char *content;
	uint64_t content_at;
	/* A part of the batch was given up here: others tell of its wallets, too. */
	bool lost_part;
	struct ledger_passed passed;
};

/* The line of a row in the content: the errors name it. */
static unsigned
line_of(const struct apply *a, const struct batch_row *row)
{
	unsigned line = 1;

	for (uint32_t i = 0; i < row->offset; i++)
		line += a->content[i] == '\n';
	return line;
}

static int
bad_row(const struct apply *a, const struct batch_row *row, int error)
{
	return issue_add(&a->file->issues, line_of(a, row), 1, error, "serial");
}

/* Where a row lies, so that it can be opened later, alone. */
static int
insert_row(const struct apply *a, const struct batch_row *row)
{
	struct ledger_row place = { .offset = a->content_at + row->offset,
		.length = row->length };
	int error = hash_sha256(place.sha256, a->content + row->offset, row->length);

	(void)snprintf(place.serial, sizeof place.serial, "%s", row->serial);
	(void)snprintf(place.kind, sizeof place.kind, "%s",
		batch_kind_name(a->batch->header.kind));
	memcpy(place.file, a->file->sha256, sizeof place.file);
	return error ? error : ledger_row_insert(a->ledger, &place);
}

/* A part of a batch that people have counted, or drawn from, as if it had all parts. */
static int
refuse_late(const struct apply *a, const struct ledger_batch *batch)
{
	(void)snprintf(a->file->action, sizeof a->file->action,
		"%s is %s here%s: no further part of it is taken. Find out why this one comes "
		"so late; have its wallets ordered at %s as another batch.",
		batch->id, ledger_batch_state_name(batch->state),
		batch->state == LEDGER_BATCH_RUNNING ? ", and its draw was made" : "",
		a->batch->header.sender);
	return KE_BAD_STATE;
}

/* All wallets of a batch of one part are here: as many as are to be drawn.  Of several
 * parts the first may be a small one. */
static bool
has_its_draws(const struct batch_header *header)
{
	return header->parts > 1 || header->draws <= header->count;
}

/* The batch that a file opens, or grows by one part. */
static int
announce(const struct apply *a)
{
	const struct batch_header *header = &a->batch->header;
	struct ledger_batch batch;
	int error = ledger_batch_get(&batch, a->ledger, header->batch);

	if (error == 0) {
		error = ledger_batch_announce(a->ledger, a->by, header->batch,
			batch.made + header->count);
		return error == KE_BAD_STATE ? refuse_late(a, &batch) : error;
	}
	if (error != KE_NOT_FOUND)
		return error;
	if (!has_its_draws(header))
		return KE_BAD_ARGUMENT;
	memset(&batch, 0, sizeof batch);
	batch.made = header->count;
	batch.draws = header->draws;
	(void)snprintf(batch.id, sizeof batch.id, "%s", header->batch);
	(void)snprintf(batch.product, sizeof batch.product, "%s", header->product);
	(void)snprintf(batch.use, sizeof batch.use, "%s", use_name(header->use));
	(void)snprintf(batch.first_serial, sizeof batch.first_serial, "%s",
		a->batch->rows[0].serial);
	text_join(batch.coins, sizeof batch.coins, header->coins.tickers[0],
		sizeof header->coins.tickers[0], header->coins.count);
	return ledger_batch_insert(a->ledger, a->by, &batch);
}

/* A new wallet; then where its row lies. */
static int
apply_new(const struct apply *a, const struct batch_row *row, uint32_t index)
{
	uint64_t number =
		(uint64_t)(a->batch->header.part - 1) * BATCH_ROWS_MAX + index + 1;
	int error = ledger_wallet_insert(a->ledger, a->by, row->serial,
		a->batch->header.batch, number, NULL);

	return error ? error : insert_row(a, row);
}

/* A sticker that was minted elsewhere: the wallet is new here, and minted. */
static int
apply_sticker(const struct apply *a, const struct batch_row *row, uint32_t index)
{
	int error = apply_new(a, row, index);

	return error ? error
		     : ledger_wallet_step(
			     a->ledger, a->by, row->serial, WALLET_MINT, NULL);
}

/* A wallet that is known here, of that batch. */
static int
known(struct ledger_wallet *wallet, const struct apply *a, const struct batch_row *row)
{
	int error = ledger_wallet_get(wallet, a->ledger, row->serial);

	if (error == 0 && strcmp(wallet->batch, a->batch->header.batch) != 0)
		error = KE_NOT_FOUND;
	return error;
}

static int
apply_confirmation(const struct apply *a, const struct batch_row *row, uint32_t index)
{
	struct ledger_wallet wallet;
	int error = known(&wallet, a, row);

	(void)index;
	return error ? error : insert_row(a, row);
}

/* Until the part is here, what the shipment says of it is taken as told. */
static bool
takes_as_told(enum wallet_state state)
{
	return state == WALLET_EXPECTED || state == WALLET_CONFIRMED;
}

/* It ended here as well, maybe for another reason: then there is nothing to add. */
static bool
is_out_of_play(enum wallet_state state)
{
	return state == WALLET_REJECTED || state == WALLET_SPOILED
		|| state == WALLET_MISSING || state == WALLET_VOID;
}

/* A part that is here, and cannot be if the shipment is right. */
static int
refuse_told(const struct apply *a, const struct ledger_wallet *wallet, enum batch_word word)
{
	struct intake_file *file = a->file;

	if (!file->action[0])
		(void)snprintf(file->action, sizeof file->action,
			"%s is %s here, and %s says %s: look at the part, and ask. Where it "
			"is out of play say so (keylinectl wallet spoil %s), then drop the "
			"file again.",
			wallet->serial, wallet_state_name(wallet->state),
			a->batch->header.sender, batch_word_name(word), wallet->serial);
	return KE_BAD_STATE;
}

/* What China says of a wallet; a shipped one is to arrive. */
static int
apply_shipment(const struct apply *a, const struct batch_row *row, uint32_t index)
{
	static const struct {
		enum batch_word word;
		enum wallet_event event;
	} steps[] = { { BATCH_WORD_SPOILED, WALLET_SPOIL },
		{ BATCH_WORD_MISSING, WALLET_LOSE }, { BATCH_WORD_REJECTED, WALLET_REJECT },
		{ BATCH_WORD_VOID, WALLET_WITHDRAW } };
	struct ledger_wallet wallet;
	int error = known(&wallet, a, row);

	(void)index;
	if (error == 0)
		error = insert_row(a, row);
	for (size_t i = 0; error == 0 && i < sizeof steps / sizeof steps[0]; i++) {
		if (row->word != steps[i].word || is_out_of_play(wallet.state))
			continue;
		error = takes_as_told(wallet.state)
				? ledger_wallet_step(a->ledger, a->by, row->serial,
					  steps[i].event, "told by the shipment")
				: refuse_told(a, &wallet, row->word);
	}
	return error;
}

static int
apply_result(const struct apply *a, const struct batch_row *row, uint32_t index)
{
	struct ledger_wallet wallet;
	int error = known(&wallet, a, row);
	enum wallet_event event = row->word == BATCH_WORD_OPENED_GOOD ? WALLET_OPEN_GOOD
								     : WALLET_OPEN_BAD;

	(void)index;
	if (error == 0)
		error = insert_row(a, row);
	/* The minting host does not know its wallets as shipped: it keeps the row. */
	if (error == 0 && wallet.state == WALLET_SHIPPED)
		error = ledger_wallet_step(
			a->ledger, a->by, row->serial, event, "told by the results");
	return error;
}

static int
apply_receipts(const struct apply *a)
{
	int error = 0;

	for (uint32_t i = 0; error == 0 && i < a->batch->header.count; i++) {
		const struct batch_receipt *receipt = &a->batch->receipts[i];

		error = intake_origin_check_receipt(a->file, &a->batch->header, receipt);
		if (error == 0)
			error = ledger_file_set_receipt(
				a->ledger, a->by, receipt->sha256, LEDGER_RECEIPT_DONE);
		if (error)
			(void)issue_add(&a->file->issues, 0, 0, error, "receipt");
	}
	return error;
}

/* A wallet that nobody knows here, of a batch whose part was given up: of that part. */
static bool
is_of_lost_part(struct apply *a, const struct batch_row *row)
{
	struct ledger_wallet wallet;

	if (!a->lost_part ||
		ledger_wallet_get(&wallet, a->ledger, row->serial) != KE_NOT_FOUND)
		return false;
	if (a->passed.rows++ == 0)
		(void)snprintf(
			a->passed.first, sizeof a->passed.first, "%s", row->serial);
	(void)snprintf(a->passed.last, sizeof a->passed.last, "%s", row->serial);
	return true;
}

/* A wallet that nobody knows here may be of a part that has not come. */
static void
tell_parts_to_come(struct apply *a)
{
	uint64_t to_come;

	if (a->file->action[0] ||
		ledger_batch_parts_to_come(
			&to_come, a->ledger, a->batch->header.batch) != 0 ||
		to_come == 0)
		return;
	(void)snprintf(a->file->action, sizeof a->file->action,
		"Parts of %s are still to come here (%" PRIu64 "): bring them, or let "
		"two persons give up the one that is lost (keylinectl batch skip), then "
		"drop the file again.",
		a->batch->header.batch, to_come);
}

/* Rows of a part that was given up strand nobody else's. */
static int
record_passed(struct apply *a)
{
	const struct batch_header *header = &a->batch->header;

	if (a->passed.rows == 0)
		return 0;
	a->passed.kind = batch_kind_name(header->kind);
	a->passed.sender = header->sender;
	a->passed.sequence = header->sequence;
	return ledger_batch_pass_over(a->ledger, a->by, header->batch, &a->passed);
}

/* All rows, so that every error is told; a failure of the ledger ends it. */
static int
apply_rows(struct apply *a,
	int (*apply_row)(const struct apply *, const struct batch_row *, uint32_t))
{
	int error =
		ledger_batch_lost_parts(&a->lost_part, a->ledger, a->batch->header.batch);

	if (error)
		return issue_add(&a->file->issues, 0, 0, error, "batch");
	for (uint32_t i = 0; i < a->batch->header.count; i++) {
		int bad = apply_row(a, &a->batch->rows[i], i);

		if (bad == KE_NOT_FOUND && is_of_lost_part(a, &a->batch->rows[i]))
			continue;
		if (bad == KE_NOT_FOUND)
			tell_parts_to_come(a);
		if (bad)
			error = bad_row(a, &a->batch->rows[i], bad);
		if (bad && ledger_failed(a->ledger))
			break;
	}
	return error ? error : record_passed(a);
}

int
intake_apply(struct intake_file *file, const struct ledger_by *by,
	const struct batch_file *batch, const char *content, uint64_t content_at)
{
	static const struct {
		bool announces;
		int (*apply_row)(const struct apply *, const struct batch_row *, uint32_t);
	} kinds[BATCH_KINDS] = {
		[BATCH_CODES] = { true, apply_new },
		[BATCH_PASSPHRASES] = { true, apply_new },
		[BATCH_STICKERS] = { true, apply_sticker },
		[BATCH_CONFIRMATIONS] = { false, apply_confirmation },
		[BATCH_SHIPMENT] = { false, apply_shipment },
		[BATCH_RESULTS] = { false, apply_result },
	};
	struct apply a = {.file = file,
		.ledger = file->host->ledger,
		.by = by,
		.batch = batch,
		.content = content,
		.content_at = content_at};
	int error;

	if (batch->header.kind == BATCH_RECEIPT)
		return apply_receipts(&a);
	if (batch->header.kind == BATCH_NOTICE)
		return intake_freeze_apply(file, by, batch);
	if (!kinds[batch->header.kind].apply_row)
		return issue_add(&file->issues, 0, 0, KE_WRONG_KIND, "kind");
	error = kinds[batch->header.kind].announces ? announce(&a) : 0;
	if (error)
		return issue_add(&file->issues, 0, 0, error, "batch");
	return apply_rows(&a, kinds[batch->header.kind].apply_row);
}

/* SPDX-License-Identifier: MIT */
/* Signed files: signature, form, policy; then the ledger. */
#include "config.h"
#include "daemon/intake_file.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/alarm.h"
#include "daemon/durable.h"
#include "daemon/intake_report.h"
#include "daemon/keystore.h"
#include "daemon/ledger_batch.h"
#include "daemon/ledger_witness.h"
#include "daemon/publish.h"
#include "daemon/settings.h"
#include "daemon/spool.h"
#include "daemon/stage.h"
#include "daemon/store.h"
#include "proto/batch_policy.h"
#include "proto/cms_sign.h"
#include "proto/utc.h"

/* The stages of this host as the policy has them: the bits are the same. */
_Static_assert((int)SETTINGS_GENERATE == (int)BATCH_STAGE_GENERATE &&
		       (int)SETTINGS_ETCH == (int)BATCH_STAGE_ETCH &&
		       (int)SETTINGS_MINT == (int)BATCH_STAGE_MINT &&
		       (int)SETTINGS_PRINT == (int)BATCH_STAGE_PRINT,
	"stages of settings and policy differ");

/* The key that a file is sealed to is not here: whose, of what kind, and how it comes. */
static void
refuse_no_key(struct intake_file *file, const struct batch_header *header,
	enum certificate_kind kind, int error)
{
	const char *host = file->host->settings->host;
	const char *name = certificate_kind_name(kind);

	if (error == KE_NO_KEY && certificate_kind_is_per_batch(kind))
		(void)snprintf(file->action, sizeof file->action,
			"%s has no %s key of %s. Put it back from the backup of the key "
			"folder, and drop the file again. Without a backup the file "
			"stays closed for good: order its wallets at %s as another "
			"batch, with a key of that batch.",
			host, name, header->batch, header->sender);
	else if (error == KE_NO_KEY)
		(void)snprintf(file->action, sizeof file->action,
			"%s has no %s key. Put it back from the backup of the key "
			"folder, and drop the file again. Without a backup the file "
			"stays closed for good: keylinectl key new %s , take its "
			"certificate to %s, and order the wallets of %s as another batch.",
			host, name, name, header->sender, header->batch);
	(void)issue_add(&file->issues, 0, 0, error, certificate_kind_name(kind));
}

/* What a header is held against; one that was refused before keeps its place. */
static int
expect(struct batch_expectation *expected, struct ledger_turn *turn,
	const struct intake_file *file, const struct batch_header *header,
	const struct certificate *signer)
{
	const struct host *host = file->host;
	const char *kind = batch_kind_name(header->kind);
	int error;

	*expected = (struct batch_expectation){.host = host->settings->host,
		.use = host->settings->production ? USE_PRODUCTION : USE_TEST,
		.stages = host->settings->stages,
		.signer = certificate_subject(signer),
		.pattern = &host->serials};
	intake_origin_expect(expected, host->settings, header->kind);
	error = ledger_file_was_refused(turn, host->ledger, file->sha256, header->sender,
		header->recipient, kind);
	if (error == KE_NOT_FOUND)
		error = ledger_file_next(turn, host->ledger, LEDGER_IN, header->sender,
			header->recipient, kind);
	expected->sequence = turn->sequence;
	expected->previous = turn->follows_skipped ? NULL : turn->previous;
	return error;
}

/* Rows that are sealed to a key of this host that it has no more. */
static void
refuse_other_key(struct intake_file *file, const struct batch_header *header)
{
	enum certificate_kind kind = batch_kind_certificate(header->kind);

	(void)snprintf(file->action, sizeof file->action,
		certificate_kind_is_per_batch(kind)
			? "It is for %s, but sealed to another %s key than it has now. Put "
			  "that key back from the backup of the key folder, or order these "
			  "wallets at %s as another batch."
			: "It is for %s, but sealed to another %s key than it has now, an "
			  "older one most likely. Take the certificate of the present key to "
			  "%s, and order these wallets there as another batch.",
		file->host->settings->host, certificate_kind_name(kind), header->sender);
}

/* It was given up before it came. */
static void
tell_skipped(struct intake_file *file, const struct batch_header *header)
{
	int64_t time_ms;
	char when[UTC_SIZE] = "";

	if (ledger_file_was_skipped(&time_ms, file->host->ledger, header->sender,
		    header->recipient, batch_kind_name(header->kind),
		    header->sequence) != 0 ||
		utc_format(when, (time_t)(time_ms / 1000)) != 0)
		return;
	(void)snprintf(file->action, sizeof file->action,
		"Two persons skipped its number at %s, and a file that was lost on its "
		"way "
		"is not taken after that. Find out where it was; have its wallets "
		"ordered "
		"at %s as another batch.",
		when, header->sender);
}

/* Policy: for us, from its signer, next in its row; and it lies where it may. */
static int
judge_header(struct intake_file *file, const struct batch_header *header,
	const struct batch_expectation *expected)
{
	int error = batch_check_header(header, expected, &file->issues);

	if (error == KE_WRONG_SENDER)
		intake_origin_tell(file, header, expected->signer);
	if (error == 0)
		error = intake_origin_check_notice(file, header);
	if (error == KE_DUPLICATE)
		tell_skipped(file, header);
	/* A number that is used twice is what a ledger that was put back leads to: then
	 * the heads tell more. */
	if (error == 0 || error == KE_DUPLICATE) {
		int forked = intake_heads_check(file, header);

		error = forked ? forked : error;
	}
	if (error == 0 && (header->kind == BATCH_STICKERS) != file->is_secure)
		error = issue_add(&file->issues, 0, 0, KE_SECURE_DISK, NULL);
	return error;
}

/* What it contains: sealed to our key, serials of our pattern. */
static int
judge_content(struct intake_file *file, const struct batch_file *batch,
	const struct batch_expectation *expected)
{
	struct host *host = file->host;
	const struct batch_header *header = &batch->header;
	const struct certificate *own = NULL;
	const struct private_key *key;
	int error = intake_freeze_check(file, header);

	if (error == 0)
		error = intake_origin_check(file, header);
	if (error == 0 && batch_kind_is_sealed(header->kind)) {
		enum certificate_kind kind = batch_kind_certificate(header->kind);

		error = keystore_own(&own, &key, host->keys, kind,
			certificate_kind_is_per_batch(kind) ? header->batch : "");
		if (error)
			refuse_no_key(file, header, kind, error);
	}
	if (error == 0)
		error = batch_check(batch, expected, own, &file->issues);
	if (error == KE_WRONG_RECIPIENT)
		refuse_other_key(file, header);
	return error;
}

/* What the ledger keeps of a file that came. */
static struct ledger_file
row_of(const struct intake_file *file, const struct batch_header *header)
{
	bool is_part = header->kind != BATCH_RECEIPT;
	struct ledger_file row = {.direction = LEDGER_IN,
		.part = is_part ? header->part : 0,
		.parts = is_part ? header->parts : 0,
		.sequence = header->sequence};

	memcpy(row.sha256, file->sha256, sizeof row.sha256);
	memcpy(row.previous, header->previous, sizeof row.previous);
	(void)snprintf(row.kind, sizeof row.kind, "%s", batch_kind_name(header->kind));
	(void)snprintf(row.sender, sizeof row.sender, "%s", header->sender);
	(void)snprintf(row.recipient, sizeof row.recipient, "%s", header->recipient);
	(void)snprintf(row.batch, sizeof row.batch, "%s", header->batch);
	return row;
}

static int
record_file(struct intake_file *file, const struct ledger_by *by,
	const struct batch_header *header)
{
	struct ledger_file row = row_of(file, header);
	char name[STORE_NAME_SIZE];

	store_name(name, file->sha256);
	(void)snprintf(row.path, sizeof row.path, "%s%s",
		file->is_secure ? STORE_SECURE_PREFIX : STORE_PREFIX,
		file->is_secure ? file->name : name);
	return ledger_file_insert(file->host->ledger, by, &row);
}

/* What was told from is kept: sealed rows are opened from it one at a time. */
static int
keep(struct intake_file *file)
{
	char name[STORE_NAME_SIZE];

	if (file->is_secure)
		return 0;
	store_name(name, file->sha256);
	return durable_write(file->host->store_fd, name, file->bytes, file->len, 0600, 1);
}

/* Of a batch that was made void here nothing is left to decide. */
static void
tell_frozen(struct host *host, const char *batch)
{
	struct ledger_freeze freeze;

	if (ledger_freeze_get(&freeze, host->ledger, batch) != 0 || !freeze.is_void)
		alarm_raise(host->alarms, "batch-frozen", batch, host_now_ms());
}

static int
commit(struct intake_file *file, const struct batch_file *batch,
	const struct cms_signed *told, struct publication *receipt)
{
	struct ledger *ledger = file->host->ledger;
	struct ledger_by by = host_by("daemon");
	uint64_t content_at =
		(uint64_t)((const unsigned char *)told->content - file->bytes);
	int error = ledger_begin(ledger);

	if (error)
		return error;
	error = record_file(file, &by, &batch->header);
	if (error == 0)
		error = ledger_witness_add(
			ledger, &by, batch->header.sender, &batch->header.ledger);
	if (error)
		(void)issue_add(&file->issues, 0, 0, error, NULL);
	else
		error = intake_apply(file, &by, batch, told->content, content_at);
	if (error == 0 && (batch->header.kind == BATCH_CONFIRMATIONS ||
				  batch->header.kind == BATCH_PASSPHRASES ||
				  batch->header.kind == BATCH_STICKERS))
		error = ledger_batch_run_when_complete(
			ledger, &by, batch->header.batch);
	if (error == 0 && receipt)
		error = publish_record(receipt, file->host, &by);
	if (error == 0 && !file->check_only) {
		error = ledger_commit(ledger);
		if (error == 0 && batch->header.kind == BATCH_NOTICE)
			tell_frozen(file->host, batch->header.batch);
		for (uint32_t i = 0;
			error == 0 && batch->receipts && i < batch->header.count; i++)
			publish_tell_received(file->host, batch->receipts[i].sha256);
		return error;
	}
	ledger_rollback(ledger);
	return error;
}

/* Whether what refused a file is the file: not a disk, memory, or this host's own
 * signing. */
static bool
is_of_content(struct host *host, int error)
{
	return error && error != KE_NO_MEMORY && error != KE_CRYPTO &&
	       error != KE_OUT_OF_SEQUENCE && error != KE_FORKED &&
	       !ledger_failed(host->ledger) && durable_failed(-1) == 0 &&
	       !host_trouble(host, error);
}

/* It is refused: what was kept of it goes again, since the ledger has no word of it there
 * and a destruction would not look for it. */
static int
forget(struct intake_file *file, int refusal)
{
	char name[STORE_NAME_SIZE];

	if (file->is_secure || file->check_only || !is_of_content(file->host, refusal))
		return 0;
	store_name(name, file->sha256);
	return durable_unlink(file->host->store_fd, name);
}

/* is_ours: what failed was this host's own work, not the file. */
static int
take(bool *is_ours, struct intake_file *file, const struct batch_file *batch,
	const struct cms_signed *told)
{
	struct publication *receipt = NULL;
	bool answers = batch->header.kind != BATCH_RECEIPT && !file->check_only;
	int left = 0, error = file->check_only ? 0 : keep(file);

	if (error == 0 && answers)
		error = intake_receipt_stage(&receipt, file, &batch->header);
	if (error == KE_NO_KEY)
		(void)snprintf(file->action, sizeof file->action,
			"%s has no site key to sign the receipt with:  keylinectl key "
			"new site  then drop the file again.",
			file->host->settings->host);
	*is_ours = error != 0;
	if (error == 0) {
		error = commit(file, batch, told, receipt);
		left = error ? forget(file, error) : 0;
	}
	if (left) {
		error = left;
		*is_ours = true;
	}
	if (error == 0 && receipt) {
		error = publish_finish(&receipt, file->host);
		*is_ours = error != 0;
	}
	publish_abandon(&receipt, file->host);
	return error;
}

/*
 * It came in its turn and is refused for what it contains: its number is used up, so that
 * the files behind it do not wait for ever for another one.  These bytes may come again,
 * when their cause is mended.
 */
static int
count_refused(struct intake_file *file, const struct batch_header *header, int refusal)
{
	struct host *host = file->host;
	struct ledger_by by = host_by("daemon");
	struct ledger_file row = row_of(file, header);
	int error;

	if (file->check_only || !is_of_content(host, refusal))
		return refusal;
	error = ledger_file_refuse(host->ledger, &by, &row);
	/* What waited for it is looked at again, here and on the secure disk. */
	if (error == 0) {
		spool_retry_deferred(host->spool);
		host->secure_retry = true;
	}
	return error ? error : refusal;
}

/* A file whose rows are no rows: its header alone says whether it came in its turn. */
static int
refuse_rows(struct intake_file *file, const struct cms_signed *told, int refusal)
{
	struct issue_list issues = {0};
	struct batch_expectation expected;
	struct ledger_turn turn;
	struct batch_header header;
	struct intake_file quiet = *file;
	int error = batch_header_parse(&header, &issues, told->content, told->len);

	if (error == 0)
		error = expect(&expected, &turn, file, &header, told->signer);
	quiet.issues = issues;
	if (error == 0)
		error = judge_header(&quiet, &header, &expected);
	issue_list_clear(&quiet.issues);
	return error ? refusal : count_refused(file, &header, refusal);
}

/* Of several that wait only the one that is told which is awaited can be helped. */
static void
tell_waits(struct intake_file *file, const struct batch_header *header, uint64_t awaited)
{
	(void)snprintf(file->waits, sizeof file->waits,
		"It is number %" PRIu64 " of the %s of %s (batch %s), which are taken in "
		"their order; number %" PRIu64 " is awaited.",
		header->sequence, batch_kind_name(header->kind), header->sender,
		header->batch, awaited);
}

static int
judge_and_take(struct intake_file *file, const struct batch_file *batch,
	const struct cms_signed *told)
{
	struct batch_expectation expected;
	struct ledger_turn turn;
	int error = expect(&expected, &turn, file, &batch->header, told->signer);
	bool is_ours = false;

	if (error == 0)
		error = judge_header(file, &batch->header, &expected);
	if (error == KE_OUT_OF_SEQUENCE)
		tell_waits(file, &batch->header, expected.sequence);
	if (error)
		return error;
	error = judge_content(file, batch, &expected);
	if (error == 0)
		error = take(&is_ours, file, batch, told);
	return error && !is_ours ? count_refused(file, &batch->header, error) : error;
}

/* Who claims to have signed it is nobody's word, but people are not to believe it. */
static void
tell_claimed(struct intake_file *file)
{
	struct certificate *claimed = NULL;

	if (cms_claimed_signer(&claimed, file->bytes, file->len) == 0)
		intake_origin_tell_other_key(file, certificate_subject(claimed)->host);
	certificate_free(claimed);
}

int
intake_signed(struct intake_file *file)
{
	struct batch_file *batch = NULL;
	struct cms_signed told;
	size_t count;
	const struct certificate *const *sites = keystore_sites(file->host->keys, &count);
	int error = cms_verify(&told, file->bytes, file->len, sites, count);

	if (error == KE_UNTRUSTED_SIGNER)
		tell_claimed(file);
	if (error)
		return issue_add(&file->issues, 0, 0, error, NULL);
	error = batch_parse(&batch, &file->issues, told.content, told.len);
	if (error)
		return refuse_rows(file, &told, error);
	(void)snprintf(
		file->kind, sizeof file->kind, "%s", batch_kind_name(batch->header.kind));
	(void)snprintf(file->batch, sizeof file->batch, "%s", batch->header.batch);
	error = judge_and_take(file, batch, &told);
	batch_file_free(batch);
	return error;
}

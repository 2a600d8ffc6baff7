/* SPDX-License-Identifier: MIT */
/* The word to a file's sender that it was taken in. */
#include "config.h"
#include "daemon/intake_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/alarm.h"
#include "daemon/publish.h"
#include "daemon/spool.h"
#include "daemon/store.h"
#include "proto/hash.h"

int
intake_receipt_stage(struct publication **out, struct intake_file *file,
	const struct batch_header *header)
{
	struct batch_receipt receipt = {
		.kind = header->kind, .sequence = header->sequence};
	struct publish_spec spec = {.kind = BATCH_RECEIPT,
		.recipient = header->sender,
		.batch = header->batch,
		.part = header->part,
		.parts = header->parts,
		.receipt_for = batch_kind_name(header->kind),
		.witness = &header->ledger};
	struct batch_rows rows;
	int error;

	memcpy(receipt.sha256, file->sha256, sizeof receipt.sha256);
	batch_rows_init(&rows);
	error = batch_rows_add_receipt(&rows, &receipt);
	if (error == 0)
		error = publish_stage(out, file->host, &spec, &rows);
	batch_rows_free(&rows);
	return error;
}

/* What a receipt is made of, as the ledger has kept it. */
static bool
read_header(struct batch_header *header, const struct ledger_file *known)
{
	memset(header, 0, sizeof *header);
	header->part = known->part;
	header->parts = known->parts;
	header->sequence = known->sequence;
	(void)snprintf(header->sender, sizeof header->sender, "%s", known->sender);
	(void)snprintf(header->recipient, sizeof header->recipient, "%s", known->recipient);
	(void)snprintf(header->batch, sizeof header->batch, "%s", known->batch);
	return batch_kind_parse(&header->kind, known->kind, strlen(known->kind)) &&
	       header->kind != BATCH_RECEIPT && known->direction == LEDGER_IN;
}

static void
name_receipt(char name[BATCH_NAME_SIZE], const struct batch_header *answered)
{
	struct batch_header receipt = {.kind = BATCH_RECEIPT, .part = answered->part};

	(void)snprintf(receipt.sender, sizeof receipt.sender, "%s", answered->recipient);
	(void)snprintf(
		receipt.recipient, sizeof receipt.recipient, "%s", answered->sender);
	(void)snprintf(receipt.batch, sizeof receipt.batch, "%s", answered->batch);
	batch_name(name, &receipt, answered->kind);
}

/* Whether it lies in outgoing/ under its name, or waits for that name: the ledger knows
 * which file this host made for whom. */
static bool
lies_ready(struct host *host, const char *name, const char *recipient)
{
	unsigned char *bytes = NULL, digest[LEDGER_DIGEST_LEN];
	struct ledger_file lies;
	size_t len;
	bool is_it;

	if (alarm_stands_as(host->alarms, "outgoing-taken", name))
		return true;
	if (store_read(&bytes, &len, spool_folder_fd(host->spool, SPOOL_OUTGOING),
		    name) != 0)
		return false;
	is_it = hash_sha256(digest, bytes, len) == 0 &&
		ledger_file_get(&lies, host->ledger, digest) == 0 &&
		lies.direction == LEDGER_OUT && strcmp(lies.recipient, recipient) == 0;
	free(bytes);
	return is_it;
}

static int
record(struct host *host, struct publication *receipt)
{
	struct ledger_by by = host_by("daemon");
	int error = ledger_begin(host->ledger);

	if (error)
		return error;
	error = publish_record(receipt, host, &by);
	return ledger_end(host->ledger, error);
}

int
intake_receipt_again(struct intake_file *file, const struct ledger_file *known)
{
	struct host *host = file->host;
	struct publication *receipt = NULL;
	struct batch_header header;
	char name[BATCH_NAME_SIZE];
	int error;

	if (!read_header(&header, known))
		return 0;
	name_receipt(name, &header);
	if (!lies_ready(host, name, known->sender)) {
		error = intake_receipt_stage(&receipt, file, &header);
		if (error == 0)
			error = record(host, receipt);
		if (error == 0)
			error = publish_finish(&receipt, host);
		publish_abandon(&receipt, host);
		if (error)
			return error;
	}
	(void)snprintf(file->action + strlen(file->action),
		sizeof file->action - strlen(file->action),
		alarm_stands_as(host->alarms, "outgoing-taken", name)
			? " Another file has its receipt's name in outgoing: carry that "
			  "away, then bring the receipt to %s."
			: " Its receipt is in outgoing: bring it to %s.",
		known->sender);
	return 0;
}

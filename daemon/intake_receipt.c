/* SPDX-License-Identifier: MIT */
/* The word to a file's sender that it was taken in. */
#include "config.h"
#include "daemon/intake_file.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "daemon/publish.h"
#include "daemon/spool.h"

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

static bool
lies_in_outgoing(const struct intake_file *file, const struct batch_header *header)
{
	struct batch_header receipt = {.kind = BATCH_RECEIPT, .part = header->part};
	char name[BATCH_NAME_SIZE];

	(void)snprintf(receipt.sender, sizeof receipt.sender, "%s", header->recipient);
	(void)snprintf(receipt.batch, sizeof receipt.batch, "%s", header->batch);
	batch_name(name, &receipt, header->kind);
	return faccessat(spool_folder_fd(file->host->spool, SPOOL_OUTGOING), name, F_OK,
		       AT_SYMLINK_NOFOLLOW) == 0;
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
	struct publication *receipt = NULL;
	struct batch_header header;
	int error;

	if (!read_header(&header, known))
		return 0;
	if (!lies_in_outgoing(file, &header)) {
		error = intake_receipt_stage(&receipt, file, &header);
		if (error == 0)
			error = record(file->host, receipt);
		if (error == 0)
			error = publish_finish(&receipt, file->host);
		publish_abandon(&receipt, file->host);
		if (error)
			return error;
	}
	(void)snprintf(file->action + strlen(file->action),
		sizeof file->action - strlen(file->action),
		" Its receipt is in outgoing: bring it to %s.", known->sender);
	return 0;
}

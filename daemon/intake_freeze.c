/* SPDX-License-Identifier: MIT */
/* Notices of other hosts, and files of batches that are stopped here. */
#include "config.h"
#include "daemon/intake_file.h"

#include <stdio.h>
#include <string.h>
#include "daemon/ledger_batch.h"

/* What makes more of a batch, or of its wallets. */
static bool
brings_on(enum batch_kind kind)
{
	return batch_kind_is_sealed(kind);
}

int
intake_freeze_check(struct intake_file *file, const struct batch_header *header)
{
	struct ledger_freeze freeze;
	int error;

	if (header->kind == BATCH_RECEIPT || header->kind == BATCH_NOTICE)
		return 0;
	error = ledger_freeze_get(&freeze, file->host->ledger, header->batch);
	if (error == KE_NOT_FOUND)
		return 0;
	if (error || (freeze.is_void && !brings_on(header->kind)))
		return error;
	if (freeze.is_void)
		(void)snprintf(file->action, sizeof file->action,
			"Nothing is to be done: %s was made void here: %.200s.",
			header->batch, freeze.reason);
	else
		(void)snprintf(file->action, sizeof file->action,
			"%s is frozen here: %.150s. When two persons have let it go "
			"(keylinectl batch unfreeze) drop the file again.",
			header->batch, freeze.reason);
	return issue_add(&file->issues, 0, 0, KE_HELD, "batch");
}

int
intake_freeze_apply(struct intake_file *file, const struct ledger_by *by,
	const struct batch_file *batch)
{
	const struct batch_header *header = &batch->header;
	struct ledger *ledger = file->host->ledger;
	struct ledger_freeze freeze;
	char reason[128];
	int error = ledger_freeze_get(&freeze, ledger, header->batch);

	/* It stands still already, or for good. */
	if (error != KE_NOT_FOUND)
		return error;
	(void)snprintf(reason, sizeof reason, "told by %s: %s there", header->sender,
		header->count ? batch_word_name(batch->rows[0].word) : "frozen");
	return ledger_batch_freeze(ledger, by, header->batch, reason);
}

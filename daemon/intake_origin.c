/* SPDX-License-Identifier: MIT */
/*
 * Who may send what.  A site is trusted to be itself, and no more: a kind is taken from
 * the hosts that [from] names, a part from who sent the first of its batch, a receipt
 * from who has the file that it is for.
 */
#include "config.h"
#include "daemon/intake_file.h"

#include <stdio.h>
#include <string.h>
#include "daemon/closing.h"
#include "daemon/keystore.h"
#include "daemon/ledger_batch.h"
#include "daemon/settings.h"
#include "proto/batch_policy.h"
#include "proto/text.h"

_Static_assert((int)SETTINGS_HOST_MAX == (int)NAME_HOST_MAX, "host names differ");

static const struct settings_senders *
senders_of(const struct settings *settings, enum batch_kind kind)
{
	static const enum settings_route routes[BATCH_KINDS] = {
		[BATCH_CODES] = SETTINGS_ROUTE_CODES,
		[BATCH_PASSPHRASES] = SETTINGS_ROUTE_PASSPHRASES,
		[BATCH_CONFIRMATIONS] = SETTINGS_ROUTE_CONFIRMATIONS,
		[BATCH_STICKERS] = SETTINGS_ROUTE_STICKERS,
		[BATCH_SHIPMENT] = SETTINGS_ROUTE_SHIPMENT,
		[BATCH_RESULTS] = SETTINGS_ROUTE_RESULTS,
	};

	return kind == BATCH_RECEIPT || kind == BATCH_NOTICE
		       ? NULL
		       : &settings->from[routes[kind]];
}

void
intake_origin_expect(struct batch_expectation *expected, const struct settings *settings,
	enum batch_kind kind)
{
	const struct settings_senders *from = senders_of(settings, kind);

	expected->senders = from ? from->hosts : NULL;
	expected->sender_count = from ? SETTINGS_FROM_HOSTS : 0;
}

void
intake_origin_tell(struct intake_file *file, const struct batch_header *header,
	const struct certificate_subject *signer)
{
	const struct settings_senders *from =
		senders_of(file->host->settings, header->kind);
	const char *kind = batch_kind_name(header->kind);
	char names[SETTINGS_FROM_HOSTS * (SETTINGS_HOST_MAX + 1) + 1];
	size_t count = 0;

	while (from && count < SETTINGS_FROM_HOSTS && from->hosts[count][0])
		count++;
	if (count == 0)
		return;
	text_join(names, sizeof names, from->hosts[0], sizeof from->hosts[0], count);
	(void)snprintf(file->action, sizeof file->action,
		"%s signed it; [from] here takes %s from %s alone. Find out why %s sends "
		"them; only where it is to, name it in [from] of keyline.conf, start the "
		"daemon again, and drop the file again.",
		signer->host, kind, names, signer->host);
}

void
intake_origin_tell_other_key(struct intake_file *file, const char *claimed)
{
	const struct certificate *known;

	if (keystore_of(&known, file->host->keys, claimed, CERTIFICATE_SITE, "") != 0)
		return;
	(void)snprintf(file->action, sizeof file->action,
		"It has the name of %s, but not the key of %s that is trusted here: "
		"somebody else may have made it. Do not trust that key; find out where "
		"the file came from, and ask %s whether it was sent.",
		claimed, claimed, claimed);
}

/* What is known of a kind of file of a batch. */
struct known_part {
	const struct batch_header *header;
	const char *host;
	struct batch_part part;
};

/* Files to this host, those of its own among them: the first tells.  A part of
 * confirmations answers a part of codes, and so one of passphrases. */
static int
look_at_file(void *context, const struct ledger_file *f)
{
	struct known_part *k = context;
	bool same = strcmp(f->kind, batch_kind_name(k->header->kind)) == 0;
	bool pair = k->header->kind == BATCH_CONFIRMATIONS &&
		    strcmp(f->kind, batch_kind_name(BATCH_PASSPHRASES)) == 0;

	if (strcmp(f->recipient, k->host) != 0 || f->part == 0 || !(same || pair))
		return 0;
	if (k->part.parts == 0)
		k->part.parts = f->parts;
	if (same && !k->part.sender[0])
		(void)snprintf(k->part.sender, sizeof k->part.sender, "%s", f->sender);
	return 0;
}

static bool
opens_a_batch(enum batch_kind kind)
{
	return kind == BATCH_CODES || kind == BATCH_PASSPHRASES || kind == BATCH_STICKERS;
}

static int
check_known(struct intake_file *file, const struct batch_header *header,
	const struct ledger_batch *batch)
{
	const char *kind = batch_kind_name(header->kind),
		   *own = file->host->settings->host;
	struct known_part k = {
		.header = header, .host = own, .part = {.draws = batch->draws}};
	int error = ledger_file_list(file->host->ledger, header->batch, look_at_file, &k);

	if (error == 0)
		error = batch_coins_parse(&k.part.coins, batch->coins);
	if (error)
		return error;
	(void)snprintf(k.part.product, sizeof k.part.product, "%s", batch->product);
	/* This host has the batch from its own order, or from codes. */
	if (opens_a_batch(header->kind) && !k.part.sender[0])
		(void)snprintf(k.part.sender, sizeof k.part.sender, "%s", own);
	error = batch_check_part(header, &k.part, &file->issues);
	if (error)
		(void)snprintf(file->action, sizeof file->action,
			"It is from %s and no further part of %s: its %s that were taken "
			"first are from %s, and all parts have the sender, count of "
			"parts, product, coins and draws of the first. Nothing of the "
			"batch was changed; ask %s where the file comes from.",
			header->sender, header->batch, kind,
			k.part.sender[0] ? k.part.sender : "nobody yet", header->sender);
	return error;
}

int
intake_origin_check(struct intake_file *file, const struct batch_header *header)
{
	struct ledger_batch batch;
	int error;

	/* Neither is a part of its batch. */
	if (header->kind == BATCH_RECEIPT || header->kind == BATCH_NOTICE)
		return 0;
	error = ledger_batch_get(&batch, file->host->ledger, header->batch);
	if (error == KE_NOT_FOUND)
		return 0;
	return error ? error : check_known(file, header, &batch);
}

int
intake_origin_check_notice(struct intake_file *file, const struct batch_header *header)
{
	if (header->kind != BATCH_NOTICE ||
		closing_is_peer(file->host->settings, header->sender))
		return 0;
	(void)snprintf(file->action, sizeof file->action,
		"%s signed it, and is in neither [route] nor [from] here: it has no say "
		"in "
		"what is made here. Find out why it sends this; one person can freeze "
		"the "
		"batch here:  keylinectl batch freeze %s --reason TEXT",
		header->sender, header->batch);
	return issue_add(&file->issues, 4, 2, KE_WRONG_SENDER, "sender");
}

int
intake_origin_check_receipt(struct intake_file *file, const struct batch_header *header,
	const struct batch_receipt *receipt)
{
	struct ledger_file sent;
	int error = ledger_file_get(&sent, file->host->ledger, receipt->sha256);

	if (error)
		return error;
	if (sent.direction != LEDGER_OUT || sent.sequence != receipt->sequence ||
		strcmp(sent.kind, batch_kind_name(receipt->kind)) != 0 ||
		strcmp(sent.batch, header->batch) != 0)
		return KE_NOT_FOUND;
	if (strcmp(sent.recipient, header->sender) == 0)
		return 0;
	(void)snprintf(file->action, sizeof file->action,
		"%s signed it, and its file, %s of %s, went to %s, who alone can say "
		"that it is there. Find out why %s says so; the receipt of %s is still "
		"awaited.",
		header->sender, sent.kind, sent.batch, sent.recipient, header->sender,
		sent.recipient);
	return KE_WRONG_SENDER;
}

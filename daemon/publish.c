/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/publish.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "daemon/durable.h"
#include "daemon/host.h"
#include "daemon/keystore.h"
#include "daemon/ledger_witness.h"
#include "daemon/publish_place.h"
#include "daemon/settings.h"
#include "daemon/spool.h"
#include "daemon/store.h"
#include "proto/cms_sign.h"
#include "proto/hash.h"
#include "proto/utc.h"

struct publication {
	struct publish_place place;
	struct ledger_file file;
	/* The rows as they stand in the file, for a host that sends to itself. */
	struct batch_file *rows;
	uint64_t content_at;
	unsigned char (*row_digests)[LEDGER_DIGEST_LEN];
};

static void
publication_free(struct publication *p)
{
	if (!p)
		return;
	publish_place_close(&p->place);
	batch_file_free(p->rows);
	free(p->row_digests);
	free(p);
}

/* Where this host's chain stands, and the newest of the recipient's that it has seen. */
static int
fill_heads(struct batch_header *header, struct host *host, const struct publish_spec *spec)
{
	int error = ledger_witness_last(
		&header->witness, host->ledger, spec->recipient);

	ledger_head(host->ledger, &header->ledger.seq, header->ledger.hash);
	if (error == KE_NOT_FOUND)
		error = 0;
	if (error == 0 && spec->witness && spec->witness->seq > header->witness.seq)
		header->witness = *spec->witness;
	return error;
}

static int
fill_header(struct batch_header *header, struct publication *p, struct host *host,
	const struct publish_spec *spec)
{
	const struct settings *settings = host->settings;
	struct ledger_file *file = &p->file;
	struct ledger_turn turn;
	int error = 0;

	memset(header, 0, sizeof *header);
	header->kind = spec->kind;
	header->use = settings->production ? USE_PRODUCTION : USE_TEST;
	(void)snprintf(header->sender, sizeof header->sender, "%s", settings->host);
	(void)snprintf(header->recipient, sizeof header->recipient, "%s", spec->recipient);
	(void)snprintf(header->batch, sizeof header->batch, "%s", spec->batch);
	header->part = spec->part;
	header->parts = spec->parts;
	header->draws = (uint32_t)spec->draws;
	if (spec->product)
		(void)snprintf(
			header->product, sizeof header->product, "%s", spec->product);
	if (spec->coins)
		error = batch_coins_parse(&header->coins, spec->coins);
	if (error == 0)
		error = utc_format(header->created, host_now_ms() / 1000);
	if (error == 0)
		error = ledger_file_next(&turn, host->ledger, LEDGER_OUT, settings->host,
			spec->recipient, batch_kind_name(spec->kind));
	if (error == 0)
		error = fill_heads(header, host, spec);
	if (error == 0) {
		header->sequence = file->sequence = turn.sequence;
		memcpy(header->previous, turn.previous, sizeof header->previous);
		memcpy(file->previous, turn.previous, sizeof file->previous);
	}
	return error;
}

static void
fill_record(struct publication *p, const struct batch_header *header)
{
	struct ledger_file *file = &p->file;
	/* A host that sends to itself has taken the file in with the same commit. */
	bool is_answered = header->kind != BATCH_RECEIPT
		&& strcmp(header->sender, header->recipient) != 0;

	file->direction = LEDGER_OUT;
	(void)snprintf(file->kind, sizeof file->kind, "%s", batch_kind_name(header->kind));
	(void)snprintf(file->sender, sizeof file->sender, "%s", header->sender);
	(void)snprintf(file->recipient, sizeof file->recipient, "%s", header->recipient);
	(void)snprintf(file->batch, sizeof file->batch, "%s", header->batch);
	(void)snprintf(file->path, sizeof file->path, "%s", p->place.path);
	/* Receipts are no parts of a batch: two hosts may exchange several for one part. */
	file->part = header->kind == BATCH_RECEIPT ? 0 : header->part;
	file->parts = header->kind == BATCH_RECEIPT ? 0 : header->parts;
	file->receipt = is_answered ? LEDGER_RECEIPT_DUE : LEDGER_RECEIPT_NONE;
}

/* Digests of the sealed texts, for the row references of a host that is its own
 * recipient. */
static int
digest_rows(struct publication *p, const char *content)
{
	const struct batch_file *rows = p->rows;
	int error = 0;

	if (!batch_kind_is_sealed(rows->header.kind))
		return 0;
	p->row_digests = calloc(rows->header.count, sizeof *p->row_digests);
	if (!p->row_digests)
		return KE_NO_MEMORY;
	for (uint32_t i = 0; error == 0 && i < rows->header.count; i++)
		error = hash_sha256(p->row_digests[i], content + rows->rows[i].offset,
			rows->rows[i].length);
	return error;
}

/* Signs the content, verifies what came out, and stages it. */
static int
sign_and_stage(struct publication *p, struct host *host, const char *content, size_t len)
{
	const struct certificate *site;
	const struct private_key *key;
	struct cms_signed told;
	unsigned char *der = NULL;
	size_t der_len = 0;
	int error = keystore_own(&site, &key, host->keys, CERTIFICATE_SITE, "");

	if (error == 0)
		error = cms_sign(
			&der, &der_len, content, len, site, key, host_now_ms() / 1000);
	if (error == 0)
		error = cms_verify(&told, der, der_len, &site, 1);
	if (error == 0) {
		p->content_at = (uint64_t)((const unsigned char *)told.content - der);
		error = hash_sha256(p->file.sha256, der, der_len);
	}
	if (error == 0)
		error = publish_place_open(&p->place, host, &p->rows->header,
			p->file.sha256, p->place.receipt_for);
	if (error == 0)
		error = durable_write(p->place.staged_dir, p->place.staged_name, der,
			der_len, 0600, 1);
	free(der);
	return error;
}

int
publish_stage(struct publication **out, struct host *host,
	const struct publish_spec *spec, const struct batch_rows *rows)
{
	struct publication *p = calloc(1, sizeof *p);
	struct batch_header header;
	char *content = NULL;
	size_t len = 0;
	int error;

	if (!p)
		return KE_NO_MEMORY;
	p->place.staged_dir = p->place.final_dir = -1;
	p->place.receipt_for = spec->receipt_for;
	error = fill_header(&header, p, host, spec);
	if (error == 0)
		error = batch_build(&content, &len, &p->rows, &header, rows);
	if (error == 0)
		error = digest_rows(p, content);
	if (error == 0)
		error = sign_and_stage(p, host, content, len);
	free(content);
	if (error) {
		publication_free(p);
		return error;
	}
	fill_record(p, &p->rows->header);
	*out = p;
	return 0;
}

/* A host that sends to itself has taken the rows in with the file. */
static int
record_rows(struct publication *p, struct host *host)
{
	struct ledger_row row;
	int error = 0;

	for (uint32_t i = 0; error == 0 && i < p->rows->header.count; i++) {
		memset(&row, 0, sizeof row);
		(void)snprintf(
			row.serial, sizeof row.serial, "%s", p->rows->rows[i].serial);
		(void)snprintf(row.kind, sizeof row.kind, "%s", p->file.kind);
		memcpy(row.file, p->file.sha256, sizeof row.file);
		memcpy(row.sha256, p->row_digests[i], sizeof row.sha256);
		row.offset = p->content_at + p->rows->rows[i].offset;
		row.length = p->rows->rows[i].length;
		error = ledger_row_insert(host->ledger, &row);
	}
	return error;
}

int
publish_record(
	struct publication *publication, struct host *host, const struct ledger_by *by)
{
	int error = ledger_file_insert(host->ledger, by, &publication->file);

	if (error == 0 && publication->row_digests
		&& strcmp(publication->file.recipient, host->settings->host) == 0)
		error = record_rows(publication, host);
	return error;
}

int
publish_finish(struct publication **publication, struct host *host)
{
	struct publication *p = *publication;
	int error = publish_place_finish(&p->place, host);

	/* It is in the ledger: from where it is staged it still comes to its place. */
	if (error && p->rows->header.kind == BATCH_STICKERS)
		host->secure_recovered = false;
	else if (error)
		host->unfinished = true;
	/* What it was made for is done; that its name is taken is told, and waits. */
	publish_tell_taken(host, p->place.final_name, error);
	if (error == KE_DUPLICATE)
		error = 0;
	publication_free(p);
	*publication = NULL;
	return error;
}

void
publish_abandon(struct publication **publication, struct host *host)
{
	struct publication *p = *publication;
	struct ledger_file known;

	if (!p)
		return;
	/* What was committed is finished by publish_recover() at the next start. */
	if (ledger_file_get(&known, host->ledger, p->file.sha256) == KE_NOT_FOUND)
		(void)host_trouble(host,
			durable_unlink(p->place.staged_dir, p->place.staged_name));
	publication_free(p);
	*publication = NULL;
}

/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "proto/batch_policy.h"

#include <string.h>

/* The lines of a header (DESIGN 4.2) that a policy may refuse. */
enum {
	LINE_KIND = 2,
	LINE_USE,
	LINE_SENDER,
	LINE_RECIPIENT,
	LINE_PARTS = 7,
	LINE_SEQUENCE = 8,
	LINE_PREVIOUS,
	LINE_PRODUCT = 13,
	LINE_COINS,
	LINE_DRAWS
};

/* Behind the header come the rows: its lines differ by kind. */
static unsigned
first_row_line(enum batch_kind kind)
{
	unsigned line = 15;

	if (batch_kind_is_sealed(kind))
		line += 2;
	return kind == BATCH_PASSPHRASES ? line + 1 : line;
}

unsigned
batch_kind_stages(enum batch_kind kind)
{
	switch (kind) {
	case BATCH_CODES:
		return BATCH_STAGE_MINT;
	case BATCH_PASSPHRASES:
	case BATCH_CONFIRMATIONS:
	case BATCH_SHIPMENT:
		return BATCH_STAGE_ETCH;
	case BATCH_STICKERS:
		return BATCH_STAGE_PRINT;
	case BATCH_RESULTS:
		return BATCH_STAGE_PRINT | BATCH_STAGE_MINT;
	case BATCH_RECEIPT:
	case BATCH_NOTICE:
		return BATCH_STAGE_GENERATE | BATCH_STAGE_ETCH | BATCH_STAGE_MINT |
		       BATCH_STAGE_PRINT;
	case BATCH_KINDS:
		break;
	}
	return 0;
}

static int
check_sequence(const struct batch_header *header,
	const struct batch_expectation *expected, struct issue_list *issues)
{
	if (header->sequence < expected->sequence)
		return issue_add(issues, LINE_SEQUENCE, 2, KE_DUPLICATE, "sequence");
	if (header->sequence > expected->sequence)
		return issue_add(
			issues, LINE_SEQUENCE, 2, KE_OUT_OF_SEQUENCE, "sequence");
	if (expected->previous &&
		memcmp(header->previous, expected->previous, HASH_SHA256_LEN) != 0)
		return issue_add(
			issues, LINE_PREVIOUS, 2, KE_OUT_OF_SEQUENCE, "previous");
	return 0;
}

/* Keeps the first code. */
static int
first_of(int rc, int next)
{
	return rc ? rc : next;
}

static bool
may_send(const struct batch_expectation *expected, const char *host)
{
	for (size_t i = 0; expected->senders && i < expected->sender_count; i++)
		if (strcmp(expected->senders[i], host) == 0)
			return true;
	return !expected->senders;
}

int
batch_check_header(const struct batch_header *header,
	const struct batch_expectation *expected, struct issue_list *issues)
{
	const struct certificate_subject *signer = expected->signer;
	bool is_taken = batch_kind_stages(header->kind) & expected->stages;
	int rc = 0;

	if (!is_taken)
		rc = issue_add(issues, LINE_KIND, 2, KE_WRONG_KIND, "kind");
	if (header->use != expected->use || signer->use != expected->use)
		rc = first_of(rc, issue_add(issues, LINE_USE, 2, KE_WRONG_USE, "use"));
	if (strcmp(header->recipient, expected->host) != 0)
		rc = first_of(rc, issue_add(issues, LINE_RECIPIENT, 2, KE_WRONG_RECIPIENT,
					  "recipient"));
	/* Nobody may send what no stage takes: that is told already. */
	if (signer->kind != CERTIFICATE_SITE ||
		strcmp(header->sender, signer->host) != 0 ||
		(is_taken && !may_send(expected, header->sender)))
		rc = first_of(
			rc, issue_add(issues, LINE_SENDER, 2, KE_WRONG_SENDER, "sender"));
	/* The sequence of another's files is not ours to judge. */
	return rc ? rc : check_sequence(header, expected, issues);
}

static bool
coins_are_same(const struct batch_coins *a, const struct batch_coins *b)
{
	bool same = a->count == b->count;

	for (size_t i = 0; same && i < a->count; i++)
		same = strcmp(a->tickers[i], b->tickers[i]) == 0;
	return same;
}

int
batch_check_part(const struct batch_header *header, const struct batch_part *known,
	struct issue_list *issues)
{
	bool is_sealed = batch_kind_is_sealed(header->kind);
	const struct {
		bool differs;
		unsigned line;
		int error;
		const char *field;
	} rows[] = {
		{known->sender[0] && strcmp(header->sender, known->sender) != 0,
			LINE_SENDER, KE_WRONG_SENDER, "sender"},
		{known->parts && header->parts != known->parts, LINE_PARTS,
			KE_MISMATCH_PART, "part"},
		{is_sealed && strcmp(header->product, known->product) != 0, LINE_PRODUCT,
			KE_MISMATCH_PART, "product"},
		{is_sealed && !coins_are_same(&header->coins, &known->coins), LINE_COINS,
			KE_MISMATCH_PART, "coins"},
		{header->kind == BATCH_PASSPHRASES && header->draws != known->draws,
			LINE_DRAWS, KE_MISMATCH_PART, "draws"},
	};
	int rc = 0;

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (rows[i].differs)
			rc = first_of(rc, issue_add(issues, rows[i].line, 2,
						  rows[i].error, rows[i].field));
	return rc;
}

static int
check_serials(const struct batch_file *file, const struct serial_pattern *pattern,
	struct issue_list *issues)
{
	unsigned line = first_row_line(file->header.kind);
	int rc = 0;

	for (size_t i = 0; file->rows && i < file->header.count; i++) {
		const char *serial = file->rows[i].serial;
		uint64_t number;
		int wrong = serial_to_number(&number, pattern, serial, strlen(serial));

		if (wrong)
			rc = first_of(rc, issue_add(issues, line + (unsigned)i, 1, wrong,
						  "serial"));
	}
	return rc;
}

int
batch_check(const struct batch_file *file, const struct batch_expectation *expected,
	const struct certificate *own, struct issue_list *issues)
{
	int rc = batch_check_header(&file->header, expected, issues);

	if (expected->pattern)
		rc = first_of(rc, check_serials(file, expected->pattern, issues));
	if (own && batch_kind_is_sealed(file->header.kind) &&
		memcmp(certificate_key_id(own), file->key_id, CMS_KEY_ID_LEN) != 0)
		rc = first_of(rc, issue_add(issues, first_row_line(file->header.kind), 2,
					  KE_WRONG_RECIPIENT, "sealed"));
	return rc;
}

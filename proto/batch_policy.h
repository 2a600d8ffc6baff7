/* SPDX-License-Identifier: MIT */
/*
 * Whether a file is for us, from whom it says, and next in its sequence: asked after
 * the signature and before anything in it is opened.
 */
#ifndef KEYLINE_PROTO_BATCH_POLICY_H
#define KEYLINE_PROTO_BATCH_POLICY_H

#include "proto/batch.h"
#include "proto/certificate.h"

/* Bits: the stages of a host. */
enum batch_stage {
	BATCH_STAGE_GENERATE = 1,
	BATCH_STAGE_ETCH = 2,
	BATCH_STAGE_MINT = 4,
	BATCH_STAGE_PRINT = 8
};

struct batch_expectation {
	/* This host. */
	const char *host;
	enum keyline_use use;
	unsigned stages;
	/* The certificate that cms_verify found. */
	const struct certificate_subject *signer;
	/* The hosts that may send this kind, an unused name is ""; NULL: any that is
	 * trusted, for a receipt, which is good for its file's recipient alone, and for a
	 * notice, whose sender is looked at by other means. */
	const char (*senders)[NAME_HOST_MAX + 1];
	size_t sender_count;
	/* What the next file of (sender, recipient, kind) must say; previous: zeros
	 * for the first, NULL: any, as the one before it was skipped. */
	uint64_t sequence;
	const unsigned char *previous;
	/* Serials are checked against it; NULL: their form alone. */
	const struct serial_pattern *pattern;
};

/*
 * Checks a header.  Returns 0 or the first of, all added to issues: KE_WRONG_KIND (no
 * stage of ours takes it), KE_WRONG_USE, KE_WRONG_RECIPIENT, KE_WRONG_SENDER
 * (another host than its signer, or none that may send this kind),
 * KE_DUPLICATE (a sequence number that was taken), KE_OUT_OF_SEQUENCE (one before it is
 * missing, or it follows another file than ours).
 */
KEYLINE_WARN_UNUSED int batch_check_header(const struct batch_header *header,
	const struct batch_expectation *expected, struct issue_list *issues);

/* What the parts of a batch have in common: as they were when the first was taken. */
struct batch_part {
	/* "", or who sent the first of this kind. */
	char sender[NAME_HOST_MAX + 1];
	/* 0: none was taken of which this is known. */
	uint32_t parts;
	/* For the sealed kinds. */
	char product[NAME_PRODUCT_MAX + 1];
	struct batch_coins coins;
	/* For passphrases. */
	uint64_t draws;
};

/*
 * Checks a part of a batch that is known.  Returns 0 or the first of, all added to
 * issues: KE_WRONG_SENDER, KE_MISMATCH_PART.  Its use is checked with every header.
 */
KEYLINE_WARN_UNUSED int batch_check_part(const struct batch_header *header,
	const struct batch_part *known, struct issue_list *issues);

/*
 * Checks all of a file: the header, every serial against the pattern (KE_BAD_SERIAL,
 * KE_BAD_CHECKSUM, KE_BAD_LENGTH), and, when own is not NULL, that sealed rows are
 * sealed to it (KE_WRONG_RECIPIENT).
 */
KEYLINE_WARN_UNUSED int batch_check(const struct batch_file *file,
	const struct batch_expectation *expected, const struct certificate *own,
	struct issue_list *issues);

/* The lines of a header that name a place in a chain of events, for issues about them. */
enum { BATCH_LINE_LEDGER = 11, BATCH_LINE_WITNESS = 12 };

/* The stages that take a kind, as bits. */
unsigned batch_kind_stages(enum batch_kind kind);

#endif

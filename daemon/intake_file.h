/* SPDX-License-Identifier: MIT */
/* One file that is judged, and what the kinds of file do with it.  Inside of intake. */
#ifndef KEYLINE_DAEMON_INTAKE_FILE_H
#define KEYLINE_DAEMON_INTAKE_FILE_H

#include <stdbool.h>
#include "daemon/alarm.h"
#include "daemon/host.h"
#include "daemon/ledger_file.h"
#include "proto/batch.h"
#include "proto/issue.h"

struct batch_expectation;
struct certificate_subject;
struct order;
struct settings;

struct intake_file {
	struct host *host;
	/* As it was dropped. */
	const char *name;
	const unsigned char *bytes;
	size_t len;
	/* By which the ledger knows it: intake_identify(). */
	unsigned char sha256[LEDGER_DIGEST_LEN];
	/* An order as intake_identify() parsed it: its rows, or why there are none. */
	struct order *order;
	struct issue_list order_issues;
	int order_error;
	/* It lies on the secure disk, and stays there. */
	bool is_secure;
	/* What it brings is here already, as it is: no harm, and nothing to be done. */
	bool is_known;
	/* Judge only. */
	bool check_only;
	struct issue_list issues;
	/* What it turned out to be, for the report; "" where not known. */
	char kind[LEDGER_NAME_SIZE];
	char batch[LEDGER_BATCH_SIZE];
	/* Room for a next step that names something. */
	char action[400];
	/* Which file it is and which one is awaited, when it waits; else "". */
	char waits[ALARM_TOLD_SIZE];
};

/*
 * Sets sha256 from name and bytes: the SHA-256 of the bytes; for an order whose batch is
 * its name that of the bytes, a NUL and the batch, as other orders of the same bytes are
 * no copies of it.  An order is parsed for that, once: what came of it stands in file,
 * for intake_order().  Returns 0, KE_CRYPTO or KE_NO_MEMORY; intake_file_clear() in any
 * case.
 */
KEYLINE_WARN_UNUSED int intake_identify(struct intake_file *file);

/* Frees what was found out about the file; its bytes are the caller's. */
void intake_file_clear(struct intake_file *file);

/* By its name's ending: one of the three below.  A file that was taken before, or that
 * this host wrote, is not brought here. */
KEYLINE_WARN_UNUSED int intake_judge(struct intake_file *file);

/* A file that was taken before (known): what it is, and the next step, which is none. */
void intake_tell_known(struct intake_file *file, const struct ledger_file *known);

struct publication;

/* Our word to the sender that a file was taken in. */
KEYLINE_WARN_UNUSED int intake_receipt_stage(struct publication **out,
	struct intake_file *file, const struct batch_header *header);

/* The same once more for a signed file that was taken before (known), unless its receipt
 * lies in outgoing still: the one that was carried away may be lost.  Adds to the next step
 * of intake_tell_known(). */
KEYLINE_WARN_UNUSED int intake_receipt_again(
	struct intake_file *file, const struct ledger_file *known);

/* A file that this host itself wrote (known): adds the issue, gives its code. */
KEYLINE_WARN_UNUSED int intake_refuse_own(
	struct intake_file *file, const struct ledger_file *known);

/* Each judges the file and, unless check_only, takes it.  Returns 0, or why it is
 * refused, with issues. */
KEYLINE_WARN_UNUSED int intake_order(struct intake_file *file);
KEYLINE_WARN_UNUSED int intake_certificate(struct intake_file *file);
KEYLINE_WARN_UNUSED int intake_signed(struct intake_file *file);

/* The places in ledgers that a signed file names.  Returns 0 or KE_FORKED, with the issue
 * and its alarm; or a failure of the ledger. */
KEYLINE_WARN_UNUSED int intake_heads_check(
	struct intake_file *file, const struct batch_header *header);

/* Sets the hosts of which this one takes the kind. */
void intake_origin_expect(struct batch_expectation *expected,
	const struct settings *settings, enum batch_kind kind);

/* The next step of a file that another host signed. */
void intake_origin_tell(struct intake_file *file, const struct batch_header *header,
	const struct certificate_subject *signer);

/* The next step when a key that is not trusted has signed in a host's name whose site is
 * trusted with another one; else nothing is told. */
void intake_origin_tell_other_key(struct intake_file *file, const char *claimed);

/* Whether a notice comes from a host that this one deals with.  Returns 0 or
 * KE_WRONG_SENDER, with the issue. */
KEYLINE_WARN_UNUSED int intake_origin_check_notice(
	struct intake_file *file, const struct batch_header *header);

/* Whether its batch is stopped here.  Returns 0 or KE_HELD, with the issue; or a failure of
 * the ledger. */
KEYLINE_WARN_UNUSED int intake_freeze_check(
	struct intake_file *file, const struct batch_header *header);

/* A notice, within the running transaction: its batch is frozen here, too. */
KEYLINE_WARN_UNUSED int intake_freeze_apply(struct intake_file *file,
	const struct ledger_by *by, const struct batch_file *batch);

/* Whether it is a part like those of its batch that were taken before.  Returns 0,
 * KE_WRONG_SENDER or KE_MISMATCH_PART, with issues; or a failure of the ledger. */
KEYLINE_WARN_UNUSED int intake_origin_check(
	struct intake_file *file, const struct batch_header *header);

/* Whether a receipt is for a file that went out, to its sender.  Returns 0, KE_NOT_FOUND
 * or KE_WRONG_SENDER; or a failure of the ledger. */
KEYLINE_WARN_UNUSED int intake_origin_check_receipt(struct intake_file *file,
	const struct batch_header *header, const struct batch_receipt *receipt);

/*
 * Takes the rows of a signed file that was judged into the ledger, within the
 * running transaction; content_at is the offset of the content in the file.
 */
KEYLINE_WARN_UNUSED int intake_apply(struct intake_file *file, const struct ledger_by *by,
	const struct batch_file *batch, const char *content, uint64_t content_at);

#endif

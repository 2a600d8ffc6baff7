/* SPDX-License-Identifier: MIT */
/* One job at a printer: validated, created, sent, watched, found again by its name. */
#ifndef KEYLINE_DRIVERS_IPP_JOB_H
#define KEYLINE_DRIVERS_IPP_JOB_H

#include <stdbool.h>
#include <stdint.h>
#include "drivers/ipp_printer.h"

enum { IPP_JOB_NAME_MAX = 80 };

/* What a job asks for. */
struct ipp_job {
	char name[IPP_JOB_NAME_MAX + 1]; /* keyline-HOST-NONCE-JOB, unique for ever */
	const struct ipp_printer *printer;
	const struct ipp_media *media;
};

/*
 * The name of a host's job.  A number alone comes again when a ledger is begun anew; with
 * the job's random nonce the printer cannot take one for another.  Returns 0 or
 * KE_BAD_ARGUMENT: host is not [a-z0-9][a-z0-9-]*, nonce is not 16 hexadecimal digits, or
 * something is too long.
 */
KEYLINE_WARN_UNUSED int ipp_job_set_name(
	struct ipp_job *job, const char *host, const char *nonce, const char *number);

/*
 * Asks whether the printer would take the job; creates it.  NULL, or the code of why
 * not; nothing was printed then.  id > 0 after success.
 */
const char *ipp_job_validate(struct ipp_link *link, const struct ipp_job *job);
const char *ipp_job_create(int *id, struct ipp_link *link, const struct ipp_job *job);

/* How far sending came when it ended. */
enum ipp_sent {
	IPP_SENT_NOTHING, /* not a byte of the document has left */
	IPP_SENT_SOME,
	IPP_SENT_ALL /* and the printer has taken it */
};

/* Sends the document; *code says why it did not all go. */
enum ipp_sent ipp_job_send(const char **code, struct ipp_link *link, int id,
	const struct ipp_document *document);

/* Best effort: what becomes of it is not to be relied on. */
void ipp_job_cancel(struct ipp_link *link, int id);

struct ipp_job_state {
	int id;
	ipp_jstate_t state;
	bool counts; /* impressions are reported */
	unsigned impressions;
	bool unbegun; /* said never to have been processed (RFC 8011, 5.3.14.2) */
	bool starved; /* said to wait for a document, or for the rest of one */
	bool empty; /* said to have no document (RFC 8011, 5.3.12); not each printer does
		     */
};

/*
 * Asks for the job of that number, if it still is ours: a printer that has lost its
 * jobs counts from 1 again, and another's job has the number then.  What does not say
 * both number and name (RFC 8011 has printers tell them) is not ours.  Returns 0,
 * KE_NOT_FOUND, KE_DEVICE, or as ipp_link_ask().
 */
KEYLINE_WARN_UNUSED int ipp_job_ask(
	struct ipp_job_state *out, struct ipp_link *link, int id, const char *name);

/* What a printer remembers of a job. */
struct ipp_job_memory {
	bool found;
	bool found_older; /* an ended job of this host with a lower number is known */
	struct ipp_job_state state;
	bool found_two; /* other jobs of its name, too: which is ours nobody can say */
};

/* Looks for the job in all lists of the printer.  Returns as ipp_job_ask(). */
KEYLINE_WARN_UNUSED int ipp_job_find(
	struct ipp_job_memory *out, struct ipp_link *link, const char *name);

/* For tests: looks through one answer of Get-Jobs. */
void ipp_job_search(struct ipp_job_memory *out, ipp_t *answer, const char *name);

#endif

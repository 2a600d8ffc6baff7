/* SPDX-License-Identifier: MIT */
/* Certificates of other hosts that are dropped: into the key folder, and the ledger. */
#include "config.h"
#include "daemon/intake_file.h"

#include <stdio.h>
#include <string.h>
#include "daemon/intake_report.h"
#include "daemon/keystore.h"
#include "daemon/settings.h"
#include "daemon/stage.h"

#define EVENT_ACCEPTED "accepted"
#define EVENT_REPLACED "replaced"

/* A site is trusted by people, who have heard its fingerprint; it is not dropped. */
static int
refuse_site(struct intake_file *file, const struct certificate *certificate)
{
	const char *site = certificate_subject(certificate)->host;
	const struct certificate *known;

	if (keystore_of(&known, file->host->keys, site, CERTIFICATE_SITE, "") != 0) {
		(void)snprintf(file->action, sizeof file->action,
			"People trust a site: have %s read its fingerprint out, then:  "
			"keylinectl key trust FILE  instead of dropping it.",
			site);
		return KE_UNTRUSTED_SIGNER;
	}
	if (certificate_equal(known, certificate)) {
		(void)snprintf(file->action, sizeof file->action,
			"Nothing is to be done: %s is trusted already.", site);
		file->is_known = true;
		return KE_DUPLICATE;
	}
	(void)snprintf(file->action, sizeof file->action,
		"Another key of %s is trusted, and is not exchanged: find out where this "
		"one came from;  keylinectl key list",
		site);
	return KE_UNTRUSTED_SIGNER;
}

/* Another key of its kind is known here, and does not give way. */
static void
refuse_certificate(struct intake_file *file, const struct certificate *known,
	const struct certificate *certificate)
{
	const struct certificate_subject *subject = certificate_subject(certificate);
	const char *kind = certificate_kind_name(subject->kind);

	if (certificate_kind_is_per_batch(subject->kind))
		(void)snprintf(file->action, sizeof file->action,
			"Another %s key of %s for %s is here, and a batch's key is not "
			"exchanged: have its wallets ordered as another batch;  "
			"keylinectl key "
			"list",
			kind, subject->host, subject->batch);
	else if (certificate_compare_age(certificate, known) < 0)
		(void)snprintf(file->action, sizeof file->action,
			"Nothing is to be done: it is older than the %s certificate of "
			"%s that is here, which stays.",
			kind, subject->host);
	else
		(void)snprintf(file->action, sizeof file->action,
			"It was made in the same second as another %s key of %s that is "
			"here: ask %s which one it has;  keylinectl key list",
			kind, subject->host, subject->host);
}

/* "accepted FINGERPRINT" and "replaced old=FINGERPRINT new=FINGERPRINT". */
static int
find_fingerprint(void *context, const struct ledger_event_row *row)
{
	char *fingerprint = context;
	const char *detail = row->event.detail, *found = NULL;

	if (strcmp(row->event.event, EVENT_ACCEPTED) == 0)
		found = detail;
	else if (strcmp(row->event.event, EVENT_REPLACED) == 0)
		found = strstr(detail, " new=");
	if (found && found != detail)
		found += strlen(" new=");
	return found && fingerprint_parse(fingerprint, found) != 0 ? KE_LEDGER : 0;
}

/*
 * The fingerprint of what this certificate takes the place of; "": of nothing.  The
 * ledger says so, and not the key folder alone: after a crash between the two the file
 * comes again, and the folder has the new certificate already.
 */
static int
find_before(char out[FINGERPRINT_SIZE], struct host *host, const char *name,
	const struct certificate *certificate, const struct certificate *before)
{
	int error;

	out[0] = '\0';
	error = ledger_event_last(host->ledger, "key", name, find_fingerprint, out);
	if (error == KE_NOT_FOUND)
		error = 0;
	if (!out[0] && before)
		(void)snprintf(
			out, FINGERPRINT_SIZE, "%s", certificate_fingerprint(before));
	if (strcmp(out, certificate_fingerprint(certificate)) == 0)
		out[0] = '\0';
	return error;
}

/* Takes it into the key folder, within the transaction that records it. */
static int
accept_certificate(struct intake_file *file, const struct certificate *certificate,
	const struct certificate *before)
{
	struct host *host = file->host;
	const struct certificate *accepted = NULL;
	char name[KEYSTORE_NAME_SIZE], detail[2 * FINGERPRINT_SIZE + sizeof "old= new="];
	char old[FINGERPRINT_SIZE];
	struct ledger_event event = {.kind = "key",
		.object = name,
		.event = EVENT_ACCEPTED,
		.detail = certificate_fingerprint(certificate)};
	struct ledger_by by = host_by("daemon");
	int error = ledger_begin(host->ledger);

	if (error)
		return error;
	keystore_file_name(name, certificate);
	error = find_before(old, host, name, certificate, before);
	if (error == 0 && old[0]) {
		(void)snprintf(detail, sizeof detail, "old=%s new=%s", old,
			certificate_fingerprint(certificate));
		event.event = EVENT_REPLACED;
		event.detail = detail;
	}
	if (error == 0)
		error = ledger_event_add(host->ledger, &by, &event);
	if (error == 0)
		error = keystore_accept(
			&accepted, host->keys, (const char *)file->bytes, file->len);
	if (error == 0)
		return ledger_commit(host->ledger);
	ledger_rollback(host->ledger);
	if (error == KE_DUPLICATE && before)
		refuse_certificate(file, before, certificate);
	if (error == KE_UNTRUSTED_SIGNER)
		intake_origin_tell_other_key(
			file, certificate_subject(certificate)->host);
	return error;
}

int
intake_certificate(struct intake_file *file)
{
	struct host *host = file->host;
	const struct certificate *known = NULL;
	struct certificate *certificate = NULL;
	const struct certificate_subject *subject;
	int error = certificate_parse(&certificate, (const char *)file->bytes, file->len);

	(void)snprintf(file->kind, sizeof file->kind, "certificate");
	if (error == KE_BAD_KEY)
		(void)snprintf(
			file->action, sizeof file->action, "%s", INTAKE_COPY_AGAIN);
	if (error)
		return issue_add(&file->issues, 0, 0, error, NULL);
	subject = certificate_subject(certificate);
	(void)snprintf(file->batch, sizeof file->batch, "%s", subject->batch);
	if (strcmp(subject->host, host->settings->host) == 0)
		error = KE_OWN_CERTIFICATE;
	else if (subject->kind == CERTIFICATE_SITE)
		error = refuse_site(file, certificate);
	if (keystore_of(&known, host->keys, subject->host, subject->kind,
		    subject->batch) != 0)
		known = NULL;
	if (error == 0 && !file->check_only)
		error = accept_certificate(file, certificate, known);
	if (error)
		(void)issue_add(&file->issues, 0, 0, error, NULL);
	else if (!file->check_only)
		stage_retry(host);
	certificate_free(certificate);
	return error;
}

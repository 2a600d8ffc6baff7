/* SPDX-License-Identifier: MIT */
/* Certificates of other hosts that are dropped: into the key folder, and the ledger. */
#include "config.h"
#include "daemon/intake_file.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include "daemon/intake_report.h"
#include "daemon/key_accept.h"
#include "daemon/keystore.h"
#include "daemon/settings.h"
#include "daemon/stage.h"

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
			"%s that is here, which stays. Only if %s has that one's key no "
			"more, two persons give  keylinectl key trust FILE.",
			kind, subject->host, subject->host);
	else
		(void)snprintf(file->action, sizeof file->action,
			"It was made in the same second as another %s key of %s that is "
			"here: ask %s which one it has;  keylinectl key list.  If it is "
			"this one, two persons give  keylinectl key trust FILE.",
			kind, subject->host, subject->host);
}

/* Its own clock was ahead when it was made, or this host's is behind now. */
static void
refuse_time(struct intake_file *file, const struct certificate *certificate)
{
	const char *host = certificate_subject(certificate)->host;
	time_t made = (time_t)certificate_made(certificate);
	char text[32] = "";
	struct tm tm;

	if (gmtime_r(&made, &tm))
		(void)strftime(text, sizeof text, "%Y-%m-%d %H:%M", &tm);
	(void)snprintf(file->action, sizeof file->action,
		"It says that it was made at %s UTC: see which clock is wrong  (timedatectl). "
		"This host's: set it, and drop the file again. That of %s: two persons here "
		"give  keylinectl key trust FILE,  which takes it as it is.",
		text, host);
}

static int
accept_certificate(struct intake_file *file, const struct certificate *certificate,
	const struct certificate *before)
{
	struct ledger_by by = host_by("daemon");
	int error = key_accept(file->host, &by, certificate, (const char *)file->bytes,
		file->len, false);

	if (error == KE_DUPLICATE && before)
		refuse_certificate(file, before, certificate);
	if (error == KE_NOT_YET)
		refuse_time(file, certificate);
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

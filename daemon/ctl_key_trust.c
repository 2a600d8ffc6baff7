/* SPDX-License-Identifier: MIT */
/* The command by which people trust another host's site. */
#include "config.h"
#include "daemon/ctl_key.h"

#include <stdlib.h>
#include <string.h>
#include "daemon/ctl_file.h"
#include "daemon/ctl_refuse.h"
#include "daemon/host.h"
#include "daemon/key_announce.h"
#include "daemon/keystore.h"
#include "daemon/settings.h"
#include "daemon/stage.h"

/* What keystore_trust() will say, for dry runs too. */
static int
may_trust(struct host *host, const struct certificate *certificate, const char *typed)
{
	const struct certificate_subject *subject = certificate_subject(certificate);
	const struct certificate *known;
	char fingerprint[FINGERPRINT_SIZE];

	if (subject->kind != CERTIFICATE_SITE)
		return KE_WRONG_KIND;
	if (subject->use != (host->settings->production ? USE_PRODUCTION : USE_TEST))
		return KE_WRONG_USE;
	if (fingerprint_parse(fingerprint, typed) != 0
		|| strcmp(fingerprint, certificate_fingerprint(certificate)) != 0)
		return KE_MISMATCH_FINGERPRINT;
	if (strcmp(subject->host, host->settings->host) == 0)
		return KE_OWN_CERTIFICATE;
	if (keystore_of(&known, host->keys, subject->host, CERTIFICATE_SITE, "") == 0)
		return KE_DUPLICATE;
	return 0;
}

/* Whether this very certificate is trusted already and the ledger does not say so. */
static bool
is_half_trusted(struct host *host, const struct certificate *certificate)
{
	const struct certificate *known;

	return keystore_of(&known, host->keys, certificate_subject(certificate)->host,
		       CERTIFICATE_SITE, "") == 0
		&& certificate_equal(known, certificate)
		&& key_is_half_done(host, KEY_TRUSTED, certificate);
}

/* Records the trust that the key folder has; false: the call is refused. */
static bool
record_trust(struct ctl_call *call, struct host *host, const struct ledger_by *by,
	const struct certificate *certificate)
{
	int error = key_record(host, by, KEY_TRUSTED, certificate);

	if (error == 0)
		return true;
	(void)host_trouble(host, error);
	ctl_refuse(call, error, NULL,
		"Make it well again (keylinectl status tells what is wrong), then give the "
		"command again; else the next start records it.",
		"The site %s is trusted, and the ledger does not have it yet: %s.",
		certificate_subject(certificate)->host, error_text(error));
	return false;
}

/* certificate is NULL where the file is none. */
static void
refuse_trust(struct ctl_call *call, struct host *host,
	const struct certificate *certificate, int error)
{
	const struct certificate_subject *subject =
		certificate ? certificate_subject(certificate) : NULL;

	if (error == KE_HIGH_S)
		ctl_refuse(call, error, NULL,
			"Have the file itself sent again, by another way: its fingerprint is "
			"right, and its host's files would not be taken with this one.",
			"%.200s was altered on its way, or made by another program: its "
			"signature is not in the one form that is accepted.",
			ctl_call_text(call, "name"));
	else if (!subject)
		ctl_refuse(call, error, NULL, "Name the other host's HOST.site.crt.",
			"%.200s is no certificate.", ctl_call_text(call, "name"));
	else if (error == KE_OWN_CERTIFICATE)
		ctl_refuse(call, error, NULL, "Take it to the other hosts.",
			"This is the site certificate of this host itself; it trusts itself.");
	else if (error == KE_DUPLICATE)
		ctl_refuse(call, error, NULL,
			"Compare the fingerprint:  keylinectl key list",
			"The site %s is trusted already; its key is not exchanged.",
			subject->host);
	else if (error == KE_WRONG_KIND)
		ctl_refuse(call, error, NULL,
			"Hand it in:  keylinectl batch import  once its host's site certificate "
			"is trusted.",
			"This is the %s certificate of %s; people trust site certificates only.",
			certificate_kind_name(subject->kind), subject->host);
	else
		ctl_finish(call, host, error);
}

static void
trust(struct ctl_call *call, struct host *host, const char *pem, size_t len)
{
	const char *fingerprint = ctl_call_text(call, "fingerprint");
	char actor[CTL_ACTOR_SIZE];
	struct ledger_by by = ctl_by(call, actor);
	struct certificate *certificate = NULL;
	int error = certificate_parse(&certificate, pem, len);
	bool is_rest;

	if (error == 0)
		error = may_trust(host, certificate, fingerprint);
	is_rest = error == KE_DUPLICATE && is_half_trusted(host, certificate);
	if (is_rest)
		error = 0;
	else if (error == 0 && !ctl_call_is_dry_run(call))
		error = keystore_trust(host->keys, pem, len, fingerprint);
	if (error) {
		refuse_trust(call, host, certificate, error);
	} else if (ctl_call_is_dry_run(call)) {
		ctl_key_answer(call, certificate, false);
		ctl_call_end(call, CTL_EXIT_OK);
	} else if (record_trust(call, host, &by, certificate)) {
		ctl_key_answer_done(call, host, certificate, false);
		stage_retry(host);
		host_wake(host);
		ctl_call_end(call, CTL_EXIT_OK);
	}
	certificate_free(certificate);
}

void
ctl_key_trust(struct ctl_call *call, void *context)
{
	unsigned char *pem;
	size_t len;
	int error = ctl_file_read(&pem, &len, ctl_call_file(call), CERTIFICATE_PEM_MAX);

	if (error) {
		ctl_refuse_file(call, error, ctl_call_text(call, "name"));
		return;
	}
	trust(call, ctl_host(context), (const char *)pem, len);
	free(pem);
}

/* SPDX-License-Identifier: MIT */
/* Two persons trust another host's site, or a key of it that is not taken by itself. */
#include "config.h"
#include "daemon/ctl_key.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/ctl_file.h"
#include "daemon/ctl_refuse.h"
#include "daemon/dual.h"
#include "daemon/host.h"
#include "daemon/key_accept.h"
#include "daemon/key_announce.h"
#include "daemon/keystore.h"
#include "daemon/ledger_person.h"
#include "daemon/settings.h"
#include "daemon/stage.h"
#include "proto/approval.h"

/* What is signed of a certificate, and read again: "fingerprint=... certificate=..." with
 * its PEM's base64 in one line. */
static const char args_before[] = "fingerprint=", args_between[] = " certificate=";

enum { PEM_COLUMNS = 64 };

static int
args_write(char out[APPROVAL_ARGS_MAX + 1], const struct certificate *certificate)
{
	char *pem, *line;
	size_t pem_len, len;
	int error = certificate_pem(&pem, &pem_len, certificate);

	if (error)
		return error;
	len = (size_t)snprintf(out, APPROVAL_ARGS_MAX + 1, "%s%s%s", args_before,
		certificate_fingerprint(certificate), args_between);
	for (char *at = pem; (line = strsep(&at, "\n"));)
		if (line[0] != '-' && len <= APPROVAL_ARGS_MAX)
			len += (size_t)snprintf(
				out + len, APPROVAL_ARGS_MAX + 1 - len, "%s", line);
	free(pem);
	return len > APPROVAL_ARGS_MAX ? KE_TOO_LONG : 0;
}

static int
args_read(struct certificate **out, const char *args)
{
	const char *at = strstr(args, args_between);
	char pem[CERTIFICATE_PEM_MAX];
	size_t len;

	if (!at)
		return KE_BAD_KEY;
	len = (size_t)snprintf(pem, sizeof pem, "-----BEGIN CERTIFICATE-----\n");
	for (at += strlen(args_between); *at && len < sizeof pem;) {
		int columns = (int)strnlen(at, PEM_COLUMNS);

		len += (size_t)snprintf(
			pem + len, sizeof pem - len, "%.*s\n", columns, at);
		at += columns;
	}
	if (len < sizeof pem)
		len += (size_t)snprintf(
			pem + len, sizeof pem - len, "-----END CERTIFICATE-----\n");
	return len < sizeof pem ? certificate_parse(out, pem, len) : KE_BAD_KEY;
}

/* A key that its site has issued is for persons only where its time bars it: theirs is
 * to know which clock was wrong. */
static int
may_take(struct host *host, const struct certificate *certificate)
{
	const struct certificate_subject *subject = certificate_subject(certificate);
	const struct certificate *known;
	int error = key_may_accept(host, certificate);

	if (keystore_of(&known, host->keys, subject->host, subject->kind,
		    subject->batch) == 0 &&
		certificate_equal(known, certificate))
		return KE_DUPLICATE;
	if (error == 0 || certificate_kind_is_per_batch(subject->kind))
		return KE_WRONG_KIND;
	return error == KE_DUPLICATE || error == KE_NOT_YET ? 0 : error;
}

/* What keystore_trust() or key_accept() will say. */
static int
may_trust(struct host *host, const struct certificate *certificate)
{
	const struct certificate_subject *subject = certificate_subject(certificate);
	const struct certificate *known;

	if (subject->kind != CERTIFICATE_SITE)
		return may_take(host, certificate);
	if (subject->use != (host->settings->production ? USE_PRODUCTION : USE_TEST))
		return KE_WRONG_USE;
	if (strcmp(subject->host, host->settings->host) == 0)
		return KE_OWN_CERTIFICATE;
	if (keystore_of(&known, host->keys, subject->host, CERTIFICATE_SITE, "") == 0)
		return KE_DUPLICATE;
	return 0;
}

static bool
is_site(const struct certificate *certificate)
{
	return certificate_subject(certificate)->kind == CERTIFICATE_SITE;
}

/* Whether this very certificate is trusted already and the ledger does not say so. */
static bool
is_half_trusted(struct host *host, const struct certificate *certificate)
{
	const struct certificate *known;

	return keystore_of(&known, host->keys, certificate_subject(certificate)->host,
		       CERTIFICATE_SITE, "") == 0 &&
	       certificate_equal(known, certificate) &&
	       key_is_half_done(host, KEY_TRUSTED, certificate);
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
		"Make it well again (keylinectl status tells what is wrong), then two "
		"persons "
		"give the command again; else the next start records it.",
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
			"Have the file itself sent again, by another way: its "
			"fingerprint is "
			"right, and its host's files would not be taken with this one.",
			"%.200s was altered on its way, or made by another program: its "
			"signature is not in the one form that is accepted.",
			ctl_call_text(call, "name"));
	else if (!subject)
		ctl_refuse(call, error, NULL, "Name the other host's HOST.site.crt.",
			"%.200s is no certificate.", ctl_call_text(call, "name"));
	else if (error == KE_OWN_CERTIFICATE)
		ctl_refuse(call, error, NULL, "Take it to the other hosts.",
			"This is the %s certificate of this host itself; it trusts "
			"itself.",
			certificate_kind_name(subject->kind));
	else if (error == KE_DUPLICATE && subject->kind != CERTIFICATE_SITE)
		ctl_refuse(call, error, NULL, "Nothing is to be done.",
			"This %s certificate of %s is here already.",
			certificate_kind_name(subject->kind), subject->host);
	else if (error == KE_UNTRUSTED_SIGNER)
		ctl_refuse(call, error, NULL,
			"Compare the fingerprints of that site, here and there:  keylinectl "
			"key list",
			"No site of %s that is trusted here has signed this %s certificate.",
			subject->host, certificate_kind_name(subject->kind));
	else if (error == KE_DUPLICATE)
		ctl_refuse(call, error, NULL,
			"Compare the fingerprint:  keylinectl key list",
			"The site %s is trusted already; its key is not exchanged.",
			subject->host);
	else if (error == KE_WRONG_KIND)
		ctl_refuse(call, error, NULL,
			"Hand it in:  keylinectl batch import  once its host's site "
			"certificate "
			"is trusted.",
			"This is the %s certificate of %s, which takes no persons: they "
			"trust sites, and keys that a wrong clock keeps out.",
			certificate_kind_name(subject->kind), subject->host);
	else
		ctl_finish(call, host, error);
}

static int
check_trust(struct ctl_call *call, const struct dual_act *act)
{
	struct certificate *certificate = NULL;
	int error = args_read(&certificate, act->args);

	if (error == 0)
		error = may_trust(act->host, certificate);
	if (error == KE_DUPLICATE && is_half_trusted(act->host, certificate))
		error = 0;
	if (error)
		refuse_trust(call, act->host, certificate, error);
	certificate_free(certificate);
	return error;
}

/* That two persons signed is durable before the site is trusted: a crash in between asks
 * them again, and never leaves a site that one person alone has let in. */
static int
use_up(const struct dual_act *act)
{
	int error = ledger_request_begin(act->host->ledger, act->by, act->approval);

	return error ? error : ledger_commit(act->host->ledger);
}

static int
put_into_folder(struct host *host, const struct ledger_by *by,
	const struct certificate *certificate)
{
	char *pem;
	size_t len;
	int error;

	if (is_half_trusted(host, certificate))
		return 0;
	error = certificate_pem(&pem, &len, certificate);
	if (error)
		return error;
	error = is_site(certificate) ? keystore_trust(host->keys, pem, len,
					       certificate_fingerprint(certificate))
				     : key_accept(host, by, certificate, pem, len, true);
	free(pem);
	return error;
}

static void
trust(struct ctl_call *call, const struct dual_act *act,
	const struct certificate *certificate)
{
	struct host *host = act->host;
	int error = use_up(act);

	if (error == 0)
		error = put_into_folder(host, act->by, certificate);
	if (error) {
		refuse_trust(call, host, certificate, error);
	} else if (!is_site(certificate) ||
		   record_trust(call, host, act->by, certificate)) {
		ctl_key_answer_done(call, host, certificate, false);
		stage_retry(host);
		host_wake(host);
		ctl_call_end(call, CTL_EXIT_OK);
	}
}

static void
run_trust(struct ctl_call *call, const struct dual_act *act)
{
	struct certificate *certificate = NULL;
	int error = args_read(&certificate, act->args);

	if (error) {
		ctl_finish(call, act->host, error);
	} else if (act->approval) {
		trust(call, act, certificate);
	} else {
		ctl_key_answer(call, certificate, false);
		ctl_call_end(call, CTL_EXIT_OK);
	}
	certificate_free(certificate);
}

const struct dual_action dual_key_trust = {"key trust", check_trust, run_trust};

/* On a new host nobody can sign: whom to trust is not for root alone, who enrols the
 * first two anyway; false: refused. */
static bool
two_can_sign(struct ctl_call *call, struct host *host)
{
	struct ledger_persons persons;
	int error = ledger_person_count(&persons, host->ledger);

	if (error == 0 && persons.enrolled >= 2)
		return true;
	if (error)
		ctl_finish(call, host, error);
	else
		ctl_refuse(call, KE_NOT_ENROLLED, "REFUSED",
			"Have them enrolled first, as root:  keylinectl person enroll "
			"USER "
			"FILE",
			"A site is trusted by two persons, and fewer than two are "
			"enrolled "
			"on %s.",
			host->settings->host);
	return false;
}

static void
ask_trust(struct ctl_call *call, struct host *host, const struct certificate *certificate)
{
	char actor[CTL_ACTOR_SIZE], args[APPROVAL_ARGS_MAX + 1];
	struct ledger_by by = ctl_by(call, actor);
	struct dual_act act = {.host = host,
		.action = &dual_key_trust,
		.by = &by,
		.object = certificate_subject(certificate)->host,
		.args = args};
	int error = args_write(args, certificate);

	if (error == KE_TOO_LONG)
		ctl_refuse(call, error, NULL,
			"Have its host make one without extensions of its own: "
			"keyline-batch(5).",
			"The certificate of %s is longer than can be signed.",
			act.object);
	else if (error)
		ctl_finish(call, host, error);
	else if (check_trust(call, &act) == 0 && two_can_sign(call, host))
		dual_ask(call, host, &dual_key_trust, act.object, args, NULL);
}

static bool
is_heard(const char *typed, const struct certificate *certificate)
{
	char fingerprint[FINGERPRINT_SIZE];

	return fingerprint_parse(fingerprint, typed) == 0 &&
	       strcmp(fingerprint, certificate_fingerprint(certificate)) == 0;
}

void
ctl_key_trust(struct ctl_call *call, void *context)
{
	struct host *host = ctl_host(context);
	struct certificate *certificate = NULL;
	unsigned char *pem;
	size_t len;
	int error = ctl_file_read(&pem, &len, ctl_call_file(call), CERTIFICATE_PEM_MAX);

	if (error) {
		ctl_refuse_file(call, error, ctl_call_text(call, "name"));
		return;
	}
	error = certificate_parse(&certificate, (const char *)pem, len);
	free(pem);
	if (error == 0 && !is_heard(ctl_call_text(call, "fingerprint"), certificate))
		error = KE_MISMATCH_FINGERPRINT;
	if (error)
		refuse_trust(call, host, certificate, error);
	else
		ask_trust(call, host, certificate);
	certificate_free(certificate);
}

/* SPDX-License-Identifier: MIT */
/* The command that gives out a batch's certificate of destruction. */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/closing.h"
#include "daemon/closing_certificate.h"
#include "daemon/closing_secrets.h"
#include "daemon/ctl_common.h"
#include "daemon/ctl_refuse.h"
#include "daemon/host.h"

enum {
	/* Of a certificate: more than its lines, or signed bytes, could wait to be sent.
	 */
	CERTIFICATE_MAX = 1 << 20,
	LINE_MAX_BYTES = 2048
};

static int
see_digest(void *context, const struct ledger_event_row *row)
{
	char *digest = context;
	const char *at = strstr(row->event.detail, CLOSING_SECRETS_DIGEST);

	if (strcmp(row->event.event, CLOSING_SECRETS_GONE) == 0 && at)
		(void)snprintf(digest, CLOSING_DIGEST_SIZE, "%s",
			at + strlen(CLOSING_SECRETS_DIGEST));
	return 0;
}

static void
answer_lines(struct ctl_call *call, const struct closing_certificate *certificate)
{
	const char *at = certificate->text, *end = at + certificate->len;

	while (at < end) {
		const char *stop = memchr(at, '\n', (size_t)(end - at));
		size_t len = (size_t)((stop ? stop : end) - at);
		json_t *answer = ctl_answer_new("text");

		ctl_put(&answer, "text",
			json_stringn(at, len < LINE_MAX_BYTES ? len : LINE_MAX_BYTES));
		ctl_call_answer(call, answer);
		at += len + 1;
	}
}

/* There is none, or it is not the one that was written. */
static void
refuse(struct ctl_call *call, struct host *host, const char *batch, int error)
{
	char action[160];
	bool is_destroyed;

	(void)snprintf(action, sizeof action,
		"It is written when two persons destroy them:  keylinectl batch destroy %.40s",
		batch);
	if (error == KE_BAD_SIGNATURE)
		ctl_refuse(call, error, "ALTERED",
			"Take the copy that was printed or given out when it was made, and find out "
			"who changed the file in reports/ of the state directory.",
			"The certificate of %s is not the one that this host wrote: the ledger has "
			"another digest of it, or its signature is not this host's.",
			batch);
	else if (error == KE_TOO_LONG)
		ctl_refuse(call, error, NULL,
			"The administrator takes it from reports/ of the state directory.",
			"The certificate of %s is longer than %d bytes.", batch,
			CERTIFICATE_MAX);
	else if (error != KE_NOT_FOUND)
		ctl_finish(call, host, error);
	else if (closing_is_destroyed(&is_destroyed, host, batch) == 0 && is_destroyed)
		ctl_refuse(call, error, "GONE",
			"Put the file back from a copy of the state directory's reports/.",
			"The certificate of %s was written, and is not there any more.",
			batch);
	else
		ctl_refuse(call, error, "NOT FOUND", action,
			"The secrets of %s were not destroyed on this host.", batch);
}

static void
report_certificate(struct ctl_call *call, void *context)
{
	struct host *host = ctl_host(context);
	const char *batch = ctl_call_text(call, "batch");
	struct ledger_event_filter filter = {.kind = "key", .object = batch};
	struct closing_certificate certificate;
	char digest[CLOSING_DIGEST_SIZE] = "";
	struct ledger_batch known;
	int error = ledger_batch_get(&known, host->ledger, batch);

	if (error == KE_NOT_FOUND) {
		ctl_refuse_unknown(call, CTL_BATCH, batch);
		return;
	}
	if (error == 0)
		error = ledger_event_list(host->ledger, &filter, see_digest, digest);
	if (error == 0)
		error = closing_certificate_read(&certificate, host, batch, digest);
	if (error == 0 &&
		certificate.len + certificate.signed_len > 2 * CERTIFICATE_MAX) {
		closing_certificate_clear(&certificate);
		error = KE_TOO_LONG;
	}
	if (error) {
		refuse(call, host, batch, error);
		return;
	}
	answer_lines(call, &certificate);
	ctl_answer_signed(call, certificate.signed_bytes, certificate.signed_len);
	closing_certificate_clear(&certificate);
	ctl_call_end(call, CTL_EXIT_OK);
}

const struct ctl_command ctl_certificate_commands[] = {
	{"report certificate", CTL_VIEWER, false, "batch", report_certificate},
	{NULL, CTL_VIEWER, false, NULL, NULL},
};

/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/key_accept.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include "daemon/host.h"
#include "daemon/keystore.h"

#define EVENT_ACCEPTED "accepted"
#define EVENT_REPLACED "replaced"

/* By so much clocks of hosts may differ; no certificate is the latest for longer. */
enum { AHEAD_MAX_S = 3600 };

static const struct certificate *
known_of(const struct host *host, const struct certificate *certificate)
{
	const struct certificate_subject *subject = certificate_subject(certificate);
	const struct certificate *known;

	return keystore_of(&known, host->keys, subject->host, subject->kind,
		       subject->batch) == 0
		       ? known
		       : NULL;
}

int
key_may_accept(const struct host *host, const struct certificate *certificate)
{
	const struct certificate *known = known_of(host, certificate);
	int error = keystore_may_accept(host->keys, certificate);

	if (error || (known && certificate_equal(known, certificate)) ||
		certificate_kind_is_per_batch(certificate_subject(certificate)->kind))
		return error;
	return certificate_made(certificate) > (int64_t)time(NULL) + AHEAD_MAX_S
		       ? KE_NOT_YET
		       : 0;
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

int
key_accept(struct host *host, const struct ledger_by *by,
	const struct certificate *certificate, const char *pem, size_t len, bool by_two)
{
	const struct certificate *before = known_of(host, certificate), *accepted;
	char name[KEYSTORE_NAME_SIZE], detail[2 * FINGERPRINT_SIZE + sizeof "old= new="];
	char old[FINGERPRINT_SIZE];
	struct ledger_event event = {.kind = "key",
		.object = name,
		.event = EVENT_ACCEPTED,
		.detail = certificate_fingerprint(certificate)};
	int error = by_two ? 0 : key_may_accept(host, certificate);

	if (error == 0)
		error = ledger_begin(host->ledger);
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
		error = ledger_event_add(host->ledger, by, &event);
	if (error == 0)
		error = keystore_accept(&accepted, host->keys, pem, len, by_two);
	return ledger_end(host->ledger, error);
}

/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/key_announce.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/alarm.h"
#include "daemon/host.h"
#include "daemon/keystore.h"
#include "daemon/spool.h"

static const char *const events[] = { [KEY_MADE] = "made", [KEY_TRUSTED] = "trusted" };

int
key_record(struct host *host, const struct ledger_by *by, enum key_event event,
	const struct certificate *certificate)
{
	char name[KEYSTORE_NAME_SIZE];
	struct ledger_event row = { "key", name, events[event], NULL, NULL,
		certificate_fingerprint(certificate) };

	keystore_file_name(name, certificate);
	return ledger_event_add(host->ledger, by, &row);
}

struct wanted {
	const char *event;
	const char *fingerprint;
	bool is_found;
};

static int
look(void *context, const struct ledger_event_row *row)
{
	struct wanted *wanted = context;

	wanted->is_found = strcmp(row->event.event, wanted->event) == 0
		&& strcmp(row->event.detail, wanted->fingerprint) == 0;
	return wanted->is_found;
}

static int
is_recorded(bool *out, struct host *host, enum key_event event,
	const struct certificate *certificate)
{
	char name[KEYSTORE_NAME_SIZE];
	struct ledger_event_filter filter = { .kind = "key", .object = name };
	struct wanted wanted = { events[event], certificate_fingerprint(certificate),
		false };
	int error;

	keystore_file_name(name, certificate);
	error = ledger_event_list(host->ledger, &filter, look, &wanted);
	*out = wanted.is_found;
	return error < 0 ? error : 0;
}

bool
key_is_half_done(
	struct host *host, enum key_event event, const struct certificate *certificate)
{
	bool is_known;

	return is_recorded(&is_known, host, event, certificate) == 0 && !is_known;
}

/* Puts the certificate into outgoing/, to be carried to the others. */
static int
send_out(struct host *host, const struct certificate *certificate)
{
	char name[KEYSTORE_NAME_SIZE];
	char *pem;
	size_t len;
	int error = certificate_pem(&pem, &len, certificate);

	if (error)
		return error;
	keystore_file_name(name, certificate);
	error = spool_publish(host->spool, name, pem, len);
	free(pem);
	return error;
}

int
key_announce(struct host *host, const struct ledger_by *by,
	const struct certificate *certificate)
{
	int error = send_out(host, certificate);

	return error ? error : key_record(host, by, KEY_MADE, certificate);
}

struct rest {
	struct host *host;
	bool is_with_trusted;
	int error;
};

static int
finish(struct host *host, enum key_event event, const struct certificate *certificate)
{
	struct ledger_by by = host_by("daemon");
	char name[KEYSTORE_NAME_SIZE];
	int error;

	if (event == KEY_TRUSTED)
		return key_record(host, &by, event, certificate);
	error = key_announce(host, &by, certificate);
	if (error != KE_DUPLICATE)
		return error;
	/* Another file of its name lies there: people see to it, the host can work. */
	keystore_file_name(name, certificate);
	alarm_raise(host->alarms, "stage-failed", name, by.now_ms);
	return 0;
}

static void
finish_one(void *context, const struct certificate *certificate, bool is_own)
{
	struct rest *rest = context;
	bool is_trusted =
		!is_own && certificate_subject(certificate)->kind == CERTIFICATE_SITE;
	enum key_event event = is_own ? KEY_MADE : KEY_TRUSTED;
	bool is_known = true;

	if (rest->error || !(is_own || (is_trusted && rest->is_with_trusted)))
		return;
	rest->error = is_recorded(&is_known, rest->host, event, certificate);
	if (rest->error == 0 && !is_known)
		rest->error = finish(rest->host, event, certificate);
}

int
key_announce_rest(struct host *host)
{
	struct rest rest = { host, false, 0 };

	keystore_list(host->keys, finish_one, &rest);
	return rest.error;
}

int
key_record_rest(struct host *host)
{
	struct rest rest = { host, true, 0 };

	keystore_list(host->keys, finish_one, &rest);
	return rest.error;
}

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

#define EVENT_MADE "made"

int
key_record(struct host *host, const struct ledger_by *by, const char *event,
	const struct certificate *certificate)
{
	char name[KEYSTORE_NAME_SIZE];
	struct ledger_event row = { "key", name, event, NULL, NULL,
		certificate_fingerprint(certificate) };

	keystore_file_name(name, certificate);
	return ledger_event_add(host->ledger, by, &row);
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

	return error ? error : key_record(host, by, EVENT_MADE, certificate);
}

static int
is_made(void *context, const struct ledger_event_row *row)
{
	return strcmp(row->event.event, EVENT_MADE) == 0
		&& strcmp(row->event.detail, context) == 0;
}

struct rest {
	struct host *host;
	int error;
};

static void
announce_one(void *context, const struct certificate *certificate, bool is_own)
{
	struct rest *rest = context;
	struct host *host = rest->host;
	struct ledger_by by = host_by("daemon");
	char name[KEYSTORE_NAME_SIZE], fingerprint[FINGERPRINT_SIZE];
	struct ledger_event_filter filter = { .kind = "key", .object = name };
	int error;

	if (!is_own || rest->error)
		return;
	keystore_file_name(name, certificate);
	(void)snprintf(fingerprint, sizeof fingerprint, "%s",
		certificate_fingerprint(certificate));
	error = ledger_event_list(host->ledger, &filter, is_made, fingerprint);
	if (error == 0)
		error = key_announce(host, &by, certificate);
	/* Another file of its name lies there: people see to it, the host can work. */
	if (error == KE_DUPLICATE) {
		alarm_raise(host->alarms, "stage-failed", name, by.now_ms);
		error = 0;
	}
	rest->error = error < 0 ? error : 0;
}

int
key_announce_rest(struct host *host)
{
	struct rest rest = { host, 0 };

	keystore_list(host->keys, announce_one, &rest);
	return rest.error;
}

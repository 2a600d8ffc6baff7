/* SPDX-License-Identifier: MIT */
/* The commands about keys. */
#include "config.h"
#include "daemon/ctl_common.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "daemon/host.h"
#include "daemon/keystore.h"
#include "daemon/settings.h"
#include "daemon/spool.h"
#include "daemon/stage.h"

static void
answer_key(void *context, const struct certificate *certificate, bool is_own)
{
	struct ctl_call *call = context;
	const struct certificate_subject *subject = certificate_subject(certificate);
	char fingerprint[FINGERPRINT_GROUPED_SIZE];
	json_t *answer = ctl_answer_new("key");

	fingerprint_group(fingerprint, certificate_fingerprint(certificate));
	if (answer) {
		(void)json_object_set_new(answer, "host", json_string(subject->host));
		(void)json_object_set_new(answer, "kind",
			json_string(certificate_kind_name(subject->kind)));
		(void)json_object_set_new(answer, "batch", json_string(subject->batch));
		(void)json_object_set_new(
			answer, "use", json_string(use_name(subject->use)));
		(void)json_object_set_new(answer, "own", json_boolean(is_own));
		(void)json_object_set_new(
			answer, "fingerprint", json_string(fingerprint));
	}
	ctl_call_answer(call, answer);
}

static void
key_list(struct ctl_call *call, void *context)
{
	keystore_list(ctl_host(context)->keys, answer_key, call);
	ctl_call_end(call, CTL_EXIT_OK);
}

/* What a name given to `key new' stands for on this host. */
static int
kind_of(enum certificate_kind *kind, const char **batch, const struct settings *settings,
	const char *name)
{
	*batch = "";
	if (certificate_kind_parse(kind, name, strlen(name)))
		return certificate_kind_is_per_batch(*kind) ? KE_BAD_ARGUMENT : 0;
	if (!name_is_batch(name, strlen(name)))
		return KE_BAD_ARGUMENT;
	*batch = name;
	if (settings->stages & SETTINGS_ETCH)
		*kind = CERTIFICATE_PASSPHRASES;
	else if (settings->stages & SETTINGS_PRINT)
		*kind = CERTIFICATE_STICKERS;
	else
		return KE_BAD_ARGUMENT;
	return 0;
}

/* Puts the certificate into outgoing/, to be carried to the others. */
static int
send_certificate(struct host *host, const struct certificate *certificate)
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

static int
key_event(struct host *host, const struct ledger_by *by, const char *event,
	const struct certificate *certificate)
{
	char name[KEYSTORE_NAME_SIZE];
	struct ledger_event row = { "key", name, event, NULL, NULL,
		certificate_fingerprint(certificate) };

	keystore_file_name(name, certificate);
	return ledger_event_add(host->ledger, by, &row);
}

static void
key_new(struct ctl_call *call, void *context)
{
	struct host *host = ctl_host(context);
	char actor[CTL_ACTOR_SIZE];
	struct ledger_by by = ctl_by(call, actor);
	const struct certificate *certificate = NULL;
	enum certificate_kind kind;
	const char *batch;
	int error = kind_of(&kind, &batch, host->settings, ctl_call_text(call, "name"));

	if (error == 0 && ctl_call_is_dry_run(call)) {
		ctl_call_end(call, CTL_EXIT_OK);
		return;
	}
	if (error == 0)
		error = keystore_make(host->keys, kind, batch, by.now_ms / 1000);
	if (error == 0)
		error = keystore_of(
			&certificate, host->keys, host->settings->host, kind, batch);
	if (error == 0)
		error = key_event(host, &by, "made", certificate);
	if (error == 0)
		error = send_certificate(host, certificate);
	if (error == 0)
		answer_key(call, certificate, true);
	ctl_finish(call, host, error);
}

/* Reads the file that a supervisor names; a certificate and no more. */
static int
read_pem(char pem[CERTIFICATE_PEM_MAX], size_t *len, const char *path)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	ssize_t got;

	if (fd < 0)
		return KE_NOT_FOUND;
	got = read(fd, pem, CERTIFICATE_PEM_MAX);
	(void)close(fd);
	if (got <= 0)
		return KE_IO;
	*len = (size_t)got;
	return 0;
}

static void
key_trust(struct ctl_call *call, void *context)
{
	struct host *host = ctl_host(context);
	char actor[CTL_ACTOR_SIZE], pem[CERTIFICATE_PEM_MAX];
	struct ledger_by by = ctl_by(call, actor);
	struct certificate *certificate = NULL;
	size_t len = 0;
	int error = read_pem(pem, &len, ctl_call_text(call, "path"));

	if (error == 0)
		error = certificate_parse(&certificate, pem, len);
	if (error == 0 && !ctl_call_is_dry_run(call))
		error = keystore_trust(
			host->keys, pem, len, ctl_call_text(call, "fingerprint"));
	if (error == 0 && !ctl_call_is_dry_run(call))
		error = key_event(host, &by, "trusted", certificate);
	if (error == 0) {
		answer_key(call, certificate, false);
		stage_retry(host);
		host_wake(host);
	}
	certificate_free(certificate);
	ctl_finish(call, host, error);
}

const struct ctl_command ctl_key_commands[] = {
	{ "key list", CTL_VIEWER, false, "", key_list },
	{ "key new", CTL_SUPERVISOR, true, "name", key_new },
	{ "key trust", CTL_SUPERVISOR, true, "path fingerprint", key_trust },
	{ NULL, CTL_VIEWER, false, NULL, NULL },
};

/* SPDX-License-Identifier: MIT */
/* The commands about keys. */
#include "config.h"
#include "daemon/ctl_key.h"

#include <stdio.h>
#include <string.h>
#include "daemon/ctl_refuse.h"
#include "daemon/host.h"
#include "daemon/key_announce.h"
#include "daemon/keystore.h"
#include "daemon/settings.h"
#include "daemon/spool.h"
#include "daemon/stage.h"

enum { PATH_SIZE = 4096 };

static json_t *
key_json(const struct certificate *certificate, bool is_own)
{
	const struct certificate_subject *subject = certificate_subject(certificate);
	char fingerprint[FINGERPRINT_GROUPED_SIZE], file[KEYSTORE_NAME_SIZE];
	json_t *answer = ctl_answer_new("key");

	fingerprint_group(fingerprint, certificate_fingerprint(certificate));
	keystore_file_name(file, certificate);
	if (answer) {
		ctl_put(&answer, "host", json_string(subject->host));
		ctl_put(&answer, "kind",
			json_string(certificate_kind_name(subject->kind)));
		ctl_put(&answer, "batch", json_string(subject->batch));
		ctl_put(&answer, "use", json_string(use_name(subject->use)));
		ctl_put(&answer, "own", json_boolean(is_own));
		ctl_put(&answer, "fingerprint", json_string(fingerprint));
		ctl_put(&answer, "file", json_string(file));
	}
	return answer;
}

void
ctl_key_answer(void *context, const struct certificate *certificate, bool is_own)
{
	struct ctl_call *call = context;

	ctl_call_answer(call, key_json(certificate, is_own));
}

/* What a person does with a certificate that was made: where it is waited for. */
static void
next_of_made(char *out, size_t size, const struct host *host,
	const struct certificate *certificate)
{
	static const struct {
		const char *to;
		/* which needs no carrying where it is this host's, too */
		unsigned stage;
	} receivers[] = {
		[CERTIFICATE_CODES] = { "generates", SETTINGS_GENERATE },
		[CERTIFICATE_CONFIRMATIONS] = { "mints", SETTINGS_MINT },
		[CERTIFICATE_PASSPHRASES] = { "generates", SETTINGS_GENERATE },
		[CERTIFICATE_STICKERS] = { "mints", SETTINGS_MINT },
	};
	enum certificate_kind kind = certificate_subject(certificate)->kind;
	char file[KEYSTORE_NAME_SIZE];

	keystore_file_name(file, certificate);
	if (kind == CERTIFICATE_SITE)
		(void)snprintf(out, size,
			"Carry %s to each host that deals with this one. There, while you "
			"read the fingerprint out to whoever types it:  keylinectl key trust "
			"%s",
			file, file);
	else if (receivers[kind].stage & host->settings->stages)
		(void)snprintf(out, size, "Nothing is to be carried: this host %s, too.",
			receivers[kind].to);
	else
		(void)snprintf(out, size,
			"Carry %s to the host that %s. There, once this host's site is "
			"trusted:  keylinectl batch import %s",
			file, receivers[kind].to, file);
}

void
ctl_key_answer_done(struct ctl_call *call, const struct host *host,
	const struct certificate *certificate, bool is_made)
{
	json_t *answer = key_json(certificate, is_made);
	char file[KEYSTORE_NAME_SIZE], next[512], path[PATH_SIZE];

	keystore_file_name(file, certificate);
	(void)snprintf(path, sizeof path, "%s/%s",
		spool_folder_path(host->spool, SPOOL_OUTGOING), file);
	if (is_made)
		next_of_made(next, sizeof next, host, certificate);
	else if (certificate_subject(certificate)->kind != CERTIFICATE_SITE)
		(void)snprintf(next, sizeof next,
			"What is made for %s from now on is sealed to this key.",
			certificate_subject(certificate)->host);
	else
		(void)snprintf(next, sizeof next,
			"Its other certificates are taken in by keylinectl batch import; "
			"%s in turn has to trust %s.site.crt.",
			certificate_subject(certificate)->host, host->settings->host);
	if (answer) {
		ctl_put(&answer, "done", json_string(is_made ? "made" : "trusted"));
		if (is_made)
			ctl_put(&answer, "path", json_string(path));
		ctl_put(&answer, "next", json_string(next));
	}
	ctl_call_answer(call, answer);
}

static void
key_list(struct ctl_call *call, void *context)
{
	keystore_list(ctl_host(context)->keys, ctl_key_answer, call);
	ctl_call_end(call, CTL_EXIT_OK);
}

/* What each stage has keys for; a site key has every host. */
static const struct {
	unsigned stage;
	enum certificate_kind kind;
	/* As people give it to `key new'. */
	const char *name;
} uses[] = {
	{ SETTINGS_MINT, CERTIFICATE_CODES, "codes" },
	{ SETTINGS_ETCH, CERTIFICATE_CONFIRMATIONS, "confirmations" },
	{ SETTINGS_ETCH, CERTIFICATE_PASSPHRASES, "a batch (for its passphrases)" },
	{ SETTINGS_PRINT, CERTIFICATE_STICKERS, "a batch (for its stickers)" },
};

enum { USES = sizeof uses / sizeof uses[0] };

static bool
is_used(enum certificate_kind kind, const struct settings *settings)
{
	for (size_t i = 0; i < USES; i++)
		if (uses[i].kind == kind && (uses[i].stage & settings->stages))
			return true;
	return kind == CERTIFICATE_SITE;
}

/* Names what this host has a use for. */
static void
refuse_name(struct ctl_call *call, const struct settings *settings, const char *what)
{
	char names[192] = "site";

	for (size_t i = 0; i < USES; i++) {
		size_t len = strlen(names);

		if (uses[i].stage & settings->stages)
			(void)snprintf(names + len, sizeof names - len, ", %s",
				uses[i].name);
	}
	ctl_refuse(call, KE_BAD_ARGUMENT, NULL,
		"Take one of these, or give the command on the host that needs it.",
		"%.40s %s; here NAME is one of: %s.", ctl_call_text(call, "name"), what,
		names);
}

/* What a name given to `key new' stands for on this host; false: refused. */
static bool
kind_of(struct ctl_call *call, enum certificate_kind *kind, const char **batch,
	const struct settings *settings)
{
	const char *name = ctl_call_text(call, "name");
	bool is_kind = certificate_kind_parse(kind, name, strlen(name));

	*batch = is_kind ? "" : name;
	if (is_kind && certificate_kind_is_per_batch(*kind)) {
		refuse_name(call, settings, "keys are made for one batch: name the batch");
		return false;
	}
	if (!is_kind && !name_is_batch(name, strlen(name))) {
		refuse_name(call, settings, "is neither a kind of key nor a batch (its name is in capitals)");
		return false;
	}
	if (!is_kind)
		*kind = settings->stages & SETTINGS_ETCH ? CERTIFICATE_PASSPHRASES
							 : CERTIFICATE_STICKERS;
	if (is_used(*kind, settings))
		return true;
	refuse_name(call, settings,
		is_kind ? "is a key that this host has no use for"
			: "is a batch, and this host keeps no key of a batch");
	return false;
}

/* What the keystore said to a new key, in words. */
static void
refuse_new(struct ctl_call *call, struct host *host, enum certificate_kind kind,
	const char *batch, int error)
{
	if (error == KE_NO_KEY)
		ctl_refuse(call, error, NULL,
			"Make it first:  keylinectl key new site  and read its fingerprint out "
			"to the other hosts.",
			"This host has no site key, which signs the others.");
	else if (error == KE_DUPLICATE)
		ctl_refuse(call, error, NULL, "See it:  keylinectl key list",
			"This host has its %s key%s%s already.", certificate_kind_name(kind),
			batch[0] ? " of " : "", batch);
	else
		ctl_finish(call, host, error);
}

/* Whether a key could be made; the same that the keystore will say. */
static int
may_make(struct host *host, enum certificate_kind kind, const char *batch)
{
	const struct certificate *certificate;
	const char *own = host->settings->host;

	if (keystore_of(&certificate, host->keys, own, kind, batch) == 0)
		return KE_DUPLICATE;
	if (kind == CERTIFICATE_SITE)
		return 0;
	return keystore_of(&certificate, host->keys, own, CERTIFICATE_SITE, "");
}

/* Whether there is such a key already, whose certificate did not come to outgoing/ or
 * into the ledger: then the command given again finishes that. */
static bool
is_half_made(struct host *host, enum certificate_kind kind, const char *batch)
{
	const struct certificate *certificate;

	return keystore_of(&certificate, host->keys, host->settings->host, kind, batch) == 0
		&& key_is_half_done(host, KEY_MADE, certificate);
}

/* The key is there; what it is for can go on only with its certificate. */
static void
finish_new(struct ctl_call *call, struct host *host,
	const struct certificate *certificate, int error)
{
	char file[KEYSTORE_NAME_SIZE];

	if (error == KE_DUPLICATE) {
		keystore_file_name(file, certificate);
		ctl_refuse(call, error, NULL,
			"See what it is, take it away, and give the command again.",
			"The key is made, and its certificate has no place: Another file %s "
			"lies in outgoing/.",
			file);
		return;
	}
	if (error == 0) {
		ctl_key_answer_done(call, host, certificate, true);
		stage_retry(host);
		host_wake(host);
	}
	ctl_finish(call, host, error);
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
	bool is_rest;
	int error;

	if (!kind_of(call, &kind, &batch, host->settings))
		return;
	is_rest = is_half_made(host, kind, batch);
	error = is_rest ? 0 : may_make(host, kind, batch);
	if (error || ctl_call_is_dry_run(call)) {
		refuse_new(call, host, kind, batch, error);
		return;
	}
	if (!is_rest)
		error = keystore_make(host->keys, kind, batch, by.now_ms / 1000);
	if (error == 0)
		error = keystore_of(
			&certificate, host->keys, host->settings->host, kind, batch);
	if (error)
		ctl_finish(call, host, error);
	else
		finish_new(call, host, certificate, key_announce(host, &by, certificate));
}

const struct ctl_command ctl_key_commands[] = {
	{ "key list", CTL_VIEWER, false, "", key_list },
	{ "key new", CTL_SUPERVISOR, true, "name", key_new },
	{ "key trust", CTL_SUPERVISOR, true, "name fingerprint", ctl_key_trust },
	{ NULL, CTL_VIEWER, false, NULL, NULL },
};

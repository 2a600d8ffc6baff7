/* SPDX-License-Identifier: MIT */
/*
 * Destruction of a batch's secrets on this host: its key first, which makes every
 * sealed row unreadable at once; then each file that held the rows, overwritten
 * where it lies, wherever a copy of it was left.
 */
#include "config.h"
#include "daemon/closing.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "daemon/durable.h"
#include "daemon/erase.h"
#include "daemon/host.h"
#include "daemon/keystore.h"
#include "daemon/ledger_batch.h"
#include "daemon/ledger_file.h"
#include "daemon/ledger_request.h"
#include "daemon/ledger_wallet.h"
#include "daemon/secure_disk.h"
#include "daemon/settings.h"
#include "daemon/spool.h"
#include "daemon/store.h"
#include "daemon/user.h"
#include "proto/batch.h"
#include "proto/hash.h"
#include "proto/sanitize.h"
#include "proto/utc.h"

#define EVENT_SECRETS "secrets-destroyed"
#define EVENT_MEDIUM "medium-destroyed"

/* A file that was overwritten, as the certificate tells it. */
struct erased {
	char where[LEDGER_PATH_SIZE + 64];
	struct erase_result result;
	const char *findings[ERASE_FINDINGS + 1];
};

/* What is destroyed, and what the certificate will say of it. */
struct destruction {
	const struct closing *act;
	enum batch_kind kind;
	enum certificate_kind key;
	char fingerprint[FINGERPRINT_GROUPED_SIZE + 32];
	struct erased *erased;
	size_t count;
	/* The disk of the first file. */
	struct block_device device;
	int error;
};

/* The secrets that a host holds for a batch, by its stage. */
static int
secrets_of(enum batch_kind *kind, enum certificate_kind *key, const struct closing *act)
{
	const struct settings *settings = act->host->settings;

	if (settings->stages & SETTINGS_ETCH) {
		*kind = BATCH_PASSPHRASES;
		*key = CERTIFICATE_PASSPHRASES;
	} else if (settings->stages & SETTINGS_PRINT) {
		*kind = BATCH_STICKERS;
		*key = CERTIFICATE_STICKERS;
	} else {
		return closing_refuse(act, KE_BAD_STATE,
			"Give the command where the batch is etched or printed.",
			"This host holds no batch's secrets.");
	}
	return 0;
}

static int
found(void *context, const struct ledger_event_row *row)
{
	return strcmp(row->event.event, context) == 0;
}

static int
has_event(bool *out, struct host *host, const char *batch, const char *event)
{
	struct ledger_event_filter filter = { .kind = "key", .object = batch };
	char text[64];
	int result;

	(void)snprintf(text, sizeof text, "%s", event);
	result = ledger_event_list(host->ledger, &filter, found, text);
	*out = result == 1;
	return result < 0 ? result : 0;
}

int
closing_is_destroyed(bool *out, struct host *host, const char *batch)
{
	return has_event(out, host, batch, EVENT_SECRETS);
}

/*
 * After the release; or without one, when nothing is left to be released: the counts
 * close as they stand, no wallet is sealed or on its way, every bad part is destroyed.
 */
static int
may_destroy_passphrases(const struct closing *act, const struct ledger_batch *batch)
{
	struct wallet_balance balance;
	int error;

	if (batch->state >= LEDGER_BATCH_RELEASED)
		return 0;
	error = ledger_batch_balance(&balance, act->host->ledger, act->batch);
	if (error)
		return error;
	if (batch->state == LEDGER_BATCH_RUNNING && balance.closing == WALLET_CLOSES)
		return 0;
	return closing_refuse(act, KE_BAD_STATE,
		"Release it first:  keylinectl batch release  or, when it cannot be: "
		"keyline(7), A batch that is not released.",
		"%s is %s: its passphrases are needed until it is released, or every wallet "
		"is out of play and every bad part destroyed.",
		act->batch, ledger_batch_state_name(batch->state));
}

/* No wallet needs its secret any more. */
static int
may_destroy(const struct closing *act)
{
	struct ledger_batch batch;
	bool done;
	int error = ledger_batch_get(&batch, act->host->ledger, act->batch);

	if (error == 0)
		error = closing_is_destroyed(&done, act->host, act->batch);
	if (error)
		return error;
	if (done)
		return closing_refuse(act, KE_BAD_STATE,
			"What follows is:  keylinectl batch destroyed",
			"The secrets of %s were destroyed already.", act->batch);
	if (act->host->settings->stages & SETTINGS_ETCH)
		return may_destroy_passphrases(act, &batch);
	return batch.state >= LEDGER_BATCH_SHIPPED
		? 0
		: closing_refuse(act, KE_BAD_STATE,
			"Ship it first:  keylinectl batch ship",
			"%s is %s: its stickers are needed until it is shipped.", act->batch,
			ledger_batch_state_name(batch.state));
}

static void
tell_erased(struct destruction *d, int dir, const char *where,
	const struct erase_result *result)
{
	struct erased *grown = realloc(d->erased, (d->count + 1) * sizeof *grown);
	struct erased *erased;
	size_t found_here = 0;

	if (!grown) {
		d->error = d->error ? d->error : KE_NO_MEMORY;
		return;
	}
	d->erased = grown;
	if (d->count == 0 && secure_disk_device(&d->device, dir) != 0)
		memset(&d->device, 0, sizeof d->device);
	erased = &grown[d->count++];
	memset(erased, 0, sizeof *erased);
	(void)snprintf(erased->where, sizeof erased->where, "%s", where);
	erased->result = *result;
	for (int i = 0; i < ERASE_FINDINGS; i++)
		if (result->findings & 1U << i)
			erased->findings[found_here++] =
				erase_finding_text((enum erase_finding)(1 << i));
}

static void
erase_at(struct destruction *d, int dir, const char *name, const char *where)
{
	struct erase_result result;
	int error = erase_file(&result, dir, name);

	if (error == KE_NOT_FOUND)
		return;
	if (error && !d->error)
		d->error = error;
	if (error == 0)
		tell_erased(d, dir, where, &result);
}

/* A dropped copy stands in the spool under a name of people's choice. */
static void
erase_copies(struct destruction *d, enum spool_folder folder, const struct ledger_file *file)
{
	int fd = openat(spool_folder_fd(d->act->host->spool, folder), ".",
		O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!list) {
		if (fd >= 0)
			(void)close(fd);
		d->error = d->error ? d->error : KE_IO;
		return;
	}
	while ((entry = readdir(list))) {
		unsigned char digest[LEDGER_DIGEST_LEN], *bytes = NULL;
		char where[LEDGER_PATH_SIZE + 64];
		size_t len;

		if (!strstr(entry->d_name, ".cms")
			|| store_read(&bytes, &len, fd, entry->d_name) != 0)
			continue;
		(void)snprintf(where, sizeof where, "%s/%.255s",
			spool_folder_name(folder), entry->d_name);
		if (hash_sha256(digest, bytes, len) == 0
			&& memcmp(digest, file->sha256, sizeof digest) == 0)
			erase_at(d, fd, entry->d_name, where);
		free(bytes);
	}
	(void)closedir(list);
}

static int
erase_one(void *context, const struct ledger_file *file)
{
	struct destruction *d = context;
	const char *name;
	int dir;
	int error;

	if (strcmp(file->kind, batch_kind_name(d->kind)) != 0)
		return 0;
	error = store_place(&dir, &name, d->act->host, file->path);
	if (error == 0) {
		erase_at(d, dir, name, file->path);
		(void)close(dir);
	} else if (error != KE_NOT_FOUND && !d->error) {
		d->error = error;
	}
	if (d->kind == BATCH_PASSPHRASES) {
		erase_copies(d, SPOOL_DONE, file);
		erase_copies(d, SPOOL_DUPLICATE, file);
	}
	return 0;
}

/* The key by its fingerprint, asked for before it is destroyed. */
static void
name_key(struct destruction *d)
{
	const struct certificate *certificate;
	const struct private_key *key;

	if (keystore_own(&certificate, &key, d->act->host->keys, d->key, d->act->batch) == 0)
		fingerprint_group(d->fingerprint, certificate_fingerprint(certificate));
	else
		(void)snprintf(d->fingerprint, sizeof d->fingerprint,
			"the batch's, in an earlier run");
}

/* The certificate's text over the files, which are there for the call. */
static int
make_text(char **text, size_t *len, const struct destruction *d,
	const struct sanitize_file *files)
{
	const struct closing *act = d->act;
	const char *const keys[] = { d->fingerprint, NULL };
	struct ledger_request request;
	char time[UTC_SIZE], person[PERSON_SIZE], witness[PERSON_SIZE];
	struct sanitize facts = { .batch = act->batch,
		.host = act->host->settings->host,
		.maker = d->device.maker,
		.model = d->device.model,
		.serial = d->device.serial,
		.media_type = d->device.type,
		.file_system = d->count ? d->erased[0].result.file_system : NULL,
		.keys = keys,
		.files = files,
		.file_count = d->count,
		.tool = "keylined " PACKAGE_VERSION,
		.person = person,
		.date = time };
	int error = utc_format(time, act->by->now_ms / 1000);

	user_text(person, act->by->actor);
	/* The first of the two persons saw it asked for. */
	if (act->request
		&& ledger_request_get(&request, act->host->ledger, act->request) == 0) {
		user_text(witness, request.actor);
		facts.witness = witness;
	}
	return error ? error : sanitize_text(text, len, &facts);
}

static int
write_certificate(struct destruction *d)
{
	struct sanitize_file *files = calloc(d->count + 1, sizeof *files);
	char name[NAME_BATCH_MAX + 32];
	char *text = NULL;
	size_t len;
	int error;

	if (!files)
		return KE_NO_MEMORY;
	for (size_t i = 0; i < d->count; i++) {
		const struct erased *erased = &d->erased[i];

		files[i] = (struct sanitize_file){ .name = erased->where,
			.bytes = erased->result.bytes,
			.is_verified = erased->result.verified,
			.is_read_from_device =
				!(erased->result.findings & ERASE_READ_CACHED),
			.is_in_place = erased->result.in_place,
			.findings = erased->findings };
	}
	error = make_text(&text, &len, d, files);
	free(files);
	if (error)
		return error;
	(void)snprintf(name, sizeof name, "%s.sanitization.txt", d->act->batch);
	error = durable_write(d->act->host->reports_fd, name, text, len, 0640, 1);
	free(text);
	return error;
}

static int
record(const struct closing *act, const char *event, const char *detail)
{
	struct ledger_event row = { .kind = "key",
		.object = act->batch,
		.event = event,
		.detail = detail };
	int error = ledger_begin(act->host->ledger);

	if (error)
		return error;
	error = ledger_request_consume(act->host->ledger, act->by, act->request, NULL);
	if (error == 0)
		error = ledger_event_add(act->host->ledger, act->by, &row);
	if (error == 0)
		return ledger_commit(act->host->ledger);
	ledger_rollback(act->host->ledger);
	return error;
}

int
closing_destroy(const struct closing *act)
{
	struct destruction d = { .act = act };
	char detail[64];
	int error = secrets_of(&d.kind, &d.key, act);

	if (error == 0)
		error = may_destroy(act);
	if (error || act->dry_run)
		return error;
	name_key(&d);
	/* A key that is gone already was destroyed by a run that a crash cut off here. */
	error = keystore_destroy(act->host->keys, d.key, act->batch);
	if (error == 0 || error == KE_NO_KEY)
		error = ledger_file_list(act->host->ledger, act->batch, erase_one, &d);
	if (error == 0)
		error = d.error;
	if (error == 0)
		error = write_certificate(&d);
	(void)snprintf(detail, sizeof detail, "%zu files", d.count);
	free(d.erased);
	return error ? error : record(act, EVENT_SECRETS, detail);
}

/* The disk is destroyed and the batch closed in one commit.  A medium that is on record
 * without it (as an older version left it) is not recorded twice. */
static int
close_batch(const struct closing *act, bool is_recorded)
{
	struct ledger *ledger = act->host->ledger;
	struct ledger_event row = { .kind = "key",
		.object = act->batch,
		.event = EVENT_MEDIUM,
		.detail = act->reason };
	int error = ledger_begin(ledger);

	if (error)
		return error;
	if (!act->dry_run)
		error = ledger_request_consume(ledger, act->by, act->request, NULL);
	if (error == 0 && !is_recorded)
		error = ledger_event_add(ledger, act->by, &row);
	if (error == 0)
		error = ledger_batch_set_state(
			ledger, act->by, act->batch, LEDGER_BATCH_CLOSED, NULL);
	/* A dry run has gone the whole way, and takes nothing. */
	if (error == 0 && !act->dry_run)
		return ledger_commit(ledger);
	ledger_rollback(ledger);
	return error;
}

/* What the ledger said of the end of a batch, in words. */
static int
refuse_close(const struct closing *act, const struct ledger_batch *batch, int error)
{
	struct wallet_balance balance;

	if (error == KE_HELD)
		return closing_refuse_held(act, batch);
	if (error == KE_BAD_STATE
		&& ledger_batch_balance(&balance, act->host->ledger, act->batch) == 0
		&& balance.closing != WALLET_CLOSES)
		return closing_refuse_balance(act, &balance);
	return error;
}

int
closing_destroyed(const struct closing *act)
{
	bool secrets, medium;
	struct ledger_batch batch;
	int error = ledger_batch_get(&batch, act->host->ledger, act->batch);

	if (error == 0)
		error = closing_is_destroyed(&secrets, act->host, act->batch);
	if (error == 0)
		error = has_event(&medium, act->host, act->batch, EVENT_MEDIUM);
	if (error)
		return error;
	if (!secrets)
		return closing_refuse(act, KE_BAD_STATE,
			"Destroy them first:  keylinectl batch destroy",
			"The secrets of %s are not destroyed yet.", act->batch);
	if (medium && batch.state >= LEDGER_BATCH_CLOSED)
		return closing_refuse(act, KE_BAD_STATE, "Nothing is left to do for it here.",
			"The medium of %s is recorded as destroyed already.", act->batch);
	error = close_batch(act, medium);
	return error ? refuse_close(act, &batch, error) : 0;
}

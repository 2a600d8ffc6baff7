/* SPDX-License-Identifier: MIT */
/* Each file that held a batch's rows, overwritten where it lies, wherever a copy of it was
 * left; and what the certificate says of that. */
#include "config.h"
#include "daemon/closing_erase.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "daemon/durable.h"
#include "daemon/host.h"
#include "daemon/keystore.h"
#include "daemon/ledger_request.h"
#include "daemon/secure_disk.h"
#include "daemon/settings.h"
#include "daemon/spool.h"
#include "daemon/store.h"
#include "daemon/user.h"
#include "proto/hash.h"
#include "proto/sanitize.h"
#include "proto/utc.h"

static void
tell_erased(struct closing_erase *d, int dir, const char *where,
	const struct erase_result *result)
{
	struct closing_erased *grown = realloc(d->erased, (d->count + 1) * sizeof *grown);
	struct closing_erased *erased;
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
erase_at(struct closing_erase *d, int dir, const char *name, const char *where)
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
erase_copies(struct closing_erase *d, enum spool_folder folder, const struct ledger_file *file)
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
	struct closing_erase *d = context;
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

int
closing_erase_files(struct closing_erase *d)
{
	const struct closing *act = d->act;
	int error = ledger_file_list(act->host->ledger, act->batch, erase_one, d);

	return error ? error : d->error;
}

void
closing_erase_name_key(struct closing_erase *erase)
{
	const struct certificate *certificate;
	const struct private_key *key;

	if (keystore_own(&certificate, &key, erase->act->host->keys, erase->key, erase->act->batch) == 0)
		fingerprint_group(erase->fingerprint, certificate_fingerprint(certificate));
	else
		(void)snprintf(erase->fingerprint, sizeof erase->fingerprint,
			"the batch's, in an earlier run");
}

/* The certificate's text over the files, which are there for the call. */
static int
make_text(char **text, size_t *len, const struct closing_erase *d,
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
	if (act->approval
		&& ledger_request_get(&request, act->host->ledger, act->approval->request)
			== 0) {
		user_text(witness, request.actor);
		facts.witness = witness;
	}
	return error ? error : sanitize_text(text, len, &facts);
}

int
closing_erase_certificate(struct closing_erase *d)
{
	struct sanitize_file *files = calloc(d->count + 1, sizeof *files);
	char name[NAME_BATCH_MAX + 32];
	char *text = NULL;
	size_t len;
	int error;

	if (!files)
		return KE_NO_MEMORY;
	for (size_t i = 0; i < d->count; i++) {
		const struct closing_erased *erased = &d->erased[i];

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

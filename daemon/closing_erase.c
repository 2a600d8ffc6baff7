/* SPDX-License-Identifier: MIT */
/* Each file that held a batch's rows, overwritten where it lies, wherever a copy of it was
 * left; and what the certificate says of that. */
#include "config.h"
#include "daemon/closing_erase.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "daemon/durable.h"
#include "daemon/host.h"
#include "daemon/keystore.h"
#include "daemon/ledger_request.h"
#include "daemon/report_sign.h"
#include "daemon/secure_disk.h"
#include "daemon/settings.h"
#include "daemon/spool.h"
#include "daemon/store.h"
#include "daemon/user.h"
#include "proto/cms_sign.h"
#include "proto/hash.h"
#include "proto/sanitize.h"
#include "proto/utc.h"

static void
tell_erased(struct closing_erase *d, int dir, const char *where,
	const struct erase_result *result, const char *doubt)
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
	erased->findings[found_here] = doubt;
}

/* What keeps a file's line from being a proof, in words for the certificate. */
static const char not_the_file[] =
	"Other bytes than the file's lay there: another file, or one that was cut off while it was "
	"overwritten. Look for the file under another name.";
static const char not_found[] =
	"It did not lie where it was taken to, and no copy of it was found: it was destroyed in an "
	"earlier run, or taken away. Look for it.";
static const char not_read[] =
	"It could not be read: whether it is a copy is not known. Look at it, and destroy it.";

/* Of what was not overwritten. */
static const struct erase_result unknown = { .file_system = "unknown" };

/* doubt: NULL, or why overwriting this proves nothing of the file. */
static void
erase_at(struct closing_erase *d, int dir, const char *name, const char *where,
	const char *doubt)
{
	struct erase_result result;
	int error = erase_file(&result, dir, name);

	if (error == KE_NOT_FOUND)
		return;
	if (error && !d->error)
		d->error = error;
	if (doubt)
		result.verified = false;
	if (error == 0)
		tell_erased(d, dir, where, &result, doubt);
}

/* Whether dir/name has the file's very bytes; KE_MISMATCH_ROW: others, KE_IO: not to be read. */
static int
compare_file(bool *is_overwritten, int dir, const char *name, const struct ledger_file *file)
{
	unsigned char digest[LEDGER_DIGEST_LEN], *bytes = NULL;
	size_t len;
	int error = store_read(&bytes, &len, dir, name);

	*is_overwritten = false;
	if (error)
		return error;
	error = hash_sha256(digest, bytes, len);
	if (error == 0 && memcmp(digest, file->sha256, sizeof digest) != 0) {
		error = KE_MISMATCH_ROW;
		*is_overwritten = erase_is_done(bytes, len);
	}
	free(bytes);
	return error;
}

/* What lies where the ledger says: overwritten in any case, as a destruction that was cut off
 * leaves half of it; certified only as far as it is known to be that file. */
static void
erase_own(struct closing_erase *d, int dir, const char *name, const struct ledger_file *file)
{
	bool is_overwritten;
	struct stat st;
	int error = compare_file(&is_overwritten, dir, name, file);

	if (error == 0 && fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		d->length = st.st_size;
	if (error != KE_NOT_FOUND)
		erase_at(d, dir, name, file->path,
			error && !is_overwritten ? not_the_file : NULL);
}

/* A plain file that may be a copy: of the file's length where that is known, so that not
 * all that was ever taken is read; else no longer than any that is taken. */
static bool
may_be_copy(const struct closing_erase *d, int dir, const char *name)
{
	struct stat st;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(st.st_mode))
		return false;
	return d->length >= 0 ? st.st_size == d->length : st.st_size <= CMS_FILE_MAX;
}

static void
look_at_copy(struct closing_erase *d, int dir, const char *name, const char *folder,
	const struct ledger_file *file)
{
	char where[LEDGER_PATH_SIZE + 64];
	bool is_overwritten;
	int error;

	if (!may_be_copy(d, dir, name))
		return;
	(void)snprintf(where, sizeof where, "%s/%.255s", folder, name);
	error = compare_file(&is_overwritten, dir, name, file);
	if (error == 0)
		erase_at(d, dir, name, where, NULL);
	else if (error != KE_MISMATCH_ROW && error != KE_NOT_FOUND)
		tell_erased(d, dir, where, &unknown, not_read);
}

/* A dropped copy stands there under a name of people's choice. */
static void
erase_copies(struct closing_erase *d, int folder_fd, const char *folder,
	const struct ledger_file *file)
{
	int fd = openat(folder_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	if (!list) {
		if (fd >= 0)
			(void)close(fd);
		d->error = d->error ? d->error : KE_IO;
		return;
	}
	while ((entry = readdir(list)))
		look_at_copy(d, fd, entry->d_name, folder, file);
	(void)closedir(list);
}

static int
erase_one(void *context, const struct ledger_file *file)
{
	struct closing_erase *d = context;
	struct spool *spool = d->act->host->spool;
	size_t before = d->count;
	const char *name;
	int dir;
	int error;

	if (strcmp(file->kind, batch_kind_name(d->kind)) != 0)
		return 0;
	d->length = -1;
	error = store_place(&dir, &name, d->act->host, file->path);
	if (error == 0) {
		erase_own(d, dir, name, file);
		if (d->kind == BATCH_STICKERS)
			erase_copies(d, dir, "secure", file);
		(void)close(dir);
	} else if (error != KE_NOT_FOUND && !d->error) {
		d->error = error;
	}
	for (int folder = 0; folder < SPOOL_FOLDERS; folder++)
		erase_copies(d, spool_folder_fd(spool, (enum spool_folder)folder),
			spool_folder_name((enum spool_folder)folder), file);
	if (d->count == before)
		tell_erased(d, d->act->host->reports_fd, file->path, &unknown, not_found);
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

/* The newest event: that two persons approved it stands before it. */
static void
write_head(char *out, size_t size, const struct host *host)
{
	unsigned char hash[LEDGER_HASH_LEN];
	char hex[2 * LEDGER_HASH_LEN + 1];
	uint64_t seq;

	ledger_head(host->ledger, &seq, hash);
	ledger_hex(hex, hash);
	(void)snprintf(out, size, "event %" PRIu64 ", %s", seq, hex);
}

/* Beside the text, the same signed by the host.  A host that lost its site key has the
 * text alone: what is destroyed is destroyed. */
static int
write_signed(struct host *host, const char *batch, const char *text, size_t len)
{
	char name[NAME_BATCH_MAX + 32];
	unsigned char *der;
	size_t der_len;
	int error = report_sign(&der, &der_len, host, text, len);

	(void)snprintf(name, sizeof name, "%s.sanitization.cms", batch);
	if (error == 0)
		error = durable_write(host->reports_fd, name, der, der_len, 0640, 1);
	free(der);
	return error == KE_NO_KEY ? 0 : error;
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
	char ledger[sizeof "event , " + 20 + 2 * LEDGER_HASH_LEN];
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
		.date = time,
		.ledger = ledger };
	int error = utc_format(time, act->by->now_ms / 1000);

	write_head(ledger, sizeof ledger, act->host);
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
	if (error == 0)
		error = write_signed(d->act->host, d->act->batch, text, len);
	free(text);
	return error;
}

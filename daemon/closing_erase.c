/* SPDX-License-Identifier: MIT */
/* Each file that held a batch's rows, overwritten where it lies, wherever a copy of it
 * was left; and what the certificate says of that. */
#include "config.h"
#include "daemon/closing_erase.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "daemon/durable.h"
#include "daemon/host.h"
#include "daemon/keystore.h"
#include "daemon/spool.h"
#include "daemon/store.h"
#include "daemon/user.h"
#include "proto/cms_sign.h"
#include "proto/hash.h"
#include "proto/utf8.h"

/* Whose a medium is, by what lies on it. */
static const char *
role_of(const char *where)
{
	static const char *const roles[][2] = {{STORE_SECURE_PREFIX, "secure disk"},
		{STORE_PREFIX, "state directory"}, {CLOSING_KEYS_PREFIX, "key folder"}};

	for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++)
		if (strncmp(where, roles[i][0], strlen(roles[i][0])) == 0)
			return roles[i][1];
	return "spool";
}

/* A medium has a role once, however many files lie there. */
static void
add_role(struct closing_medium *medium, const char *role)
{
	size_t len = strlen(medium->roles);

	if (!strstr(medium->roles, role))
		(void)snprintf(medium->roles + len, sizeof medium->roles - len, "%s%s",
			len ? ", " : "", role);
}

/* The number, from 1 on, of the medium under a folder; 0: it is not known, or no memory.
 */
static size_t
medium_of(struct closing_erase *d, int dir, const char *where, const char *file_system)
{
	struct closing_medium *grown, *medium = NULL;
	struct medium seen;

	if (!medium_describe(&seen, dir))
		return 0;
	for (size_t i = 0; !medium && i < d->media_count; i++)
		if (d->media[i].seen.device == seen.device)
			medium = &d->media[i];
	if (!medium) {
		grown = realloc(d->media, (d->media_count + 1) * sizeof *grown);
		if (!grown) {
			d->error = d->error ? d->error : KE_NO_MEMORY;
			return 0;
		}
		d->media = grown;
		medium = &grown[d->media_count++];
		memset(medium, 0, sizeof *medium);
		medium->seen = seen;
	}
	if (!medium->file_system && strcmp(file_system, "unknown") != 0)
		medium->file_system = file_system;
	add_role(medium, role_of(where));
	return (size_t)(medium - d->media) + 1;
}

/* dir: the folder that the file lay in; negative: in none. */
static void
tell_erased(struct closing_erase *d, int dir, const char *where,
	const struct erase_result *result, const char *doubt)
{
	struct closing_erased *grown, *erased;
	size_t found_here = 0;

	if (d->is_look)
		return;
	grown = realloc(d->erased, (d->count + 1) * sizeof *grown);
	if (!grown) {
		d->error = d->error ? d->error : KE_NO_MEMORY;
		return;
	}
	d->erased = grown;
	erased = &grown[d->count++];
	memset(erased, 0, sizeof *erased);
	(void)snprintf(erased->where, sizeof erased->where, "%s", where);
	erased->result = *result;
	erased->medium = medium_of(d, dir, where, result->file_system);
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
static const char not_there[] =
	"It did not lie where it was taken to: it was destroyed in an earlier run, or taken away. "
	"What has its bytes elsewhere stands here, too.";
static const char key_not_found[] =
	"No such key was here: it was destroyed in an earlier run, or lost before.";
static const char cut_off[] =
	"It was half overwritten by an earlier run that was cut off: of which file is not known.";
static const char not_read[] =
	"It could not be read: whether it is a copy is not known. Look at it, and destroy it.";

/* Of what was not overwritten. */
static const struct erase_result unknown = {.file_system = "unknown"};

/* By its whole path, as root needs it, where the folder tells its own. */
static void
name_barred(struct closing_erase *d, int dir, const char *name, const char *where)
{
	char link[32], folder[CLOSING_PATH_SIZE];
	ssize_t len;

	(void)snprintf(link, sizeof link, "/proc/self/fd/%d", dir);
	len = readlink(link, folder, sizeof folder);
	if (len <= 0 || (size_t)len >= sizeof folder ||
		snprintf(d->barred, sizeof d->barred, "%.*s/%s", (int)len, folder, name) >=
			(int)sizeof d->barred)
		(void)snprintf(d->barred, sizeof d->barred, "%s", where);
	/* It is people's choice, and stands in an answer. */
	utf8_mask(d->barred);
}

/* Whether the daemon may not write a file. */
static bool
is_barred(int dir, const char *name)
{
	int fd = openat(dir, name, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	bool barred = fd < 0 && (errno == EACCES || errno == EPERM);

	if (fd >= 0)
		(void)close(fd);
	return barred;
}

static void
look_at(struct closing_erase *d, int dir, const char *name, const char *where)
{
	struct stat st;

	if (d->barred[0] || !is_barred(dir, name) ||
		fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return;
	name_barred(d, dir, name, where);
	d->barred_owner = st.st_uid;
}

/* doubt: NULL, or why overwriting this proves nothing of the file. */
static void
erase_at(struct closing_erase *d, int dir, const char *name, const char *where,
	const char *doubt)
{
	struct erase_result result;
	int error;

	if (d->is_look) {
		look_at(d, dir, name, where);
		return;
	}
	error = erase_file(&result, dir, name);
	if (error == KE_NOT_FOUND)
		return;
	if (error && !d->error)
		d->error = error;
	if (doubt)
		result.verified = false;
	if (error == 0)
		tell_erased(d, dir, where, &result, doubt);
}

/* What an overwrite that was cut off has left of a file. */
enum left { LEFT_UNKNOWN, LEFT_SOME, LEFT_NOTHING };

/* Whether dir/name has the file's very bytes; KE_MISMATCH_ROW: others, KE_IO: not to be
 * read. */
static int
compare_file(enum left *left, int dir, const char *name, const struct ledger_file *file)
{
	unsigned char digest[LEDGER_DIGEST_LEN], *bytes = NULL;
	size_t len;
	int error = store_read(&bytes, &len, dir, name);

	*left = LEFT_UNKNOWN;
	if (error)
		return error;
	error = hash_sha256(digest, bytes, len);
	if (error == 0 && memcmp(digest, file->sha256, sizeof digest) != 0) {
		error = KE_MISMATCH_ROW;
		if (erase_is_done(bytes, len))
			*left = LEFT_NOTHING;
		else if (erase_is_begun(bytes, len))
			*left = LEFT_SOME;
	}
	free(bytes);
	return error;
}

/* What lies where the ledger says: overwritten in any case, as a destruction that was cut
 * off leaves half of it; certified only as far as it is known to be that file. */
static void
erase_own(struct closing_erase *d, int dir, const char *name,
	const struct ledger_file *file)
{
	enum left left;
	struct stat st;
	int error = compare_file(&left, dir, name, file);

	if (error == 0 && fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
		d->length = st.st_size;
	if (error != KE_NOT_FOUND)
		erase_at(d, dir, name, file->path,
			error && left != LEFT_NOTHING ? not_the_file : NULL);
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
	enum left left;
	int error;

	if (!may_be_copy(d, dir, name) || (d->is_look && !is_barred(dir, name)))
		return;
	(void)snprintf(where, sizeof where, "%s/%.255s", folder, name);
	/* It is people's choice, and has to stand in a text that is signed. */
	utf8_mask(where);
	error = compare_file(&left, dir, name, file);
	/* What is half a copy, since an earlier run was cut off, is no copy by its bytes.
	 */
	if (error == 0 || left != LEFT_UNKNOWN)
		erase_at(d, dir, name, where, left == LEFT_SOME ? cut_off : NULL);
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
	size_t before = d->count, own = before;
	const char *name;
	int dir;
	int error;

	if (strcmp(file->kind, batch_kind_name(d->kind)) != 0)
		return 0;
	d->length = -1;
	error = store_place(&dir, &name, d->act->host, file->path);
	if (error == 0) {
		erase_own(d, dir, name, file);
		own = d->count;
		if (d->kind == BATCH_STICKERS)
			erase_copies(d, dir, "secure", file);
		(void)close(dir);
	} else if (error != KE_NOT_FOUND && !d->error) {
		d->error = error;
	}
	for (int folder = 0; folder < SPOOL_FOLDERS; folder++)
		erase_copies(d, spool_folder_fd(spool, (enum spool_folder)folder),
			spool_folder_name((enum spool_folder)folder), file);
	if (own == before)
		tell_erased(d, -1, file->path, &unknown,
			d->count == before ? not_found : not_there);
	return 0;
}

int
closing_erase_files(struct closing_erase *d)
{
	const struct closing *act = d->act;
	int error = ledger_file_list(act->host->ledger, act->batch, erase_one, d);

	return error ? error : d->error;
}

/* "ann" of this machine's user list, for a person and for a command; else the number. */
static void
login_of(char out[APPROVAL_NAME_SIZE], uid_t uid)
{
	char number[16];
	uid_t found;

	(void)snprintf(number, sizeof number, "%lu", (unsigned long)uid);
	if (!user_find(&found, out, number) || found != uid)
		(void)snprintf(out, APPROVAL_NAME_SIZE, "%s", number);
}

int
closing_erase_look(struct closing_erase *erase)
{
	struct closing_erase look = *erase;
	char owner[APPROVAL_NAME_SIZE], own[APPROVAL_NAME_SIZE], action[160];
	int error;

	look.is_look = true;
	error = closing_erase_files(&look);
	/* What else is wrong with a file is told when it is overwritten. */
	if (!look.barred[0])
		return error == KE_NO_MEMORY ? error : 0;
	login_of(owner, look.barred_owner);
	login_of(own, geteuid());
	(void)snprintf(action, sizeof action,
		"As root:  chown %s FILE  Then two persons give:  keylinectl batch destroy BATCH",
		own);
	return closing_refuse(erase->act, KE_BAD_STATE, action,
		"A file of its secrets belongs to %s, and the daemon may not overwrite it: %s",
		owner, look.barred);
}

void
closing_erase_name_key(struct closing_erase *erase)
{
	const struct certificate *certificate;
	const struct private_key *key;

	if (keystore_own(&certificate, &key, erase->act->host->keys, erase->key,
		    erase->act->batch) == 0)
		fingerprint_group(
			erase->fingerprint, certificate_fingerprint(certificate));
}

int
closing_erase_key(struct closing_erase *erase)
{
	struct keystore *keys = erase->act->host->keys;
	char where[NAME_BATCH_MAX + 64];
	struct erase_result result;
	int error = keystore_destroy(&result, keys, erase->key, erase->act->batch);

	(void)snprintf(where, sizeof where, CLOSING_KEYS_PREFIX "%s.%s.key",
		certificate_kind_name(erase->key), erase->act->batch);
	/* A key that is gone already was destroyed by a run that a crash cut off here. */
	if (error == KE_NO_KEY)
		tell_erased(erase, -1, where, &unknown, key_not_found);
	else if (error == 0)
		tell_erased(erase, keystore_own_fd(keys), where, &result, NULL);
	return error == KE_NO_KEY ? 0 : error;
}

void
closing_erase_clear(struct closing_erase *erase)
{
	free(erase->erased);
	free(erase->media);
}

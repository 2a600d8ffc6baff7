/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/keystore_inner.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "daemon/durable.h"
#include "daemon/erase.h"
#include "daemon/keystore_file.h"
#include "daemon/store.h"
#include "proto/text.h"

static const char *const folder_names[KEYSTORE_FOLDERS] = { "own", "trusted", "peers" };

static void
entry_free(struct keystore_entry *entry)
{
	certificate_free(entry->certificate);
	private_key_free(entry->key);
}

int
keystore_add(struct keystore *store, enum keystore_folder folder,
	struct certificate *certificate, struct private_key *key)
{
	struct keystore_entry entry = { folder, certificate, key };
	struct keystore_entry *entries;
	const struct certificate **sites;

	entries = realloc(store->entries, (store->count + 1) * sizeof *entries);
	if (entries)
		store->entries = entries;
	sites = realloc(store->sites, (store->count + 1) * sizeof *sites);
	if (sites)
		store->sites = sites;
	if (!entries || !sites) {
		entry_free(&entry);
		return KE_NO_MEMORY;
	}
	entries[store->count++] = entry;
	if (certificate_subject(certificate)->kind == CERTIFICATE_SITE)
		sites[store->site_count++] = certificate;
	return 0;
}

void
keystore_entry_name(char out[KEYSTORE_NAME_SIZE], enum keystore_folder folder,
	const struct certificate *certificate, const char *ending)
{
	const struct certificate_subject *subject = certificate_subject(certificate);
	const char *dot = subject->batch[0] ? "." : "";

	if (folder == KEYSTORE_OWN)
		(void)snprintf(out, KEYSTORE_NAME_SIZE, "%s%s%s.%s",
			certificate_kind_name(subject->kind), dot, subject->batch, ending);
	else
		(void)snprintf(out, KEYSTORE_NAME_SIZE, "%s.%s%s%s.%s", subject->host,
			certificate_kind_name(subject->kind), dot, subject->batch, ending);
}

void
keystore_file_name(char out[KEYSTORE_NAME_SIZE], const struct certificate *certificate)
{
	keystore_entry_name(out, KEYSTORE_PEERS, certificate, "crt");
}

struct keystore_entry *
keystore_find(const struct keystore *store, enum keystore_folder folder, const char *host,
	enum certificate_kind kind, const char *batch)
{
	for (size_t i = 0; i < store->count; i++) {
		const struct certificate_subject *subject =
			certificate_subject(store->entries[i].certificate);

		if (store->entries[i].folder == folder && subject->kind == kind
			&& strcmp(subject->host, host) == 0
			&& strcmp(subject->batch, batch) == 0)
			return &store->entries[i];
	}
	return NULL;
}

static int
load_certificate(struct certificate **out, int dir, const char *name)
{
	unsigned char *text = NULL;
	size_t len = 0;
	int error = store_read(&text, &len, dir, name);

	if (error == 0)
		error = certificate_parse(out, (const char *)text, len);
	free(text);
	return error;
}

static int
load_key(struct private_key **out, int dir, const char *name)
{
	struct secret *text = NULL;
	int error = keystore_file_read(&text, dir, name);

	if (error == 0)
		error = private_key_parse(out, text);
	secret_free(text);
	return error;
}

/* Whether a certificate may stand in the folder under that name. */
static int
check_place(const struct keystore *store, enum keystore_folder folder, const char *name,
	const struct certificate *certificate)
{
	const struct certificate_subject *subject = certificate_subject(certificate);
	char expected[KEYSTORE_NAME_SIZE];
	bool is_ours = strcmp(subject->host, store->host) == 0;
	bool is_site = subject->kind == CERTIFICATE_SITE;

	keystore_entry_name(expected, folder, certificate, "crt");
	if (subject->use != store->use)
		return KE_WRONG_USE;
	if (strcmp(expected, name) != 0 || is_ours != (folder == KEYSTORE_OWN)
		|| (folder == KEYSTORE_TRUSTED && !is_site)
		|| (folder == KEYSTORE_PEERS && is_site))
		return KE_BAD_KEY;
	return 0;
}

/* The key beside a certificate of ours. */
static int
load_own_key(struct private_key **out, const struct keystore *store,
	const struct certificate *certificate)
{
	char name[KEYSTORE_NAME_SIZE];
	int error;

	keystore_entry_name(name, KEYSTORE_OWN, certificate, "key");
	error = load_key(out, store->fds[KEYSTORE_OWN], name);
	if (error == 0 && !certificate_has_key(certificate, *out)) {
		private_key_free(*out);
		*out = NULL;
		error = KE_BAD_KEY;
	}
	return error;
}

/* A batch's key goes before its certificate: a crash cut its end short, when its file was
 * overwritten already or had gone.  Its end is made up for here. */
static int
end_destruction(const struct keystore *store, const struct certificate *certificate, int error)
{
	int dir = store->fds[KEYSTORE_OWN];
	char name[KEYSTORE_NAME_SIZE];
	struct erase_result result;

	if (!certificate_kind_is_per_batch(certificate_subject(certificate)->kind))
		return error;
	keystore_entry_name(name, KEYSTORE_OWN, certificate, "key");
	if (error != KE_NOT_FOUND && !keystore_file_is_overwritten(dir, name))
		return error;
	error = error == KE_NOT_FOUND ? 0 : erase_file(&result, dir, name);
	keystore_entry_name(name, KEYSTORE_OWN, certificate, "crt");
	return error ? error : durable_unlink(dir, name);
}

static int
load_entry(struct keystore *store, enum keystore_folder folder, const char *name)
{
	struct certificate *certificate = NULL;
	struct private_key *key = NULL;
	int error = load_certificate(&certificate, store->fds[folder], name);

	if (error)
		return error;
	error = check_place(store, folder, name, certificate);
	if (error == 0 && folder == KEYSTORE_OWN) {
		error = load_own_key(&key, store, certificate);
		if (error)
			error = end_destruction(store, certificate, error);
	}
	if (error == 0 && (key || folder != KEYSTORE_OWN))
		return keystore_add(store, folder, certificate, key);
	certificate_free(certificate);
	return error;
}

/* What a crash left of a key on its way to its file is overwritten. */
static int
sweep(int dir, const char *name)
{
	struct erase_result result;

	return text_ends_in(name, ".tmp") ? erase_file(&result, dir, name) : 0;
}

static int
load_folder(struct keystore *store, enum keystore_folder folder, char *bad, size_t bad_size)
{
	int fd = openat(store->fds[folder], ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;
	int error = 0;

	if (!dir) {
		if (fd >= 0)
			(void)close(fd);
		return KE_IO;
	}
	while (error == 0 && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			error = sweep(store->fds[folder], entry->d_name);
		else if (text_ends_in(entry->d_name, ".crt"))
			error = load_entry(store, folder, entry->d_name);
		if (error)
			(void)snprintf(bad, bad_size, "%s/%s", folder_names[folder],
				entry->d_name);
	}
	(void)closedir(dir);
	return error;
}

/* A peer's certificate is worth what its site is: checked at each opening. */
static int
check_issuers(const struct keystore *store, char *bad, size_t bad_size)
{
	for (size_t i = 0; i < store->count; i++) {
		const struct keystore_entry *entry = &store->entries[i];
		const struct certificate_subject *subject =
			certificate_subject(entry->certificate);
		enum keystore_folder folder =
			entry->folder == KEYSTORE_OWN ? KEYSTORE_OWN : KEYSTORE_TRUSTED;
		const struct keystore_entry *site =
			keystore_find(store, folder, subject->host, CERTIFICATE_SITE, "");
		char name[KEYSTORE_NAME_SIZE];
		int error;

		if (subject->kind == CERTIFICATE_SITE)
			continue;
		error = site ? certificate_check_issuer(
				       entry->certificate, site->certificate)
			     : KE_UNTRUSTED_SIGNER;
		if (error) {
			keystore_entry_name(
				name, entry->folder, entry->certificate, "crt");
			(void)snprintf(bad, bad_size, "%s/%s",
				folder_names[entry->folder], name);
			return error;
		}
	}
	return 0;
}

/* The folder is ours alone. */
static int
open_folder(int *out, const char *path)
{
	struct stat st;
	int fd, error = durable_make_dir(path, 0700);

	if (error)
		return error;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return durable_error(errno);
	if (fstat(fd, &st) != 0 || st.st_uid != geteuid() || (st.st_mode & 077) != 0) {
		(void)close(fd);
		return KE_NOT_PERMITTED;
	}
	*out = fd;
	return 0;
}

static int
open_all(struct keystore *store, const char *folder, char *bad, size_t bad_size)
{
	int top = -1;
	int error = open_folder(&top, folder);

	for (int i = 0; error == 0 && i < KEYSTORE_FOLDERS; i++) {
		store->fds[i] = durable_open_dir(top, folder_names[i], 0700);
		if (store->fds[i] < 0)
			error = store->fds[i];
		else
			error = load_folder(
				store, (enum keystore_folder)i, bad, bad_size);
	}
	if (top >= 0)
		(void)close(top);
	return error ? error : check_issuers(store, bad, bad_size);
}

int
keystore_open(struct keystore **out, const char *folder, const char *host,
	enum keyline_use use, char *bad, size_t bad_size)
{
	struct keystore *store = calloc(1, sizeof *store);
	int error;

	*out = NULL;
	if (!store)
		return KE_NO_MEMORY;
	for (int i = 0; i < KEYSTORE_FOLDERS; i++)
		store->fds[i] = -1;
	(void)snprintf(store->host, sizeof store->host, "%s", host);
	store->use = use;
	(void)snprintf(bad, bad_size, "%s", folder);
	error = open_all(store, folder, bad, bad_size);
	if (error)
		keystore_close(store);
	else
		*out = store;
	return error;
}

void
keystore_close(struct keystore *store)
{
	if (!store)
		return;
	for (size_t i = 0; i < store->count; i++)
		entry_free(&store->entries[i]);
	while (store->retired) {
		struct keystore_retired *next = store->retired->next;

		certificate_free(store->retired->certificate);
		free(store->retired);
		store->retired = next;
	}
	for (int i = 0; i < KEYSTORE_FOLDERS; i++)
		if (store->fds[i] >= 0)
			(void)close(store->fds[i]);
	free(store->entries);
	free(store->sites);
	free(store);
}

int
keystore_own(const struct certificate **certificate, const struct private_key **key,
	const struct keystore *store, enum certificate_kind kind, const char *batch)
{
	const struct keystore_entry *entry =
		keystore_find(store, KEYSTORE_OWN, store->host, kind, batch);

	if (!entry)
		return KE_NO_KEY;
	*certificate = entry->certificate;
	*key = entry->key;
	return 0;
}

int
keystore_of(const struct certificate **certificate, const struct keystore *store,
	const char *host, enum certificate_kind kind, const char *batch)
{
	const struct keystore_entry *entry = NULL;

	for (int folder = 0; !entry && folder < KEYSTORE_FOLDERS; folder++)
		entry = keystore_find(
			store, (enum keystore_folder)folder, host, kind, batch);
	if (!entry)
		return KE_NO_KEY;
	*certificate = entry->certificate;
	return 0;
}

const struct certificate *const *
keystore_sites(const struct keystore *store, size_t *count)
{
	*count = store->site_count;
	return store->sites;
}

void
keystore_list(const struct keystore *store, keystore_cb *cb, void *context)
{
	for (size_t i = 0; i < store->count; i++)
		cb(context, store->entries[i].certificate,
			store->entries[i].folder == KEYSTORE_OWN);
}

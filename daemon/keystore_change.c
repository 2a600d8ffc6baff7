/* SPDX-License-Identifier: MIT */
/* Keys made, certificates taken in, batch keys destroyed. */
#include "config.h"
#include "daemon/keystore_inner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/durable.h"
#include "daemon/erase.h"
#include "daemon/keystore_file.h"

enum { KEY_MODE = 0600 };

static int
write_certificate(struct keystore *store, enum keystore_folder folder,
	const struct certificate *certificate, int replace)
{
	char name[KEYSTORE_NAME_SIZE];
	char *pem;
	size_t len;
	int error = certificate_pem(&pem, &len, certificate);

	if (error)
		return error;
	keystore_entry_name(name, folder, certificate, "crt");
	error = durable_write(
		store->fds[folder], name, pem, len, KEY_MODE, replace);
	free(pem);
	return error;
}

/* The key first: a key without a certificate is nothing, the other way round a fault. */
static int
write_pair(struct keystore *store, const struct certificate *certificate,
	const struct private_key *key)
{
	char name[KEYSTORE_NAME_SIZE];
	struct secret *pem = secret_new(PRIVATE_KEY_PEM_LEN);
	int error = pem ? private_key_pem(pem, key) : KE_NO_MEMORY;

	keystore_entry_name(name, KEYSTORE_OWN, certificate, "key");
	if (error == 0)
		error = keystore_file_write(store->fds[KEYSTORE_OWN], name, pem);
	secret_free(pem);
	return error ? error : write_certificate(store, KEYSTORE_OWN, certificate, 0);
}

/* The issuer's pair for a kind: none for a site, which signs itself. */
static int
issuer_of(const struct certificate **site, const struct private_key **site_key,
	const struct keystore *store, enum certificate_kind kind)
{
	*site = NULL;
	*site_key = NULL;
	if (kind == CERTIFICATE_SITE)
		return 0;
	return keystore_own(site, site_key, store, CERTIFICATE_SITE, "");
}

int
keystore_make(struct keystore *store, enum certificate_kind kind, const char *batch,
	int64_t now)
{
	struct certificate_subject subject = { .use = store->use, .kind = kind };
	const struct certificate *site;
	const struct private_key *site_key;
	struct certificate *certificate = NULL;
	struct private_key *key = NULL;
	int error = issuer_of(&site, &site_key, store, kind);

	if (error)
		return error;
	if (strlen(batch) > NAME_BATCH_MAX)
		return KE_BAD_ARGUMENT;
	(void)snprintf(subject.host, sizeof subject.host, "%s", store->host);
	(void)snprintf(subject.batch, sizeof subject.batch, "%s", batch);
	if (!certificate_subject_is_valid(&subject))
		return KE_BAD_ARGUMENT;
	if (keystore_find(store, KEYSTORE_OWN, store->host, kind, batch))
		return KE_DUPLICATE;
	error = private_key_generate(&key);
	if (error == 0)
		error = certificate_make(
			&certificate, &subject, key, site, site_key, now);
	if (error == 0)
		error = write_pair(store, certificate, key);
	if (error == 0)
		return keystore_add(store, KEYSTORE_OWN, certificate, key);
	certificate_free(certificate);
	private_key_free(key);
	return error;
}

/* Parses a certificate that came from outside, of this host's use. */
static int
parse_foreign(struct certificate **out, const struct keystore *store, const char *pem,
	size_t len)
{
	int error = certificate_parse(out, pem, len);

	if (error == 0 && certificate_subject(*out)->use != store->use) {
		certificate_free(*out);
		*out = NULL;
		error = KE_WRONG_USE;
	}
	return error;
}

/* Takes a checked certificate into a folder; consumes it. */
static int
take_in(const struct certificate **out, struct keystore *store,
	enum keystore_folder folder, struct certificate *certificate)
{
	int error = write_certificate(store, folder, certificate, 0);

	if (error) {
		certificate_free(certificate);
		return error;
	}
	if (out)
		*out = certificate;
	return keystore_add(store, folder, certificate, NULL);
}

static int
check_trust(const struct keystore *store, const struct certificate *certificate,
	const char *typed)
{
	const struct certificate_subject *subject = certificate_subject(certificate);
	char fingerprint[FINGERPRINT_SIZE];

	if (subject->kind != CERTIFICATE_SITE)
		return KE_WRONG_KIND;
	if (fingerprint_parse(fingerprint, typed) != 0
		|| strcmp(fingerprint, certificate_fingerprint(certificate)) != 0)
		return KE_MISMATCH_FINGERPRINT;
	if (strcmp(subject->host, store->host) == 0)
		return KE_OWN_CERTIFICATE;
	if (keystore_find(
			store, KEYSTORE_TRUSTED, subject->host, CERTIFICATE_SITE, ""))
		return KE_DUPLICATE;
	return 0;
}

int
keystore_trust(
	struct keystore *store, const char *pem, size_t len, const char *fingerprint)
{
	struct certificate *certificate;
	int error = parse_foreign(&certificate, store, pem, len);

	if (error)
		return error;
	error = check_trust(store, certificate, fingerprint);
	if (error) {
		certificate_free(certificate);
		return error;
	}
	return take_in(NULL, store, KEYSTORE_TRUSTED, certificate);
}

enum { IS_NEW, IS_KNOWN, IS_LATER };

/* One of the three above, or an error; with any_time each other one counts as later. */
static int
check_accept(const struct keystore *store, const struct certificate *certificate,
	bool any_time)
{
	const struct certificate_subject *subject = certificate_subject(certificate);
	const struct keystore_entry *site, *known;
	int error;

	if (strcmp(subject->host, store->host) == 0)
		return KE_OWN_CERTIFICATE;
	if (subject->kind == CERTIFICATE_SITE)
		return KE_WRONG_KIND;
	site = keystore_find(
		store, KEYSTORE_TRUSTED, subject->host, CERTIFICATE_SITE, "");
	if (!site)
		return KE_UNTRUSTED_SIGNER;
	error = certificate_check_issuer(certificate, site->certificate);
	if (error)
		return error;
	known = keystore_find(
		store, KEYSTORE_PEERS, subject->host, subject->kind, subject->batch);
	if (!known)
		return IS_NEW;
	if (certificate_equal(known->certificate, certificate))
		return IS_KNOWN;
	return !certificate_kind_is_per_batch(subject->kind) &&
			       (any_time || certificate_compare_age(
						    certificate, known->certificate) > 0)
		       ? IS_LATER
		       : KE_DUPLICATE;
}

/* A later certificate in the place of the one before it, which may be borrowed still;
 * consumes it. */
static int
replace(const struct certificate **out, struct keystore *store,
	struct certificate *certificate)
{
	const struct certificate_subject *subject = certificate_subject(certificate);
	struct keystore_entry *entry = keystore_find(
		store, KEYSTORE_PEERS, subject->host, subject->kind, subject->batch);
	struct keystore_retired *retired = malloc(sizeof *retired);
	int error = retired ? write_certificate(store, KEYSTORE_PEERS, certificate, 1)
			    : KE_NO_MEMORY;

	if (error) {
		certificate_free(certificate);
		free(retired);
		return error;
	}
	retired->certificate = entry->certificate;
	retired->next = store->retired;
	store->retired = retired;
	entry->certificate = certificate;
	*out = certificate;
	return 0;
}

int
keystore_may_accept(const struct keystore *store, const struct certificate *certificate)
{
	int result = certificate_subject(certificate)->use == store->use
			     ? check_accept(store, certificate, false)
			     : KE_WRONG_USE;

	return result < 0 ? result : 0;
}

int
keystore_accept(const struct certificate **out, struct keystore *store, const char *pem,
	size_t len, bool any_time)
{
	const struct certificate_subject *subject;
	struct certificate *certificate;
	int result = parse_foreign(&certificate, store, pem, len);

	if (result)
		return result;
	result = check_accept(store, certificate, any_time);
	if (result == IS_NEW)
		return take_in(out, store, KEYSTORE_PEERS, certificate);
	if (result == IS_LATER)
		return replace(out, store, certificate);
	subject = certificate_subject(certificate);
	if (result == IS_KNOWN)
		result = keystore_of(
			out, store, subject->host, subject->kind, subject->batch);
	certificate_free(certificate);
	return result;
}

int
keystore_own_fd(const struct keystore *store)
{
	return store->fds[KEYSTORE_OWN];
}

int
keystore_destroy(struct erase_result *result, struct keystore *store,
	enum certificate_kind kind, const char *batch)
{
	struct keystore_entry *entry =
		keystore_find(store, KEYSTORE_OWN, store->host, kind, batch);
	char name[KEYSTORE_NAME_SIZE];
	int error;

	memset(result, 0, sizeof *result);
	if (!entry || !certificate_kind_is_per_batch(kind))
		return KE_NO_KEY;
	keystore_entry_name(name, KEYSTORE_OWN, entry->certificate, "key");
	error = erase_file(result, store->fds[KEYSTORE_OWN], name);
	if (error)
		return error;
	keystore_entry_name(name, KEYSTORE_OWN, entry->certificate, "crt");
	error = durable_unlink(store->fds[KEYSTORE_OWN], name);
	certificate_free(entry->certificate);
	private_key_free(entry->key);
	*entry = store->entries[--store->count];
	return error;
}

/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/closing_certificate.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "daemon/durable.h"
#include "daemon/host.h"
#include "daemon/keystore.h"
#include "daemon/ledger_request.h"
#include "daemon/settings.h"
#include "daemon/store.h"
#include "daemon/user.h"
#include "proto/cms_sign.h"
#include "proto/hash.h"
#include "proto/sanitize.h"
#include "proto/utc.h"

enum { NAME_SIZE = NAME_BATCH_MAX + 32, SOURCE_SIZE = 256, TITLE_SIZE = 64 };

/* What only these pages know: the people, and what they signed. */
struct person_facts {
	char name[PERSON_SIZE];
	char date[UTC_SIZE];
	char key[FINGERPRINT_GROUPED_SIZE];
};

struct facts {
	struct sanitize all;
	struct sanitize_medium *media;
	char (*sources)[SOURCE_SIZE];
	struct sanitize_file *files;
	char time[UTC_SIZE];
	char ledger[64 + LEDGER_HOST_SIZE + FINGERPRINT_GROUPED_SIZE];
	char request[96];
	char elsewhere[SETTINGS_HOST_MAX + FINGERPRINT_GROUPED_SIZE + 80];
	struct person_facts first, second;
};

static void
file_name(char out[NAME_SIZE], const char *batch, const char *ending)
{
	(void)snprintf(out, NAME_SIZE, "%s.sanitization.%s", batch, ending);
}

static int
fill_media(struct facts *f, const struct closing_erase *d)
{
	f->media = calloc(d->media_count + 1, sizeof *f->media);
	f->sources = calloc(d->media_count + 1, sizeof *f->sources);
	if (!f->media || !f->sources)
		return KE_NO_MEMORY;
	for (size_t i = 0; i < d->media_count; i++) {
		const struct closing_medium *m = &d->media[i];
		const struct block_device *disk = m->seen.has_disk ? &m->seen.disk : NULL;

		(void)snprintf(f->sources[i], SOURCE_SIZE, "computer %s, %s",
			d->act->host->settings->host, m->roles);
		f->media[i] = (struct sanitize_medium){.source = f->sources[i],
			.file_system = m->file_system,
			.uuid = m->seen.uuid,
			.options = m->seen.options};
		if (!disk)
			continue;
		f->media[i].maker = disk->maker;
		f->media[i].model = disk->model;
		f->media[i].serial = disk->serial;
		f->media[i].type = disk->type;
		f->media[i].rotation = disk->rotation;
		f->media[i].is_mapped = disk->is_mapped;
	}
	f->all.media = f->media;
	f->all.media_count = d->media_count;
	return 0;
}

static int
fill_files(struct facts *f, const struct closing_erase *d)
{
	f->files = calloc(d->count + 1, sizeof *f->files);
	if (!f->files)
		return KE_NO_MEMORY;
	for (size_t i = 0; i < d->count; i++) {
		const struct closing_erased *erased = &d->erased[i];

		f->files[i] = (struct sanitize_file){.name = erased->where,
			.bytes = erased->result.bytes,
			.medium = erased->medium,
			.is_verified = erased->result.verified,
			.is_read_from_device =
				!(erased->result.findings & ERASE_READ_CACHED),
			.is_in_place = erased->result.in_place,
			.findings = erased->findings};
	}
	f->all.files = f->files;
	f->all.file_count = d->count;
	return 0;
}

static int
take_key(void *context, const struct ledger_approval *approval)
{
	struct facts *f = context;

	/* The first of the two persons signed first. */
	fingerprint_group(f->first.key[0] ? f->second.key : f->first.key, approval->key);
	return 0;
}

static struct sanitize_person
person_of(const struct person_facts *person)
{
	/* Whoever signs is a supervisor: the control socket lets nobody else
	 * (daemon/dual.h). */
	return (struct sanitize_person){.name = person->name,
		.title = "supervisor, by this host's groups",
		.date = person->date,
		.key = person->key};
}

/* The first of the two persons saw it asked for. */
static int
fill_people(struct facts *f, const struct closing *act)
{
	struct ledger *ledger = act->host->ledger;
	struct ledger_request request;
	int error;

	user_text(f->second.name, act->by->actor);
	memcpy(f->second.date, f->time, sizeof f->second.date);
	f->all.performed = person_of(&f->second);
	if (!act->approval)
		return 0;
	error = ledger_request_get(&request, ledger, act->approval->request);
	if (error == 0)
		error = utc_format(f->first.date, request.created_ms / 1000);
	if (error == 0)
		error = ledger_approval_list(ledger, request.id, take_key, f);
	if (error)
		return error;
	user_text(f->first.name, request.actor);
	f->all.witnessed = person_of(&f->first);
	(void)snprintf(f->request, sizeof f->request, "request %" PRIu64 " of %s",
		request.id, act->host->settings->host);
	f->all.request = f->request;
	return 0;
}

/* Where the key is that the secrets were sealed to, when it is not here. */
static void
fill_key(struct facts *f, const struct closing_erase *d)
{
	const struct host *host = d->act->host;
	const char *to = host->settings->routes[SETTINGS_ROUTE_PASSPHRASES].hosts[0];
	const struct certificate *certificate;
	char group[FINGERPRINT_GROUPED_SIZE];

	if (!d->is_sent) {
		f->all.key = d->fingerprint[0] ? d->fingerprint : NULL;
		f->all.key_elsewhere = "none was here any more";
		return;
	}
	if (keystore_of(&certificate, host->keys, to, d->key, d->act->batch) != 0)
		return;
	fingerprint_group(group, certificate_fingerprint(certificate));
	(void)snprintf(f->elsewhere, sizeof f->elsewhere,
		"on %s, to be destroyed there: %s; whether it was is not known here", to,
		group);
	f->all.key_elsewhere = f->elsewhere;
}

static void
fill_ledger(struct facts *f, const struct host *host)
{
	unsigned char hash[LEDGER_HASH_LEN];
	char hex[2 * LEDGER_HASH_LEN + 1], group[FINGERPRINT_GROUPED_SIZE];
	uint64_t seq;

	ledger_head(host->ledger, &seq, hash);
	ledger_hex(hex, hash);
	fingerprint_group(group, hex);
	(void)snprintf(f->ledger, sizeof f->ledger, "%" PRIu64 " of %s: %s", seq,
		host->settings->host, group);
	f->all.ledger = f->ledger;
}

static int
gather(struct facts *f, const struct closing_erase *d)
{
	const struct settings *settings = d->act->host->settings;
	int error = utc_format(f->time, d->act->by->now_ms / 1000);

	f->all.batch = d->act->batch;
	f->all.host = settings->host;
	f->all.organization = settings->organization;
	f->all.place = settings->place;
	f->all.contact = settings->contact;
	f->all.what =
		d->kind == BATCH_STICKERS
			? "secret: encrypted private keys (EPKs), each sealed to the batch's key"
			: "secret: passphrases, each sealed to the batch's key";
	f->all.tool = "keylined " PACKAGE_VERSION;
	f->all.reason = d->act->reason;
	f->all.date = f->time;
	fill_key(f, d);
	fill_ledger(f, d->act->host);
	if (error == 0)
		error = fill_media(f, d);
	if (error == 0)
		error = fill_files(f, d);
	return error ? error : fill_people(f, d->act);
}

static int
make_text(char **text, size_t *len, const struct closing_erase *d)
{
	struct facts *f = calloc(1, sizeof *f);
	int error = f ? gather(f, d) : KE_NO_MEMORY;

	if (error == 0)
		error = sanitize_text(text, len, &f->all);
	if (f) {
		free(f->media);
		free(f->sources);
		free(f->files);
	}
	free(f);
	return error;
}

/* Signed where this host has its site's key; else *der is NULL. */
static int
sign(unsigned char **der, size_t *der_len, const struct closing *act, const char *text,
	size_t len)
{
	const struct certificate *site;
	const struct private_key *key;
	int error = keystore_own(&site, &key, act->host->keys, CERTIFICATE_SITE, "");

	*der = NULL;
	*der_len = 0;
	if (error == KE_NO_KEY)
		return 0;
	return error ? error
		     : cms_sign(der, der_len, text, len, site, key,
			       act->by->now_ms / 1000);
}

static int
digest_of(char digest[CLOSING_DIGEST_SIZE], const void *bytes, size_t len)
{
	unsigned char hash[LEDGER_DIGEST_LEN];
	int error = hash_sha256(hash, bytes, len);

	if (error == 0)
		ledger_hex(digest, hash);
	return error;
}

int
closing_certificate_write(char digest[CLOSING_DIGEST_SIZE], const struct closing_erase *d)
{
	int reports = d->act->host->reports_fd;
	char name[NAME_SIZE], *text = NULL;
	unsigned char *der = NULL;
	size_t len, der_len = 0;
	int error = make_text(&text, &len, d);

	if (error == 0)
		error = sign(&der, &der_len, d->act, text, len);
	file_name(name, d->act->batch, "txt");
	if (error == 0)
		error = durable_write(reports, name, text, len, 0640, 1);
	file_name(name, d->act->batch, "cms");
	if (error == 0 && der)
		error = durable_write(reports, name, der, der_len, 0640, 1);
	if (error == 0)
		error = der ? digest_of(digest, der, der_len)
			    : digest_of(digest, text, len);
	free(der);
	free(text);
	return error;
}

static int
read_signed(struct closing_certificate *out, struct host *host)
{
	const struct certificate *site;
	struct cms_signed told;
	int error = keystore_of(
		&site, host->keys, host->settings->host, CERTIFICATE_SITE, "");

	if (error == 0)
		error = cms_verify(&told, out->bytes, out->signed_len, &site, 1);
	if (error == KE_NO_MEMORY)
		return error;
	if (error)
		return KE_BAD_SIGNATURE;
	out->signed_bytes = out->bytes;
	out->text = told.content;
	out->len = told.len;
	return 0;
}

int
closing_certificate_read(struct closing_certificate *out, struct host *host,
	const char *batch, const char *digest)
{
	char name[NAME_SIZE], found[CLOSING_DIGEST_SIZE];
	bool is_signed;
	size_t len;
	int error;

	memset(out, 0, sizeof *out);
	file_name(name, batch, "cms");
	error = store_read(&out->bytes, &len, host->reports_fd, name);
	is_signed = error == 0;
	if (error == KE_NOT_FOUND) {
		file_name(name, batch, "txt");
		error = store_read(&out->bytes, &len, host->reports_fd, name);
	}
	if (error == 0)
		error = digest_of(found, out->bytes, len);
	if (error == 0 && *digest && strcmp(found, digest) != 0)
		error = KE_BAD_SIGNATURE;
	if (error == 0) {
		out->text = (const char *)out->bytes;
		*(is_signed ? &out->signed_len : &out->len) = len;
		if (is_signed)
			error = read_signed(out, host);
	}
	if (error)
		closing_certificate_clear(out);
	return error;
}

void
closing_certificate_clear(struct closing_certificate *certificate)
{
	free(certificate->bytes);
	memset(certificate, 0, sizeof *certificate);
}

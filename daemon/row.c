/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/row.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "daemon/durable.h"
#include "daemon/host.h"
#include "daemon/keystore.h"
#include "daemon/ledger_wallet.h"
#include "daemon/secure_disk.h"
#include "daemon/settings.h"
#include "daemon/store.h"
#include "proto/base64.h"
#include "proto/batch_policy.h"
#include "proto/cms_seal.h"
#include "proto/hash.h"

/* This host's key for a kind of row. */
static int
find_key(struct row *row, const struct host *host)
{
	static const enum certificate_kind kinds[] = {
		[BATCH_CODES] = CERTIFICATE_CODES,
		[BATCH_PASSPHRASES] = CERTIFICATE_PASSPHRASES,
		[BATCH_CONFIRMATIONS] = CERTIFICATE_CONFIRMATIONS,
		[BATCH_STICKERS] = CERTIFICATE_STICKERS,
	};
	enum certificate_kind kind = kinds[row->kind];

	return keystore_own(&row->certificate, &row->key, host->keys, kind,
		certificate_kind_is_per_batch(kind) ? row->batch : "");
}

/* The sealed text as it stands in its file, compared with the ledger's hash of it. */
static int
read_text(struct row *row, struct host *host, const struct ledger_row *place)
{
	struct ledger_file file;
	unsigned char digest[LEDGER_DIGEST_LEN];
	int fd = -1;
	int error = ledger_file_get(&file, host->ledger, place->file);

	if (error == 0)
		error = store_open(&fd, host, &file);
	if (error)
		return error;
	row->len = place->length;
	row->sealed = malloc(row->len + 1);
	if (!row->sealed)
		error = KE_NO_MEMORY;
	else if (pread(fd, row->sealed, row->len, (off_t)place->offset)
		!= (ssize_t)row->len)
		error = KE_IO;
	(void)close(fd);
	if (error == 0)
		error = hash_sha256(digest, row->sealed, row->len);
	if (error == 0 && memcmp(digest, place->sha256, sizeof digest) != 0)
		error = KE_READBACK;
	return error;
}

int
row_fetch(struct row *out, struct host *host, const char *serial, enum batch_kind kind)
{
	struct ledger_wallet wallet;
	struct ledger_row place;
	int error;

	memset(out, 0, sizeof *out);
	/* The other country's rows stay closed, whatever lies here. */
	if ((batch_kind_stages(kind) & host->settings->stages) == 0)
		return KE_WRONG_KIND;
	error = ledger_wallet_get(&wallet, host->ledger, serial);
	if (error == 0)
		error = ledger_row_get(
			&place, host->ledger, serial, batch_kind_name(kind));
	if (error)
		return error;
	out->kind = kind;
	(void)snprintf(out->batch, sizeof out->batch, "%s", wallet.batch);
	(void)snprintf(out->serial, sizeof out->serial, "%s", serial);
	error = find_key(out, host);
	if (error == 0)
		error = read_text(out, host, &place);
	if (error)
		row_clear(out);
	return error;
}

void
row_clear(struct row *row)
{
	free(row->sealed);
	row->sealed = NULL;
	row->len = 0;
}

int
row_open(struct secret **plain, const struct row *row)
{
	struct secret *out = secret_new(BATCH_ROW_MAX);
	unsigned char der[CMS_SEALED_MAX];
	size_t len = 0;
	int error = out ? base64_decode(der, sizeof der, &len, row->sealed, row->len)
			: KE_NO_MEMORY;

	if (error == 0)
		error = cms_open(out, der, len, row->certificate, row->key);
	if (error)
		secret_free(out);
	else
		*plain = out;
	return error;
}

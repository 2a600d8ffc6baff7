/* SPDX-License-Identifier: MIT */
/* What the files of the key store share. */
#ifndef KEYLINE_DAEMON_KEYSTORE_INNER_H
#define KEYLINE_DAEMON_KEYSTORE_INNER_H

#include "daemon/keystore.h"

enum keystore_folder { KEYSTORE_OWN, KEYSTORE_TRUSTED, KEYSTORE_PEERS, KEYSTORE_FOLDERS };

struct keystore_entry {
	enum keystore_folder folder;
	struct certificate *certificate;
	/* Of KEYSTORE_OWN only. */
	struct private_key *key;
};

/* What a later certificate has replaced: it may be borrowed still. */
struct keystore_retired {
	struct keystore_retired *next;
	struct certificate *certificate;
};

struct keystore {
	char host[NAME_HOST_MAX + 1];
	enum keyline_use use;
	int fds[KEYSTORE_FOLDERS];
	struct keystore_entry *entries;
	size_t count;
	/* The sites of entries, rebuilt when one is added. */
	const struct certificate **sites;
	size_t site_count;
	struct keystore_retired *retired;
};

/* Takes certificate and key over, also on an error (KE_NO_MEMORY). */
KEYLINE_WARN_UNUSED int keystore_add(struct keystore *store, enum keystore_folder folder,
	struct certificate *certificate, struct private_key *key);

/* The entry of a subject in a folder, or NULL. */
struct keystore_entry *keystore_find(const struct keystore *store,
	enum keystore_folder folder, const char *host, enum certificate_kind kind,
	const char *batch);

/* The name of a certificate's file in a folder, with that ending ("crt", "key"). */
void keystore_entry_name(char out[KEYSTORE_NAME_SIZE], enum keystore_folder folder,
	const struct certificate *certificate, const char *ending);

#endif

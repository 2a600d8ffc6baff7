/* SPDX-License-Identifier: MIT */
/* Which keys the work on a batch lacks on this host: whose, and how they come. */
#ifndef KEYLINE_DAEMON_KEY_MISSING_H
#define KEYLINE_DAEMON_KEY_MISSING_H

#include <stddef.h>
#include "proto/certificate.h"

struct host;

enum { KEY_MISSING_SIZE = 700 };

/*
 * For the alarm no-key about a batch: each key that this host's stages need for it and
 * that is not in its key folder, as sentences ("The codes key of cn-mint is missing."),
 * and what is done about each.  Both "" when none is missing.
 */
void key_missing_tell(char what[KEY_MISSING_SIZE], char action[KEY_MISSING_SIZE],
	const struct host *host, const char *batch);

/* What `key new' calls a key of a kind: the kind, or the batch that it is for. */
const char *key_missing_name(enum certificate_kind kind, const char *batch);

#endif

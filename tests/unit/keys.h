/* SPDX-License-Identifier: MIT */
/* Keys and certificates for suites that sign and seal. */
#ifndef KEYLINE_TESTS_KEYS_H
#define KEYLINE_TESTS_KEYS_H

#include <check.h>
#include <string.h>
#include "proto/certificate.h"

/* 2026-11-22T09:30:00Z */
#define KEYS_NOW INT64_C(1795339800)

struct keys {
	struct private_key *key;
	struct certificate *certificate;
};

/* A key with its certificate of that time; site NULL for a site itself. */
static inline struct keys
keys_make_at(const char *host, enum certificate_kind kind, const char *batch,
	enum keyline_use use, const struct keys *site, int64_t now)
{
	struct certificate_subject subject = { .use = use, .kind = kind };
	struct keys keys;

	strcpy(subject.host, host);
	strcpy(subject.batch, batch);
	ck_assert_int_eq(private_key_generate(&keys.key), 0);
	ck_assert_int_eq(certificate_make(&keys.certificate, &subject, keys.key,
				 site ? site->certificate : NULL, site ? site->key : NULL,
				 now),
		0);
	return keys;
}

static inline struct keys
keys_make(const char *host, enum certificate_kind kind, const char *batch,
	enum keyline_use use, const struct keys *site)
{
	return keys_make_at(host, kind, batch, use, site, KEYS_NOW);
}

static inline void
keys_free(struct keys *keys)
{
	private_key_free(keys->key);
	certificate_free(keys->certificate);
}

#endif

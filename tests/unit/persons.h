/* SPDX-License-Identifier: MIT */
/* Two persons with keys, who sign requests. */
#ifndef KEYLINE_TESTS_PERSONS_H
#define KEYLINE_TESTS_PERSONS_H

#include "daemon/ledger_person.h"
#include "daemon/ledger_request.h"
#include "ledger_fixture.h"

struct persons {
	struct private_key *keys[2];
	struct public_key publics[2];
};

/* 0: Alice, 1: Bob */
static inline const struct ledger_by *
persons_by(int who)
{
	return who ? &by_bob : &by_alice;
}

static inline void
persons_make(struct persons *p)
{
	for (int i = 0; i < 2; i++) {
		OK(private_key_generate(&p->keys[i]));
		OK(public_key_of(&p->publics[i], p->keys[i]));
	}
}

static inline void
persons_free(struct persons *p)
{
	for (int i = 0; i < 2; i++)
		private_key_free(p->keys[i]);
}

static inline struct ledger_person
persons_row(const struct persons *p, int who)
{
	struct ledger_person row = {.since_ms = 0};

	(void)snprintf(row.person, sizeof row.person, "%s", persons_by(who)->actor);
	(void)strcpy(row.name, who ? "bob" : "alice");
	public_key_text(row.key, &p->publics[who]);
	memcpy(row.fingerprint, p->publics[who].fingerprint, sizeof row.fingerprint);
	return row;
}

static inline void
persons_enroll(const struct persons *p, struct ledger *ledger)
{
	for (int i = 0; i < 2; i++) {
		struct ledger_person row = persons_row(p, i);

		OK(ledger_person_enroll(ledger, &by_alice, &row));
	}
}

/* What who signs for a request that is made now, on the fixture's host. */
static inline struct ledger_approval
persons_sign(const struct persons *p, int who, const struct ledger_request *r)
{
	struct ledger_approval a = {.request = r->id};
	struct approval says = {"here-1", USE_TEST, r->id, r->action, r->object, r->args,
		r->reason, r->nonce, r->created_ms / 1000, r->expires_ms / 1000,
		persons_by(who)->actor, who ? "bob" : "alice",
		p->publics[who].fingerprint};
	unsigned char signature[SIGNATURE_MAX];
	size_t len;

	OK(approval_text(a.text, &says));
	OK(private_key_sign(signature, &len, p->keys[who], a.text, strlen(a.text)));
	base64_encode(a.signature, signature, len);
	(void)snprintf(a.person, sizeof a.person, "%s", persons_by(who)->actor);
	memcpy(a.key, p->publics[who].fingerprint, sizeof a.key);
	return a;
}

#endif

/* SPDX-License-Identifier: MIT */
/*
 * Persons and their public keys.  The ledger is where they stand, so that a key cannot be
 * exchanged without an event; who may enrol is the caller's rule.  See the rules in
 * daemon/ledger.h.
 */
#ifndef KEYLINE_DAEMON_LEDGER_PERSON_H
#define KEYLINE_DAEMON_LEDGER_PERSON_H

#include "daemon/ledger.h"
#include "proto/approval.h"
#include "proto/public_key.h"

struct ledger_person {
	char person[LEDGER_ACTOR_SIZE]; /* "uid1000", as he acts */
	char name[APPROVAL_NAME_SIZE];  /* his login when he was enrolled */
	char fingerprint[FINGERPRINT_SIZE];
	char key[PUBLIC_KEY_TEXT_SIZE];
	int64_t since_ms;
	int64_t removed_ms; /* 0: the key counts */
};

/*
 * Enrols a key (person, name, key and its fingerprint); the person's former key ends
 * with it.  KE_DUPLICATE this key was enrolled before, for anybody.
 */
KEYLINE_WARN_UNUSED int ledger_person_enroll(struct ledger *ledger,
	const struct ledger_by *by, const struct ledger_person *person);

/* Ends a person's key.  KE_NOT_FOUND he has none. */
KEYLINE_WARN_UNUSED int ledger_person_remove(struct ledger *ledger,
	const struct ledger_by *by, const char *person, const char *reason);

/* The key of a person that counts; a key by its fingerprint, whether it counts or not.
 * KE_NOT_FOUND. */
KEYLINE_WARN_UNUSED int ledger_person_get(
	struct ledger_person *out, struct ledger *ledger, const char *person);
KEYLINE_WARN_UNUSED int ledger_person_by_key(
	struct ledger_person *out, struct ledger *ledger, const char *fingerprint);

/* How many keys count, and how many ever did. */
struct ledger_persons {
	uint64_t enrolled;
	uint64_t ever;
};
KEYLINE_WARN_UNUSED int ledger_person_count(
	struct ledger_persons *out, struct ledger *ledger);

typedef int ledger_person_cb(void *context, const struct ledger_person *person);

/* All keys, also those that count no more, oldest first.  The callback may use the
 * ledger. */
KEYLINE_WARN_UNUSED int ledger_person_list(
	struct ledger *ledger, ledger_person_cb *cb, void *context);

#endif

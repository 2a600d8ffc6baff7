/* SPDX-License-Identifier: MIT */
/*
 * A person as papers name him: by full name, login and number.  The ledger knows the
 * number alone ("uid1000"), which is what the kernel told; a name can change hands.
 */
#ifndef KEYLINE_PROTO_PERSON_H
#define KEYLINE_PROTO_PERSON_H

#include <stdbool.h>
#include "proto/error.h"

enum { PERSON_SIZE = 256 };

/* The user number of an actor of the ledger; false for one that is no user ("daemon"). */
bool person_uid(unsigned long *uid, const char *actor);

/*
 * "Ann Lee (ann, uid 1000)"; "ann (uid 1000)" without a full name; "uid 1000 (no user of
 * this host)" when login is NULL.  gecos is the passwd(5) field, of which the first part
 * is the full name, or NULL.  Bytes that have no place on a line are written as '?', and
 * a name that is too long is cut.
 */
void person_text(
	char out[PERSON_SIZE], unsigned long uid, const char *login, const char *gecos);

#endif

/* SPDX-License-Identifier: MIT */
#ifndef KEYLINE_DAEMON_USER_H
#define KEYLINE_DAEMON_USER_H

#include <sys/types.h>
#include "proto/approval.h"
#include "proto/person.h"

/*
 * An actor of the ledger as papers name him, by this host's user list as it is now:
 * "uid1000" becomes "Ann Lee (ann, uid 1000)", see proto/person.h; another actor than a
 * user is written as he is.  For the loop thread: it may ask a name service.
 */
void user_text(char out[PERSON_SIZE], const char *actor);

/*
 * The user that a person typed, as login or number, and his login; for one without an
 * entry in the user list, who can be named by number alone, "uid1000".  false: there is no
 * such user.
 */
bool user_find(uid_t *uid, char login[APPROVAL_NAME_SIZE], const char *text);

#endif

/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/user.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "proto/utf8.h"

void
user_text(char out[PERSON_SIZE], const char *actor)
{
	const struct passwd *user;
	unsigned long uid;

	if (!person_uid(&uid, actor)) {
		(void)snprintf(out, PERSON_SIZE, "%s", actor);
		return;
	}
	user = getpwuid((uid_t)uid);
	person_text(out, uid, user ? user->pw_name : NULL, user ? user->pw_gecos : NULL);
}

bool
user_find(uid_t *uid, char login[APPROVAL_NAME_SIZE], const char *text)
{
	const struct passwd *user = getpwnam(text);
	unsigned long number;
	char *end;

	if (!user) {
		number = strtoul(text, &end, 10);
		if (text[0] < '0' || text[0] > '9' || *end || number >= (uid_t)-1)
			return false;
		*uid = (uid_t)number;
		user = getpwuid(*uid);
	} else {
		*uid = user->pw_uid;
	}
	/* A name that has no place in what is signed is not taken into it. */
	if (user && user->pw_name[0] && strlen(user->pw_name) < APPROVAL_NAME_SIZE
		&& utf8_is_seen(user->pw_name, strlen(user->pw_name)))
		(void)snprintf(login, APPROVAL_NAME_SIZE, "%s", user->pw_name);
	else
		(void)snprintf(login, APPROVAL_NAME_SIZE, "uid%lu", (unsigned long)*uid);
	return true;
}

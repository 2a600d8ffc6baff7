/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/user.h"

#include <pwd.h>
#include <stdio.h>

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

/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "proto/person.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "proto/utf8.h"

enum { NAME_SIZE = 97 };

bool
person_uid(unsigned long *uid, const char *actor)
{
	static const char prefix[] = "uid";
	const char *digits = actor + strlen(prefix);
	char *end;

	if (strncmp(actor, prefix, strlen(prefix)) != 0 || *digits < '0' || *digits > '9')
		return false;
	*uid = strtoul(digits, &end, 10);
	return *end == '\0';
}

/* text up to its first comma, as it may stand on a line: it comes from a user list. */
static void
clean_name(char out[NAME_SIZE], const char *text)
{
	size_t len = text ? strcspn(text, ",") : 0;
	bool is_utf8;

	while (len && text[len - 1] == ' ')
		len--;
	/* A character that would be cut in two is left out whole. */
	if (len >= NAME_SIZE)
		for (len = NAME_SIZE - 1; len && (text[len] & 0xc0) == 0x80;)
			len--;
	is_utf8 = len && utf8_is_valid(text, len);
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		out[i] = c < ' ' || c == 0x7f || (c > 0x7f && !is_utf8) ? '?' : text[i];
	}
	out[len] = '\0';
}

void
person_text(
	char out[PERSON_SIZE], unsigned long uid, const char *login, const char *gecos)
{
	char user[NAME_SIZE], name[NAME_SIZE];

	clean_name(user, login);
	clean_name(name, gecos);
	if (!user[0])
		snprintf(out, PERSON_SIZE, "uid %lu (no user of this host)", uid);
	else if (!name[0] || strcmp(name, user) == 0)
		snprintf(out, PERSON_SIZE, "%s (uid %lu)", user, uid);
	else
		snprintf(out, PERSON_SIZE, "%s (%s, uid %lu)", name, user, uid);
}

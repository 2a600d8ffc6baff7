/* SPDX-License-Identifier: MIT */
/*
 * The text that a person signs: what is taken is the one form, which approval_text
 * writes of its values.
 */
#include "config.h"
#include "fuzz.h"
#include "proto/approval.h"
#include "proto/utc.h"

enum { VALUES = 12 };

/* The value of a line, as a text; free() it. */
static char *
value_of(const char *text, const char *name)
{
	size_t len = 0;
	const char *value = approval_value(&len, text, name);

	HOLDS(value);
	return fuzz_text((const uint8_t *)value, len);
}

/* Splits "uid1000 (ann)" at its first blank; false: it has another form. */
static bool
split_person(char *person, char **name)
{
	char *blank = strchr(person, ' ');
	size_t len = strlen(person);

	if (!blank || blank[1] != '(' || person[len - 1] != ')')
		return false;
	*blank = '\0';
	person[len - 1] = '\0';
	*name = blank + 2;
	return true;
}

static void
write_again(const char *text)
{
	char again[APPROVAL_TEXT_MAX + 1];
	char *host = value_of(text, "host"), *use = value_of(text, "use"),
	     *request = value_of(text, "request"), *action = value_of(text, "action"),
	     *object = value_of(text, "object"), *args = value_of(text, "with"),
	     *reason = value_of(text, "reason"), *nonce = value_of(text, "nonce"),
	     *created = value_of(text, "created"), *expires = value_of(text, "expires"),
	     *person = value_of(text, "person"), *key = value_of(text, "key"),
	     *name = NULL;
	struct approval a = {.host = host,
		.request = strtoull(request, NULL, 10),
		.action = action,
		.object = object,
		.args = args,
		.reason = reason,
		.nonce = nonce,
		.person = person,
		.key = key};

	HOLDS(use_parse(&a.use, use, strlen(use)));
	HOLDS(utc_parse(&a.created, created, strlen(created)) == 0);
	HOLDS(utc_parse(&a.expires, expires, strlen(expires)) == 0);
	HOLDS(split_person(person, &name));
	a.name = name;
	HOLDS(approval_text(again, &a) == 0);
	HOLDS(strcmp(again, text) == 0);
	for (size_t i = 0; i < VALUES; i++)
		free((char *[]){host, use, request, action, object, args, reason, nonce,
			created, expires, person, key}[i]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	char *text = fuzz_text(bytes, len);

	if (approval_check(text, NULL, NULL, NULL, NULL) == 0)
		write_again(text);
	/* Another than what was asked for is never taken. */
	if (approval_check(text, "batch release", "US-2026-118", NULL, NULL) == 0) {
		size_t value_len;
		const char *value = approval_value(&value_len, text, "object");

		HOLDS(value && value_len == strlen("US-2026-118") &&
			memcmp(value, "US-2026-118", value_len) == 0);
	}
	free(text);
	return 0;
}

FUZZ_BEGIN

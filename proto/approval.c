/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "proto/approval.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "proto/utc.h"
#include "proto/utf8.h"

static const char version_line[] = "keyline approval 1\n";
static const char family[] = "keyline approval ";

enum { HEX_KEY = 64 };

static bool
is_hex(const char *text, size_t len)
{
	return strlen(text) == len && strspn(text, "0123456789abcdef") == len;
}

/* Forms of values, none of which is empty. */
static bool
is_host(const char *text)
{
	return name_is_host(text, strlen(text));
}

static bool
is_use(const char *text)
{
	enum keyline_use use;

	return use_parse(&use, text, strlen(text));
}

/* As a number is printed, so that there is one text of it. */
static bool
is_request(const char *text)
{
	char again[24];

	(void)snprintf(
		again, sizeof again, "%" PRIu64, (uint64_t)strtoull(text, NULL, 10));
	return text[0] != '0' && strcmp(text, again) == 0;
}

static bool
is_args(const char *text)
{
	return strlen(text) <= APPROVAL_ARGS_MAX;
}

static bool
is_reason(const char *text)
{
	return strlen(text) <= APPROVAL_REASON_MAX;
}

static bool
is_nonce(const char *text)
{
	return is_hex(text, APPROVAL_NONCE_SIZE - 1);
}

static bool
is_time(const char *text)
{
	int64_t seconds;

	return utc_parse(&seconds, text, strlen(text)) == 0;
}

/* "uid1000 (ann)" */
static bool
is_person(const char *text)
{
	const char *blank = strchr(text, ' ');
	size_t len = blank ? strlen(blank) : 0;

	return blank && blank != text && len > 3 && blank[1] == '(' &&
	       blank[len - 1] == ')';
}

static bool
is_key(const char *text)
{
	return is_hex(text, HEX_KEY);
}

/* The lines after the first, in their order, and what may stand in each; NULL: any text.
 */
static const struct {
	const char *name;
	bool (*has_form)(const char *text);
} lines[] = {
	{"host", is_host},
	{"use", is_use},
	{"request", is_request},
	{"action", NULL},
	{"object", NULL},
	{"with", is_args},
	{"reason", is_reason},
	{"nonce", is_nonce},
	{"created", is_time},
	{"expires", is_time},
	{"person", is_person},
	{"key", is_key},
};

enum { LINES = sizeof lines / sizeof lines[0] };

static int
check_text(const char *text)
{
	return utf8_is_seen(text, strlen(text)) ? 0 : KE_BAD_CHARACTER;
}

static int
check_parts(const struct approval *a)
{
	const char *const needed[] = {a->host, a->action, a->object, a->person, a->name};
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < sizeof needed / sizeof needed[0]; i++)
		rc = needed[i][0] ? check_text(needed[i]) : KE_BAD_ARGUMENT;
	if (rc == 0 && a->args)
		rc = check_text(a->args);
	if (rc == 0 && a->reason)
		rc = check_text(a->reason);
	if (rc == 0 && ((a->args && strlen(a->args) > APPROVAL_ARGS_MAX) ||
			       (a->reason && strlen(a->reason) > APPROVAL_REASON_MAX)))
		rc = KE_TOO_LONG;
	if (rc == 0 && (!is_nonce(a->nonce) || !is_key(a->key) || a->request == 0))
		rc = KE_BAD_ARGUMENT;
	return rc;
}

static const char *
or_none(const char *text)
{
	return text && text[0] ? text : "-";
}

int
approval_text(char out[APPROVAL_TEXT_MAX + 1], const struct approval *a)
{
	char created[UTC_SIZE], expires[UTC_SIZE];
	int len, rc = check_parts(a);

	if (rc == 0)
		rc = utc_format(created, a->created);
	if (rc == 0)
		rc = utc_format(expires, a->expires);
	if (rc != 0)
		return rc;
	len = snprintf(out, APPROVAL_TEXT_MAX + 1,
		"%shost: %s\nuse: %s\nrequest: %" PRIu64 "\naction: %s\nobject: %s\n"
		"with: %s\nreason: %s\nnonce: %s\ncreated: %s\nexpires: %s\n"
		"person: %s (%s)\nkey: %s\n",
		version_line, a->host, use_name(a->use), a->request, a->action, a->object,
		or_none(a->args), or_none(a->reason), a->nonce, created, expires,
		a->person, a->name, a->key);
	return (size_t)len > APPROVAL_TEXT_MAX ? KE_TOO_LONG : 0;
}

/* Where the value of line number i begins, with its length; NULL: not the form. */
static const char *
value_at(size_t *len, const char *text, size_t line)
{
	const char *at = text + strlen(version_line);

	if (strncmp(text, version_line, strlen(version_line)) != 0)
		return NULL;
	for (size_t i = 0;; i++) {
		size_t name = strlen(lines[i].name);

		if (strncmp(at, lines[i].name, name) != 0 || at[name] != ':' ||
			at[name + 1] != ' ')
			return NULL;
		at += name + 2;
		*len = strcspn(at, "\n");
		if (*len == 0 || at[*len] != '\n')
			return NULL;
		if (i == line)
			return at;
		at += *len + 1;
	}
}

const char *
approval_value(size_t *len, const char *text, const char *name)
{
	for (size_t i = 0; i < LINES; i++)
		if (strcmp(lines[i].name, name) == 0)
			return value_at(len, text, i);
	return NULL;
}

static bool
says(const char *text, const char *name, const char *wanted)
{
	size_t len;
	const char *value = approval_value(&len, text, name);

	return !wanted ||
	       (value && strlen(wanted) == len && memcmp(value, wanted, len) == 0);
}

int
approval_check(const char *text, const char *action, const char *object,
	const char *reason, const char *key)
{
	size_t len;
	const char *last = value_at(&len, text, LINES - 1);

	if (strncmp(text, family, strlen(family)) == 0 &&
		strncmp(text, version_line, strlen(version_line)) != 0)
		return KE_NEWER_FORMAT;
	/* The last line ends the text, and nothing in it is hidden. */
	if (!last || last[len + 1] != '\0' || strlen(text) > APPROVAL_TEXT_MAX)
		return KE_BAD_MESSAGE;
	for (size_t i = 0; i < LINES; i++) {
		char value[APPROVAL_TEXT_MAX + 1];
		const char *at = value_at(&len, text, i);

		if (!at)
			return KE_BAD_MESSAGE;
		(void)snprintf(value, sizeof value, "%.*s", (int)len, at);
		if (check_text(value) != 0 ||
			(lines[i].has_form && !lines[i].has_form(value)))
			return KE_BAD_MESSAGE;
	}
	return says(text, "action", action) && says(text, "object", object) &&
			       says(text, "key", key) &&
			       says(text, "reason", reason ? or_none(reason) : NULL)
		       ? 0
		       : KE_MISMATCH_APPROVAL;
}

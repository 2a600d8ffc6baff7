/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/key_missing.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include "daemon/host.h"
#include "daemon/keystore.h"
#include "daemon/settings.h"

/* Which key a stage needs, and whose: the first host's of a route, or (SETTINGS_ROUTES)
 * this host's own. */
static const struct {
	unsigned stages;
	enum settings_route route;
	enum certificate_kind kind;
} needs[] = {
	{SETTINGS_GENERATE, SETTINGS_ROUTE_CODES, CERTIFICATE_CODES},
	{SETTINGS_GENERATE, SETTINGS_ROUTE_PASSPHRASES, CERTIFICATE_PASSPHRASES},
	{SETTINGS_MINT, SETTINGS_ROUTES, CERTIFICATE_CODES},
	{SETTINGS_MINT, SETTINGS_ROUTE_CONFIRMATIONS, CERTIFICATE_CONFIRMATIONS},
	{SETTINGS_MINT, SETTINGS_ROUTE_STICKERS, CERTIFICATE_STICKERS},
	{SETTINGS_ETCH, SETTINGS_ROUTES, CERTIFICATE_CONFIRMATIONS},
	{SETTINGS_ETCH, SETTINGS_ROUTES, CERTIFICATE_PASSPHRASES},
};

enum { NEEDS = sizeof needs / sizeof needs[0] };

/* Adds a sentence to a text that has its size. */
__attribute__((format(printf, 2, 3))) static void
add(char text[KEY_MISSING_SIZE], const char *format, ...)
{
	size_t len = strlen(text);
	va_list args;

	if (len > 0 && len + 1 < KEY_MISSING_SIZE)
		text[len++] = ' ';
	va_start(args, format);
	(void)vsnprintf(text + len, KEY_MISSING_SIZE - len, format, args);
	va_end(args);
}

const char *
key_missing_name(enum certificate_kind kind, const char *batch)
{
	return certificate_kind_is_per_batch(kind) ? batch : certificate_kind_name(kind);
}

static bool
is_here(const struct host *host, const char *whose, enum certificate_kind kind,
	const char *batch)
{
	const struct certificate *certificate;

	return keystore_of(&certificate, host->keys, whose, kind,
		       certificate_kind_is_per_batch(kind) ? batch : "") == 0;
}

static const char *
whose_of(const struct host *host, size_t need)
{
	return needs[need].route == SETTINGS_ROUTES
		       ? host->settings->host
		       : host->settings->routes[needs[need].route].hosts[0];
}

/* A host that sends to itself needs its key once. */
static bool
is_told(const struct host *host, size_t need)
{
	for (size_t i = 0; i < need; i++)
		if ((needs[i].stages & host->settings->stages) &&
			needs[i].kind == needs[need].kind &&
			strcmp(whose_of(host, i), whose_of(host, need)) == 0)
			return true;
	return false;
}

static void
tell_others(char action[KEY_MISSING_SIZE], const struct host *host, const char *whose,
	enum certificate_kind kind, const char *batch)
{
	bool of_batch = certificate_kind_is_per_batch(kind);

	if (!is_here(host, whose, CERTIFICATE_SITE, ""))
		add(action,
			"Trust %s first, its fingerprint read out "
			"(keylinectl key trust %s.site.crt).",
			whose, whose);
	add(action,
		"Make the %s key on %s (keylinectl key new %s), bring %s.%s%s%s.crt here, "
		"and take it in (keylinectl batch import FILE).",
		certificate_kind_name(kind), whose, key_missing_name(kind, batch), whose,
		certificate_kind_name(kind),
		of_batch ? "." : "", of_batch ? batch : "");
}

void
key_missing_tell(char what[KEY_MISSING_SIZE], char action[KEY_MISSING_SIZE],
	const struct host *host, const char *batch)
{
	const char *own = host->settings->host;

	what[0] = action[0] = '\0';
	if (!is_here(host, own, CERTIFICATE_SITE, "")) {
		add(what, "The site key of this host, %s, is missing.", own);
		add(action, "Make the site key here (keylinectl key new site).");
	}
	for (size_t i = 0; i < NEEDS; i++) {
		const char *whose = whose_of(host, i);

		if (!(needs[i].stages & host->settings->stages) || is_told(host, i) ||
			is_here(host, whose, needs[i].kind, batch))
			continue;
		add(what, "The %s key of %s%s%s is missing.",
			certificate_kind_name(needs[i].kind),
			strcmp(whose, own) == 0 ? "this host, " : "", whose,
			strcmp(whose, own) == 0 ? "," : "");
		if (strcmp(whose, own) == 0)
			add(action, "Make the %s key here (keylinectl key new %s).",
				certificate_kind_name(needs[i].kind),
				key_missing_name(needs[i].kind, batch));
		else
			tell_others(action, host, whose, needs[i].kind, batch);
	}
}

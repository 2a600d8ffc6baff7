/* SPDX-License-Identifier: MIT */
#include "proto/name.h"

#include <stdint.h>
#include <string.h>
#include <strings.h>

/* Sets of characters, added up. */
enum { LOWER = 1, UPPER = 2, DIGIT = 4, DASH = 8, UNDERSCORE = 16, DOT = 32 };

static unsigned
class_of(char c)
{
	if (c >= 'a' && c <= 'z')
		return LOWER;
	if (c >= 'A' && c <= 'Z')
		return UPPER;
	if (c >= '0' && c <= '9')
		return DIGIT;
	if (c == '-')
		return DASH;
	if (c == '.')
		return DOT;
	return c == '_' ? UNDERSCORE : 0;
}

static bool
matches(const char *text, size_t len, unsigned first, unsigned rest, size_t max)
{
	if (len < 1 || len > max || !(class_of(text[0]) & first))
		return false;
	for (size_t i = 1; i < len; i++)
		if (!(class_of(text[i]) & rest))
			return false;
	return true;
}

bool
name_is_host(const char *text, size_t len)
{
	return matches(text, len, LOWER | DIGIT, LOWER | DIGIT | DASH, NAME_HOST_MAX);
}

bool
name_is_multicast(const char *text, size_t len)
{
	static const char domain[] = ".local";
	const size_t domain_len = sizeof domain - 1;

	if (len > 0 && text[len - 1] == '.')
		len--;
	return len >= domain_len &&
	       strncasecmp(text + len - domain_len, domain, domain_len) == 0;
}

bool
name_is_batch(const char *text, size_t len)
{
	return matches(text, len, UPPER | DIGIT, UPPER | DIGIT | DASH, NAME_BATCH_MAX);
}

bool
name_is_product(const char *text, size_t len)
{
	return matches(text, len, LOWER | UPPER | DIGIT, LOWER | UPPER | DIGIT | DASH,
		NAME_PRODUCT_MAX);
}

bool
name_is_station(const char *text, size_t len)
{
	return matches(text, len, LOWER | DIGIT, LOWER | DIGIT | DASH, NAME_STATION_MAX);
}

bool
name_is_serial(const char *text, size_t len)
{
	return matches(text, len, UPPER, UPPER | DIGIT | DASH, NAME_SERIAL_MAX);
}

bool
name_is_coin(const char *text, size_t len)
{
	return matches(text, len, UPPER, UPPER | DIGIT | UNDERSCORE, NAME_COIN_MAX);
}

bool
name_is_word(const char *text, size_t len)
{
	const unsigned first = LOWER | UPPER | DIGIT | UNDERSCORE | DOT;

	return matches(text, len, first, first | DASH, SIZE_MAX);
}

static const char *const use_names[] = {"test", "production"};

const char *
use_name(enum keyline_use use)
{
	return use_names[use];
}

bool
use_parse(enum keyline_use *out, const char *text, size_t len)
{
	for (int use = USE_TEST; use <= USE_PRODUCTION; use++) {
		if (strlen(use_names[use]) == len && !memcmp(use_names[use], text, len)) {
			*out = (enum keyline_use)use;
			return true;
		}
	}
	return false;
}

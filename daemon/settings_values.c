/* SPDX-License-Identifier: MIT */
/* From a value's text to its field; each false is told with the key's `allowed`. */
#include "config.h"
#include "daemon/settings_reader.h"
#include "proto/address.h"
#include "proto/name.h"
#include "proto/passphrase.h"
#include "proto/serial.h"
#include <grp.h>
#include <stdlib.h>
#include <string.h>

/* One decimal number of at most nine digits, text[0..len-1]. */
static bool
number_read(unsigned *out, const char *text, size_t len)
{
	size_t i;

	*out = 0;
	if (len == 0 || len > 9 || (len > 1 && text[0] == '0'))
		return false;
	for (i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		*out = *out * 10 + (unsigned)(text[i] - '0');
	}
	return true;
}

static bool
text_keep(struct settings_reader *reader, char **field, const char *value)
{
	/* A default stands there where the key has one. */
	free(*field);
	*field = strdup(value);
	if (!*field)
		reader->out_of_memory = true;
	return true;
}

/* The next item of a list with commas; *len without blanks.  NULL at the end. */
static const char *
item_next(const char **rest, size_t *len)
{
	const char *item = *rest, *end;

	if (!item)
		return NULL;
	end = strchr(item, ',');
	*rest = end ? end + 1 : NULL;
	if (!end)
		end = item + strlen(item);
	while (item < end && (*item == ' ' || *item == '\t'))
		item++;
	while (end > item && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	*len = (size_t)(end - item);
	return item;
}

static bool
item_is(const char *item, size_t len, const char *word)
{
	return strlen(word) == len && memcmp(item, word, len) == 0;
}

bool
settings_parse_host(struct settings_reader *reader, const struct settings_key *key,
	void *field, const char *value)
{
	(void)reader;
	if (!name_is_host(value, strlen(value)))
		return false;
	snprintf(field, key->max + 1, "%s", value);
	return true;
}

/* The field is an enum, or a bool for two words. */
static void
choice_set(const struct settings_key *key, void *field, unsigned index)
{
	bool is_bool = strcmp(key->name, "use") == 0 || strcmp(key->name, "swap") == 0 ||
		       strcmp(key->name, "operators") == 0;
	bool yes = index == 1;

	if (is_bool)
		memcpy(field, &yes, sizeof(yes));
	else
		memcpy(field, &index, sizeof(index));
}

bool
settings_parse_choice(struct settings_reader *reader, const struct settings_key *key,
	void *field, const char *value)
{
	const char *word = key->allowed;
	unsigned index = 0;

	(void)reader;
	while (word) {
		const char *end = strchr(word, '|');
		size_t len = end ? (size_t)(end - word) : strlen(word);

		if (strlen(value) == len && memcmp(value, word, len) == 0) {
			choice_set(key, field, index);
			return true;
		}
		word = end ? end + 1 : NULL;
		index++;
	}
	return false;
}

bool
settings_parse_stages(struct settings_reader *reader, const struct settings_key *key,
	void *field, const char *value)
{
	unsigned stages = 0, bit;
	const char *item;
	size_t len;

	(void)reader;
	(void)key;
	while ((item = item_next(&value, &len)) != NULL) {
		for (bit = 1; bit <= SETTINGS_PRINT; bit <<= 1)
			if (item_is(item, len, settings_stage_name(bit)))
				break;
		if (bit > SETTINGS_PRINT || (stages & bit))
			return false;
		stages |= bit;
	}
	memcpy(field, &stages, sizeof(stages));
	return true;
}

/* No "." or ".." and no doubled slash: one path has one spelling. */
static bool
path_is_plain(const char *path)
{
	const char *at = path;

	if (*path != '/' || (path[1] && path[strlen(path) - 1] == '/'))
		return false;
	while (at) {
		const char *part = at + 1;

		at = strchr(part, '/');
		if (at == part ||
			item_is(part, at ? (size_t)(at - part) : strlen(part), ".") ||
			item_is(part, at ? (size_t)(at - part) : strlen(part), ".."))
			return false;
	}
	return true;
}

bool
settings_parse_path(struct settings_reader *reader, const struct settings_key *key,
	void *field, const char *value)
{
	if (!path_is_plain(value) || (key->max && strlen(value) > key->max))
		return false;
	return text_keep(reader, field, value);
}

bool
settings_parse_text(struct settings_reader *reader, const struct settings_key *key,
	void *field, const char *value)
{
	size_t len = strlen(value);

	if (len < key->min || len > key->max)
		return false;
	return text_keep(reader, field, value);
}

bool
settings_parse_group(struct settings_reader *reader, const struct settings_key *key,
	void *field, const char *value)
{
	const struct group *group;
	unsigned number;
	gid_t gid;

	(void)reader;
	(void)key;
	if (number_read(&number, value, strlen(value))) {
		gid = number;
	} else {
		group = getgrnam(value);
		if (!group)
			return false;
		gid = group->gr_gid;
	}
	memcpy(field, &gid, sizeof(gid));
	return true;
}

bool
settings_parse_number(struct settings_reader *reader, const struct settings_key *key,
	void *field, const char *value)
{
	unsigned number;

	(void)reader;
	if (!number_read(&number, value, strlen(value)) || number < key->min ||
		number > key->max)
		return false;
	memcpy(field, &number, sizeof(number));
	return true;
}

bool
settings_parse_pattern(struct settings_reader *reader, const struct settings_key *key,
	void *field, const char *value)
{
	struct serial_pattern pattern;

	(void)reader;
	if (serial_pattern_compile(&pattern, value) != 0)
		return false;
	snprintf(field, key->max + 1, "%s", value);
	return true;
}

bool
settings_parse_alphabet(struct settings_reader *reader, const struct settings_key *key,
	void *field, const char *value)
{
	struct passphrase_alphabet alphabet;

	(void)reader;
	(void)key;
	if (passphrase_alphabet_compile(&alphabet, value) != 0)
		return false;
	snprintf(field, SETTINGS_ALPHABET_MAX + 1, "%s", value);
	return true;
}

/* Tells which coins there are. */
static void
coins_tell(struct settings_reader *reader)
{
	char list[256] = "";
	const char *coin;
	size_t i, len = 0;

	for (i = 0; (coin = address_coin(i)) != NULL && len < sizeof(list); i++)
		len += (size_t)snprintf(
			list + len, sizeof(list) - len, "%s%s", i ? " " : "", coin);
	settings_fault(reader, "`coins' has an unknown coin; there are %s", list);
}

bool
settings_parse_coins(struct settings_reader *reader, const struct settings_key *key,
	void *field, const char *value)
{
	struct settings_product *product = field;
	const char *item;
	size_t i, len;
	bool all_are_known = true;

	product->coin_count = 0;
	while ((item = item_next(&value, &len)) != NULL) {
		if (len == 0 || len > SETTINGS_COIN_MAX ||
			product->coin_count >= key->max)
			return false;
		for (i = 0; i < product->coin_count; i++)
			if (item_is(item, len, product->coins[i]))
				return false;
		memcpy(product->coins[product->coin_count], item, len);
		if (!address_coin_known(product->coins[product->coin_count++]))
			all_are_known = false;
	}
	if (!all_are_known)
		coins_tell(reader);
	return true;
}

bool
settings_parse_hosts(struct settings_reader *reader, const struct settings_key *key,
	void *field, const char *value)
{
	char(*hosts)[SETTINGS_HOST_MAX + 1] = field;
	const char *item;
	size_t len, count = 0;

	(void)reader;
	while ((item = item_next(&value, &len)) != NULL) {
		if (count >= key->max || !name_is_host(item, len))
			return false;
		for (size_t i = 0; i < count; i++)
			if (item_is(item, len, hosts[i]))
				return false;
		memcpy(hosts[count], item, len);
		hosts[count++][len] = '\0';
	}
	return true;
}

bool
settings_parse_uri(struct settings_reader *reader, const struct settings_key *key,
	void *field, const char *value)
{
	static const char scheme[] = "ipps://";
	const char *host = value + strlen(scheme), *slash;

	(void)key;
	if (strncmp(value, scheme, strlen(scheme)) != 0)
		return false;
	slash = strchr(host, '/');
	if (!slash || slash == host || strpbrk(value, " \t\"'<>\\@?#") ||
		name_is_multicast(host, strcspn(host, ":/")))
		return false;
	return text_keep(reader, field, value);
}

bool
settings_parse_pin(struct settings_reader *reader, const struct settings_key *key,
	void *field, const char *value)
{
	(void)key;
	if (strlen(value) != 64 || strspn(value, "0123456789abcdefABCDEF") != 64)
		return false;
	return text_keep(reader, field, value);
}

/* "HOST:PORT", the port from 1 to 65535. */
static bool
is_tcp(const char *text)
{
	const char *colon = strrchr(text, ':');
	unsigned port;

	return colon && colon != text && !strpbrk(text, " \t/") &&
	       !name_is_multicast(text, (size_t)(colon - text)) &&
	       number_read(&port, colon + 1, strlen(colon + 1)) && port >= 1 &&
	       port <= 65535;
}

static bool
is_baud(unsigned baud)
{
	static const unsigned bauds[] = {
		1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200, 230400};
	size_t i;

	for (i = 0; i < sizeof(bauds) / sizeof(bauds[0]); i++)
		if (bauds[i] == baud)
			return true;
	return false;
}

/* "/PATH[:BAUD[:8E1]]": data bits 8, parity N, E or O, stop bits 1 or 2. */
static bool
is_rtu(const char *text)
{
	const char *baud = strchr(text, ':'), *form;
	unsigned number;

	if (*text != '/' || text[1] == '\0' || text[1] == ':')
		return false;
	if (!baud)
		return true;
	form = strchr(baud + 1, ':');
	if (!number_read(&number, baud + 1,
		    form ? (size_t)(form - baud - 1) : strlen(baud + 1)) ||
		!is_baud(number))
		return false;
	return !form || (strlen(form) == 4 && form[1] == '8' && strchr("NEO", form[2]) &&
				strchr("12", form[3]));
}

bool
settings_parse_device(struct settings_reader *reader, const struct settings_key *key,
	void *field, const char *value)
{
	(void)key;
	if (!(strncmp(value, "tcp:", 4) == 0 && is_tcp(value + 4)) &&
		!(strncmp(value, "rtu:", 4) == 0 && is_rtu(value + 4)))
		return false;
	return text_keep(reader, field, value);
}

/* "40x40" or "57.5x31.75": width and height in mm. */
bool
settings_parse_media(struct settings_reader *reader, const struct settings_key *key,
	void *field, const char *value)
{
	static const char digits[] = "0123456789.";
	size_t width = strspn(value, digits), height;

	(void)key;
	if (width == 0 || width > 6 || value[width] != 'x')
		return false;
	height = strspn(value + width + 1, digits);
	if (height == 0 || height > 6 || value[width + 1 + height] != '\0')
		return false;
	return text_keep(reader, field, value);
}

bool
settings_parse_scanner(struct settings_reader *reader, const struct settings_key *key,
	void *field, const char *value)
{
	struct settings_station *station =
		(struct settings_station *)(void *)((char *)field -
						    offsetof(struct settings_station,
							    scanner));
	const char *colon = strchr(value, ':');
	size_t len = colon ? (size_t)(colon - value) : strlen(value);

	(void)key;
	if (*value != '/' || len < 2)
		return false;
	if (colon &&
		(!number_read(&station->scanner_baud, colon + 1, strlen(colon + 1)) ||
			!is_baud(station->scanner_baud)))
		return false;
	station->scanner = strndup(value, len);
	if (!station->scanner)
		reader->out_of_memory = true;
	return true;
}

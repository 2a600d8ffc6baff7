/* SPDX-License-Identifier: MIT */
/* Every key of keyline.conf(5). */
#include "config.h"
#include "daemon/settings_reader.h"
#include <string.h>

#define IN(section, name, parse, field, min, max, allowed)                               \
	{                                                                                \
		section, name, settings_parse_##parse, offsetof(struct settings, field), \
			min, max, allowed                                                \
	}
#define IN_STATION(name, parse, field, min, max, allowed)                           \
	{                                                                           \
		"station", name, settings_parse_##parse,                            \
			offsetof(struct settings_station, field), min, max, allowed \
	}

static const char path_text[] = "an absolute path";
static const char group_text[] = "the name or number of a group of this host";
static const char route_text[] =
	"one or two host names ([a-z0-9-], at most 32 characters) with a comma between";
static const char from_text[] =
	"one to four different host names ([a-z0-9-], at most 32 characters) with commas "
	"between";

static const struct settings_key keys[] = {
	IN("line", "host", host, host, 0, SETTINGS_HOST_MAX,
		"a host name: 1 to 32 of a-z, 0-9 and -"),
	IN("line", "mode", choice, mode, 0, 0, "usa|china"),
	IN("line", "stages", stages, stages, 0, 0,
		"one or two of generate, etch (usa), mint, print (china), with a comma "
		"between"),
	IN("line", "use", choice, production, 0, 0, "test|production"),
	IN("line", "state", path, state, 0, 0, path_text),
	IN("line", "spool", path, spool, 0, 0, path_text),
	IN("line", "socket", path, socket, 0, 100,
		"an absolute path of at most 100 characters"),
	IN("line", "highwater", path, highwater, 0, 0, path_text),
	IN("line", "drivers", path, drivers, 0, 0, path_text),
	IN("line", "viewers", group, viewers, 0, 0, group_text),
	IN("line", "supervisors", group, supervisors, 0, 0, group_text),
	IN("line", "unsealed_max", number, unsealed_max, 1, 100,
		"a number from 1 to 100"),
	IN("line", "scrypt_memory", number, scrypt_memory, 0, 65536,
		"a number of MiB from 0 to 65536"),
	IN("line", "erase_deadline", number, erase_deadline, 1, 8760,
		"a number of hours from 1 to 8760"),
	IN("line", "swap", choice, swap_allowed, 0, 0, "refuse|allow"),
	IN("site", "place", text, place, 1, 120, "1 to 120 characters"),
	IN("site", "organization", text, organization, 1, 120, "1 to 120 characters"),
	IN("site", "contact", text, contact, 1, 120, "1 to 120 characters"),
	IN("line", "operators", choice, operators_required, 0, 0, "optional|required"),
	IN("line", "shift_max", number, shift_max, 1, 24, "a number of hours from 1 to 24"),
	IN("keys", "folder", path, key_folder, 0, 0, path_text),
	IN("random", "extra", path, random_extra, 0, 0, path_text),
	IN("serial", "pattern", pattern, serial_pattern, 0, SETTINGS_PATTERN_MAX,
		"a pattern of A, 9, C and fixed [0-8B-Z-], at most 20 characters, a "
		"letter "
		"first, one C last"),
	IN("passphrase", "alphabet", alphabet, alphabet, 32, 36,
		"32 to 36 different characters of 0-9 and A-Z (100 bits at least)"),
	IN("route", "codes", hosts, routes[SETTINGS_ROUTE_CODES], 0, 1,
		"a host name ([a-z0-9-], at most 32 characters)"),
	IN("route", "passphrases", hosts, routes[SETTINGS_ROUTE_PASSPHRASES], 0, 1,
		"a host name ([a-z0-9-], at most 32 characters)"),
	IN("route", "confirmations", hosts, routes[SETTINGS_ROUTE_CONFIRMATIONS], 0, 1,
		"a host name ([a-z0-9-], at most 32 characters)"),
	IN("route", "stickers", hosts, routes[SETTINGS_ROUTE_STICKERS], 0, 1,
		"a host name ([a-z0-9-], at most 32 characters)"),
	IN("route", "shipment", hosts, routes[SETTINGS_ROUTE_SHIPMENT], 0, 1,
		"a host name ([a-z0-9-], at most 32 characters)"),
	IN("route", "results", hosts, routes[SETTINGS_ROUTE_RESULTS], 0,
		SETTINGS_ROUTE_HOSTS, route_text),
	IN("from", "codes", hosts, from[SETTINGS_ROUTE_CODES], 0,
		SETTINGS_FROM_HOSTS, from_text),
	IN("from", "passphrases", hosts, from[SETTINGS_ROUTE_PASSPHRASES], 0,
		SETTINGS_FROM_HOSTS, from_text),
	IN("from", "confirmations", hosts, from[SETTINGS_ROUTE_CONFIRMATIONS], 0,
		SETTINGS_FROM_HOSTS, from_text),
	IN("from", "stickers", hosts, from[SETTINGS_ROUTE_STICKERS], 0,
		SETTINGS_FROM_HOSTS, from_text),
	IN("from", "shipment", hosts, from[SETTINGS_ROUTE_SHIPMENT], 0,
		SETTINGS_FROM_HOSTS, from_text),
	IN("from", "results", hosts, from[SETTINGS_ROUTE_RESULTS], 0,
		SETTINGS_FROM_HOSTS, from_text),
	IN("secure-disk", "path", path, disk.path, 0, 0, path_text),
	IN("secure-disk", "uuid", text, disk.uuid, 1, 64, "the file system's UUID"),
	IN("secure-disk", "serial", text, disk.serial, 1, 64,
		"the device's serial number"),
	IN("secure-disk", "medium", choice, disk.medium, 0, 0, "disk|directory"),
	{"product", "coins", settings_parse_coins, 0, 1, SETTINGS_COINS_MAX,
		"1 to 16 different coins of the coin table with commas between"},
	IN_STATION("kind", choice, kind, 0, 0, "print|pair|ship|arrive|etch|seal"),
	IN_STATION("uri", uri, uri, 0, 0, "ipps://HOST[:PORT]/PATH, HOST an address or a DNS name, not NAME.local"),
	IN_STATION("pin", pin, pin, 0, 0,
		"the SHA-256 of the printer's certificate: 64 hex digits"),
	IN_STATION("media", media, media, 0, 0, "WIDTHxHEIGHT in mm, as 40x40"),
	IN_STATION("dpi", number, dpi, 100, 1200, "a number from 100 to 1200"),
	IN_STATION("device", device, device, 0, 0,
		"tcp:HOST:PORT (an address or a DNS name, not NAME.local) or "
		"rtu:/PATH[:BAUD[:FRAMING]]"),
	IN_STATION("unit", number, unit, 1, 247, "a number from 1 to 247"),
	IN_STATION("profile", path, profile, 0, 0, path_text),
	IN_STATION("device_serial", text, device_serial, 1, 64,
		"the etcher's serial number, 1 to 64 characters"),
	IN_STATION("scanner", scanner, scanner, 0, 0, "/PATH or /PATH:BAUD"),
};

static const size_t key_count = sizeof(keys) / sizeof(keys[0]);

const struct settings_key *
settings_key_at(size_t index)
{
	return index < key_count ? &keys[index] : NULL;
}

const struct settings_key *
settings_key_find(const char *section, const char *name)
{
	size_t i;

	for (i = 0; i < key_count; i++)
		if (strcmp(keys[i].section, section) == 0 &&
			strcmp(keys[i].name, name) == 0)
			return &keys[i];
	return NULL;
}

bool
settings_section_is_known(const char *section)
{
	size_t i;

	for (i = 0; i < key_count; i++)
		if (strcmp(keys[i].section, section) == 0)
			return true;
	return false;
}

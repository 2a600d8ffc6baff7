/* SPDX-License-Identifier: MIT */
/*
 * What keyline.conf(5) says, read and checked: FILE, then FILE.d/(*).conf in the
 * order of their names.  Every fault is told as "FILE:LINE: ...", not the first only.
 */
#ifndef KEYLINE_DAEMON_SETTINGS_H
#define KEYLINE_DAEMON_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include "proto/error.h"
#include "proto/mode.h"

enum {
	SETTINGS_HOST_MAX = 32,
	SETTINGS_STATION_MAX = 16,
	SETTINGS_PRODUCT_MAX = 32,
	SETTINGS_ALPHABET_MAX = 64,
	SETTINGS_PATTERN_MAX = 20,
	SETTINGS_COINS_MAX = 16,
	SETTINGS_COIN_MAX = 8,
	SETTINGS_ROUTE_HOSTS = 2,
	SETTINGS_FROM_HOSTS = 4
};


/* Bits of settings.stages. */
enum settings_stage {
	SETTINGS_GENERATE = 1,
	SETTINGS_ETCH = 2,
	SETTINGS_MINT = 4,
	SETTINGS_PRINT = 8
};

enum settings_medium { SETTINGS_DISK, SETTINGS_DIRECTORY };

/* The kinds of station (DESIGN section 6). */
enum settings_kind {
	SETTINGS_KIND_PRINT,
	SETTINGS_KIND_PAIR,
	SETTINGS_KIND_SHIP,
	SETTINGS_KIND_ARRIVE,
	SETTINGS_KIND_ETCH,
	SETTINGS_KIND_SEAL
};

/* The kinds of file that [route] names recipients for, and [from] senders. */
enum settings_route {
	SETTINGS_ROUTE_CODES,
	SETTINGS_ROUTE_PASSPHRASES,
	SETTINGS_ROUTE_CONFIRMATIONS,
	SETTINGS_ROUTE_STICKERS,
	SETTINGS_ROUTE_SHIPMENT,
	SETTINGS_ROUTE_RESULTS,
	SETTINGS_ROUTES
};

struct settings_product {
	char name[SETTINGS_PRODUCT_MAX + 1];
	char coins[SETTINGS_COINS_MAX][SETTINGS_COIN_MAX + 1];
	size_t coin_count;
};

/* A text is NULL and a number 0 where the file has no such key. */
struct settings_station {
	char name[SETTINGS_STATION_MAX + 1];
	enum settings_kind kind;
	/* printer */
	char *uri;
	char *pin;
	char *media;
	unsigned dpi;
	/* etcher */
	char *device;
	unsigned unit;
	char *profile;
	char *device_serial;
	/* scanner: a tty and its speed (default 9600) */
	char *scanner;
	unsigned scanner_baud;
};

/* Names of the recipients; an unused one is "". */
struct settings_recipients {
	char hosts[SETTINGS_ROUTE_HOSTS][SETTINGS_HOST_MAX + 1];
};

/* Names of the hosts that may send a kind; an unused one is "". */
struct settings_senders {
	char hosts[SETTINGS_FROM_HOSTS][SETTINGS_HOST_MAX + 1];
};

struct settings_disk {
	char *path;
	char *uuid;
	char *serial;
	enum settings_medium medium;
};

struct settings {
	char host[SETTINGS_HOST_MAX + 1];
	enum mode mode;
	unsigned stages;
	bool production;
	char *state;
	char *spool;
	char *socket;
	char *highwater;
	/* The folder of the driver programs. */
	char *drivers;
	gid_t viewers;
	gid_t supervisors;
	unsigned unsealed_max;
	/* Hours after which secrets that are needed no more are told as an alarm. */
	unsigned erase_deadline;
	/* MiB for scrypt; see daemon/scratch.h */
	unsigned scrypt_memory;
	bool swap_allowed;
	/* For certificates; NULL: not told. */
	char *place;
	char *organization;
	char *contact;
	/* Whether a station works only while an operator is signed on there. */
	bool operators_required;
	/* Hours after which an operator is signed off. */
	unsigned shift_max;
	char *key_folder;
	/* A device or a file of throws; NULL: none. */
	char *random_extra;
	char serial_pattern[SETTINGS_PATTERN_MAX + 1];
	char alphabet[SETTINGS_ALPHABET_MAX + 1];
	struct settings_recipients routes[SETTINGS_ROUTES];
	struct settings_senders from[SETTINGS_ROUTES];
	struct settings_disk disk;
	struct settings_product *products;
	size_t product_count;
	struct settings_station *stations;
	size_t station_count;
};

/* Takes one fault; text has no newline. */
typedef void settings_report(void *context, const char *text);

/*
 * Reads and checks file.  Every fault is given to report.  Returns 0 with *out
 * set, or KE_BAD_CONFIG, KE_NO_MEMORY with *out NULL.
 */
KEYLINE_WARN_UNUSED int settings_load(
	struct settings **out, const char *file, settings_report *report, void *context);

/*
 * The same, and looks at what the settings name on this machine: whether folders, files
 * and programs are there and may be used by this user, and hosts are known.  What may
 * still come (a disk, a device, a trusted site) is given to report as a note,
 * "FILE:LINE: note: ...", and is no fault.  Opens no device and writes nothing.
 */
KEYLINE_WARN_UNUSED int settings_load_here(
	struct settings **out, const char *file, settings_report *report, void *context);
void settings_free(struct settings *settings);

/* The product or station of that name, or NULL. */
const struct settings_product *settings_product(
	const struct settings *settings, const char *name);
const struct settings_station *settings_station(
	const struct settings *settings, const char *name);

/* "etch" (a stage); "pair" (a station's kind). */
const char *settings_stage_name(enum settings_stage stage);
const char *settings_kind_name(enum settings_kind kind);

#endif

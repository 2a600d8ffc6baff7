/* SPDX-License-Identifier: MIT */
/* Reading a profile; what makes a profile valid is etch_profile_check.c's. */
#include "config.h"
#include "proto/etch_profile_check.h"
#include "proto/ini.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct item_info {
	const char *section;
	const char *key;
	enum etch_kind kind;
	uint16_t registers;
	bool host;
};

static const struct item_info items[ETCH_ITEMS] = {
#define X(constant, section, key, kind, registers, host) \
	[constant] = {section, key, kind, registers, host},
	ETCH_ITEM_LIST(X)
#undef X
};

static const struct {
	const char *name;
	uint16_t number;
} reasons[ETCH_REASONS] = {
#define X(constant, name, number) [constant] = {name, number},
	ETCH_REASON_LIST(X)
#undef X
};

static const char *const tables[ETCH_TABLES] = {
	[ETCH_HOLDING] = "holding",
	[ETCH_INPUT] = "input",
	[ETCH_COIL] = "coil",
	[ETCH_DISCRETE] = "discrete",
};

/* A number of the profile beside the map: its place in struct etch_profile. */
struct number_info {
	const char *section;
	const char *key;
	size_t offset;
	size_t size;
	unsigned long min, max;
};

#define NUMBER(section, key, member, min, max)                               \
	{                                                                    \
		section, key, offsetof(struct etch_profile, member),         \
			sizeof(((struct etch_profile *)0)->member), min, max \
	}

static const struct number_info numbers[] = {
	NUMBER("limits", "chunk-registers", limits.chunk_registers, 1, 119),
	NUMBER("limits", "readback-registers", limits.readback_registers, 1, 121),
	NUMBER("limits", "job-registers", limits.job_registers, 16, 32767),
	NUMBER("timing", "heartbeat-ms", timing.heartbeat, 20, 10000),
	NUMBER("timing", "host-timeout-ms", timing.host_timeout, 100, 60000),
	NUMBER("timing", "response-ms", timing.response, 20, 10000),
	NUMBER("timing", "late-window-ms", timing.late_window, 20, 30000),
	NUMBER("timing", "mirror-limit-ms", timing.mirror_limit, 50, 30000),
	NUMBER("timing", "arm-expiry-ms", timing.arm_expiry, 200, 60000),
	NUMBER("timing", "busy-limit-ms", timing.busy_limit, 100, 3600000),
	NUMBER("timing", "erase-limit-ms", timing.erase_limit, 50, 60000),
	NUMBER("field", "width-um", field.width, 1000, 1000000),
	NUMBER("field", "height-um", field.height, 1000, 1000000),
	NUMBER("field", "scale-um", field.scale, 1, 1000),
	NUMBER("field", "text-height-um", field.text_height, 200, 100000),
	NUMBER("field", "serial-height-um", field.serial_height, 200, 100000),
	NUMBER("mark", "passes", mark.passes, 1, 100),
	NUMBER("mark", "speed-mm-s", mark.speed, 1, 20000),
	NUMBER("mark", "power-class", mark.power, 0, 15),
};

enum { NUMBERS = sizeof numbers / sizeof numbers[0] };

/* What has been read so far. */
struct reading {
	struct etch_profile *profile;
	struct etch_profile_error *error;
	struct ini ini;
	unsigned item_line[ETCH_ITEMS];
	unsigned number_line[NUMBERS];
	unsigned order_line;
	unsigned reason_line[ETCH_REASONS];
};

int
etch_profile_fail(
	struct etch_profile_error *error, unsigned line, const char *format, ...)
{
	va_list args;

	error->line = line;
	va_start(args, format);
	vsnprintf(error->text, sizeof error->text, format, args);
	va_end(args);
	return KE_BAD_PROFILE;
}

/* Notes that a key was read; a second time is an error. */
static int
once(struct reading *r, unsigned *line)
{
	if (*line)
		return etch_profile_fail(
			r->error, r->ini.line, "%s: also in line %u", r->ini.key, *line);
	*line = r->ini.line;
	return 0;
}

/* Splits "input 34 bit 3" into at most 4 words; returns how many, 5 for more. */
static unsigned
split(char *words[4], char *text)
{
	unsigned count = 0;

	for (char *word = strtok_r(text, " \t", &text); word;
		word = strtok_r(NULL, " \t", &text)) {
		if (count == 4)
			return 5;
		words[count++] = word;
	}
	return count;
}

/* Reads TABLE ADDRESS [bit N] into place. */
static int
read_place(struct etch_place *place, const char *value)
{
	char copy[INI_VALUE_MAX + 1];
	char *words[4];
	unsigned long number;
	unsigned count;
	int table = 0;

	memcpy(copy, value, strlen(value) + 1);
	count = split(words, copy);
	if (count != 2 && count != 4)
		return KE_BAD_PROFILE;
	while (table < ETCH_TABLES && strcmp(words[0], tables[table]) != 0)
		table++;
	if (table == ETCH_TABLES || ini_number(&number, words[1], 0, UINT16_MAX) != 0)
		return KE_BAD_PROFILE;
	*place = (struct etch_place){.table = table, .address = (uint16_t)number};
	if (count == 2)
		return 2;
	if (strcmp(words[2], "bit") != 0 || ini_number(&number, words[3], 0, 15) != 0)
		return KE_BAD_PROFILE;
	place->bit = (uint16_t)number;
	return 4;
}

static int
take_item(struct reading *r, enum etch_item item)
{
	struct etch_place *place = &r->profile->places[item];
	bool bit_of_register;
	int words;

	if (once(r, &r->item_line[item]) != 0)
		return KE_BAD_PROFILE;
	words = read_place(place, r->ini.value);
	if (words < 0)
		return etch_profile_fail(r->error, r->ini.line,
			"%s: not of the form TABLE ADDRESS [bit N]", r->ini.key);
	place->count = items[item].registers;
	bit_of_register = items[item].kind == ETCH_BIT &&
			  (place->table == ETCH_HOLDING || place->table == ETCH_INPUT);
	if ((words == 4) != bit_of_register)
		return etch_profile_fail(r->error, r->ini.line, "%s: %s", r->ini.key,
			words == 4 ? "takes no bit here" : "needs a bit of a register");
	if (items[item].kind != ETCH_BIT && place->table != ETCH_HOLDING &&
		place->table != ETCH_INPUT)
		return etch_profile_fail(
			r->error, r->ini.line, "%s: needs a register", r->ini.key);
	if (items[item].host && place->table != ETCH_HOLDING && place->table != ETCH_COIL)
		return etch_profile_fail(r->error, r->ini.line,
			"%s: the host cannot write there", r->ini.key);
	return 0;
}

static int
take_number(struct reading *r, unsigned index)
{
	const struct number_info *info = &numbers[index];
	char *member = (char *)r->profile + info->offset;
	unsigned long value;

	if (once(r, &r->number_line[index]) != 0)
		return KE_BAD_PROFILE;
	if (ini_number(&value, r->ini.value, info->min, info->max) != 0)
		return etch_profile_fail(r->error, r->ini.line,
			"%s: not a number from %lu to %lu", info->key, info->min,
			info->max);
	if (info->size == sizeof(uint16_t))
		*(uint16_t *)(void *)member = (uint16_t)value;
	else
		*(uint32_t *)(void *)member = (uint32_t)value;
	return 0;
}

static int
take_profile(struct reading *r)
{
	const char *value = r->ini.value;

	if (strcmp(r->ini.key, "map-version") == 0 && strcmp(value, "1") == 0)
		return 0;
	if (strcmp(r->ini.key, "word-order") == 0 && strcmp(value, "high-first") == 0) {
		r->profile->low_word_first = false;
		return once(r, &r->order_line);
	}
	if (strcmp(r->ini.key, "word-order") == 0 && strcmp(value, "low-first") == 0) {
		r->profile->low_word_first = true;
		return once(r, &r->order_line);
	}
	return etch_profile_fail(
		r->error, r->ini.line, "%s: unknown key or value", r->ini.key);
}

static int
take_reason(struct reading *r)
{
	unsigned long number;
	int reason = 0;

	while (reason < ETCH_REASONS && strcmp(r->ini.key, reasons[reason].name) != 0)
		reason++;
	if (reason == ETCH_REASONS)
		return etch_profile_fail(
			r->error, r->ini.line, "%s: unknown reason", r->ini.key);
	if (once(r, &r->reason_line[reason]) != 0)
		return KE_BAD_PROFILE;
	if (ini_number(&number, r->ini.value, reason == ETCH_REASON_NONE ? 0 : 1,
		    reason == ETCH_REASON_NONE ? 0 : UINT16_MAX) != 0)
		return etch_profile_fail(
			r->error, r->ini.line, "%s: not a code number", r->ini.key);
	r->profile->reasons[reason] = (uint16_t)number;
	return 0;
}

static int
take_key(struct reading *r)
{
	const struct ini *ini = &r->ini;

	if (strcmp(ini->section, "profile") == 0)
		return take_profile(r);
	if (strcmp(ini->section, "reasons") == 0)
		return take_reason(r);
	for (int i = 0; i < ETCH_ITEMS; i++) {
		if (strcmp(ini->section, items[i].section) == 0 &&
			strcmp(ini->key, items[i].key) == 0)
			return take_item(r, i);
	}
	for (unsigned i = 0; i < NUMBERS; i++) {
		if (strcmp(ini->section, numbers[i].section) == 0 &&
			strcmp(ini->key, numbers[i].key) == 0)
			return take_number(r, i);
	}
	return etch_profile_fail(r->error, ini->line, "%s: unknown key in section [%s]",
		ini->key, ini->section);
}

static int
nothing_missing(struct reading *r)
{
	if (!r->order_line)
		return etch_profile_fail(r->error, 0, "[profile] word-order is missing");
	for (unsigned i = 0; i < ETCH_ITEMS; i++) {
		if (!r->item_line[i])
			return etch_profile_fail(r->error, 0, "[%s] %s is missing",
				items[i].section, items[i].key);
	}
	for (unsigned i = 0; i < NUMBERS; i++) {
		if (!r->number_line[i])
			return etch_profile_fail(r->error, 0, "[%s] %s is missing",
				numbers[i].section, numbers[i].key);
	}
	return 0;
}

int
etch_profile_parse(struct etch_profile *out, struct etch_profile_error *error,
	const char *text, size_t len)
{
	struct reading r = {.profile = out, .error = error};
	int rc;

	memset(out, 0, sizeof *out);
	memset(error, 0, sizeof *error);
	for (unsigned i = 0; i < ETCH_REASONS; i++)
		out->reasons[i] = reasons[i].number;
	ini_begin(&r.ini, text, len);
	while ((rc = ini_next(&r.ini)) > 0) {
		if (take_key(&r) != 0)
			return KE_BAD_PROFILE;
	}
	if (rc < 0)
		return etch_profile_fail(
			error, r.ini.line, "neither [section] nor key = value");
	if (nothing_missing(&r) != 0)
		return KE_BAD_PROFILE;
	out->places[ETCH_CHUNK_DATA].count = out->limits.chunk_registers;
	out->places[ETCH_READBACK_DATA].count = out->limits.readback_registers;
	return etch_profile_check(out, error, r.item_line);
}

const char *
etch_item_name(enum etch_item item)
{
	return items[item].key;
}

enum etch_kind
etch_item_kind(enum etch_item item)
{
	return items[item].kind;
}

bool
etch_item_is_host(enum etch_item item)
{
	return items[item].host;
}

const char *
etch_reason_name(enum etch_reason reason)
{
	return reasons[reason].name;
}

int
etch_profile_reason(const struct etch_profile *p, uint16_t number)
{
	for (int i = 0; i < ETCH_REASONS; i++) {
		if (p->reasons[i] == number)
			return i;
	}
	return -1;
}

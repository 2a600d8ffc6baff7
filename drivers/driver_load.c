/* SPDX-License-Identifier: MIT */
#include "drivers/driver_load.h"

#include <stddef.h>
#include <string.h>

struct kind_row {
	const char *name;
	const char *keys[7];
};

/* The keys that a load of each kind must have; it may have no other. */
static const struct kind_row kinds[] = {
	[DRIVER_LOAD_PLATE] = {"plate", {"kind", "serial", "text", "nonce", "test"}},
	[DRIVER_LOAD_STICKER] = {"sticker",
		{"kind", "serial", "epk", "address", "nonce", "test"}},
	[DRIVER_LOAD_SETUP] = {"setup", {"kind", "nonce", "test"}},
};

static int
find_kind(enum driver_load_kind *kind, const char *name)
{
	for (size_t i = 0; name && i < sizeof kinds / sizeof kinds[0]; i++) {
		if (strcmp(kinds[i].name, name) == 0) {
			*kind = (enum driver_load_kind)i;
			return 0;
		}
	}
	return KE_BAD_LINE;
}

static int
check_keys(const struct line *line, const struct kind_row *row)
{
	size_t count = 0;

	for (const char *const *key = row->keys; *key; key++, count++) {
		const char *value = line_value(line, *key);

		if (!value || !*value)
			return KE_BAD_LINE;
	}
	return count == line->count ? 0 : KE_BAD_LINE;
}

int
driver_load_parse(struct driver_load *load, const struct line *line)
{
	const char *test;

	memset(load, 0, sizeof *load);
	if (find_kind(&load->kind, line_value(line, "kind")) != 0 ||
		check_keys(line, &kinds[load->kind]) != 0)
		return KE_BAD_LINE;
	load->serial = line_value(line, "serial");
	load->text = line_value(line, "text");
	load->epk = line_value(line, "epk");
	load->address = line_value(line, "address");
	load->nonce = line_value(line, "nonce");
	if (strlen(load->nonce) != DRIVER_NONCE_HEX ||
		strspn(load->nonce, "0123456789abcdefABCDEF") != DRIVER_NONCE_HEX)
		return KE_BAD_LINE;
	test = line_value(line, "test");
	if (strcmp(test, "0") != 0 && strcmp(test, "1") != 0)
		return KE_BAD_LINE;
	load->test = test[0] == '1';
	return 0;
}

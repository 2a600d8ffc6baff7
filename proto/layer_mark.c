/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "proto/layer_mark.h"

#include <stdio.h>
#include <string.h>

#define LOWER "/L"

enum { LOWER_LEN = sizeof LOWER - 1 };

int
layer_mark_make(
	char out[LAYER_MARK_SIZE], const char *serial, enum layer_mark_layer layer)
{
	out[0] = '\0';
	if (!name_is_serial(serial, strnlen(serial, SERIAL_SIZE)))
		return KE_BAD_SERIAL;
	(void)snprintf(out, LAYER_MARK_SIZE, "%s%s", serial,
		layer == LAYER_MARK_LOWER ? LOWER : "");
	return 0;
}

int
layer_mark_parse(struct layer_mark *out, const struct serial_pattern *pattern,
	const char *text, size_t len)
{
	enum layer_mark_layer layer = LAYER_MARK_UPPER;
	uint64_t number;
	int rc = 0;

	if (len >= LOWER_LEN && memcmp(text + len - LOWER_LEN, LOWER, LOWER_LEN) == 0) {
		layer = LAYER_MARK_LOWER;
		len -= LOWER_LEN;
	}
	if (pattern)
		rc = serial_to_number(&number, pattern, text, len);
	else if (!name_is_serial(text, len))
		rc = KE_BAD_SERIAL;
	if (rc != 0)
		return rc;
	memcpy(out->serial, text, len);
	out->serial[len] = '\0';
	out->layer = layer;
	return 0;
}

/* SPDX-License-Identifier: MIT */
#include "proto/mode.h"
#include <string.h>

static const char *const mode_names[MODE_COUNT] = {
	[MODE_USA] = "usa",
	[MODE_CHINA] = "china",
};

const char *
mode_name(enum mode mode)
{
	return (unsigned)mode < MODE_COUNT ? mode_names[mode] : "unknown";
}

int
mode_from_name(enum mode *mode, const char *name)
{
	for (unsigned i = 0; i < MODE_COUNT; i++) {
		if (strcmp(mode_names[i], name) == 0) {
			*mode = (enum mode)i;
			return 0;
		}
	}
	return KE_NOT_FOUND;
}

/* SPDX-License-Identifier: MIT */
#include "daemon/shift.h"
#include <stdio.h>
#include <string.h>

bool
shift_is_same_read(
	struct shift *shift, const unsigned char hash[OPERATOR_HASH_LEN], uint64_t now_ms)
{
	bool is_same = shift->read_ms != 0 && now_ms - shift->read_ms < SHIFT_READ_MS &&
		       memcmp(shift->read, hash, sizeof shift->read) == 0;

	memcpy(shift->read, hash, sizeof shift->read);
	shift->read_ms = now_ms;
	return is_same;
}

void
shift_begin(struct shift *shift, const char *who, uint64_t now_ms)
{
	(void)snprintf(shift->who, sizeof shift->who, "%s", who ? who : "");
	shift->since_ms = now_ms;
	shift->is_over = false;
}

bool
shift_has_lasted(const struct shift *shift, uint64_t max_ms, uint64_t now_ms)
{
	return shift->who[0] && now_ms - shift->since_ms >= max_ms;
}

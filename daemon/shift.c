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

bool
shift_wrong(struct shift *shift, uint64_t now_ms)
{
	if (++shift->wrong < SHIFT_WRONG_MAX)
		return false;
	shift->wrong = 0;
	shift->locked_until_ms = now_ms + SHIFT_LOCK_MS;
	return true;
}

bool
shift_is_locked(const struct shift *shift, uint64_t now_ms)
{
	return now_ms < shift->locked_until_ms;
}

void
shift_begin(struct shift *shift, const char *who, uint64_t now_ms)
{
	(void)snprintf(shift->who, sizeof shift->who, "%s", who ? who : "");
	shift->since_ms = now_ms;
	shift->is_over = false;
	/* A wrong code more or less of one who has shown a right one. */
	if (who)
		shift->wrong = 0;
}

bool
shift_has_lasted(const struct shift *shift, uint64_t max_ms, uint64_t now_ms)
{
	return shift->who[0] && now_ms - shift->since_ms >= max_ms;
}

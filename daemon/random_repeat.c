/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/random_repeat.h"

#include <string.h>
#include "proto/hash.h"

/* Where the tag is, or the empty place that it would have. */
static uint64_t *
place_of(uint64_t tags[REPEAT_PLACES], uint64_t tag)
{
	size_t at = tag % REPEAT_PLACES;

	while (tags[at] && tags[at] != tag)
		at = (at + 1) % REPEAT_PLACES;
	return &tags[at];
}

int
random_repeat_feed(struct random_repeat *repeat, const unsigned char *bytes, size_t len)
{
	unsigned char digest[HASH_SHA256_LEN];
	uint64_t tag, *place;
	int error;

	if (repeat->failed)
		return KE_RANDOM;
	if (len < REPEAT_BYTES_MIN)
		return 0;
	error = hash_sha256(digest, bytes, len);
	if (error)
		return error;
	memcpy(&tag, digest, sizeof tag);
	tag |= 1;
	if (repeat->count == REPEAT_KEPT) {
		repeat->newer = !repeat->newer;
		memset(repeat->tags[repeat->newer], 0, sizeof repeat->tags[0]);
		repeat->count = 0;
	}
	place = place_of(repeat->tags[repeat->newer], tag);
	repeat->failed = *place || *place_of(repeat->tags[!repeat->newer], tag);
	*place = tag;
	repeat->count++;
	return repeat->failed ? KE_RANDOM : 0;
}

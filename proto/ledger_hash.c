/* SPDX-License-Identifier: MIT */
#include "proto/ledger_hash.h"
#include "proto/hash.h"
#include <string.h>

static const char tag[] = "keyline ledger event 1";

enum { TEXTS = 7, PARTS = 4 + 2 * TEXTS };

static void
put_be(unsigned char *out, uint64_t value, int len)
{
	for (int i = len; i-- > 0; value >>= 8)
		out[i] = (unsigned char)value;
}

int
ledger_hash(unsigned char out[LEDGER_HASH_LEN], const struct ledger_hash_event *event,
	const unsigned char previous[LEDGER_HASH_LEN])
{
	const char *texts[TEXTS] = {event->actor, event->kind, event->object,
		event->event, event->from_state, event->to_state, event->detail};
	unsigned char seq[8], time[8], lengths[TEXTS][4];
	struct hash_part parts[PARTS];
	int n = 0;

	put_be(seq, event->seq, 8);
	put_be(time, (uint64_t)event->time_ms, 8);
	parts[n++] = (struct hash_part){tag, sizeof tag - 1};
	parts[n++] = (struct hash_part){seq, sizeof seq};
	parts[n++] = (struct hash_part){time, sizeof time};
	for (int i = 0; i < TEXTS; i++) {
		size_t len = texts[i] ? strlen(texts[i]) : 0;

		put_be(lengths[i], len, 4);
		parts[n++] = (struct hash_part){lengths[i], 4};
		parts[n++] = (struct hash_part){texts[i], len};
	}
	parts[n++] = (struct hash_part){previous, LEDGER_HASH_LEN};
	return hash_sha256_parts(out, parts, (size_t)n);
}

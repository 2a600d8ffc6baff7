/* SPDX-License-Identifier: MIT */
#include "proto/verified_token.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/crypto.h>

/* A slot's handle when it holds no token, and while somebody fills or empties it. */
enum { SLOT_FREE = 0, SLOT_BUSY = 1 };

static struct {
	_Atomic uintptr_t handle;
	struct verified_token content;
} slots[VERIFIED_TOKENS_MAX];

/* Tokens given out so far.  Handles are generation * VERIFIED_TOKENS_MAX + slot. */
static _Atomic uintptr_t generation;

static struct verified *
new_handle(size_t slot)
{
	uintptr_t next = atomic_fetch_add(&generation, 1) + 1;

	/* Would begin again at numbers that were given out: never come here. */
	if (next >= UINTPTR_MAX / VERIFIED_TOKENS_MAX)
		abort();
	return (struct verified *)(next * VERIFIED_TOKENS_MAX + slot);
}

struct verified *
verified_token_put(const struct verified_token *content)
{
	for (size_t i = 0; i < VERIFIED_TOKENS_MAX; i++) {
		uintptr_t expected = SLOT_FREE;
		struct verified *token;

		if (!atomic_compare_exchange_strong(
			    &slots[i].handle, &expected, SLOT_BUSY))
			continue;
		slots[i].content = *content;
		token = new_handle(i);
		atomic_store(&slots[i].handle, (uintptr_t)token);
		return token;
	}
	return NULL;
}

const struct verified_token *
verified_token_look(const struct verified *token)
{
	size_t slot = (uintptr_t)token % VERIFIED_TOKENS_MAX;

	if (!token || atomic_load(&slots[slot].handle) != (uintptr_t)token)
		abort();
	return &slots[slot].content;
}

void
verified_token_take(struct verified_token *content, const struct verified *token)
{
	size_t slot = (uintptr_t)token % VERIFIED_TOKENS_MAX;
	uintptr_t expected = (uintptr_t)token;

	if (!token || !atomic_compare_exchange_strong(
			      &slots[slot].handle, &expected, SLOT_BUSY))
		abort();
	*content = slots[slot].content;
	OPENSSL_cleanse(&slots[slot].content, sizeof slots[slot].content);
	atomic_store(&slots[slot].handle, SLOT_FREE);
}

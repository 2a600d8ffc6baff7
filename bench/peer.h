/* SPDX-License-Identifier: MIT */
/*
 * Scrypt by others, in the product's own code: what proto/ asks of scrypt_derive() and
 * scrypt_derive_many() goes to the peer that is set (the linker wraps both).
 */
#ifndef KEYLINE_BENCH_PEER_H
#define KEYLINE_BENCH_PEER_H

#include <stdint.h>
#include "proto/scrypt.h"

struct scrypt_scratch;

struct peer {
	const char *name;
	/* As scrypt_derive_many(). */
	int (*derive)(const struct scrypt_job *jobs, size_t count, uint64_t n, uint32_t r,
		uint32_t p);
};

enum { PEERS_MAX = 8 };

/*
 * The peers that this machine has: OpenSSL always; libsodium and libscrypt-kdf where
 * their libraries are installed; and the kernel that is second best, where the processor
 * runs more than one.  Returns how many.
 */
size_t peer_list(struct peer peers[PEERS_MAX]);

/* From now on; NULL: the product's own.  Not while a thread derives. */
void peer_use(const struct peer *peer);

/* The memory that this thread's kernel by name works in. */
void peer_lend(struct scrypt_scratch *scratch);

#endif

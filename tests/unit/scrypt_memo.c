/* SPDX-License-Identifier: MIT */
#include "harness.h"
#include "scrypt_memo.h"
#include "proto/hash.h"
#include "proto/scrypt.h"

#include <stdlib.h>
#include <string.h>

enum { HEAVY_N = 16384, LIGHT_N = 2, OUT_MAX = 64, MEMO_MAX = 512 };

static struct {
	unsigned char key[HASH_SHA256_LEN];
	unsigned char out[OUT_MAX];
} memo[MEMO_MAX];
static unsigned memo_count;

int __real_scrypt_derive(unsigned char *out, size_t out_len, const unsigned char *pass,
	size_t pass_len, const unsigned char *salt, size_t salt_len, uint64_t n,
	uint32_t r, uint32_t p);
int __wrap_scrypt_derive(unsigned char *out, size_t out_len, const unsigned char *pass,
	size_t pass_len, const unsigned char *salt, size_t salt_len, uint64_t n,
	uint32_t r, uint32_t p);

int __wrap_scrypt_derive_many(
	const struct scrypt_job *jobs, size_t count, uint64_t n, uint32_t r, uint32_t p);

int
__wrap_scrypt_derive(unsigned char *out, size_t out_len, const unsigned char *pass,
	size_t pass_len, const unsigned char *salt, size_t salt_len, uint64_t n,
	uint32_t r, uint32_t p)
{
	const uint64_t numbers[] = {out_len, pass_len, salt_len, n, r, p};
	const struct hash_part parts[] = {
		{numbers, sizeof numbers},
		{pass, pass_len},
		{salt, salt_len},
	};
	unsigned char key[HASH_SHA256_LEN];
	int rc;

	if (n < HEAVY_N || out_len > OUT_MAX)
		return __real_scrypt_derive(
			out, out_len, pass, pass_len, salt, salt_len, n, r, p);
	if (hash_sha256_parts(key, parts, 3) != 0 || memo_count == MEMO_MAX)
		abort();
	if (harness_light())
		return __real_scrypt_derive(
			out, out_len, pass, pass_len, salt, salt_len, LIGHT_N, r, p);
	for (unsigned i = 0; i < memo_count; i++) {
		if (memcmp(memo[i].key, key, sizeof key) == 0) {
			memcpy(out, memo[i].out, out_len);
			return 0;
		}
	}
	rc = __real_scrypt_derive(out, out_len, pass, pass_len, salt, salt_len, n, r, p);
	if (rc == 0) {
		memcpy(memo[memo_count].key, key, sizeof key);
		memcpy(memo[memo_count++].out, out, out_len);
	}
	return rc;
}

/* One by one: that several at once are the same shows in tests/unit/test_scrypt. */
int
__wrap_scrypt_derive_many(
	const struct scrypt_job *jobs, size_t count, uint64_t n, uint32_t r, uint32_t p)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = __wrap_scrypt_derive(jobs[i].out, jobs[i].out_len, jobs[i].pass,
			jobs[i].pass_len, jobs[i].salt, jobs[i].salt_len, n, r, p);
	return rc;
}

void
scrypt_memo_done(void)
{
	memo_count = 0;
}

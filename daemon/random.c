/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/random.h"
#include "proto/secret_bytes.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/random.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include "daemon/random_health.h"
#include "daemon/random_repeat.h"
#include "proto/error.h"

enum { SELF_CHECK_BYTES = 4096, BLOCK = 32 };

/* A source, as it came, and what its checks have seen of it. */
struct source {
	struct random_health health;
	struct random_repeat repeat;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct source generator, kernel;
/* The second source's; NULL: there is none. */
static struct secret *pool;
static uint64_t pool_blocks;

static int
check(struct source *source, const unsigned char *bytes, size_t len)
{
	int error = random_health_feed(&source->health, bytes, len);
	int repeated = random_repeat_feed(&source->repeat, bytes, len);

	return error ? error : repeated;
}

static int
from_kernel(unsigned char *out, size_t len)
{
	for (size_t at = 0; at < len;) {
		ssize_t got = getrandom(out + at, len - at, 0);

		if (got < 0 && errno != EINTR)
			return KE_RANDOM;
		at += got > 0 ? (size_t)got : 0;
	}
	return 0;
}

static int
hmac(unsigned char out[BLOCK], const struct secret *key, const void *text, size_t len)
{
	unsigned int out_len = 0;

	if (!HMAC(EVP_sha256(), secret_view(key), (int)secret_len(key), text, len, out,
		    &out_len))
		return KE_CRYPTO;
	return out_len == BLOCK ? 0 : KE_CRYPTO;
}

/* Adds HMAC-SHA256(pool, number of the block): a stream that nobody without the pool can
 * tell from any other, so that a sum with it is as good as the better one of the two. */
static int
add_pool(unsigned char *out, size_t len)
{
	unsigned char block[BLOCK];
	int error = 0;

	for (size_t at = 0; pool && error == 0 && at < len; at += BLOCK) {
		pool_blocks++;
		error = hmac(block, pool, &pool_blocks, sizeof pool_blocks);
		for (size_t i = 0; error == 0 && i < BLOCK && at + i < len; i++)
			out[at + i] ^= block[i];
	}
	OPENSSL_cleanse(block, sizeof block);
	return error;
}

/* One piece: OpenSSL's generator, plus the kernel's bytes, plus the pool; each source is
 * checked as it came, for a sum of them hides what is wrong with one. */
static int
fill_some(unsigned char *out, size_t len)
{
	unsigned char other[SELF_CHECK_BYTES];
	int error = RAND_priv_bytes_ex(NULL, out, len, 0) == 1 ? 0 : KE_RANDOM;

	if (error == 0)
		error = from_kernel(other, len);
	pthread_mutex_lock(&lock);
	if (error == 0)
		error = check(&generator, out, len);
	if (error == 0)
		error = check(&kernel, other, len);
	for (size_t i = 0; error == 0 && i < len; i++)
		out[i] ^= other[i];
	if (error == 0)
		error = add_pool(out, len);
	pthread_mutex_unlock(&lock);
	OPENSSL_cleanse(other, len);
	return error;
}

static int
fill(void *state, unsigned char *out, size_t len)
{
	int error = 0;

	(void)state;
	for (size_t at = 0; error == 0 && at < len; at += SELF_CHECK_BYTES) {
		size_t left = len - at;

		error = fill_some(
			out + at, left < SELF_CHECK_BYTES ? left : SELF_CHECK_BYTES);
	}
	if (error)
		OPENSSL_cleanse(out, len);
	return error;
}

struct rng *
random_source(void)
{
	static struct rng source = { fill, NULL };

	return &source;
}

int
random_self_check(void)
{
	unsigned char block[SELF_CHECK_BYTES];
	int error;

	/* OpenSSL 3.0 calls through a null pointer later when this has failed. */
	if (!OSSL_LIB_CTX_get0_global_default())
		return KE_NO_MEMORY;
	error = fill(NULL, block, sizeof block);
	OPENSSL_cleanse(block, sizeof block);
	return error;
}

int
random_mix_in(const struct secret *bytes)
{
	static const unsigned char zeros[BLOCK];
	struct secret *next = secret_new(BLOCK);
	int error = next ? 0 : KE_NO_MEMORY;

	pthread_mutex_lock(&lock);
	if (error == 0 && !pool) {
		pool = secret_new(BLOCK);
		error = pool ? secret_set(pool, zeros, BLOCK) : KE_NO_MEMORY;
	}
	if (error == 0)
		error = hmac(
			secret_bytes(next), pool, secret_view(bytes), secret_len(bytes));
	if (error == 0)
		error = secret_set_len(next, BLOCK);
	if (error == 0) {
		secret_free(pool);
		pool = next;
		next = NULL;
	}
	pthread_mutex_unlock(&lock);
	secret_free(next);
	return error;
}

void
random_end(void)
{
	pthread_mutex_lock(&lock);
	secret_free(pool);
	pool = NULL;
	pool_blocks = 0;
	pthread_mutex_unlock(&lock);
}

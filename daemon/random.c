/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "daemon/random.h"

#include <pthread.h>
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include "daemon/random_health.h"
#include "proto/error.h"

enum { SELF_CHECK_BYTES = 4096 };

static pthread_mutex_t health_lock = PTHREAD_MUTEX_INITIALIZER;
static struct random_health health;

static int
fill(void *state, unsigned char *out, size_t len)
{
	int error;

	(void)state;
	if (RAND_priv_bytes_ex(NULL, out, len, 0) != 1) {
		OPENSSL_cleanse(out, len);
		return KE_RANDOM;
	}
	pthread_mutex_lock(&health_lock);
	error = random_health_feed(&health, out, len);
	pthread_mutex_unlock(&health_lock);
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

/* SPDX-License-Identifier: MIT */
/*
 * Loaded before libcrypto it puts secrets on the ordinary heap: valgrind does not look
 * inside of OpenSSL's locked one, and would see no overflow there.  What libcrypto takes
 * of it for itself comes here too.
 */
#include <openssl/crypto.h>
#include <stdlib.h>

static int began;

int
CRYPTO_secure_malloc_init(size_t size, size_t least)
{
	(void)least;
	began = size != 0;
	return began;
}

int
CRYPTO_secure_malloc_done(void)
{
	began = 0;
	return 1;
}

int
CRYPTO_secure_malloc_initialized(void)
{
	return began;
}

void *
CRYPTO_secure_malloc(size_t len, const char *file, int line)
{
	(void)file;
	(void)line;
	return malloc(len);
}

void *
CRYPTO_secure_zalloc(size_t len, const char *file, int line)
{
	(void)file;
	(void)line;
	return calloc(1, len);
}

void
CRYPTO_secure_free(void *block, const char *file, int line)
{
	(void)file;
	(void)line;
	free(block);
}

void
CRYPTO_secure_clear_free(void *block, size_t len, const char *file, int line)
{
	(void)file;
	(void)line;
	if (block)
		OPENSSL_cleanse(block, len);
	free(block);
}

/* None of them is on the locked heap. */
int
CRYPTO_secure_allocated(const void *block)
{
	(void)block;
	return 0;
}

size_t
CRYPTO_secure_actual_size(void *block)
{
	(void)block;
	return 0;
}

size_t
CRYPTO_secure_used(void)
{
	return 0;
}

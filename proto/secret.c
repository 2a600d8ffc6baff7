/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "proto/secret_bytes.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <openssl/crypto.h>

/* The smallest block of the locked heap; a shorter secret takes one. */
enum { HEAP_BLOCK_MIN = 32 };

struct secret {
	size_t capacity;
	size_t len;
	unsigned char bytes[];
};

#ifdef KEYLINE_SECRET_MALLOC
/* Overflows of locked blocks are invisible to sanitizers: here they show. */
int
secret_heap_init(size_t bytes)
{
	return bytes ? 0 : KE_NO_LOCKED_MEMORY;
}

void
secret_heap_done(void)
{
}

static void *
heap_take(size_t bytes)
{
	return calloc(1, bytes);
}

static void
heap_give(void *block, size_t bytes)
{
	OPENSSL_cleanse(block, bytes);
	free(block);
}
#else
int
secret_heap_init(size_t bytes)
{
	/* 2 means that the heap exists but mlock failed: not good enough. */
	return CRYPTO_secure_malloc_init(bytes, HEAP_BLOCK_MIN) == 1 ? 0
								      : KE_NO_LOCKED_MEMORY;
}

void
secret_heap_done(void)
{
	CRYPTO_secure_malloc_done();
}

static void *
heap_take(size_t bytes)
{
	/* Before init OpenSSL would hand out ordinary memory without a word. */
	if (!CRYPTO_secure_malloc_initialized())
		return NULL;
	return OPENSSL_secure_zalloc(bytes);
}

static void
heap_give(void *block, size_t bytes)
{
	OPENSSL_secure_clear_free(block, bytes);
}
#endif

struct secret *
secret_new(size_t capacity)
{
	struct secret *s;

	if (capacity > SIZE_MAX - sizeof *s)
		return NULL;
	s = heap_take(sizeof *s + capacity);
	if (s)
		s->capacity = capacity;
	return s;
}

void
secret_free(struct secret *s)
{
	if (s)
		heap_give(s, sizeof *s + s->capacity);
}

size_t
secret_len(const struct secret *s)
{
	return s->len;
}

size_t
secret_capacity(const struct secret *s)
{
	return s->capacity;
}

int
secret_set(struct secret *s, const void *bytes, size_t len)
{
	if (len > s->capacity)
		return KE_TOO_LONG;
	secret_clear(s);
	return secret_append(s, bytes, len);
}

int
secret_append(struct secret *s, const void *bytes, size_t len)
{
	if (len > s->capacity - s->len)
		return KE_TOO_LONG;
	if (len)
		memcpy(s->bytes + s->len, bytes, len);
	s->len += len;
	return 0;
}

int
secret_append_secret(struct secret *s, const struct secret *from)
{
	return secret_append(s, from->bytes, from->len);
}

void
secret_clear(struct secret *s)
{
	OPENSSL_cleanse(s->bytes, s->capacity);
	s->len = 0;
}

bool
secret_equal(const struct secret *a, const struct secret *b)
{
	return a->len == b->len && CRYPTO_memcmp(a->bytes, b->bytes, a->len) == 0;
}

unsigned char *
secret_bytes(struct secret *s)
{
	return s->bytes;
}

const unsigned char *
secret_view(const struct secret *s)
{
	return s->bytes;
}

int
secret_set_len(struct secret *s, size_t len)
{
	if (len > s->capacity)
		return KE_TOO_LONG;
	s->len = len;
	return 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * What the fuzz targets share.  A target is one decoder with what must hold of it:
 * mostly that what parses can be written and is the same text again, so that nothing has
 * two forms, and that what is refused gives nothing out.
 */
#ifndef KEYLINE_TESTS_FUZZ_H
#define KEYLINE_TESTS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "proto/secret.h"

/* Ends the process with the broken property; libFuzzer then keeps the input. */
#define HOLDS(property)                                                         \
	do {                                                                    \
		if (!(property)) {                                              \
			fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, \
				__LINE__, #property);                           \
			abort();                                                \
		}                                                               \
	} while (0)

enum { FUZZ_HEAP = 1 << 18 };

/* Both are libFuzzer's names; each returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);
int LLVMFuzzerInitialize(int *argc, char ***argv);

/* A copy that ends in a NUL, for decoders of texts; free() it. */
static inline char *
fuzz_text(const uint8_t *bytes, size_t len)
{
	char *text = malloc(len + 1);

	HOLDS(text);
	memcpy(text, bytes, len);
	text[len] = '\0';
	return text;
}

/* Whether a is b[0..len-1]. */
static inline bool
fuzz_is(const char *a, const uint8_t *b, size_t len)
{
	return strlen(a) == len && memcmp(a, b, len) == 0;
}

/* A secret of those bytes. */
static inline struct secret *
fuzz_secret(const uint8_t *bytes, size_t len)
{
	struct secret *secret = secret_new(len);

	HOLDS(secret && secret_set(secret, bytes, len) == 0);
	return secret;
}

/* For a target that needs nothing but secrets to begin with. */
#define FUZZ_BEGIN                                               \
	int LLVMFuzzerInitialize(int *argc, char ***argv)        \
	{                                                        \
		(void)argc;                                      \
		(void)argv;                                      \
		return secret_heap_init(FUZZ_HEAP) == 0 ? 0 : 1; \
	}

#endif

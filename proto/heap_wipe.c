/* SPDX-License-Identifier: MIT */
/*
 * Whatever a program frees is overwritten, by whichever library.  Linked into a program,
 * these two stand before those of the C library, for all that is linked with it, too.
 * M_PERTURB does not do that: glibc keeps lists of freed blocks of up to 1032 bytes by
 * thread (tcache) that it passes over, and a passphrase or an EPK is no longer than that.
 * With sanitizers and valgrind the allocator is theirs.
 */
#include "config.h"

#ifndef KEYLINE_SECRET_MALLOC
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

/* What the C library's own are called beside. */
void __libc_free(void *block);
void *__libc_realloc(void *block, size_t size);

/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name): those are reserved */
void
free(void *block)
{
	if (block)
		explicit_bzero(block, malloc_usable_size(block));
	__libc_free(block);
}

void *
realloc(void *block, size_t size)
{
	size_t room = block ? malloc_usable_size(block) : 0;
	void *grown;

	if (size <= room) {
		/* What is cut off goes back to the heap. */
		if (block)
			explicit_bzero((unsigned char *)block + size, room - size);
		return __libc_realloc(block, size);
	}
	grown = malloc(size);
	if (!grown)
		return NULL;
	if (block)
		memcpy(grown, block, room);
	free(block);
	return grown;
}
/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
#else
/* A file of nothing is no C. */
extern int heap_wipe_is_left_out;
#endif

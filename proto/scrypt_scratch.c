/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "proto/scrypt_scratch.h"

#include <stdint.h>
#include <stdlib.h>
#include <openssl/crypto.h>
#include <sys/mman.h>

/* What a huge page holds on the machines that have them. */
enum { HUGE_PAGE = 2 << 20 };

struct scrypt_scratch {
	size_t most;
	/* What was mapped, and what in it is ours. */
	void *mapped;
	size_t mapped_len;
	unsigned char *bytes;
	size_t len;
	/* So much of it was handed out since it was wiped. */
	size_t used;
};

struct scrypt_scratch *
scrypt_scratch_new(size_t most)
{
	struct scrypt_scratch *scratch = calloc(1, sizeof *scratch);

	if (scratch)
		scratch->most = most;
	return scratch;
}

void
scrypt_scratch_wipe(struct scrypt_scratch *scratch)
{
	if (scratch->used)
		OPENSSL_cleanse(scratch->bytes, scratch->used);
	scratch->used = 0;
}

static void
give_back(struct scrypt_scratch *scratch)
{
	scrypt_scratch_wipe(scratch);
	/* It fails only for what was never mapped. */
	if (scratch->mapped)
		(void)munmap(scratch->mapped, scratch->mapped_len);
	scratch->mapped = NULL;
	scratch->bytes = NULL;
	scratch->len = 0;
}

/* len: whole huge pages.  One page more is mapped, so that the first can be aligned. */
static void
map(struct scrypt_scratch *scratch, size_t len)
{
	size_t mapped_len = len + HUGE_PAGE;
	void *mapped = mmap(NULL, mapped_len, PROT_READ | PROT_WRITE,
		MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	if (mapped == MAP_FAILED)
		return;
	if (madvise(mapped, mapped_len, MADV_DONTDUMP) != 0 ||
		madvise(mapped, mapped_len, MADV_DONTFORK) != 0) {
		(void)munmap(mapped, mapped_len);
		return;
	}
	/* A system without huge pages is only slower. */
	(void)madvise(mapped, mapped_len, MADV_HUGEPAGE);
	scratch->mapped = mapped;
	scratch->mapped_len = mapped_len;
	scratch->bytes = (unsigned char *)mapped +
			 (HUGE_PAGE - (uintptr_t)mapped % HUGE_PAGE) % HUGE_PAGE;
	scratch->len = len;
}

void *
scrypt_scratch_take(struct scrypt_scratch *scratch, size_t bytes)
{
	if (bytes > scratch->most || bytes > SIZE_MAX - 2 * (size_t)HUGE_PAGE)
		return NULL;
	if (bytes > scratch->len) {
		give_back(scratch);
		map(scratch, (bytes + HUGE_PAGE - 1) / HUGE_PAGE * HUGE_PAGE);
	}
	if (!scratch->bytes)
		return NULL;
	if (bytes > scratch->used)
		scratch->used = bytes;
	return scratch->bytes;
}

void
scrypt_scratch_free(struct scrypt_scratch *scratch)
{
	if (scratch)
		give_back(scratch);
	free(scratch);
}

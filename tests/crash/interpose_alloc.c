/* SPDX-License-Identifier: MIT */
/* Allocations that fail, and scrypt that is computed once for a whole campaign. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <unwind.h>
#include "tests/crash/interpose.h"

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

/* Unwinding may allocate. */
static __thread bool looking __attribute__((tls_model("initial-exec")));

struct way {
	uint64_t hash, caller;
	unsigned depth;
};

static _Unwind_Reason_Code
one_frame(struct _Unwind_Context *context, void *closure)
{
	struct way *way = closure;

	/* What lies between here and the caller is our own. */
	if (way->depth == 0 && _Unwind_GetIP(context) != way->caller)
		return _URC_NO_REASON;
	way->hash = (way->hash ^ _Unwind_GetIP(context)) * 0x100000001b3u;
	return ++way->depth < POINTS_DEPTH ? _URC_NO_REASON : _URC_NORMAL_STOP;
}

/* Never 0. */
static uint64_t
hash_of_way(uint64_t caller)
{
	struct way way = {0xcbf29ce484222325u, caller, 0};

	looking = true;
	(void)_Unwind_Backtrace(one_frame, &way);
	looking = false;
	return way.hash ? way.hash : 1;
}

static void
count_site(uint64_t hash, uint64_t caller)
{
	uint32_t at = (uint32_t)(hash ^ hash >> 32);

	for (uint32_t i = 0; i < POINTS_SITES; i++, at++) {
		struct points_site *site = &points->sites[at & (POINTS_SITES - 1)];
		uint64_t none = 0;

		if (__atomic_load_n(&site->hash, __ATOMIC_SEQ_CST) == hash ||
			__atomic_compare_exchange_n(&site->hash, &none, hash, false,
				__ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST) ||
			none == hash) {
			site->caller = caller;
			__atomic_add_fetch(&site->count, 1, __ATOMIC_SEQ_CST);
			return;
		}
	}
	points->site_overflow = 1;
}

/* Whether this is the chosen one of a chosen way. */
static bool
is_target(uint64_t caller)
{
	uint64_t hash = 0;

	for (uint64_t i = 0; i < points->target_count; i++) {
		struct points_target *target = &points->targets[i];

		if (target->fired || target->caller != caller)
			continue;
		if (hash == 0)
			hash = hash_of_way(caller);
		if (target->hash != hash)
			continue;
		if (__atomic_add_fetch(&target->seen, 1, __ATOMIC_SEQ_CST) !=
			target->nth)
			return false;
		target->fired = 1;
		return true;
	}
	return false;
}

/* True when this allocation is to fail. */
static bool
alloc_fails(const void *from)
{
	uint64_t n, until, caller = (uintptr_t)from;

	if (!points || !points->alloc_enabled || !(points->alloc_programs >> program & 1))
		return false;
	if (looking)
		return false;
	n = __atomic_add_fetch(&points->alloc_count, 1, __ATOMIC_SEQ_CST);
	if (points->site_record)
		count_site(hash_of_way(caller), caller);
	until = points->alloc_until > points->alloc_at ? points->alloc_until
						       : points->alloc_at;
	if ((points->alloc_at == 0 || n < points->alloc_at || n > until) &&
		!is_target(caller))
		return false;
	if (points->alloc_fired == 0) {
		points->alloc_fired = n;
		points->alloc_caller = caller;
	}
	errno = ENOMEM;
	return true;
}

void *
malloc(size_t size)
{
	return alloc_fails(__builtin_return_address(0)) ? NULL : __libc_malloc(size);
}

void *
calloc(size_t count, size_t size)
{
	return alloc_fails(__builtin_return_address(0)) ? NULL
							: __libc_calloc(count, size);
}

void *
realloc(void *old, size_t size)
{
	if (size > 0 && alloc_fails(__builtin_return_address(0)))
		return NULL;
	return __libc_realloc(old, size);
}

void *
memalign(size_t alignment, size_t size)
{
	return alloc_fails(__builtin_return_address(0))
		       ? NULL
		       : __libc_memalign(alignment, size);
}

void *
aligned_alloc(size_t alignment, size_t size)
{
	return alloc_fails(__builtin_return_address(0))
		       ? NULL
		       : __libc_memalign(alignment, size);
}

int
posix_memalign(void **out, size_t alignment, size_t size)
{
	if (alloc_fails(__builtin_return_address(0)))
		return ENOMEM;
	*out = __libc_memalign(alignment, size);
	return *out ? 0 : ENOMEM;
}

typedef int scrypt_function(const char *pass, size_t pass_len, const unsigned char *salt,
	size_t salt_len, uint64_t n, uint64_t r, uint64_t p, uint64_t max,
	unsigned char *key, size_t key_len);

/* What one call took and gave; of a file that outlives the programs. */
struct memo {
	uint32_t ready;
	uint32_t pass_len, salt_len, key_len;
	uint64_t n;
	unsigned char pass[160], salt[64], key[64];
};

enum { MEMOS = 256 };

static struct memo *
memos(void)
{
	static struct memo *map;
	void *found;
	int fd;

	if (map || !points || !points->memo[0])
		return map;
	fd = open(points->memo, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return NULL;
	found = mmap(
		NULL, MEMOS * sizeof *map, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	map = found == MAP_FAILED ? NULL : found;
	return map;
}

static void
remember(const char *pass, size_t pass_len, const unsigned char *salt, size_t salt_len,
	uint64_t n, const unsigned char *key, size_t key_len)
{
	struct memo *m = memos();

	for (int i = 0; i < MEMOS; i++, m++) {
		uint32_t free_slot = 0;

		if (!__atomic_compare_exchange_n(&m->ready, &free_slot, 1, false,
			    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST))
			continue;
		m->pass_len = (uint32_t)pass_len;
		m->salt_len = (uint32_t)salt_len;
		m->key_len = (uint32_t)key_len;
		m->n = n;
		memcpy(m->pass, pass, pass_len);
		memcpy(m->salt, salt, salt_len);
		memcpy(m->key, key, key_len);
		__atomic_store_n(&m->ready, 2, __ATOMIC_SEQ_CST);
		return;
	}
}

/* The passphrases of a campaign are no secrets; each costs its scrypt once. */
int
EVP_PBE_scrypt(const char *pass, size_t pass_len, const unsigned char *salt,
	size_t salt_len, uint64_t n, uint64_t r, uint64_t p, uint64_t max,
	unsigned char *key, size_t key_len)
{
	scrypt_function *real = (scrypt_function *)dlsym(RTLD_NEXT, "EVP_PBE_scrypt");
	struct memo *m = memos();
	int rc;

	if (m && (pass_len > sizeof m->pass || salt_len > sizeof m->salt ||
			 key_len > sizeof m->key || !key))
		m = NULL;
	for (int i = 0; m && i < MEMOS; i++)
		if (__atomic_load_n(&m[i].ready, __ATOMIC_SEQ_CST) == 2 && m[i].n == n &&
			m[i].pass_len == pass_len && m[i].salt_len == salt_len &&
			m[i].key_len == key_len &&
			memcmp(m[i].pass, pass, pass_len) == 0 &&
			memcmp(m[i].salt, salt, salt_len) == 0) {
			memcpy(key, m[i].key, key_len);
			return 1;
		}
	rc = real(pass, pass_len, salt, salt_len, n, r, p, max, key, key_len);
	if (rc == 1 && m)
		remember(pass, pass_len, salt, salt_len, n, key, key_len);
	return rc;
}

/* SPDX-License-Identifier: MIT */
#include "bench/peer.h"
#include "proto/scrypt_kernel.h"

#include <dlfcn.h>

/* RFC 7914's parameters as both libraries take them; 0 is success. */
typedef int library_scrypt(const uint8_t *pass, size_t pass_len, const uint8_t *salt,
	size_t salt_len, uint64_t n, uint32_t r, uint32_t p, uint8_t *out,
	size_t out_len);

int __real_scrypt_derive(unsigned char *out, size_t out_len, const unsigned char *pass,
	size_t pass_len, const unsigned char *salt, size_t salt_len, uint64_t n,
	uint32_t r, uint32_t p);
int __real_scrypt_derive_many(
	const struct scrypt_job *jobs, size_t count, uint64_t n, uint32_t r, uint32_t p);
int __wrap_scrypt_derive(unsigned char *out, size_t out_len, const unsigned char *pass,
	size_t pass_len, const unsigned char *salt, size_t salt_len, uint64_t n,
	uint32_t r, uint32_t p);
int __wrap_scrypt_derive_many(
	const struct scrypt_job *jobs, size_t count, uint64_t n, uint32_t r, uint32_t p);

static const struct peer *used;
static library_scrypt *sodium, *kdf;
static const struct scrypt_kernel *second;
static _Thread_local struct scrypt_scratch *lent;

void
peer_use(const struct peer *peer)
{
	used = peer;
}

void
peer_lend(struct scrypt_scratch *scratch)
{
	lent = scratch;
}

int
__wrap_scrypt_derive(unsigned char *out, size_t out_len, const unsigned char *pass,
	size_t pass_len, const unsigned char *salt, size_t salt_len, uint64_t n,
	uint32_t r, uint32_t p)
{
	const struct scrypt_job job = {out, out_len, pass, pass_len, salt, salt_len};

	if (used)
		return used->derive(&job, 1, n, r, p);
	return __real_scrypt_derive(
		out, out_len, pass, pass_len, salt, salt_len, n, r, p);
}

int
__wrap_scrypt_derive_many(
	const struct scrypt_job *jobs, size_t count, uint64_t n, uint32_t r, uint32_t p)
{
	if (used)
		return used->derive(jobs, count, n, r, p);
	return __real_scrypt_derive_many(jobs, count, n, r, p);
}

static int
one_by_one(library_scrypt *scrypt, const struct scrypt_job *jobs, size_t count,
	uint64_t n, uint32_t r, uint32_t p)
{
	for (size_t i = 0; i < count; i++)
		if (scrypt(jobs[i].pass, jobs[i].pass_len, jobs[i].salt, jobs[i].salt_len,
			    n, r, p, jobs[i].out, jobs[i].out_len) != 0)
			return KE_CRYPTO;
	return 0;
}

static int
by_sodium(const struct scrypt_job *jobs, size_t count, uint64_t n, uint32_t r, uint32_t p)
{
	return one_by_one(sodium, jobs, count, n, r, p);
}

static int
by_kdf(const struct scrypt_job *jobs, size_t count, uint64_t n, uint32_t r, uint32_t p)
{
	return one_by_one(kdf, jobs, count, n, r, p);
}

/* So many side by side as fill it. */
static int
by_second(const struct scrypt_job *jobs, size_t count, uint64_t n, uint32_t r, uint32_t p)
{
	return scrypt_kernel_derive(second, lent, jobs, count, n, r, p);
}

/* The libraries stay loaded. */
static library_scrypt *
find(const char *library, const char *start, const char *function)
{
	void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
	int (*begin)(void);

	if (!handle)
		return NULL;
	begin = start ? (int (*)(void))dlsym(handle, start) : NULL;
	if (start && (!begin || begin() < 0))
		return NULL;
	return (library_scrypt *)dlsym(handle, function);
}

/* The AVX2 kernel where AVX-512 is the product's choice: what a lesser processor has. */
static const struct scrypt_kernel *
find_second(void)
{
	const struct scrypt_kernel *last = NULL;
	size_t runs = 0;

	for (size_t i = 0; scrypt_kernels[i]; i++)
		if (scrypt_kernels[i]->runs()) {
			last = scrypt_kernels[i];
			runs++;
		}
	return runs > 1 ? last : NULL;
}

size_t
peer_list(struct peer peers[PEERS_MAX])
{
	size_t count = 0;

	peers[count++] = (struct peer){"openssl", scrypt_portable_derive};
	sodium = find("libsodium.so.23", "sodium_init",
		"crypto_pwhash_scryptsalsa208sha256_ll");
	if (sodium)
		peers[count++] = (struct peer){"libsodium", by_sodium};
	kdf = find("libscrypt-kdf.so.1", NULL, "crypto_scrypt");
	if (kdf)
		peers[count++] = (struct peer){"libscrypt-kdf", by_kdf};
	second = find_second();
	if (second)
		peers[count++] = (struct peer){second->name, by_second};
	return count;
}

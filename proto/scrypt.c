/* SPDX-License-Identifier: MIT */
#include "proto/scrypt.h"
#include "proto/scrypt_kernel.h"
#include "proto/scrypt_scratch.h"

#include <limits.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

enum { LANE_BLOCK = 128, FACTOR_MAX = 1 << 30 };

const struct scrypt_kernel *const scrypt_kernels[] = {
#if defined(__x86_64__)
	&scrypt_avx512,
	&scrypt_avx2,
#endif
	NULL,
};

static _Thread_local struct scrypt_scratch *lent;

void
scrypt_use(struct scrypt_scratch *scratch)
{
	lent = scratch;
}

/* The bytes that a kernel works in; 0 when it can't do these parameters. */
static size_t
room_for(const struct scrypt_kernel *kernel, uint64_t n, uint32_t r, uint32_t p)
{
	/* BIP38 takes an eighth of it; what asks for more is left to OpenSSL's limits. */
	static const uint64_t most = (uint64_t)1 << 30;
	uint64_t lane = (uint64_t)LANE_BLOCK * r;

	if (n < 2 || (n & (n - 1)) != 0 || n > most || r == 0 || r > FACTOR_MAX ||
		p == 0 || p > FACTOR_MAX / r || p % kernel->width != 0 ||
		lane * kernel->width > most / n)
		return 0;
	return (size_t)(lane * kernel->width * (n + 2) + lane * p);
}

static int
pbkdf2(unsigned char *out, size_t out_len, const unsigned char *pass, size_t pass_len,
	const unsigned char *salt, size_t salt_len)
{
	if (pass_len > INT_MAX || salt_len > INT_MAX || out_len > INT_MAX)
		return KE_CRYPTO;
	return PKCS5_PBKDF2_HMAC((const char *)pass, (int)pass_len, salt, (int)salt_len,
		       1, EVP_sha256(), (int)out_len, out)
		       ? 0
		       : KE_CRYPTO;
}

int
scrypt_kernel_derive(const struct scrypt_kernel *kernel, struct scrypt_scratch *scratch,
	unsigned char *out, size_t out_len, const unsigned char *pass, size_t pass_len,
	const unsigned char *salt, size_t salt_len, uint64_t n, uint32_t r, uint32_t p)
{
	size_t lane = (size_t)LANE_BLOCK * r, room = room_for(kernel, n, r, p);
	unsigned char *v = room ? scrypt_scratch_take(scratch, room) : NULL, *work, *b;
	int rc = !room ? KE_BAD_ARGUMENT : !v ? KE_NO_MEMORY : 0;

	if (rc == 0) {
		work = v + lane * kernel->width * n;
		b = work + 2 * lane * kernel->width;
		rc = pbkdf2(b, lane * p, pass, pass_len, salt, salt_len);
	}
	for (uint32_t i = 0; rc == 0 && i < p; i += kernel->width)
		kernel->romix((uint32_t *)(b + lane * i), work, (uint32_t *)v, n, r);
	if (rc == 0)
		rc = pbkdf2(out, out_len, pass, pass_len, b, lane * p);
	if (rc != 0)
		OPENSSL_cleanse(out, out_len);
	return rc;
}

static const struct scrypt_kernel *
kernel_for(uint64_t n, uint32_t r, uint32_t p)
{
	for (size_t i = 0; scrypt_kernels[i]; i++)
		if (room_for(scrypt_kernels[i], n, r, p) && scrypt_kernels[i]->runs())
			return scrypt_kernels[i];
	return NULL;
}

/* One lane after the other, in memory of its own. */
static int
derive_portable(unsigned char *out, size_t out_len, const unsigned char *pass,
	size_t pass_len, const unsigned char *salt, size_t salt_len, uint64_t n,
	uint32_t r, uint32_t p)
{
	/* More than any caller needs (BIP38: 17 MiB); OpenSSL's own limit is lower. */
	static const uint64_t memory_max = 128 << 20;
	/* OpenSSL takes a NULL password for "only check the parameters". */
	const char *bytes = pass_len ? (const char *)pass : "";

	if (EVP_PBE_scrypt(
		    bytes, pass_len, salt, salt_len, n, r, p, memory_max, out, out_len))
		return 0;
	OPENSSL_cleanse(out, out_len);
	return KE_CRYPTO;
}

int
scrypt_derive(unsigned char *out, size_t out_len, const unsigned char *pass,
	size_t pass_len, const unsigned char *salt, size_t salt_len, uint64_t n,
	uint32_t r, uint32_t p)
{
	const struct scrypt_kernel *kernel = kernel_for(n, r, p);
	struct scrypt_scratch *own = NULL, *scratch = lent;
	int rc = KE_NO_MEMORY;

	if (kernel && !scratch)
		scratch = own = scrypt_scratch_new(SIZE_MAX);
	if (kernel && scratch)
		rc = scrypt_kernel_derive(kernel, scratch, out, out_len, pass, pass_len,
			salt, salt_len, n, r, p);
	scrypt_scratch_free(own);
	/* A budget or a machine too small for a kernel still has room for one lane. */
	return rc == KE_NO_MEMORY ? derive_portable(out, out_len, pass, pass_len, salt,
					    salt_len, n, r, p)
				  : rc;
}

/* SPDX-License-Identifier: MIT */
#include "proto/scrypt.h"
#include "proto/scrypt_kernel.h"
#include "proto/scrypt_scratch.h"

#include <limits.h>
#include <string.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>

enum { LANE_BLOCK = 128, FACTOR_MAX = 1 << 30 };

const struct scrypt_kernel *const scrypt_kernels[] = {
#if defined(__x86_64__)
	&scrypt_avx512_pair,
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

static void
forget(const struct scrypt_job *jobs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		OPENSSL_cleanse(jobs[i].out, jobs[i].out_len);
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

/* Where the parts of a kernel's memory lie: rows first, on the huge pages. */
struct layout {
	size_t lane, lanes, work, blocks, len;
};

/* lanes: those of all jobs, and unused ones up to a multiple of the kernel's. */
static int
lay_out(struct layout *out, const struct scrypt_kernel *kernel, size_t count, uint64_t n,
	uint32_t r, uint32_t p)
{
	/* BIP38 takes a quarter of it; what asks for more is left to OpenSSL's limits. */
	static const uint64_t most = (uint64_t)1 << 30;
	uint64_t lane = (uint64_t)LANE_BLOCK * r, lanes;

	if (n < 2 || (n & (n - 1)) != 0 || n > most || r == 0 || r > FACTOR_MAX ||
		p == 0 || p > FACTOR_MAX / r || count == 0 ||
		count > FACTOR_MAX / r / p || lane * kernel->width > most / n)
		return KE_BAD_ARGUMENT;
	lanes = (count * p + kernel->width - 1) / kernel->width * kernel->width;
	out->lane = lane;
	out->lanes = lanes;
	out->work = lane * kernel->width * n;
	out->blocks = out->work + 2 * lane * kernel->width;
	out->len = out->blocks + lane * lanes;
	return 0;
}

int
scrypt_kernel_derive(const struct scrypt_kernel *kernel, struct scrypt_scratch *scratch,
	const struct scrypt_job *jobs, size_t count, uint64_t n, uint32_t r, uint32_t p)
{
	struct layout at;
	unsigned char *v = NULL, *b = NULL;
	int rc = lay_out(&at, kernel, count, n, r, p);

	if (rc == 0) {
		v = scrypt_scratch_take(scratch, at.len);
		rc = v ? 0 : KE_NO_MEMORY;
	}
	if (rc == 0) {
		b = v + at.blocks;
		memset(b + at.lane * count * p, 0, at.lane * (at.lanes - count * p));
	}
	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = pbkdf2(b + at.lane * i * p, at.lane * p, jobs[i].pass,
			jobs[i].pass_len, jobs[i].salt, jobs[i].salt_len);
	for (size_t i = 0; rc == 0 && i < at.lanes; i += kernel->width)
		kernel->romix(
			(uint32_t *)(b + at.lane * i), v + at.work, (uint32_t *)v, n, r);
	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = pbkdf2(jobs[i].out, jobs[i].out_len, jobs[i].pass, jobs[i].pass_len,
			b + at.lane * i * p, at.lane * p);
	if (rc != 0)
		forget(jobs, count);
	return rc;
}

/* One lane after the other, in memory of its own. */
int
scrypt_portable_derive(
	const struct scrypt_job *jobs, size_t count, uint64_t n, uint32_t r, uint32_t p)
{
	/* More than any caller needs (BIP38: 17 MiB); OpenSSL's own limit is lower. */
	static const uint64_t memory_max = 128 << 20;

	for (size_t i = 0; i < count; i++) {
		/* OpenSSL takes a NULL password for "only check the parameters". */
		const unsigned char *pass =
			jobs[i].pass_len ? jobs[i].pass : (const unsigned char *)"";

		if (jobs[i].pass_len > INT_MAX || jobs[i].salt_len > INT_MAX ||
			!EVP_PBE_scrypt((const char *)pass, jobs[i].pass_len,
				jobs[i].salt, jobs[i].salt_len, n, r, p, memory_max,
				jobs[i].out, jobs[i].out_len)) {
			forget(jobs, count);
			return KE_CRYPTO;
		}
	}
	return 0;
}

/* Does the first of the jobs, as many as suit; *done tells how many. */
static int
derive_some(size_t *done, struct scrypt_scratch *scratch, const struct scrypt_job *jobs,
	size_t count, uint64_t n, uint32_t r, uint32_t p)
{
	for (size_t i = 0; scratch && scrypt_kernels[i]; i++) {
		const struct scrypt_kernel *kernel = scrypt_kernels[i];
		size_t some = p && p < kernel->width ? kernel->width / p : 1;
		int rc;

		some = some < count ? some : count;
		if ((uint64_t)some * p < kernel->least || !kernel->runs())
			continue;
		rc = scrypt_kernel_derive(kernel, scratch, jobs, some, n, r, p);
		*done = some;
		/* A budget or a machine may be too small for one that is wide. */
		if (rc != KE_NO_MEMORY && rc != KE_BAD_ARGUMENT)
			return rc;
	}
	*done = 1;
	return scrypt_portable_derive(jobs, 1, n, r, p);
}

static int
derive(const struct scrypt_job *jobs, size_t count, uint64_t n, uint32_t r, uint32_t p)
{
	struct scrypt_scratch *own = lent ? NULL : scrypt_scratch_new(SIZE_MAX);
	int rc = 0;

	for (size_t i = 0, done; rc == 0 && i < count; i += done)
		rc = derive_some(&done, lent ? lent : own, jobs + i, count - i, n, r, p);
	scrypt_scratch_free(own);
	if (rc != 0)
		forget(jobs, count);
	return rc;
}

int
scrypt_derive(unsigned char *out, size_t out_len, const unsigned char *pass,
	size_t pass_len, const unsigned char *salt, size_t salt_len, uint64_t n,
	uint32_t r, uint32_t p)
{
	const struct scrypt_job job = {out, out_len, pass, pass_len, salt, salt_len};

	return derive(&job, 1, n, r, p);
}

int
scrypt_derive_many(
	const struct scrypt_job *jobs, size_t count, uint64_t n, uint32_t r, uint32_t p)
{
	return derive(jobs, count, n, r, p);
}

unsigned
scrypt_side_by_side(uint32_t p)
{
	unsigned most = 1;

	for (size_t i = 0; p && scrypt_kernels[i]; i++)
		if (scrypt_kernels[i]->runs() && scrypt_kernels[i]->width / p > most)
			most = scrypt_kernels[i]->width / p;
	return most;
}

int
scrypt_kernel_check(const struct scrypt_kernel *kernel)
{
	enum { JOBS = 2, LEN = 64, N = 32, R = 8, P = 8 };
	static const unsigned char pass[] = "AB12-CD34-EF56-GH78-JK90",
				   salt[] = "saltsalt";
	unsigned char want[JOBS][LEN], got[JOBS][LEN];
	struct scrypt_scratch *scratch = scrypt_scratch_new(SIZE_MAX);
	struct scrypt_job by_openssl[JOBS], by_kernel[JOBS];
	int rc = scratch ? 0 : KE_NO_MEMORY;

	for (size_t i = 0; i < JOBS; i++) {
		by_openssl[i] = (struct scrypt_job){
			want[i], LEN, pass, sizeof pass - 1 - i, salt, sizeof salt - 1};
		by_kernel[i] = by_openssl[i];
		by_kernel[i].out = got[i];
	}
	if (rc == 0)
		rc = scrypt_portable_derive(by_openssl, JOBS, N, R, P);
	if (rc == 0)
		rc = scrypt_kernel_derive(kernel, scratch, by_kernel, JOBS, N, R, P);
	if (rc == 0 && memcmp(want, got, sizeof want) != 0)
		rc = KE_CRYPTO;
	scrypt_scratch_free(scratch);
	return rc;
}

int
scrypt_self_check(const char **failed)
{
	for (size_t i = 0; scrypt_kernels[i]; i++) {
		int rc = scrypt_kernels[i]->runs()
				 ? scrypt_kernel_check(scrypt_kernels[i])
				 : 0;

		if (rc != 0) {
			*failed = scrypt_kernels[i]->name;
			return rc;
		}
	}
	return 0;
}

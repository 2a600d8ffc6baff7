/* SPDX-License-Identifier: MIT */
/*
 * bench/scrypt [ROUNDS]: one wallet's scrypt(16384, 8, 8) by OpenSSL and by each kernel
 * that this processor has.  A round measures all of them one after the other, each right
 * after OpenSSL, so that what disturbs the machine disturbs both; what counts is the
 * median of the ratios.  Times are of this thread on its core.
 *
 * "bound" is the kernel's work without the memory: the same number of steps over rows
 * that stay in the cache.
 */
#define _POSIX_C_SOURCE 200809L
#include "proto/scrypt.h"
#include "proto/scrypt_kernel.h"
#include "proto/scrypt_scratch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { OUT_LEN = 64, N = 16384, R = 8, P = 8, LANE = 128 * R, SMALL_N = 32 };
enum { ROUNDS = 15, ROUNDS_MAX = 1000, KERNELS_MAX = 8, WALLETS_MAX = 2 };

/* What one round found, in ms a wallet. */
struct figures {
	double openssl, kernel, bound;
};

static double
now_ms(void)
{
	struct timespec t;

	if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t) != 0)
		abort();
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void
must(int rc, const char *what)
{
	if (rc == 0)
		return;
	fprintf(stderr, "bench/scrypt: %s: %s\n", what, error_text(rc));
	exit(1);
}

/* Jobs of different passphrases, as many as fill the kernel's lanes. */
static size_t
jobs_for(struct scrypt_job jobs[WALLETS_MAX], unsigned char outs[][OUT_LEN],
	const struct scrypt_kernel *kernel)
{
	static const unsigned char pass[] = "AB12-CD34-EF56-GH78-JK90",
				   salt[] = "saltsalt";
	size_t count = kernel->width / P;

	for (size_t i = 0; i < count; i++)
		jobs[i] = (struct scrypt_job){outs[i], OUT_LEN, pass, sizeof pass - 1 - i,
			salt, sizeof salt - 1};
	return count;
}

static double
bound_of(const struct scrypt_kernel *kernel, struct scrypt_scratch *scratch)
{
	size_t blocks = (size_t)LANE * kernel->width;
	unsigned char *v = scrypt_scratch_take(scratch, blocks * (SMALL_N + 3));
	double began;

	if (!v)
		must(KE_NO_MEMORY, kernel->name);
	began = now_ms();
	for (size_t i = 0; i < N / SMALL_N; i++)
		kernel->romix((uint32_t *)(v + blocks * (SMALL_N + 2)),
			v + blocks * SMALL_N, (uint32_t *)v, SMALL_N, R);
	return (now_ms() - began) * P / kernel->width;
}

static struct figures
measure(const struct scrypt_kernel *kernel, struct scrypt_scratch *scratch)
{
	unsigned char want[WALLETS_MAX][OUT_LEN], got[WALLETS_MAX][OUT_LEN];
	struct scrypt_job jobs[WALLETS_MAX];
	size_t count = jobs_for(jobs, want, kernel);
	struct figures found;
	double began = now_ms();

	must(scrypt_portable_derive(jobs, count, N, R, P), "OpenSSL");
	found.openssl = (now_ms() - began) / (double)count;
	(void)jobs_for(jobs, got, kernel);
	began = now_ms();
	must(scrypt_kernel_derive(kernel, scratch, jobs, count, N, R, P), kernel->name);
	found.kernel = (now_ms() - began) / (double)count;
	found.bound = bound_of(kernel, scratch);
	if (memcmp(want, got, count * OUT_LEN) != 0)
		must(KE_CRYPTO, kernel->name);
	return found;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double
median(double *values, size_t count)
{
	qsort(values, count, sizeof values[0], compare);
	return values[count / 2];
}

static void
tell(const struct scrypt_kernel *kernel, const struct figures *figures, size_t stride,
	size_t rounds)
{
	static double openssl[ROUNDS_MAX], ours[ROUNDS_MAX], bounds[ROUNDS_MAX];
	static double ratios[ROUNDS_MAX], over[ROUNDS_MAX];

	for (size_t i = 0; i < rounds; i++) {
		const struct figures *f = &figures[i * stride];

		openssl[i] = f->openssl;
		ours[i] = f->kernel;
		bounds[i] = f->bound;
		ratios[i] = f->openssl / f->kernel;
		over[i] = f->kernel / f->bound;
	}
	printf("%-12s %9.1f %9.1f %8.2f %9.1f %8.2f\n", kernel->name,
		median(openssl, rounds), median(ours, rounds), median(ratios, rounds),
		median(bounds, rounds), median(over, rounds));
}

int
main(int argc, char **argv)
{
	static struct figures figures[ROUNDS_MAX][KERNELS_MAX];
	struct scrypt_scratch *scratch = scrypt_scratch_new(SIZE_MAX);
	long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : ROUNDS;

	if (rounds < 1 || rounds > ROUNDS_MAX) {
		fprintf(stderr, "usage: bench/scrypt [ROUNDS]\n");
		return 2;
	}
	if (!scratch)
		must(KE_NO_MEMORY, "scratch");
	for (long i = 0; i < rounds; i++)
		for (size_t k = 0; scrypt_kernels[k] && k < KERNELS_MAX; k++)
			if (scrypt_kernels[k]->runs())
				figures[i][k] = measure(scrypt_kernels[k], scratch);
	printf("%-12s %9s %9s %8s %9s %8s\n", "ms a wallet", "OpenSSL", "kernel", "times",
		"bound", "of bound");
	for (size_t k = 0; scrypt_kernels[k] && k < KERNELS_MAX; k++)
		if (scrypt_kernels[k]->runs())
			tell(scrypt_kernels[k], &figures[0][k], KERNELS_MAX,
				(size_t)rounds);
	scrypt_scratch_free(scratch);
	return 0;
}

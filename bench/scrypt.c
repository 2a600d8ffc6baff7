/* SPDX-License-Identifier: MIT */
/*
 * bench/scrypt [ROUNDS]: BIP38's two kinds of scrypt, of the passphrase (16384, 8, 8) and
 * of the minting (1024, 1, 1), by OpenSSL and by each kernel that this processor has, as
 * many wallets at once as fill it.  A round measures all of them one after the other,
 * each right after OpenSSL, so that what disturbs the machine disturbs both; what counts
 * is the median of the ratios.  Times are of this thread on its core, in ms a wallet.
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

enum { OUT_LEN = 64, SMALL_N = 32, WALLETS_MAX = 16 };
enum { ROUNDS = 15, ROUNDS_MAX = 1000, ROWS_MAX = 16 };

static const struct work {
	const char *name;
	uint32_t n, r, p;
} works[] = {{"passphrase", 16384, 8, 8}, {"minting", 1024, 1, 1}};

/* What is measured: a kernel at a kind of work. */
struct row {
	const struct work *work;
	const struct scrypt_kernel *kernel;
};

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
	const struct row *row)
{
	static const unsigned char pass[] = "AB12-CD34-EF56-GH78-JK90",
				   salt[] = "saltsalt";
	size_t count = row->kernel->width / row->work->p;

	for (size_t i = 0; i < count; i++)
		jobs[i] = (struct scrypt_job){outs[i], OUT_LEN, pass, sizeof pass - 1 - i,
			salt, sizeof salt - 1};
	return count;
}

static double
bound_of(const struct row *row, struct scrypt_scratch *scratch, size_t count)
{
	const struct scrypt_kernel *kernel = row->kernel;
	size_t blocks = (size_t)128 * row->work->r * kernel->width;
	unsigned char *v = scrypt_scratch_take(scratch, blocks * (SMALL_N + 3));
	double began;

	if (!v)
		must(KE_NO_MEMORY, kernel->name);
	began = now_ms();
	for (size_t i = 0; i < row->work->n / SMALL_N; i++)
		kernel->romix((uint32_t *)(v + blocks * (SMALL_N + 2)),
			v + blocks * SMALL_N, (uint32_t *)v, SMALL_N, row->work->r);
	return (now_ms() - began) / (double)count;
}

static struct figures
measure(const struct row *row, struct scrypt_scratch *scratch)
{
	const struct work *work = row->work;
	unsigned char want[WALLETS_MAX][OUT_LEN], got[WALLETS_MAX][OUT_LEN];
	struct scrypt_job jobs[WALLETS_MAX];
	size_t count = jobs_for(jobs, want, row);
	struct figures found;
	double began = now_ms();

	must(scrypt_portable_derive(jobs, count, work->n, work->r, work->p), "OpenSSL");
	found.openssl = (now_ms() - began) / (double)count;
	(void)jobs_for(jobs, got, row);
	began = now_ms();
	must(scrypt_kernel_derive(
		     row->kernel, scratch, jobs, count, work->n, work->r, work->p),
		row->kernel->name);
	found.kernel = (now_ms() - began) / (double)count;
	found.bound = bound_of(row, scratch, count);
	if (memcmp(want, got, count * OUT_LEN) != 0)
		must(KE_CRYPTO, row->kernel->name);
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
tell(const struct row *row, const struct figures *first, size_t rounds)
{
	static double openssl[ROUNDS_MAX], ours[ROUNDS_MAX], bounds[ROUNDS_MAX];
	static double ratios[ROUNDS_MAX], over[ROUNDS_MAX];

	for (size_t i = 0; i < rounds; i++) {
		const struct figures *f = &first[i * ROWS_MAX];

		openssl[i] = f->openssl;
		ours[i] = f->kernel;
		bounds[i] = f->bound;
		ratios[i] = f->openssl / f->kernel;
		over[i] = f->kernel / f->bound;
	}
	printf("%-11s %-12s %7u %9.3f %9.3f %7.2f %9.3f %9.2f\n", row->work->name,
		row->kernel->name, row->kernel->width / row->work->p,
		median(openssl, rounds), median(ours, rounds), median(ratios, rounds),
		median(bounds, rounds), median(over, rounds));
}

/* Each kernel that runs here at each kind of work; returns how many. */
static size_t
list_rows(struct row rows[ROWS_MAX])
{
	size_t count = 0;

	for (size_t w = 0; w < sizeof works / sizeof works[0]; w++)
		for (size_t k = 0; scrypt_kernels[k] && count < ROWS_MAX; k++)
			if (scrypt_kernels[k]->runs())
				rows[count++] =
					(struct row){&works[w], scrypt_kernels[k]};
	return count;
}

int
main(int argc, char **argv)
{
	static struct figures figures[ROUNDS_MAX][ROWS_MAX];
	struct scrypt_scratch *scratch = scrypt_scratch_new(SIZE_MAX);
	long rounds = argc > 1 ? strtol(argv[1], NULL, 10) : ROUNDS;
	struct row rows[ROWS_MAX];
	size_t count = list_rows(rows);

	if (rounds < 1 || rounds > ROUNDS_MAX) {
		fprintf(stderr, "usage: bench/scrypt [ROUNDS]\n");
		return 2;
	}
	if (!scratch)
		must(KE_NO_MEMORY, "scratch");
	for (long i = 0; i < rounds; i++)
		for (size_t k = 0; k < count; k++)
			figures[i][k] = measure(&rows[k], scratch);
	printf("%-11s %-12s %7s %9s %9s %7s %9s %9s\n", "", "", "wallets", "OpenSSL",
		"kernel", "times", "bound", "of bound");
	for (size_t k = 0; k < count; k++)
		tell(&rows[k], &figures[0][k], (size_t)rounds);
	scrypt_scratch_free(scratch);
	return 0;
}

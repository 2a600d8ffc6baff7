/* SPDX-License-Identifier: MIT */
/*
 * bench/scrypt ROUNDS: BIP38's two kinds of scrypt, of the passphrase (16384, 8, 8) and
 * of the minting (1024, 1, 1), by OpenSSL and by each kernel that this processor has, as
 * many wallets at once as fill it, in ms a wallet of one core.
 *
 * "KERNEL-bound" is the kernel's work without the memory: the same number of steps over
 * rows that stay in the cache.
 */
#define _POSIX_C_SOURCE 200809L
#include "bench/figure.h"
#include "proto/scrypt.h"
#include "proto/scrypt_kernel.h"
#include "proto/scrypt_scratch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OUT_LEN = 64, SMALL_N = 32, WALLETS_MAX = 16 };
enum { ROUNDS_MAX = 1000, ROWS_MAX = 16, NAME_SIZE = 32 };

static const struct work {
	const char *name;
	uint32_t n, r, p;
} works[] = {{"scrypt", 16384, 8, 8}, {"scrypt-light", 1024, 1, 1}};

/* What is measured: a kernel at a kind of work. */
struct row {
	const struct work *work;
	const struct scrypt_kernel *kernel;
};

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
		figure_must(KE_NO_MEMORY, kernel->name);
	began = figure_thread_ms();
	for (size_t i = 0; i < row->work->n / SMALL_N; i++)
		kernel->romix((uint32_t *)(v + blocks * (SMALL_N + 2)),
			v + blocks * SMALL_N, (uint32_t *)v, SMALL_N, row->work->r);
	return (figure_thread_ms() - began) / (double)count;
}

static void
measure(const struct row *row, struct scrypt_scratch *scratch)
{
	const struct work *work = row->work;
	unsigned char want[WALLETS_MAX][OUT_LEN], got[WALLETS_MAX][OUT_LEN];
	struct scrypt_job jobs[WALLETS_MAX];
	size_t count = jobs_for(jobs, want, row);
	double began = figure_thread_ms(), openssl, kernel;
	char name[NAME_SIZE];

	figure_must(scrypt_portable_derive(jobs, count, work->n, work->r, work->p),
		"OpenSSL");
	openssl = (figure_thread_ms() - began) / (double)count;
	(void)jobs_for(jobs, got, row);
	began = figure_thread_ms();
	figure_must(scrypt_kernel_derive(
			    row->kernel, scratch, jobs, count, work->n, work->r, work->p),
		row->kernel->name);
	kernel = (figure_thread_ms() - began) / (double)count;
	if (memcmp(want, got, count * OUT_LEN) != 0)
		figure_must(KE_CRYPTO, row->kernel->name);
	(void)snprintf(name, sizeof name, "%s-openssl", row->kernel->name);
	figure_put(work->name, name, openssl);
	figure_put(work->name, row->kernel->name, kernel);
	(void)snprintf(name, sizeof name, "%s-bound", row->kernel->name);
	figure_put(work->name, name, bound_of(row, scratch, count));
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
	struct scrypt_scratch *scratch = scrypt_scratch_new(SIZE_MAX);
	size_t rounds = figure_number(
		argc == 2 ? argv[1] : NULL, ROUNDS_MAX, "bench/scrypt ROUNDS");
	struct row rows[ROWS_MAX];
	size_t count = list_rows(rows);

	if (!scratch)
		figure_must(KE_NO_MEMORY, "scratch");
	for (size_t i = 0; i < rounds; i++)
		for (size_t k = 0; k < count; k++)
			measure(&rows[k], scratch);
	scrypt_scratch_free(scratch);
	return 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * What the sources of random bytes do to what is given out: each of them, when it is bad,
 * is found out though the sum with the others hides it, and what is mixed in changes all.
 */
#include "config.h"
#include "harness.h"
#include <string.h>
#include <sys/random.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>
#include <openssl/rand.h>
#include "daemon/random.h"
#include "proto/error.h"
#include "proto/hash.h"

enum way { GOOD, FIXED, STUCK, BIASED, BROKEN, COUNTED };
static enum way generator, kernel;
/* What COUNTED gives is well, and known: the hash of a number. */
static unsigned number;

int __real_RAND_priv_bytes_ex(
	OSSL_LIB_CTX *ctx, unsigned char *out, size_t len, unsigned strength);
int __wrap_RAND_priv_bytes_ex(
	OSSL_LIB_CTX *ctx, unsigned char *out, size_t len, unsigned strength);
ssize_t __wrap_getrandom(void *out, size_t len, unsigned flags);

static void
bend(unsigned char *out, size_t len, enum way way)
{
	unsigned char hash[HASH_SHA256_LEN];

	if (way == COUNTED) {
		number++;
		if (len > sizeof hash || hash_sha256(hash, &number, sizeof number) != 0)
			abort();
		memcpy(out, hash, len);
	}
	for (size_t i = 0; i < len; i++)
		if (way == STUCK || (way == BIASED && i % 3 == 0))
			out[i] = 0x42;
		else if (way == FIXED)
			out[i] = (unsigned char)(i * 37 + len);
}

int
__wrap_RAND_priv_bytes_ex(
	OSSL_LIB_CTX *ctx, unsigned char *out, size_t len, unsigned strength)
{
	int rc = __real_RAND_priv_bytes_ex(ctx, out, len, strength);

	bend(out, len, generator);
	return generator == BROKEN ? 0 : rc;
}

ssize_t
__wrap_getrandom(void *out, size_t len, unsigned flags)
{
	(void)flags;
	if (RAND_bytes(out, (int)len) != 1)
		abort();
	bend(out, len, kernel);
	return kernel == BROKEN ? -1 : (ssize_t)len;
}

static int
draw(unsigned char *out, size_t len)
{
	struct rng *rng = random_source();

	return rng->fill(rng->state, out, len);
}

static const struct {
	enum way generator, kernel;
} bad[] = {{STUCK, GOOD}, {BIASED, GOOD}, {FIXED, GOOD}, {BROKEN, GOOD}, {GOOD, STUCK},
	{GOOD, BIASED}, {GOOD, FIXED}, {GOOD, BROKEN}};

/* In a process of its own, for a source that failed has failed for ever: what was wrong,
 * as a number; 0: nothing. */
static int
bad_source(enum way generator_way, enum way kernel_way)
{
	static const unsigned char zeros[512];
	bool repeats = generator_way == FIXED || kernel_way == FIXED;
	unsigned char out[512];

	if (draw(out, sizeof out) != 0)
		return 1;
	generator = generator_way;
	kernel = kernel_way;
	/* A repeated draw is one only the second time. */
	if (repeats && draw(out, 24) != 0)
		return 2;
	if (draw(out, repeats ? 24 : sizeof out) != KE_RANDOM)
		return 3;
	if (memcmp(out, zeros, repeats ? 24 : sizeof out) != 0)
		return 4;
	if (generator == BROKEN || kernel == BROKEN)
		return 0;
	/* What was found bad does not become good. */
	generator = kernel = GOOD;
	return draw(out, 24) == KE_RANDOM ? 0 : 5;
}

START_TEST(one_bad_source_stops_all)
{
	pid_t child = fork();
	int status;

	if (child == 0)
		_exit(bad_source(bad[_i].generator, bad[_i].kernel));
	ck_assert_int_gt(child, 0);
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
}
END_TEST

static void
mix(const char *text)
{
	struct secret *bytes = secret_new(64);

	ck_assert_ptr_nonnull(bytes);
	ck_assert_int_eq(secret_set(bytes, text, strlen(text)), 0);
	ck_assert_int_eq(random_mix_in(bytes), 0);
	secret_free(bytes);
}

/* What comes out when all but the second source is known, which is mixed in up to twice
 * (draws of a length that is not watched for repetition). */
static void
stream(unsigned char out[16], const char *first, const char *second)
{
	number = 0;
	if (first)
		mix(first);
	if (second)
		mix(second);
	ck_assert_int_eq(draw(out, 8), 0);
	ck_assert_int_eq(draw(out + 8, 8), 0);
	random_end();
}

START_TEST(what_is_mixed_in_counts)
{
	static const char *const mixed[][2] = {{NULL, NULL}, {"4 2 5", NULL},
		{"4 2 6", NULL}, {"4 2 5", "6"}, {"4 2 6", "6"}, {"6", NULL},
		{"6", "4 2 5"}};
	enum { COUNT = sizeof mixed / sizeof mixed[0] };
	static const unsigned char zeros[8];
	unsigned char out[COUNT][16], again[16], added[8];

	generator = kernel = COUNTED;
	for (int i = 0; i < COUNT; i++) {
		stream(out[i], mixed[i][0], mixed[i][1]);
		stream(again, mixed[i][0], mixed[i][1]);
		ck_assert_mem_eq(out[i], again, sizeof again);
		for (int k = 0; k < i; k++)
			ck_assert_mem_ne(out[i], out[k], sizeof out[i]);
	}
	/* Each draw has a block of its own: what is added is not the same twice. */
	for (int k = 0; k < 8; k++)
		added[k] = out[0][k] ^ out[1][k] ^ out[0][k + 8] ^ out[1][k + 8];
	ck_assert_mem_ne(added, zeros, sizeof added);
	generator = kernel = GOOD;
}
END_TEST

/* The generator alone, and the kernel alone, decide what comes out. */
START_TEST(each_source_counts)
{
	unsigned char one[8], two[8];

	generator = FIXED;
	ck_assert_int_eq(draw(one, sizeof one), 0);
	ck_assert_int_eq(draw(two, sizeof two), 0);
	ck_assert_mem_ne(one, two, sizeof one);
	generator = GOOD;
	kernel = FIXED;
	ck_assert_int_eq(draw(one, sizeof one), 0);
	ck_assert_int_eq(draw(two, sizeof two), 0);
	ck_assert_mem_ne(one, two, sizeof one);
	kernel = GOOD;
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("random_mix");
	TCase *all = tcase_create("all");

	tcase_add_loop_test(
		all, one_bad_source_stops_all, 0, (int)(sizeof bad / sizeof bad[0]));
	tcase_add_test(all, what_is_mixed_in_counts);
	tcase_add_test(all, each_source_counts);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}

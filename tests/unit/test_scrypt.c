/* SPDX-License-Identifier: MIT */
/*
 * Every kernel that this processor runs against OpenSSL, byte by byte; the memory they
 * work in; and what is done when there is none.
 */
#include "harness.h"
#include "proto/scrypt.h"
#include "proto/scrypt_kernel.h"
#include "proto/scrypt_scratch.h"

#include <openssl/evp.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>

enum { OUT_LEN = 64, PASS_MAX = 100, HEAVY_N = 16384 };

/* How many mappings and allocations the library asks for, and whether it gets them. */
static unsigned maps, no_map, no_calloc;

void *__real_mmap(void *at, size_t len, int rights, int flags, int fd, off_t from);
void *__wrap_mmap(void *at, size_t len, int rights, int flags, int fd, off_t from);
void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);

void *
__wrap_mmap(void *at, size_t len, int rights, int flags, int fd, off_t from)
{
	maps++;
	return no_map ? MAP_FAILED : __real_mmap(at, len, rights, flags, fd, from);
}

void *
__wrap_calloc(size_t count, size_t size)
{
	return no_calloc ? NULL : __real_calloc(count, size);
}

/* RFC 7914 section 12; the fourth one takes a gigabyte. */
static const struct {
	const char *pass, *salt;
	uint64_t n;
	uint32_t r, p;
	unsigned char out[OUT_LEN];
} vectors[] = {
	{"", "", 16, 1, 1,
		{0x77, 0xd6, 0x57, 0x62, 0x38, 0x65, 0x7b, 0x20, 0x3b, 0x19, 0xca, 0x42,
			0xc1, 0x8a, 0x04, 0x97, 0xf1, 0x6b, 0x48, 0x44, 0xe3, 0x07, 0x4a,
			0xe8, 0xdf, 0xdf, 0xfa, 0x3f, 0xed, 0xe2, 0x14, 0x42, 0xfc, 0xd0,
			0x06, 0x9d, 0xed, 0x09, 0x48, 0xf8, 0x32, 0x6a, 0x75, 0x3a, 0x0f,
			0xc8, 0x1f, 0x17, 0xe8, 0xd3, 0xe0, 0xfb, 0x2e, 0x0d, 0x36, 0x28,
			0xcf, 0x35, 0xe2, 0x0c, 0x38, 0xd1, 0x89, 0x06}},
	{"password", "NaCl", 1024, 8, 16,
		{0xfd, 0xba, 0xbe, 0x1c, 0x9d, 0x34, 0x72, 0x00, 0x78, 0x56, 0xe7, 0x19,
			0x0d, 0x01, 0xe9, 0xfe, 0x7c, 0x6a, 0xd7, 0xcb, 0xc8, 0x23, 0x78,
			0x30, 0xe7, 0x73, 0x76, 0x63, 0x4b, 0x37, 0x31, 0x62, 0x2e, 0xaf,
			0x30, 0xd9, 0x2e, 0x22, 0xa3, 0x88, 0x6f, 0xf1, 0x09, 0x27, 0x9d,
			0x98, 0x30, 0xda, 0xc7, 0x27, 0xaf, 0xb9, 0x4a, 0x83, 0xee, 0x6d,
			0x83, 0x60, 0xcb, 0xdf, 0xa2, 0xcc, 0x06, 0x40}},
	{"pleaseletmein", "SodiumChloride", 16384, 8, 1,
		{0x70, 0x23, 0xbd, 0xcb, 0x3a, 0xfd, 0x73, 0x48, 0x46, 0x1c, 0x06, 0xcd,
			0x81, 0xfd, 0x38, 0xeb, 0xfd, 0xa8, 0xfb, 0xba, 0x90, 0x4f, 0x8e,
			0x3e, 0xa9, 0xb5, 0x43, 0xf6, 0x54, 0x5d, 0xa1, 0xf2, 0xd5, 0x43,
			0x29, 0x55, 0x61, 0x3f, 0x0f, 0xcf, 0x62, 0xd4, 0x97, 0x05, 0x24,
			0x2a, 0x9a, 0xf9, 0xe6, 0x1e, 0x85, 0xdc, 0x0d, 0x65, 0x1e, 0x40,
			0xdf, 0xcf, 0x01, 0x7b, 0x45, 0x57, 0x58, 0x87}},
};

START_TEST(known_answers)
{
	unsigned char out[OUT_LEN];

	if (harness_light() && vectors[_i].n == HEAVY_N)
		return;
	ck_assert_int_eq(
		scrypt_derive(out, sizeof out, (const unsigned char *)vectors[_i].pass,
			strlen(vectors[_i].pass), (const unsigned char *)vectors[_i].salt,
			strlen(vectors[_i].salt), vectors[_i].n, vectors[_i].r,
			vectors[_i].p),
		0);
	ck_assert_mem_eq(out, vectors[_i].out, OUT_LEN);
}
END_TEST

/* A password and a salt of lengths and bytes that follow from the case's number. */
struct input {
	unsigned char pass[PASS_MAX], salt[PASS_MAX];
	size_t pass_len, salt_len;
};

static void
draw(struct input *input, uint64_t state)
{
	unsigned char *const bytes[] = {input->pass, input->salt};

	for (size_t k = 0; k < 2; k++) {
		for (size_t i = 0; i < PASS_MAX; i++) {
			state = state * 6364136223846793005 + 1442695040888963407;
			bytes[k][i] = (unsigned char)(state >> 56);
		}
	}
	input->pass_len = input->pass[0] % PASS_MAX;
	input->salt_len = input->salt[0] % PASS_MAX;
}

static struct scrypt_job
job_of(unsigned char out[OUT_LEN], const struct input *input)
{
	return (struct scrypt_job){
		out, OUT_LEN, input->pass, input->pass_len, input->salt, input->salt_len};
}

static void
openssl(unsigned char out[OUT_LEN], const struct input *input, uint64_t n, uint32_t r,
	uint32_t p)
{
	ck_assert_int_eq(
		EVP_PBE_scrypt((const char *)input->pass, input->pass_len, input->salt,
			input->salt_len, n, r, p, (uint64_t)1 << 30, out, OUT_LEN),
		1);
}

static const struct {
	uint64_t n;
	uint32_t r, p;
	unsigned inputs;
} sizes[] = {
	{2, 1, 8, 40},
	{4, 2, 16, 20},
	{16, 3, 8, 20},
	{64, 8, 8, 20},
	{32, 17, 24, 4},
	{1024, 1, 8, 8},
	{1024, 8, 8, 4},
	{16, 2, 1, 4},
	{16, 2, 7, 4},
	{16, 2, 9, 4},
	{16, 2, 17, 4},
	{4096, 5, 8, 2},
	{HEAVY_N, 8, 8, 3},
};

static void
compare(const struct scrypt_kernel *kernel, struct scrypt_scratch *scratch, size_t row,
	unsigned number)
{
	uint64_t n = sizes[row].n;
	uint32_t r = sizes[row].r, p = sizes[row].p;
	unsigned char want[OUT_LEN], got[OUT_LEN];
	struct scrypt_job job;
	struct input input;

	draw(&input, row * 1000 + number);
	openssl(want, &input, n, r, p);
	job = job_of(got, &input);
	ck_assert_int_eq(scrypt_kernel_derive(kernel, scratch, &job, 1, n, r, p), 0);
	ck_assert_msg(memcmp(want, got, OUT_LEN) == 0,
		"%s differs at n %u r %u p %u, input %u", kernel->name, (unsigned)n, r, p,
		number);
	/* What a caller gets, whichever was chosen for him. */
	ck_assert_int_eq(scrypt_derive(got, OUT_LEN, input.pass, input.pass_len,
				 input.salt, input.salt_len, n, r, p),
		0);
	ck_assert_mem_eq(want, got, OUT_LEN);
}

START_TEST(kernels_agree_with_openssl)
{
	struct scrypt_scratch *scratch = scrypt_scratch_new(SIZE_MAX);

	for (size_t k = 0; scrypt_kernels[k]; k++) {
		if (!scrypt_kernels[k]->runs()) {
			printf("%s does not run here\n", scrypt_kernels[k]->name);
			continue;
		}
		for (unsigned i = 0; i < sizes[_i].inputs; i += harness_stride(4))
			if (!harness_light() || sizes[_i].n < HEAVY_N)
				compare(scrypt_kernels[k], scratch, (size_t)_i, i);
	}
	scrypt_scratch_free(scratch);
}
END_TEST

static const struct {
	uint64_t n;
	uint32_t r, p;
} misfits[] = {
	{0, 8, 8},
	{1, 8, 8},
	{3, 8, 8},
	{16385, 8, 8},
	{(uint64_t)1 << 33, 8, 8},
	{UINT64_MAX, 8, 8},
	{16, 0, 8},
	{16, 8, 0},
	{16, 1 << 30, 8},
	{16, UINT32_MAX, 8},
	{16, 1 << 20, 1 << 12},
	{(uint64_t)1 << 30, 8, 8},
};

/* More memory than sense, above all. */
START_TEST(kernels_refuse_what_does_not_fit)
{
	static const unsigned char nothing[OUT_LEN];
	struct scrypt_scratch *scratch = scrypt_scratch_new(SIZE_MAX);

	for (size_t k = 0; scrypt_kernels[k]; k++) {
		unsigned char out[OUT_LEN];
		const struct scrypt_job job = {out, OUT_LEN, nothing, 1, nothing, 1};

		memset(out, 1, sizeof out);
		maps = 0;
		ck_assert_int_eq(scrypt_kernel_derive(scrypt_kernels[k], scratch, &job, 1,
					 misfits[_i].n, misfits[_i].r, misfits[_i].p),
			KE_BAD_ARGUMENT);
		ck_assert_uint_eq(maps, 0);
		ck_assert_mem_eq(out, nothing, OUT_LEN);
	}
	scrypt_scratch_free(scratch);
}
END_TEST

START_TEST(bad_parameters_are_refused)
{
	static const unsigned char nothing[OUT_LEN];
	unsigned char out[OUT_LEN];

	memset(out, 1, sizeof out);
	ck_assert_int_eq(scrypt_derive(out, OUT_LEN, nothing, 1, nothing, 1,
				 misfits[_i].n, misfits[_i].r, misfits[_i].p),
		KE_CRYPTO);
	ck_assert_mem_eq(out, nothing, OUT_LEN);
}
END_TEST

enum { MANY = 40 };

static const struct {
	uint64_t n;
	uint32_t r, p;
	size_t most;
} crowds[] = {
	{64, 8, 8, 5},
	{16, 1, 1, MANY},
	{1024, 1, 1, MANY},
	{16, 3, 3, MANY},
	{8, 2, 16, 4},
	{HEAVY_N, 8, 8, 3},
};

/* Of any number of jobs each gets its own answer, in any memory that it is given. */
static void
compare_many(size_t count, size_t row)
{
	static unsigned char want[MANY][OUT_LEN], got[MANY][OUT_LEN];
	static struct input inputs[MANY];
	struct scrypt_job jobs[MANY] = {0};
	uint64_t n = crowds[row].n;
	uint32_t r = crowds[row].r, p = crowds[row].p;

	memset(got, 0, sizeof got);
	for (size_t i = 0; i < count; i++) {
		draw(&inputs[i], count * 100 + i);
		openssl(want[i], &inputs[i], n, r, p);
		jobs[i] = job_of(got[i], &inputs[i]);
	}
	ck_assert_int_eq(scrypt_derive_many(jobs, count, n, r, p), 0);
	for (size_t i = 0; i < count; i++)
		ck_assert_msg(memcmp(want[i], got[i], OUT_LEN) == 0,
			"%u of %u differs at n %u r %u p %u", (unsigned)i,
			(unsigned)count, (unsigned)n, r, p);
	for (size_t k = 0; scrypt_kernels[k]; k++) {
		struct scrypt_scratch *scratch = scrypt_scratch_new(SIZE_MAX);

		if (scrypt_kernels[k]->runs()) {
			memset(got, 0, sizeof got);
			ck_assert_int_eq(scrypt_kernel_derive(scrypt_kernels[k], scratch,
						 jobs, count, n, r, p),
				0);
			ck_assert_mem_eq(want, got, count * OUT_LEN);
		}
		scrypt_scratch_free(scratch);
	}
}

START_TEST(many_at_once)
{
	if (harness_light() && crowds[_i].n == HEAVY_N)
		return;
	ck_assert_int_eq(scrypt_derive_many(NULL, 0, 16, 1, 1), 0);
	for (size_t count = 1; count <= crowds[_i].most; count += harness_stride(19))
		compare_many(count, (size_t)_i);
}
END_TEST

/* One that can't be done takes all with it: nobody looks for a half answer. */
START_TEST(many_fail_together)
{
	static const unsigned char nothing[2][OUT_LEN];
	unsigned char out[2][OUT_LEN];
	struct scrypt_job jobs[2] = {
		{out[0], OUT_LEN, nothing[0], 1, nothing[0], 1},
		{out[1], OUT_LEN, nothing[0], SIZE_MAX, nothing[0], 1},
	};

	for (uint32_t p = 1; p <= 8; p += 7) {
		memset(out, 1, sizeof out);
		ck_assert_int_eq(scrypt_derive_many(jobs, 2, 16, 1, p), KE_CRYPTO);
		ck_assert_mem_eq(out, nothing, sizeof out);
	}
}
END_TEST

/* What a processor or compiler might do: one word of one lane is wrong. */
static const struct scrypt_kernel *real;

static void
romix_badly(uint32_t *b, void *work, uint32_t *v, uint64_t n, uint32_t r)
{
	real->romix(b, work, v, n, r);
	b[32 * r * real->width - 1] ^= 1;
}

START_TEST(self_check_finds_a_wrong_kernel)
{
	const char *failed = NULL;

	ck_assert_int_eq(scrypt_self_check(&failed), 0);
	ck_assert_ptr_null(failed);
	for (size_t k = 0; scrypt_kernels[k]; k++) {
		struct scrypt_kernel bad = *scrypt_kernels[k];

		real = scrypt_kernels[k];
		bad.romix = romix_badly;
		if (!real->runs())
			continue;
		ck_assert_int_eq(scrypt_kernel_check(real), 0);
		ck_assert_int_eq(scrypt_kernel_check(&bad), KE_CRYPTO);
		no_map = 1;
		ck_assert_int_eq(scrypt_self_check(&failed), KE_NO_MEMORY);
		no_map = 0;
		ck_assert_str_eq(failed,
			scrypt_kernels[0]->runs() ? scrypt_kernels[0]->name : real->name);
	}
}
END_TEST

static int
derive(unsigned char out[OUT_LEN])
{
	struct input input;

	draw(&input, 7);
	return scrypt_derive(out, OUT_LEN, input.pass, input.pass_len, input.salt,
		input.salt_len, 64, 8, 8);
}

static void
expected(unsigned char out[OUT_LEN])
{
	struct input input;

	draw(&input, 7);
	openssl(out, &input, 64, 8, 8);
}

static size_t
bytes_not_zero(const unsigned char *bytes, size_t len)
{
	size_t count = 0;

	for (size_t i = 0; i < len; i++)
		count += bytes[i] != 0;
	return count;
}

/* How many kernels this processor has for the eight lanes of one job. */
static unsigned
kernels_here(void)
{
	unsigned count = 0;

	for (size_t k = 0; scrypt_kernels[k]; k++)
		count += scrypt_kernels[k]->runs() && scrypt_kernels[k]->least <= 8;
	return count;
}

/* Lent memory is used and kept; it holds much after a derivation, nothing once wiped. */
START_TEST(lent_scratch_is_used_and_wiped)
{
	/* 64 rows of 8 lanes, and what comes on top, are less. */
	const size_t room = 64 * 8 * 1024 + 8 * 8 * 1024;
	struct scrypt_scratch *scratch = scrypt_scratch_new(1 << 20);
	unsigned char want[OUT_LEN], got[OUT_LEN];
	unsigned char *bytes = scrypt_scratch_take(scratch, room);

	ck_assert_ptr_nonnull(bytes);
	ck_assert_uint_eq((uintptr_t)bytes % 4096, 0);
	ck_assert_uint_eq(bytes_not_zero(bytes, room), 0);
	expected(want);
	scrypt_use(scratch);
	maps = 0;
	for (int i = 0; i < 2; i++) {
		ck_assert_int_eq(derive(got), 0);
		ck_assert_mem_eq(got, want, OUT_LEN);
		if (kernels_here())
			ck_assert_uint_gt(bytes_not_zero(bytes, room), room / 2);
		scrypt_scratch_wipe(scratch);
		ck_assert_uint_eq(bytes_not_zero(bytes, room), 0);
		ck_assert_ptr_eq(scrypt_scratch_take(scratch, 1), bytes);
	}
	ck_assert_uint_eq(maps, 0);
	scrypt_use(NULL);
	ck_assert_int_eq(derive(got), 0);
	ck_assert_uint_eq(bytes_not_zero(bytes, room), 0);
	scrypt_scratch_free(scratch);
}
END_TEST

/* Wiping covers the largest of several pieces of work, also when it grew in between. */
START_TEST(growing_forgets_nothing)
{
	struct scrypt_scratch *scratch = scrypt_scratch_new(SIZE_MAX);
	unsigned char *bytes = scrypt_scratch_take(scratch, 5000);

	memset(bytes, 1, 5000);
	ck_assert_ptr_eq(scrypt_scratch_take(scratch, 10), bytes);
	scrypt_scratch_wipe(scratch);
	ck_assert_uint_eq(bytes_not_zero(bytes, 5000), 0);
	bytes = scrypt_scratch_take(scratch, 5 << 20);
	memset(bytes, 1, 5 << 20);
	scrypt_scratch_wipe(scratch);
	ck_assert_uint_eq(bytes_not_zero(bytes, 5 << 20), 0);
	scrypt_scratch_free(scratch);
}
END_TEST

/* Whether the mapping at `address` has a flag, as the kernel tells. */
static bool
mapping_has(const void *address, const char *flag)
{
	FILE *maps_file = fopen("/proc/self/smaps", "r");
	char line[512];
	bool inside = false, has = false;

	ck_assert_ptr_nonnull(maps_file);
	while (fgets(line, sizeof line, maps_file)) {
		unsigned long from, to;

		if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
			inside = from <= (uintptr_t)address && (uintptr_t)address < to;
		else if (inside && strncmp(line, "VmFlags:", 8) == 0)
			has = strstr(line, flag) != NULL;
	}
	(void)fclose(maps_file);
	return has;
}

START_TEST(scratch_stays_out_of_cores_and_children)
{
	struct scrypt_scratch *scratch = scrypt_scratch_new(SIZE_MAX);
	const unsigned char *bytes = scrypt_scratch_take(scratch, 3 << 20);

	ck_assert_ptr_nonnull(bytes);
	for (int i = 0; i < 2; i++) {
		const unsigned char *end = bytes + (i ? (3 << 20) - 1 : 0);

		ck_assert(mapping_has(end, " dd"));
		ck_assert(mapping_has(end, " dc"));
	}
	ck_assert(!mapping_has(vectors, " dd"));
	scrypt_scratch_free(scratch);
}
END_TEST

/* No memory for a kernel: one lane at a time, the same result. */
START_TEST(without_memory_it_is_slower)
{
	struct scrypt_scratch *scratch = scrypt_scratch_new(1 << 16);
	unsigned char want[OUT_LEN], got[OUT_LEN];

	expected(want);
	maps = 0;
	scrypt_use(scratch);
	ck_assert_int_eq(derive(got), 0);
	scrypt_use(NULL);
	ck_assert_mem_eq(got, want, OUT_LEN);
	ck_assert_uint_eq(maps, 0);
	ck_assert_ptr_null(scrypt_scratch_take(scratch, (1 << 16) + 1));
	scrypt_scratch_free(scratch);

	memset(got, 0, sizeof got);
	no_map = 1;
	ck_assert_int_eq(derive(got), 0);
	no_map = 0;
	ck_assert_uint_eq(maps, kernels_here());
	ck_assert_mem_eq(got, want, OUT_LEN);

	memset(got, 0, sizeof got);
	no_calloc = 1;
	ck_assert_int_eq(derive(got), 0);
	no_calloc = 0;
	ck_assert_mem_eq(got, want, OUT_LEN);
}
END_TEST

START_TEST(a_scratch_without_memory_can_be_tried_again)
{
	struct scrypt_scratch *scratch = scrypt_scratch_new(SIZE_MAX);

	ck_assert_ptr_null(scrypt_scratch_take(scratch, SIZE_MAX));
	no_map = 1;
	ck_assert_ptr_null(scrypt_scratch_take(scratch, 1));
	scrypt_scratch_wipe(scratch);
	no_map = 0;
	ck_assert_ptr_nonnull(scrypt_scratch_take(scratch, 1));
	no_map = 1;
	ck_assert_ptr_null(scrypt_scratch_take(scratch, 9 << 20));
	no_map = 0;
	scrypt_scratch_free(scratch);
	scrypt_scratch_free(NULL);
}
END_TEST

int
main(void)
{
	enum {
		VECTORS = sizeof vectors / sizeof vectors[0],
		SIZES = sizeof sizes / sizeof sizes[0],
		CROWDS = sizeof crowds / sizeof crowds[0],
		MISFITS = sizeof misfits / sizeof misfits[0],
	};
	Suite *suite = suite_create("scrypt");
	TCase *all = tcase_create("all");

	tcase_add_loop_test(all, known_answers, 0, VECTORS);
	tcase_add_loop_test(all, kernels_agree_with_openssl, 0, SIZES);
	tcase_add_loop_test(all, kernels_refuse_what_does_not_fit, 0, MISFITS);
	tcase_add_loop_test(all, bad_parameters_are_refused, 0, MISFITS);
	tcase_add_loop_test(all, many_at_once, 0, CROWDS);
	tcase_add_test(all, many_fail_together);
	tcase_add_test(all, self_check_finds_a_wrong_kernel);
	tcase_add_test(all, lent_scratch_is_used_and_wiped);
	tcase_add_test(all, growing_forgets_nothing);
	tcase_add_test(all, scratch_stays_out_of_cores_and_children);
	tcase_add_test(all, without_memory_it_is_slower);
	tcase_add_test(all, a_scratch_without_memory_can_be_tried_again);
	tcase_set_timeout(all, 600);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}

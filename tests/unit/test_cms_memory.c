/* SPDX-License-Identifier: MIT */
/*
 * OpenSSL runs out of memory once, at each of its allocations while a row is opened or a
 * file is verified: the call fails, and the next one is as good as if nothing had been.
 */
#include "config.h"
#include "harness.h"
#include "keys.h"
#include "proto/cms_check.h"
#include "proto/cms_seal.h"
#include "proto/cms_sign.h"
#include "proto/secret_bytes.h"
#include <openssl/crypto.h>
#include <stdlib.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* Of the allocations from now on the one that fails; 0: none. */
static int failing, seen;

static bool
fails(void)
{
	return failing > 0 && ++seen == failing;
}

static void *
take(size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return fails() ? NULL : malloc(size);
}

static void *
retake(void *memory, size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return fails() ? NULL : realloc(memory, size);
}

static void
give(void *memory, const char *file, int line)
{
	(void)file;
	(void)line;
	free(memory);
}

enum { CONTENT_LEN = 20, ROOM = 64 };
static const char content[] = "keyline,1\nkind,codes\n";

struct desk {
	struct keys site, codes;
	struct secret *opened;
	unsigned char *row, *file;
	size_t row_len, file_len;
};

/* What another host sends and what lies on the disk. */
struct parcel {
	char key[PRIVATE_KEY_PEM_LEN], site[2048], codes[2048];
	size_t site_len, codes_len, row_len, file_len;
	unsigned char row[CMS_SEALED_MAX], file[CMS_SEALED_MAX];
};

static void
copy(void *out, size_t *out_len, size_t room, void *bytes, size_t len)
{
	ck_assert_uint_le(len, room);
	memcpy(out, bytes, len);
	*out_len = len;
	free(bytes);
}

static void
parcel_pack(struct parcel *p)
{
	struct keys site = keys_make("cn-mint", CERTIFICATE_SITE, "", USE_TEST, NULL);
	struct keys codes = keys_make("cn-mint", CERTIFICATE_CODES, "", USE_TEST, &site);
	struct secret *plain = secret_new(ROOM), *pem = secret_new(PRIVATE_KEY_PEM_LEN);
	unsigned char *der;
	char *text;
	size_t len;

	ck_assert_int_eq(secret_set(plain, content, CONTENT_LEN), 0);
	ck_assert_int_eq(cms_seal(&der, &len, plain, codes.certificate), 0);
	copy(p->row, &p->row_len, sizeof p->row, der, len);
	ck_assert_int_eq(cms_sign(&der, &len, content, CONTENT_LEN, site.certificate,
				 site.key, KEYS_NOW),
		0);
	copy(p->file, &p->file_len, sizeof p->file, der, len);
	ck_assert_int_eq(certificate_pem(&text, &len, site.certificate), 0);
	copy(p->site, &p->site_len, sizeof p->site, text, len);
	ck_assert_int_eq(certificate_pem(&text, &len, codes.certificate), 0);
	copy(p->codes, &p->codes_len, sizeof p->codes, text, len);
	ck_assert_int_eq(private_key_pem(pem, codes.key), 0);
	memcpy(p->key, secret_bytes(pem), secret_len(pem));
}

/* Made in a process of its own: to this one OpenSSL is new. */
static struct parcel *
parcel_from_another(void)
{
	struct parcel *p = mmap(NULL, sizeof *p, PROT_READ | PROT_WRITE,
		MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status;
	pid_t child;

	ck_assert(p != MAP_FAILED);
	child = fork();
	if (child == 0) {
		parcel_pack(p);
		_exit(0);
	}
	ck_assert_int_eq(waitpid(child, &status, 0), child);
	ck_assert_int_eq(status, 0);
	return p;
}

static void
desk_make(struct desk *d, struct parcel *p)
{
	struct secret *pem = secret_new(PRIVATE_KEY_PEM_LEN);

	memset(d, 0, sizeof *d);
	ck_assert_int_eq(secret_set(pem, p->key, PRIVATE_KEY_PEM_LEN), 0);
	ck_assert_int_eq(private_key_parse(&d->codes.key, pem), 0);
	secret_free(pem);
	ck_assert_int_eq(
		certificate_parse(&d->codes.certificate, p->codes, p->codes_len), 0);
	ck_assert_int_eq(
		certificate_parse(&d->site.certificate, p->site, p->site_len), 0);
	d->row = p->row;
	d->row_len = p->row_len;
	d->file = p->file;
	d->file_len = p->file_len;
	d->opened = secret_new(ROOM);
	ck_assert_ptr_nonnull(d->opened);
}

static void
desk_free(struct desk *d)
{
	secret_free(d->opened);
	keys_free(&d->codes);
	keys_free(&d->site);
}

static int
open_row(struct desk *d)
{
	return cms_open(
		d->opened, d->row, d->row_len, d->codes.certificate, d->codes.key);
}

static int
verify_file(struct desk *d)
{
	const struct certificate *trusted[] = {d->site.certificate};
	struct cms_signed file;

	return cms_verify(&file, d->file, d->file_len, trusted, 1);
}

/* What a child ends with; not what a sanitizer ends a program with. */
enum { GOES_ON = 10, IS_OVER, FAILS_AGAIN, IS_WRONG };

static int
one_failure(struct desk *d, int nth, int (*call)(struct desk *d))
{
	int first;

	/* A sanitizer would make a death by a signal an exit. */
	(void)signal(SIGSEGV, SIG_DFL);
	failing = nth;
	first = call(d);
	failing = 0;
	if (seen < nth)
		return first == 0 ? IS_OVER : IS_WRONG;
	return call(d) == 0 ? GOES_ON : FAILS_AGAIN;
}

/* How many allocations were made to fail, each in a process of its own: what OpenSSL does
 * once in a process it has done by the self-check, as in a daemon that has started. */
static int
each_failure(int (*call)(struct desk *d))
{
	struct parcel *parcel = parcel_from_another();
	struct desk desk;

	ck_assert_int_eq(cms_self_check(), 0);
	desk_make(&desk, parcel);
	for (int nth = 1;; nth++) {
		int status;
		pid_t child = fork();

		if (child == 0)
			_exit(one_failure(&desk, nth, call));
		ck_assert_int_eq(waitpid(child, &status, 0), child);
		/* OpenSSL 3.0 itself falls over one of them; a daemon that dies starts
		 * anew. */
		if (WIFSIGNALED(status))
			continue;
		if (WEXITSTATUS(status) == IS_OVER) {
			desk_free(&desk);
			(void)munmap(parcel, sizeof *parcel);
			return nth - 1;
		}
		ck_assert_msg(WEXITSTATUS(status) == GOES_ON,
			"allocation %d: the call after the failure fails, too (%d)", nth,
			WEXITSTATUS(status));
	}
}

START_TEST(a_row_opens_after_a_failure)
{
	ck_assert_int_gt(each_failure(open_row), 10);
}
END_TEST

START_TEST(a_file_verifies_after_a_failure)
{
	ck_assert_int_gt(each_failure(verify_file), 10);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("cms_memory");
	TCase *all = tcase_create("all");

	/* Before OpenSSL's first allocation, or never. */
	if (CRYPTO_set_mem_functions(take, retake, give) != 1)
		return EXIT_FAILURE;
	tcase_set_timeout(all, 120);
	/* OpenSSL does not free all when it runs out of memory: nothing for valgrind. */
	if (!harness_valgrind()) {
		tcase_add_test(all, a_row_opens_after_a_failure);
		tcase_add_test(all, a_file_verifies_after_a_failure);
	}
	suite_add_tcase(suite, all);
	return harness_run(suite);
}

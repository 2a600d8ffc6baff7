/* SPDX-License-Identifier: MIT */
#include "config.h"
#include "harness.h"
#include "keys.h"
#include "daemon/keystore.h"
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static char top[] = "/tmp/keyline-keys-XXXXXX";
static char folder[64];
static char bad[KEYSTORE_NAME_SIZE];

static void
set_up(void)
{
	strcpy(top + sizeof top - 7, "XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(top));
	snprintf(folder, sizeof folder, "%s/keys", top);
}

static void
tear_down(void)
{
	char command[64];

	snprintf(command, sizeof command, "rm -rf %s", top);
	ck_assert_int_eq(system(command), 0);
}

static int
try_open(struct keystore **store)
{
	return keystore_open(store, folder, "cn-mint", USE_TEST, bad, sizeof bad);
}

static struct keystore *
opened(void)
{
	struct keystore *store;
	int rc = try_open(&store);

	ck_assert_msg(rc == 0, "%s: %s", bad, error_name(rc));
	return store;
}

/* A store with a site key and keys of every kind. */
static struct keystore *
filled(void)
{
	struct keystore *store = opened();

	ck_assert_int_eq(keystore_make(store, CERTIFICATE_SITE, "", KEYS_NOW), 0);
	ck_assert_int_eq(keystore_make(store, CERTIFICATE_CODES, "", KEYS_NOW), 0);
	ck_assert_int_eq(keystore_make(store, CERTIFICATE_STICKERS, "B-1", KEYS_NOW), 0);
	ck_assert_int_eq(keystore_make(store, CERTIFICATE_STICKERS, "B-2", KEYS_NOW), 0);
	return store;
}

static char *
path_of(const char *name)
{
	static char path[2][128];
	static int turn;

	turn = !turn;
	snprintf(path[turn], sizeof path[turn], "%s/%s", folder, name);
	return path[turn];
}

static bool
exists(const char *name)
{
	return access(path_of(name), F_OK) == 0;
}

static char *
pem_of(const struct certificate *certificate, size_t *len)
{
	char *pem;

	ck_assert_int_eq(certificate_pem(&pem, len, certificate), 0);
	return pem;
}

static void
write_file(const char *name, const void *bytes, size_t len)
{
	int fd = open(path_of(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, bytes, len), (ssize_t)len);
	close(fd);
}

START_TEST(keys_are_found_again)
{
	static const struct {
		enum certificate_kind kind;
		const char *batch;
	} cases[] = { { CERTIFICATE_SITE, "" }, { CERTIFICATE_CODES, "" },
		{ CERTIFICATE_STICKERS, "B-1" }, { CERTIFICATE_STICKERS, "B-2" } };
	struct keystore *store = filled();
	char fingerprints[4][FINGERPRINT_SIZE];
	const struct certificate *certificate;
	const struct private_key *key;
	struct stat st;

	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 4; i++) {
			ck_assert_int_eq(keystore_own(&certificate, &key, store,
						 cases[i].kind, cases[i].batch),
				0);
			ck_assert(certificate_has_key(certificate, key));
			if (round)
				ck_assert_str_eq(fingerprints[i],
					certificate_fingerprint(certificate));
			strcpy(fingerprints[i], certificate_fingerprint(certificate));
		}
		keystore_close(store);
		store = opened();
	}
	keystore_close(store);
	ck_assert_int_eq(stat(path_of("own/stickers.B-1.key"), &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0600);
	ck_assert_int_eq(stat(folder, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0700);
}
END_TEST

START_TEST(keys_are_made_once_and_after_the_site)
{
	struct keystore *store = opened();
	const struct certificate *certificate;
	const struct private_key *key;

	ck_assert_int_eq(keystore_make(store, CERTIFICATE_CODES, "", KEYS_NOW), KE_NO_KEY);
	ck_assert_int_eq(
		keystore_own(&certificate, &key, store, CERTIFICATE_SITE, ""), KE_NO_KEY);
	keystore_close(store);
	store = filled();
	ck_assert_int_eq(
		keystore_make(store, CERTIFICATE_SITE, "", KEYS_NOW), KE_DUPLICATE);
	ck_assert_int_eq(
		keystore_make(store, CERTIFICATE_STICKERS, "B-1", KEYS_NOW), KE_DUPLICATE);
	ck_assert_int_eq(
		keystore_make(store, CERTIFICATE_STICKERS, "", KEYS_NOW), KE_BAD_ARGUMENT);
	ck_assert_int_eq(keystore_make(store, CERTIFICATE_STICKERS, "../x", KEYS_NOW),
		KE_BAD_ARGUMENT);
	ck_assert_int_eq(keystore_make(store, CERTIFICATE_CONFIRMATIONS, "B-1", KEYS_NOW),
		KE_BAD_ARGUMENT);
	keystore_close(store);
}
END_TEST

START_TEST(folders_and_keys_are_private)
{
	struct keystore *store = filled();

	keystore_close(store);
	ck_assert_int_eq(chmod(folder, 0750), 0);
	ck_assert_int_eq(try_open(&store), KE_NOT_PERMITTED);
	ck_assert_ptr_null(store);
	ck_assert_int_eq(chmod(folder, 0700), 0);
	ck_assert_int_eq(chmod(path_of("own/codes.key"), 0640), 0);
	ck_assert_int_eq(try_open(&store), KE_NOT_PERMITTED);
	ck_assert_str_eq(bad, "own/codes.crt");
	ck_assert_int_eq(chmod(path_of("own/codes.key"), 0600), 0);
	keystore_close(opened());
	ck_assert_int_eq(rename(path_of("own/codes.key"), path_of("own/moved")), 0);
	ck_assert_int_eq(symlink("moved", path_of("own/codes.key")), 0);
	ck_assert_int_ne(try_open(&store), 0);
}
END_TEST

START_TEST(a_key_is_that_of_its_certificate)
{
	struct keystore *store = filled();

	keystore_close(store);
	ck_assert_int_eq(rename(path_of("own/stickers.B-1.key"), path_of("own/x")), 0);
	ck_assert_int_eq(rename(path_of("own/stickers.B-2.key"),
				 path_of("own/stickers.B-1.key")),
		0);
	ck_assert_int_eq(rename(path_of("own/x"), path_of("own/stickers.B-2.key")), 0);
	ck_assert_int_eq(try_open(&store), KE_BAD_KEY);
	ck_assert_ptr_null(store);
}
END_TEST

START_TEST(a_certificate_is_what_its_name_says)
{
	struct keys production =
		keys_make("us-gen", CERTIFICATE_SITE, "", USE_PRODUCTION, NULL);
	struct keys us = keys_make("us-gen", CERTIFICATE_SITE, "", USE_TEST, NULL);
	struct keystore *store = filled();
	size_t len;
	char *pem;

	keystore_close(store);
	pem = pem_of(us.certificate, &len);
	write_file("trusted/us-etch.site.crt", pem, len);
	ck_assert_int_eq(try_open(&store), KE_BAD_KEY);
	ck_assert_str_eq(bad, "trusted/us-etch.site.crt");
	ck_assert_int_eq(unlink(path_of("trusted/us-etch.site.crt")), 0);
	write_file("peers/us-gen.site.crt", pem, len);
	ck_assert_int_eq(try_open(&store), KE_BAD_KEY);
	ck_assert_int_eq(unlink(path_of("peers/us-gen.site.crt")), 0);
	write_file("trusted/us-gen.site.crt", pem, len);
	keystore_close(opened());
	free(pem);
	pem = pem_of(production.certificate, &len);
	write_file("trusted/us-gen.site.crt", pem, len);
	ck_assert_int_eq(try_open(&store), KE_WRONG_USE);
	write_file("trusted/us-gen.site.crt", "rubbish", 7);
	ck_assert_int_eq(try_open(&store), KE_BAD_KEY);
	free(pem);
	keys_free(&us);
	keys_free(&production);
}
END_TEST

START_TEST(trust_needs_the_fingerprint)
{
	struct keys us = keys_make("us-gen", CERTIFICATE_SITE, "", USE_TEST, NULL);
	struct keys us2 = keys_make("us-gen", CERTIFICATE_SITE, "", USE_TEST, NULL);
	struct keys real = keys_make("us-real", CERTIFICATE_SITE, "", USE_PRODUCTION, NULL);
	struct keys ours = keys_make("cn-mint", CERTIFICATE_SITE, "", USE_TEST, NULL);
	struct keys codes = keys_make("us-gen", CERTIFICATE_CODES, "", USE_TEST, &us);
	const struct {
		const struct keys *keys;
		const char *fingerprint;
		int code;
	} cases[] = {
		{ &us, certificate_fingerprint(us2.certificate), KE_MISMATCH_FINGERPRINT },
		{ &us, "", KE_MISMATCH_FINGERPRINT },
		{ &codes, certificate_fingerprint(codes.certificate), KE_WRONG_KIND },
		{ &real, certificate_fingerprint(real.certificate), KE_WRONG_USE },
		{ &ours, certificate_fingerprint(ours.certificate), KE_OWN_CERTIFICATE },
		{ &us, certificate_fingerprint(us.certificate), 0 },
		{ &us2, certificate_fingerprint(us2.certificate), KE_DUPLICATE },
	};
	struct keystore *store = filled();
	const struct certificate *const *sites;
	const struct certificate *found;
	size_t count;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		char grouped[FINGERPRINT_GROUPED_SIZE] = "";
		size_t len;
		char *pem = pem_of(cases[i].keys->certificate, &len);
		int rc;

		if (*cases[i].fingerprint)
			fingerprint_group(grouped, cases[i].fingerprint);
		rc = keystore_trust(store, pem, len, grouped);
		ck_assert_msg(rc == cases[i].code, "case %zu: %s", i, error_name(rc));
		free(pem);
	}
	keystore_close(store);
	store = opened();
	sites = keystore_sites(store, &count);
	ck_assert_uint_eq(count, 2);
	for (size_t i = 0; i < count; i++)
		ck_assert_int_eq(certificate_subject(sites[i])->kind, CERTIFICATE_SITE);
	ck_assert_int_eq(keystore_of(&found, store, "us-gen", CERTIFICATE_SITE, ""), 0);
	ck_assert(certificate_equal(found, us.certificate));
	keystore_close(store);
	keys_free(&codes);
	keys_free(&ours);
	keys_free(&real);
	keys_free(&us2);
	keys_free(&us);
}
END_TEST

static int
accept_of(struct keystore *store, const struct keys *keys, bool any_time)
{
	const struct certificate *accepted = NULL;
	size_t len;
	char *pem = pem_of(keys->certificate, &len);
	int rc = keystore_accept(&accepted, store, pem, len, any_time);

	ck_assert((rc == 0) == (accepted && certificate_equal(accepted, keys->certificate)));
	free(pem);
	return rc;
}

static int
accept(struct keystore *store, const struct keys *keys)
{
	return accept_of(store, keys, false);
}

START_TEST(peers_are_issued_by_trusted_sites)
{
	struct keys us = keys_make("us-gen", CERTIFICATE_SITE, "", USE_TEST, NULL);
	struct keys us2 = keys_make("us-gen", CERTIFICATE_SITE, "", USE_TEST, NULL);
	struct keys codes = keys_make("us-gen", CERTIFICATE_CODES, "", USE_TEST, &us);
	struct keys again = keys_make("us-gen", CERTIFICATE_CODES, "", USE_TEST, &us);
	struct keys forged =
		keys_make("us-gen", CERTIFICATE_CONFIRMATIONS, "", USE_TEST, &us2);
	struct keys batch = keys_make("us-gen", CERTIFICATE_STICKERS, "B-9", USE_TEST, &us);
	struct keystore *store = filled();
	const struct certificate *found;
	size_t len;
	char *pem = pem_of(us.certificate, &len);

	ck_assert_int_eq(accept(store, &codes), KE_UNTRUSTED_SIGNER);
	ck_assert_int_eq(keystore_trust(store, pem, len,
				 certificate_fingerprint(us.certificate)),
		0);
	ck_assert_int_eq(accept(store, &us), KE_WRONG_KIND);
	ck_assert_int_eq(accept(store, &forged), KE_UNTRUSTED_SIGNER);
	ck_assert_int_eq(accept(store, &codes), 0);
	ck_assert_int_eq(accept(store, &codes), 0);
	ck_assert_int_eq(accept(store, &again), KE_DUPLICATE);
	ck_assert_int_eq(accept(store, &batch), 0);
	keystore_close(store);
	store = opened();
	ck_assert_int_eq(
		keystore_of(&found, store, "us-gen", CERTIFICATE_STICKERS, "B-9"), 0);
	ck_assert_int_eq(keystore_of(&found, store, "us-gen", CERTIFICATE_STICKERS, "B-8"),
		KE_NO_KEY);
	keystore_close(store);
	/* Without its site a peer's certificate is worth nothing. */
	ck_assert_int_eq(unlink(path_of("trusted/us-gen.site.crt")), 0);
	ck_assert_int_eq(try_open(&store), KE_UNTRUSTED_SIGNER);
	free(pem);
	keys_free(&batch);
	keys_free(&forged);
	keys_free(&again);
	keys_free(&codes);
	keys_free(&us2);
	keys_free(&us);
}
END_TEST

/* A host lost a key and made another: the later certificate counts, never the older. */
START_TEST(a_later_certificate_replaces)
{
	struct keys us = keys_make("us-gen", CERTIFICATE_SITE, "", USE_TEST, NULL);
	struct keys us2 = keys_make("us-gen", CERTIFICATE_SITE, "", USE_TEST, NULL);
	struct keys codes = keys_make("us-gen", CERTIFICATE_CODES, "", USE_TEST, &us);
	struct keys same = keys_make("us-gen", CERTIFICATE_CODES, "", USE_TEST, &us);
	struct keys later = keys_make_at(
		"us-gen", CERTIFICATE_CODES, "", USE_TEST, &us, KEYS_NOW + 1);
	struct keys forged = keys_make_at(
		"us-gen", CERTIFICATE_CODES, "", USE_TEST, &us2, KEYS_NOW + 2);
	struct keys batch = keys_make("us-gen", CERTIFICATE_STICKERS, "B-9", USE_TEST, &us);
	struct keys batch2 = keys_make_at(
		"us-gen", CERTIFICATE_STICKERS, "B-9", USE_TEST, &us, KEYS_NOW + 1);
	const struct {
		const struct keys *keys;
		int code;
	} cases[] = { { &codes, 0 }, { &same, KE_DUPLICATE }, { &later, 0 }, { &later, 0 },
		{ &codes, KE_DUPLICATE }, { &same, KE_DUPLICATE },
		{ &forged, KE_UNTRUSTED_SIGNER }, { &batch, 0 }, { &batch2, KE_DUPLICATE } };
	struct keystore *store = filled();
	const struct certificate *found, *borrowed = NULL;
	size_t len;
	char *pem = pem_of(us.certificate, &len);

	ck_assert_int_eq(keystore_trust(store, pem, len,
				 certificate_fingerprint(us.certificate)),
		0);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		int rc = accept(store, cases[i].keys);

		ck_assert_msg(rc == cases[i].code, "case %zu: %s", i, error_name(rc));
		if (!borrowed)
			ck_assert_int_eq(keystore_of(&borrowed, store, "us-gen",
						 CERTIFICATE_CODES, ""),
				0);
	}
	/* Two persons know that the later one is of a wrong clock; a batch's stays. */
	ck_assert_int_eq(accept_of(store, &batch2, true), KE_DUPLICATE);
	ck_assert_int_eq(accept_of(store, &forged, true), KE_UNTRUSTED_SIGNER);
	ck_assert_int_eq(accept_of(store, &same, true), 0);
	ck_assert_int_eq(accept_of(store, &same, true), 0);
	ck_assert_int_eq(keystore_may_accept(store, codes.certificate), KE_DUPLICATE);
	ck_assert_int_eq(keystore_may_accept(store, later.certificate), 0);
	ck_assert_int_eq(accept(store, &later), 0);
	/* What was borrowed before is still there for a pool thread. */
	ck_assert(certificate_equal(borrowed, codes.certificate));
	keystore_close(store);
	store = opened();
	ck_assert_int_eq(keystore_of(&found, store, "us-gen", CERTIFICATE_CODES, ""), 0);
	ck_assert(certificate_equal(found, later.certificate));
	ck_assert_int_eq(
		keystore_of(&found, store, "us-gen", CERTIFICATE_STICKERS, "B-9"), 0);
	ck_assert(certificate_equal(found, batch.certificate));
	keystore_close(store);
	free(pem);
	keys_free(&batch2);
	keys_free(&batch);
	keys_free(&forged);
	keys_free(&later);
	keys_free(&same);
	keys_free(&codes);
	keys_free(&us2);
	keys_free(&us);
}
END_TEST

START_TEST(a_destroyed_key_is_gone)
{
	struct keystore *store = filled();
	const struct certificate *certificate;
	const struct private_key *key;
	char before[PRIVATE_KEY_PEM_LEN], after[PRIVATE_KEY_PEM_LEN];
	struct erase_result result;
	int fd = open(path_of("own/stickers.B-1.key"), O_RDONLY);

	ck_assert_int_eq(pread(fd, before, sizeof before, 0), (ssize_t)sizeof before);
	ck_assert_int_eq(keystore_destroy(&result, store, CERTIFICATE_SITE, ""), KE_NO_KEY);
	ck_assert_int_eq(keystore_destroy(&result, store, CERTIFICATE_CODES, ""), KE_NO_KEY);
	ck_assert_int_eq(keystore_destroy(&result, store, CERTIFICATE_STICKERS, "B-7"), KE_NO_KEY);
	ck_assert_int_eq(keystore_destroy(&result, store, CERTIFICATE_STICKERS, "B-1"), 0);
	ck_assert(result.verified && result.bytes == sizeof before);
	ck_assert_int_eq(keystore_destroy(&result, store, CERTIFICATE_STICKERS, "B-1"), KE_NO_KEY);
	ck_assert(!exists("own/stickers.B-1.key"));
	ck_assert(!exists("own/stickers.B-1.crt"));
	/* Overwritten where it lay, its length as it was. */
	ck_assert_int_eq(pread(fd, after, sizeof after, 0), (ssize_t)sizeof after);
	for (size_t i = 0; i + 8 <= sizeof after; i++)
		ck_assert(memcmp(before + i, after + i, 8) != 0);
	close(fd);
	ck_assert_int_eq(
		keystore_own(&certificate, &key, store, CERTIFICATE_STICKERS, "B-1"),
		KE_NO_KEY);
	ck_assert_int_eq(
		keystore_own(&certificate, &key, store, CERTIFICATE_STICKERS, "B-2"), 0);
	ck_assert(certificate_has_key(certificate, key));
	keystore_close(store);
	keystore_close(opened());
}
END_TEST

/* What each crash leaves behind, and what the next opening makes of it. */
START_TEST(crashes_are_mended)
{
	struct keystore *store = filled();
	struct erase_result result;
	int dir;
	const struct certificate *certificate;
	const struct private_key *key;

	keystore_close(store);
	/* In keystore_destroy: the key is overwritten, and still there under its name. */
	ck_assert_int_eq(link(path_of("own/stickers.B-1.key"), path_of("own/other")), 0);
	dir = open(path_of("own"), O_RDONLY | O_DIRECTORY);
	ck_assert_int_eq(erase_file(&result, dir, "other"), 0);
	close(dir);
	ck_assert(exists("own/stickers.B-1.key"));
	keystore_close(opened());
	ck_assert(!exists("own/stickers.B-1.key"));
	ck_assert(!exists("own/stickers.B-1.crt"));
	store = opened();
	ck_assert_int_eq(keystore_make(store, CERTIFICATE_STICKERS, "B-1", KEYS_NOW), 0);
	keystore_close(store);
	/* In keystore_destroy: the key is gone, its certificate still there. */
	ck_assert_int_eq(unlink(path_of("own/stickers.B-1.key")), 0);
	/* In keystore_make: a key on its way to its file, and one without certificate. */
	write_file("own/.stickers.B-3.key.tmp", "half a key", 10);
	ck_assert_int_eq(unlink(path_of("own/stickers.B-2.crt")), 0);
	store = opened();
	ck_assert(!exists("own/stickers.B-1.crt"));
	ck_assert(!exists("own/.stickers.B-3.key.tmp"));
	ck_assert_int_eq(
		keystore_own(&certificate, &key, store, CERTIFICATE_STICKERS, "B-2"),
		KE_NO_KEY);
	ck_assert_int_eq(keystore_make(store, CERTIFICATE_STICKERS, "B-2", KEYS_NOW), 0);
	ck_assert_int_eq(
		keystore_own(&certificate, &key, store, CERTIFICATE_STICKERS, "B-2"), 0);
	keystore_close(store);
	keystore_close(opened());
	/* A key that is not a batch's must not vanish without a word. */
	ck_assert_int_eq(unlink(path_of("own/codes.key")), 0);
	ck_assert_int_eq(try_open(&store), KE_NOT_FOUND);
	ck_assert_str_eq(bad, "own/codes.crt");
	ck_assert(exists("own/codes.crt"));
}
END_TEST

static void
count_one(void *context, const struct certificate *certificate, bool is_own)
{
	unsigned *counts = context;

	(void)certificate;
	counts[is_own]++;
}

START_TEST(listed_and_named)
{
	struct keystore *store = filled();
	const struct certificate *certificate;
	unsigned counts[2] = { 0, 0 };
	char name[KEYSTORE_NAME_SIZE];

	keystore_list(store, count_one, counts);
	ck_assert_uint_eq(counts[0], 0);
	ck_assert_uint_eq(counts[1], 4);
	ck_assert_int_eq(
		keystore_of(&certificate, store, "cn-mint", CERTIFICATE_STICKERS, "B-1"), 0);
	keystore_file_name(name, certificate);
	ck_assert_str_eq(name, "cn-mint.stickers.B-1.crt");
	keystore_close(store);
}
END_TEST

int
main(void)
{
	Suite *suite = suite_create("keystore");
	TCase *all = tcase_create("all");

	tcase_add_checked_fixture(all, set_up, tear_down);
	tcase_set_timeout(all, 60);
	tcase_add_test(all, keys_are_found_again);
	tcase_add_test(all, keys_are_made_once_and_after_the_site);
	tcase_add_test(all, folders_and_keys_are_private);
	tcase_add_test(all, a_key_is_that_of_its_certificate);
	tcase_add_test(all, a_certificate_is_what_its_name_says);
	tcase_add_test(all, trust_needs_the_fingerprint);
	tcase_add_test(all, peers_are_issued_by_trusted_sites);
	tcase_add_test(all, a_later_certificate_replaces);
	tcase_add_test(all, a_destroyed_key_is_gone);
	tcase_add_test(all, crashes_are_mended);
	tcase_add_test(all, listed_and_named);
	suite_add_tcase(suite, all);
	return harness_run(suite);
}

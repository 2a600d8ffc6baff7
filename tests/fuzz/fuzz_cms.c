/* SPDX-License-Identifier: MIT */
/*
 * Signed files and sealed rows.  Nobody has signed or sealed anything with the keys of
 * keys.h but the files whose digests stand there; so nothing else may be taken, not even
 * the same file in another form, and of what is refused nothing is given out.
 */
#include "config.h"
#include "fuzz.h"
#include "keys.h"
#include "proto/cms_seal.h"
#include "proto/cms_sealed_form.h"
#include "proto/cms_sign.h"
#include "proto/hash.h"

#include <openssl/cms.h>

enum { TRUSTED = 3, FILE_MAX = 1 << 16 };

static struct certificate *sites[TRUSTED], *own;
static struct private_key *key;

static bool
is_one_of(const char *const *digests, size_t count, const uint8_t *bytes, size_t len)
{
	unsigned char hash[HASH_SHA256_LEN];
	char text[2 * HASH_SHA256_LEN + 1];

	HOLDS(hash_sha256(hash, bytes, len) == 0);
	for (size_t i = 0; i < sizeof hash; i++)
		HOLDS(snprintf(text + 2 * i, 3, "%02x", hash[i]) == 2);
	for (size_t i = 0; i < count; i++)
		if (strcmp(text, digests[i]) == 0)
			return true;
	return false;
}

/* OpenSSL reads it whole and would write it the same: DER, nothing behind it. */
static bool
is_der(const uint8_t *bytes, size_t len)
{
	const unsigned char *at = bytes;
	CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &at, (long)len);
	unsigned char *again = NULL;
	int again_len = cms ? i2d_CMS_ContentInfo(cms, &again) : -1;
	bool same = again_len >= 0 && at == bytes + len && (size_t)again_len == len &&
		    memcmp(again, bytes, len) == 0;

	OPENSSL_free(again);
	CMS_ContentInfo_free(cms);
	return same;
}

static void
take_signed(const uint8_t *bytes, size_t len)
{
	const struct certificate *trusted[TRUSTED] = {sites[0], sites[1], sites[2]};
	struct cms_signed file = {0};
	struct certificate *claimed = NULL;
	const char *start = (const char *)bytes;

	if (cms_verify(&file, bytes, len, trusted, TRUSTED) == 0) {
		HOLDS(is_one_of(signed_files, TRUSTED, bytes, len));
		HOLDS(file.content > start && file.len < len);
		HOLDS(file.content + file.len <= start + len);
		HOLDS(is_der(bytes, len));
	} else {
		HOLDS(!file.content && file.len == 0 && !file.signer);
		HOLDS(!is_one_of(signed_files, TRUSTED, bytes, len));
	}
	/* For another host the same file is nothing. */
	HOLDS(cms_verify(&file, bytes, len, trusted, 0) != 0);
	if (cms_claimed_signer(&claimed, bytes, len) == 0)
		HOLDS(certificate_subject_is_valid(certificate_subject(claimed)));
	else
		HOLDS(!claimed);
	certificate_free(claimed);
}

static void
take_sealed(const uint8_t *bytes, size_t len)
{
	struct secret *plain = secret_new(CMS_SEALED_MAX);
	const unsigned char *id = NULL;
	int form = cms_sealed_form(&id, bytes, len);
	int rc = cms_open(plain, bytes, len, own, key);

	HOLDS(form != 0 || (id > bytes && id + CMS_KEY_ID_LEN < bytes + len));
	HOLDS(form == 0 || rc != 0);
	HOLDS((rc == 0) == is_one_of(sealed_rows, TRUSTED, bytes, len));
	HOLDS((rc == 0) == (secret_len(plain) > 0));
	HOLDS(rc != 0 || is_der(bytes, len));
	secret_free(plain);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	if (len == 0 || len > FILE_MAX)
		return 0;
	take_signed(bytes, len);
	take_sealed(bytes, len);
	return 0;
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static const char *const pems[TRUSTED] = {
		us_gen_site, cn_mint_site, cn_print_site};
	struct secret *text;

	(void)argc;
	(void)argv;
	HOLDS(secret_heap_init(FUZZ_HEAP) == 0);
	for (int i = 0; i < TRUSTED; i++)
		HOLDS(certificate_parse(&sites[i], pems[i], strlen(pems[i])) == 0);
	HOLDS(certificate_parse(&own, cn_mint_codes, strlen(cn_mint_codes)) == 0);
	text = fuzz_secret((const uint8_t *)cn_mint_codes_key, strlen(cn_mint_codes_key));
	HOLDS(private_key_parse(&key, text) == 0);
	secret_free(text);
	return 0;
}
